-- Since the third migration: trouble that lasts is told once more.
ALTER TABLE problems ADD COLUMN escalated_at TEXT;
