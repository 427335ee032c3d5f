-- Who passed on a conversation, and when: a refusal lapses. Those of before
-- count from the conversation's place in the queue. The old column goes at once:
-- lists read every column, so one without its field cannot stay.
ALTER TABLE conversations ADD COLUMN declines jsonb NOT NULL DEFAULT '{}';
UPDATE conversations SET declines = (SELECT jsonb_object_agg(one, coalesce(queued_at, opened_at)) FROM unnest(declined) AS one)
  WHERE ended_at IS NULL AND cardinality(declined) > 0;
ALTER TABLE conversations DROP COLUMN declined;
