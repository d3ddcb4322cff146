-- The whole database. Times are ISO 8601 UTC text of fixed width ("2026-03-01T09:30:00.000Z"), so that text order is
-- time order; lists are JSON; yes and no are 1 and 0. Read from the top: each table only refers to those above it
-- (sources and versions refer to each other: a source points at the version in force).

-- === What is watched ==================================================================================================

-- One row per policy, named as in sources.toml. The clock of the whole program is `next_check_at`.
CREATE TABLE sources (
  id              TEXT PRIMARY KEY,
  vendor          TEXT NOT NULL,
  enabled         INTEGER NOT NULL DEFAULT 1,  -- 0: paused, or no longer in sources.toml; history stays
  created_at      TEXT NOT NULL,
  next_check_at   TEXT,                        -- null: never (disabled)
  claims          INTEGER NOT NULL DEFAULT 0,  -- checks begun since the last one that ended: above 0 after a crash
  last_checked_at TEXT,
  verified_at     TEXT,                        -- last time the policy was seen and known to be the version in force
  outcome         TEXT,                        -- of the last check: first unchanged candidate changed rejected failed flapping
  reason          TEXT NOT NULL DEFAULT '',    -- of the last check, where it was rejected, failed or flapping
  failures        INTEGER NOT NULL DEFAULT 0,  -- checks in a row that failed or were rejected
  failing_since   TEXT,
  version_id      INTEGER REFERENCES versions(id),  -- the version in force
  -- Seen twice before anyone is told: what the confirmation remembers (wordings are versions.wording).
  candidate       TEXT NOT NULL DEFAULT '',    -- wording that waits for a later fetch to show it again
  candidate_since TEXT,
  last_wording    TEXT NOT NULL DEFAULT '',
  run             INTEGER NOT NULL DEFAULT 0,  -- checks in a row that showed last_wording
  swings          INTEGER NOT NULL DEFAULT 0,  -- times the text moved again before it had settled
  recent          TEXT NOT NULL DEFAULT '[]',  -- wordings seen since it last was settled
  flapping        INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX sources_due ON sources(next_check_at) WHERE enabled;

-- === What was fetched =================================================================================================

-- Bodies by content. Compressed with zstandard; where `base` is given, against that body as a raw dictionary.
CREATE TABLE bodies (
  sha256 TEXT PRIMARY KEY,                     -- of the uncompressed bytes
  size   INTEGER NOT NULL,                     -- uncompressed
  base   TEXT REFERENCES bodies(sha256),
  depth  INTEGER NOT NULL DEFAULT 0,           -- bodies to read first; a whole one is stored when it grows too deep
  zstd   BLOB NOT NULL
) WITHOUT ROWID;

-- One row per page as served, with everything needed to prove it. A page that is served again byte for byte, or with
-- other furniture around the same clauses, only moves `last_seen_at` and `seen` of its row.
CREATE TABLE captures (
  id           INTEGER PRIMARY KEY,
  source_id    TEXT NOT NULL REFERENCES sources(id),
  page         INTEGER NOT NULL DEFAULT 0,     -- place among the source's urls
  url          TEXT NOT NULL,                  -- asked for
  final_url    TEXT NOT NULL,                  -- answered, after redirects
  redirects    TEXT NOT NULL DEFAULT '[]',     -- [[url, status], ...]
  status       INTEGER NOT NULL,
  headers      TEXT NOT NULL DEFAULT '[]',     -- [[name, value], ...] as received
  fetched_at   TEXT NOT NULL,
  elapsed      REAL NOT NULL DEFAULT 0,        -- seconds
  sha256       TEXT NOT NULL REFERENCES bodies(sha256),
  rendered     INTEGER NOT NULL DEFAULT 0,     -- 1: the body is the DOM that a browser built
  outcome      TEXT NOT NULL CHECK (outcome IN ('accepted', 'candidate', 'rejected')),
  rule         TEXT NOT NULL DEFAULT '',       -- the gate's rule, where it was rejected
  reason       TEXT NOT NULL DEFAULT '',       -- its sentence
  evidence     TEXT NOT NULL DEFAULT '',       -- what on the page proves it
  last_seen_at TEXT NOT NULL,                  -- last time it was served again
  seen         INTEGER NOT NULL DEFAULT 1      -- times it was served
);
CREATE INDEX captures_source ON captures(source_id, page, id);
CREATE INDEX captures_sha256 ON captures(sha256);

-- What the last verified answer of each address offers for a conditional GET, and what its bytes were read as.
CREATE TABLE pages (
  source_id     TEXT NOT NULL REFERENCES sources(id),
  url           TEXT NOT NULL,
  etag          TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT '',
  offered_by    TEXT NOT NULL DEFAULT '',      -- the address that offered them, after redirects; only it is asked
  sha256        TEXT NOT NULL,                 -- of the last bytes that carried the document
  capture_id    INTEGER NOT NULL REFERENCES captures(id),
  document_id   INTEGER NOT NULL REFERENCES documents(id),
  skeleton      BLOB NOT NULL DEFAULT x'',     -- text nodes as they were when the page was last read, see extract/skeleton.py
  verified_at   TEXT NOT NULL,
  PRIMARY KEY (source_id, url)
) WITHOUT ROWID;

-- === What was read ====================================================================================================

-- A clause's words, stored once. `hash` is its identity: the same words in other typography share it.
CREATE TABLE clauses (
  id       INTEGER PRIMARY KEY,
  hash     TEXT NOT NULL,
  language TEXT NOT NULL,
  text     TEXT NOT NULL
);
CREATE INDEX clauses_hash ON clauses(hash);

-- One reading of one page, stored once however often the page returns to it.
CREATE TABLE documents (
  id        INTEGER PRIMARY KEY,
  digest    TEXT NOT NULL UNIQUE,              -- of everything below but the furniture
  wording   TEXT NOT NULL,                     -- digest of its clauses' hashes in order: what "unchanged" means
  title     TEXT NOT NULL,
  language  TEXT NOT NULL,
  dates     TEXT NOT NULL DEFAULT '[]',        -- [[role, day or null, quote], ...] as the policy states them
  links     TEXT NOT NULL DEFAULT '[]',        -- [[text, url], ...]
  furniture TEXT NOT NULL DEFAULT '',          -- text of the page outside the policy; never judged
  shell     INTEGER NOT NULL DEFAULT 0,
  signs     TEXT NOT NULL DEFAULT '[]'
);

-- A clause where it stands: its words with all that gives them their sense. Stored once; versions share them.
CREATE TABLE contexts (
  id        INTEGER PRIMARY KEY,
  digest    BLOB NOT NULL UNIQUE,              -- of everything below but facts_by
  clause_id INTEGER NOT NULL REFERENCES clauses(id),
  shape     TEXT NOT NULL,                     -- heading paragraph item row term
  number    TEXT NOT NULL,                     -- "3.", "(b)" as shown
  path      TEXT NOT NULL,                     -- headings above it, outermost first
  lead      TEXT NOT NULL,                     -- the sentence that introduces its list
  columns   TEXT NOT NULL,                     -- for a row: names of the columns
  cells     TEXT NOT NULL,                     -- for a row: its cells
  facts_by  TEXT NOT NULL DEFAULT ''           -- version of the reader that filled `facts`; '' before that
);

-- Which clauses, in which order.
CREATE TABLE document_clauses (
  document_id INTEGER NOT NULL REFERENCES documents(id),
  position    INTEGER NOT NULL,
  context_id  INTEGER NOT NULL REFERENCES contexts(id),
  anchor      TEXT NOT NULL,
  PRIMARY KEY (document_id, position)
) WITHOUT ROWID;

-- Who, what, how long, which right: each with the words that say so. Kept, so that no clause is read twice.
CREATE TABLE facts (
  context_id  INTEGER NOT NULL REFERENCES contexts(id),
  position    INTEGER NOT NULL,
  kind        TEXT NOT NULL,
  key         TEXT NOT NULL,                   -- canonical subject, for comparison
  subject     TEXT NOT NULL,                   -- as the text names it
  value       TEXT NOT NULL,                   -- as the text states it
  norm        TEXT NOT NULL,                   -- for comparison
  polarity    INTEGER NOT NULL,                -- 0: the policy says that it does not
  modality    TEXT NOT NULL,
  role        TEXT,
  named       INTEGER NOT NULL,
  data        TEXT NOT NULL,
  quote       TEXT NOT NULL,
  quote_start INTEGER NOT NULL,                -- offsets of quote in the clause
  quote_end   INTEGER NOT NULL,
  rule        TEXT NOT NULL,
  PRIMARY KEY (context_id, position)
) WITHOUT ROWID;

-- A text that a source had: what a person calls "the policy as of". Dates are kept apart, each what it says.
CREATE TABLE versions (
  id           INTEGER PRIMARY KEY,
  source_id    TEXT NOT NULL REFERENCES sources(id),
  sequence     INTEGER NOT NULL,               -- 1 for the first of its source
  cause        TEXT NOT NULL CHECK (cause IN ('first', 'change', 'reread')),
  extractor    TEXT NOT NULL,                  -- version of the reader, and a digest of the source's own selectors
  wording      TEXT NOT NULL,
  first_seen   TEXT NOT NULL,
  confirmed_at TEXT,                           -- a later fetch showed the same clauses
  verified_at  TEXT NOT NULL,                  -- last time it was found unchanged
  facts_by     TEXT NOT NULL DEFAULT '',       -- version of the reader of its facts; '' before they were read
  UNIQUE (source_id, sequence)
);
CREATE INDEX versions_wording ON versions(source_id, wording);

-- The pages that make a version, each with the capture that proves it.
CREATE TABLE version_pages (
  version_id  INTEGER NOT NULL REFERENCES versions(id),
  page        INTEGER NOT NULL,
  url         TEXT NOT NULL,
  document_id INTEGER NOT NULL REFERENCES documents(id),
  capture_id  INTEGER NOT NULL REFERENCES captures(id),
  PRIMARY KEY (version_id, page)
) WITHOUT ROWID;

-- Facts that the document around them takes back: the policy's own writer, named as if it were a third party.
CREATE TABLE own_facts (
  version_id INTEGER NOT NULL REFERENCES versions(id),
  context_id INTEGER NOT NULL,
  position   INTEGER NOT NULL,
  PRIMARY KEY (version_id, context_id, position)
) WITHOUT ROWID;

-- === What it means ====================================================================================================

-- The judgement of one version against the one before. Minor and noise are kept too: suppressed is still recorded.
CREATE TABLE verdicts (
  id         INTEGER PRIMARY KEY,
  source_id  TEXT NOT NULL REFERENCES sources(id),
  before_id  INTEGER NOT NULL REFERENCES versions(id),
  after_id   INTEGER NOT NULL REFERENCES versions(id),
  level      TEXT NOT NULL CHECK (level IN ('noise', 'minor', 'material')),
  headline   TEXT NOT NULL,
  notes      TEXT NOT NULL DEFAULT '[]',
  judge      TEXT NOT NULL,                    -- version of the rules
  judged_at  TEXT NOT NULL
);
CREATE INDEX verdicts_source ON verdicts(source_id, after_id);

-- Why each change weighs what it weighs, most severe first; with the change itself and its quotes.
CREATE TABLE reasons (
  verdict_id INTEGER NOT NULL REFERENCES verdicts(id),
  position   INTEGER NOT NULL,
  rule       TEXT NOT NULL,
  severity   TEXT NOT NULL,
  direction  TEXT NOT NULL,
  sentence   TEXT NOT NULL,
  kind       TEXT NOT NULL,
  action     TEXT NOT NULL,
  subject    TEXT NOT NULL,
  before     TEXT NOT NULL,
  after      TEXT NOT NULL,
  quote_old  TEXT NOT NULL,
  quote_new  TEXT NOT NULL,
  named      INTEGER NOT NULL,
  section    TEXT NOT NULL,
  old_anchor TEXT NOT NULL,
  new_anchor TEXT NOT NULL,
  signals    TEXT NOT NULL,
  old_fact   TEXT,                             -- the facts it rests on, as JSON
  new_fact   TEXT,
  PRIMARY KEY (verdict_id, position)
) WITHOUT ROWID;

-- === Who was told =====================================================================================================

-- A source, a channel or the program itself in trouble: opened once, closed once, each told once.
CREATE TABLE problems (
  id        INTEGER PRIMARY KEY,
  source_id TEXT NOT NULL REFERENCES sources(id),
  kind      TEXT NOT NULL CHECK (kind IN ('failing', 'flapping', 'stale')),
  reason    TEXT NOT NULL,                     -- what is wrong and the next step
  since     TEXT NOT NULL,                     -- first failed check
  opened_at TEXT NOT NULL,
  closed_at TEXT
);
CREATE UNIQUE INDEX problems_open ON problems(source_id, kind) WHERE closed_at IS NULL;

-- A thing somebody must be told. Written in the transaction of the verdict or problem that caused it.
CREATE TABLE alerts (
  id         INTEGER PRIMARY KEY,
  type       TEXT NOT NULL CHECK (type IN ('change', 'problem', 'recovery', 'test')),
  source_id  TEXT NOT NULL REFERENCES sources(id),
  url        TEXT NOT NULL,
  created_at TEXT NOT NULL,
  headline   TEXT NOT NULL,
  detail     TEXT NOT NULL DEFAULT '',
  verdict_id INTEGER REFERENCES verdicts(id),
  problem_id INTEGER REFERENCES problems(id),
  acked_at   TEXT,                             -- when a person said "seen"
  acked_by   TEXT NOT NULL DEFAULT '',
  note       TEXT NOT NULL DEFAULT ''
);
CREATE INDEX alerts_source ON alerts(source_id, id);

-- The outbox: one row per alert and channel. pending -> sending -> sent | failed (refused for good) | dead (given up).
CREATE TABLE deliveries (
  id         INTEGER PRIMARY KEY,
  alert_id   INTEGER NOT NULL REFERENCES alerts(id),
  channel    TEXT NOT NULL,
  outcome    TEXT NOT NULL DEFAULT 'pending' CHECK (outcome IN ('pending', 'sending', 'sent', 'failed', 'dead')),
  attempt    INTEGER NOT NULL DEFAULT 0,       -- attempts made so far
  due_at     TEXT NOT NULL,
  claimed_at TEXT,
  sent_at    TEXT,
  error      TEXT NOT NULL DEFAULT '',
  UNIQUE (alert_id, channel)
);
CREATE INDEX deliveries_due ON deliveries(due_at) WHERE outcome IN ('pending', 'sending');

-- Every attempt to send, with what the channel answered.
CREATE TABLE attempts (
  delivery_id INTEGER NOT NULL REFERENCES deliveries(id),
  attempt     INTEGER NOT NULL,
  at          TEXT NOT NULL,
  outcome     TEXT NOT NULL,                   -- sent, retry, failed, dead
  answer      TEXT NOT NULL DEFAULT '',        -- what the channel said, in a few words
  PRIMARY KEY (delivery_id, attempt)
) WITHOUT ROWID;

-- Channels that refused for good: nothing more is sent there until somebody acts (restart, reload, `notify test`).
CREATE TABLE stopped_channels (
  channel    TEXT PRIMARY KEY,
  stopped_at TEXT NOT NULL,
  reason     TEXT NOT NULL
) WITHOUT ROWID;

-- === What happened ====================================================================================================

-- Every check, run-length encoded: one row for each run of checks of a source with the same outcome and reason.
CREATE TABLE checks (
  id        INTEGER PRIMARY KEY,
  source_id TEXT NOT NULL REFERENCES sources(id),
  outcome   TEXT NOT NULL,
  reason    TEXT NOT NULL DEFAULT '',
  version_id INTEGER REFERENCES versions(id),  -- in force after it
  first_at  TEXT NOT NULL,
  last_at   TEXT NOT NULL,
  times     INTEGER NOT NULL DEFAULT 1
);
CREATE INDEX checks_source ON checks(source_id, id);

-- What operators do and what the program does of itself: start, stop, reload, re-reading, a channel stopped.
CREATE TABLE events (
  id        INTEGER PRIMARY KEY,
  at        TEXT NOT NULL,
  source_id TEXT REFERENCES sources(id),
  kind      TEXT NOT NULL,
  detail    TEXT NOT NULL DEFAULT ''
);

-- === The common questions =============================================================================================

-- Which version of each policy is in force?
CREATE VIEW latest_versions AS
SELECT s.id AS source, s.vendor, v.id AS version_id, v.sequence, v.cause, v.first_seen, v.confirmed_at, v.verified_at
FROM sources s JOIN versions v ON v.id = s.version_id;

-- What did each version say?
CREATE VIEW version_facts AS
SELECT p.version_id, p.page, d.position AS clause, f.position, f.kind, f.key, f.subject, f.value, f.norm, f.polarity,
       f.modality, f.role, f.named, f.data, f.quote, f.quote_start, f.quote_end, f.rule, d.anchor, d.context_id
FROM version_pages p JOIN document_clauses d ON d.document_id = p.document_id
JOIN facts f ON f.context_id = d.context_id
LEFT JOIN own_facts o ON (o.version_id, o.context_id, o.position) = (p.version_id, f.context_id, f.position)
WHERE o.version_id IS NULL;

-- What do the policies say now?
CREATE VIEW current_facts AS
SELECT s.id AS source, s.vendor, f.kind, f.subject, f.value, f.polarity, f.modality, f.role, f.quote, f.anchor
FROM sources s JOIN version_facts f ON f.version_id = s.version_id;

-- Who receives data, according to whom?
CREATE VIEW recipients AS
SELECT source, vendor, subject AS recipient, role, modality, quote
FROM current_facts WHERE kind = 'sharing' AND polarity = 1;

-- What is wrong right now?
CREATE VIEW open_problems AS
SELECT p.id, p.source_id AS source, s.vendor, p.kind, p.reason, p.since, p.opened_at
FROM problems p JOIN sources s ON s.id = p.source_id WHERE p.closed_at IS NULL;

-- What changed, when, and how much did it matter?
CREATE VIEW changes AS
SELECT d.source_id AS source, s.vendor, d.judged_at, d.level, r.severity, r.kind, r.action, r.subject, r.before,
       r.after, r.sentence, r.quote_old, r.quote_new, r.rule, d.id AS verdict_id, a.id AS alert_id
FROM verdicts d JOIN sources s ON s.id = d.source_id JOIN reasons r ON r.verdict_id = d.id
LEFT JOIN alerts a ON a.verdict_id = d.id;

-- What has not arrived yet, or never will?
CREATE VIEW unsent AS
SELECT d.id, d.alert_id, a.source_id AS source, d.channel, d.outcome, d.attempt, d.due_at, d.error
FROM deliveries d JOIN alerts a ON a.id = d.alert_id WHERE d.outcome <> 'sent';
