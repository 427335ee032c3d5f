-- A list of the inbox and what narrows it, under a name: one's own, of a team, or
-- for everybody.
CREATE TABLE saved_views (
  id       uuid PRIMARY KEY,
  name     text NOT NULL CHECK (name <> ''),
  list     text NOT NULL,
  filter   jsonb NOT NULL,
  owner_id uuid NOT NULL REFERENCES staff,
  scope    text NOT NULL CHECK (scope IN ('own','team','all')),
  team_id  uuid REFERENCES teams,
  sort     int NOT NULL,
  version  bigint NOT NULL DEFAULT 1,
  CHECK ((scope = 'team') = (team_id IS NOT NULL))
);
CREATE INDEX saved_views_owner ON saved_views (owner_id, sort, id);
CREATE INDEX saved_views_team ON saved_views (team_id) WHERE scope = 'team';
CREATE INDEX saved_views_all ON saved_views (sort, id) WHERE scope = 'all';
