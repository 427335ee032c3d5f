-- Citizens follow and contest their tickets on the tracking page.

-- Secrets in the outbox that are to be erased: few at any time.
CREATE INDEX outbox_secret ON outbox (created_at) WHERE secret IS NOT NULL;

-- Which ticket was last spoken of in a conversation.
CREATE INDEX ticket_notices_conversation ON ticket_notices (conversation_id, at DESC) WHERE conversation_id IS NOT NULL;

-- A ticket can be rated on its page by whoever holds its secret, also when
-- nobody knows who that is.
ALTER TABLE csat ALTER COLUMN contact_id DROP NOT NULL, ALTER COLUMN point_id DROP NOT NULL;

-- Where a closed ticket goes on.
CREATE INDEX tickets_follow_up ON tickets (follow_up_of_id) WHERE follow_up_of_id IS NOT NULL;
