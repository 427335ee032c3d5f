-- A small vocabulary with which people mark cases. A tag that is no longer wanted
-- is closed, never deleted: cases keep it. merged_into is where one went on.
CREATE TABLE tags (
  id          uuid PRIMARY KEY,
  name        text NOT NULL CHECK (name <> ''),
  tone        text NOT NULL CHECK (tone IN ('plain','brand','amber','red','green','blue')),
  status      text NOT NULL DEFAULT 'active' CHECK (status IN ('active','closed')),
  merged_into uuid REFERENCES tags,
  version     bigint NOT NULL DEFAULT 1
);
CREATE UNIQUE INDEX tags_name ON tags (lower(name));

CREATE TABLE conversation_tags (
  conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
  tag_id          uuid NOT NULL REFERENCES tags,
  PRIMARY KEY (conversation_id, tag_id)
);
CREATE INDEX conversation_tags_tag ON conversation_tags (tag_id, conversation_id);

CREATE TABLE ticket_tags (
  ticket_id uuid NOT NULL REFERENCES tickets ON DELETE CASCADE,
  tag_id    uuid NOT NULL REFERENCES tags,
  PRIMARY KEY (ticket_id, tag_id)
);
CREATE INDEX ticket_tags_tag ON ticket_tags (tag_id, ticket_id);

-- The history of a ticket's tags: names as they were. It stands beside
-- ticket_events, because no rule of the ticket's life reads a tag.
CREATE TABLE ticket_tag_events (
  id         uuid PRIMARY KEY,
  ticket_id  uuid NOT NULL REFERENCES tickets ON DELETE CASCADE,
  at         timestamptz NOT NULL,
  added      text[] NOT NULL,
  removed    text[] NOT NULL,
  actor_id   text NOT NULL,
  actor_name text NOT NULL
);
CREATE INDEX ticket_tag_events_ticket ON ticket_tag_events (ticket_id, id);
