-- Since the fourth migration: how long a message is retried counts from its first failure.
ALTER TABLE deliveries ADD COLUMN since TEXT;
UPDATE deliveries SET since = (SELECT created_at FROM alerts WHERE id = alert_id) WHERE attempt > 0;
