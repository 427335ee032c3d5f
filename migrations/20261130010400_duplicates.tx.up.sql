-- What may be the same matter is looked for among the open tickets of a category;
-- what was merged into a ticket is found from it.
CREATE INDEX tickets_matter ON tickets (category, registered_at DESC) WHERE state IN ('new','open','in_progress','pending','on_hold');
CREATE INDEX tickets_merged ON tickets (merged_into_id) WHERE merged_into_id IS NOT NULL;
