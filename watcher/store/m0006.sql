-- Since the sixth migration: the outbox also carries what is about the program itself, a channel that refuses rests as
-- a whole, and the other channels hear of one that is in trouble.

-- An alert without a source is about the program: how things stand, a channel in trouble. SQLite has no statement that
-- loosens a column; its manual names this way (lang_altertable, 7): the rows stay as they are.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql,
  'source_id  TEXT NOT NULL REFERENCES sources(id)', 'source_id  TEXT REFERENCES sources(id)'),
  '(''change'', ''problem'', ''recovery'', ''test'')', '(''change'', ''problem'', ''recovery'', ''report'', ''channel'', ''test'')')
WHERE type = 'table' AND name = 'alerts';
PRAGMA writable_schema = RESET;

-- Channels that refused for now: nothing is sent there until then. The next message that is taken ends it.
CREATE TABLE resting_channels (
  channel  TEXT PRIMARY KEY,
  since    TEXT NOT NULL,                      -- first refusal in a row
  refusals INTEGER NOT NULL,                   -- in a row
  until    TEXT NOT NULL,
  error    TEXT NOT NULL                       -- the last answer
) WITHOUT ROWID;

-- When the other channels were told that this one stopped, or that this message was given up.
ALTER TABLE stopped_channels ADD COLUMN told_at TEXT;
ALTER TABLE deliveries ADD COLUMN told_at TEXT;
-- What was given up before is no news.
UPDATE deliveries SET told_at = due_at WHERE outcome IN ('failed', 'dead');

-- Each channel's own queue, by when it is due and in the order in which it is sent.
CREATE INDEX deliveries_waiting ON deliveries(channel, due_at) WHERE outcome = 'pending';
CREATE INDEX deliveries_next ON deliveries(channel, attempt, id) WHERE outcome = 'pending';
