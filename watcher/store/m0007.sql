-- Since the seventh migration: a page that was refused and is served again as it was is not read again.

-- What was refused last at each address. The capture has the gate's rule and words.
CREATE TABLE refusals (
  source_id     TEXT NOT NULL REFERENCES sources(id),
  url           TEXT NOT NULL,
  etag          TEXT NOT NULL DEFAULT '',
  last_modified TEXT NOT NULL DEFAULT '',
  offered_by    TEXT NOT NULL DEFAULT '',      -- the address that offered them, after redirects; only it is asked
  capture_id    INTEGER NOT NULL REFERENCES captures(id),
  judged_by     TEXT NOT NULL,                 -- digest of all that the judgement hangs on besides the bytes
  PRIMARY KEY (source_id, url)
) WITHOUT ROWID;
