-- What an administrator changes in the console. A version guards each row
-- against two who change it at once; what has a history is closed, never deleted.

-- limits bounds how many conversations of a kind of channel somebody holds at a
-- time, beside capacity over all of them; a kind that is not named has no bound.
ALTER TABLE staff
  ADD COLUMN version bigint NOT NULL DEFAULT 1,
  ADD COLUMN seen_at timestamptz,
  ADD COLUMN limits  jsonb NOT NULL DEFAULT '{}';
CREATE INDEX staff_list ON staff (status, name, id);

-- A skill that people learn and queues ask for; level 1 learning, 2 able, 3 expert.
CREATE TABLE skills (
  code    text PRIMARY KEY CHECK (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  name    text NOT NULL CHECK (name <> ''),
  status  text NOT NULL DEFAULT 'active' CHECK (status IN ('active','closed')),
  version bigint NOT NULL DEFAULT 1
);
ALTER TABLE staff_skills ADD COLUMN level smallint NOT NULL DEFAULT 2 CHECK (level BETWEEN 1 AND 3);

ALTER TABLE teams
  ADD COLUMN status  text NOT NULL DEFAULT 'active' CHECK (status IN ('active','closed')),
  ADD COLUMN version bigint NOT NULL DEFAULT 1;

-- target_seconds is the promised wait in desk hours, 0 for that of the channel;
-- target_percent the share that keeps it. Of two queues with people for both the
-- one of the lower priority number is served first.
ALTER TABLE queues
  ADD COLUMN version               bigint NOT NULL DEFAULT 1,
  ADD COLUMN skill_level           smallint NOT NULL DEFAULT 1 CHECK (skill_level BETWEEN 1 AND 3),
  ADD COLUMN languages             text[] NOT NULL DEFAULT '{}',
  ADD COLUMN target_seconds        int NOT NULL DEFAULT 0 CHECK (target_seconds >= 0),
  ADD COLUMN target_percent        smallint NOT NULL DEFAULT 80 CHECK (target_percent BETWEEN 1 AND 100),
  ADD COLUMN short_abandon_seconds int NOT NULL DEFAULT 5 CHECK (short_abandon_seconds >= 0),
  ADD COLUMN priority              smallint NOT NULL DEFAULT 3 CHECK (priority BETWEEN 1 AND 4),
  ADD COLUMN limits                jsonb NOT NULL DEFAULT '{}';

-- Every team whose members are given what waits in a queue. queues.team_id stays
-- the unit that owns its tickets, and is always among them.
CREATE TABLE queue_teams (
  queue_id uuid NOT NULL REFERENCES queues ON DELETE CASCADE,
  team_id  uuid NOT NULL REFERENCES teams,
  PRIMARY KEY (queue_id, team_id)
);
CREATE INDEX queue_teams_team ON queue_teams (team_id);
INSERT INTO queue_teams (queue_id, team_id) SELECT id, team_id FROM queues;

-- Who serves a queue, each person once however many of their teams do.
CREATE VIEW queue_staff AS
  SELECT DISTINCT qt.queue_id, m.staff_id
  FROM queue_teams qt JOIN teams t ON t.id = qt.team_id AND t.status = 'active' JOIN team_members m ON m.team_id = qt.team_id;

-- A link with which somebody sets a password, used once; only its hash is kept.
-- A person has one at most: a newer one takes the older one's place.
CREATE TABLE staff_links (
  token      bytea PRIMARY KEY,
  staff_id   uuid NOT NULL UNIQUE REFERENCES staff ON DELETE CASCADE,
  purpose    text NOT NULL CHECK (purpose IN ('invite','password')),
  expires_at timestamptz NOT NULL
);
CREATE INDEX staff_links_expiry ON staff_links (expires_at);

CREATE INDEX tickets_of_owner ON tickets (owner_id, id) WHERE owner_id IS NOT NULL AND state IN ('open','in_progress','pending','on_hold');
