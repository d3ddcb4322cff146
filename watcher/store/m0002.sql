-- Since the second migration: what people decide about an alert.

-- Every decision, oldest first; the last one about an alert is in force.
CREATE TABLE decisions (
  id       INTEGER PRIMARY KEY,
  alert_id INTEGER NOT NULL REFERENCES alerts(id),
  at       TEXT NOT NULL,
  by       TEXT NOT NULL,                      -- the person
  decision TEXT NOT NULL CHECK (decision IN ('accept', 'escalate', 'not-material')),
  note     TEXT NOT NULL DEFAULT '',
  owner    TEXT NOT NULL DEFAULT '',           -- who sees to it
  due_at   TEXT                                -- until when
);
CREATE INDEX decisions_alert ON decisions(alert_id, id);

-- These columns kept the last word only.
INSERT INTO decisions (alert_id, at, by, decision, note)
SELECT id, acked_at, acked_by, 'accept', note FROM alerts WHERE acked_at IS NOT NULL;
ALTER TABLE alerts DROP COLUMN acked_at;
ALTER TABLE alerts DROP COLUMN acked_by;
ALTER TABLE alerts DROP COLUMN note;

-- For a reminder: the alert that nobody has answered for.
ALTER TABLE alerts ADD COLUMN about INTEGER REFERENCES alerts(id);
CREATE INDEX alerts_about ON alerts(about) WHERE about IS NOT NULL;

-- What changed, when, and how much did it matter? What did people decide?
DROP VIEW changes;
CREATE VIEW changes AS
SELECT d.source_id AS source, s.vendor, d.judged_at, d.level, r.severity, r.kind, r.action, r.subject, r.before,
       r.after, r.sentence, r.quote_old, r.quote_new, r.rule, d.id AS verdict_id, a.id AS alert_id,
       (SELECT decision FROM decisions WHERE alert_id = a.id ORDER BY id DESC LIMIT 1) AS decision
FROM verdicts d JOIN sources s ON s.id = d.source_id JOIN reasons r ON r.verdict_id = d.id
LEFT JOIN alerts a ON a.verdict_id = d.id AND a.about IS NULL;
