-- Since the fifth migration: a message may wait for the digest of its channel (it is due with it), and a channel may
-- take so many messages an hour.
ALTER TABLE deliveries ADD COLUMN digest INTEGER NOT NULL DEFAULT 0;
CREATE INDEX deliveries_sent ON deliveries(channel, sent_at) WHERE outcome = 'sent';
