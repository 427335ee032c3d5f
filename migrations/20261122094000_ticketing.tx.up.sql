-- Conversations, tickets, the people who work on them and their clocks.

CREATE TABLE staff (
  id            uuid PRIMARY KEY,
  email         text NOT NULL,
  name          text NOT NULL CHECK (name <> ''),
  role          text NOT NULL CHECK (role IN ('agent','unit_officer','verifier','approver','supervisor',
                  'quality_reviewer','appellate','admin','wallboard_reader')),
  language      text NOT NULL DEFAULT 'ind' CHECK (language IN ('ind','eng')),
  theme         text NOT NULL DEFAULT 'system' CHECK (theme IN ('system','light','dark')),
  capacity      smallint NOT NULL DEFAULT 3 CHECK (capacity BETWEEN 0 AND 20),
  status        text NOT NULL DEFAULT 'active' CHECK (status IN ('active','disabled')),
  password_hash text NOT NULL DEFAULT '',
  totp_secret   bytea,
  totp_enabled  boolean NOT NULL DEFAULT false,
  totp_step     bigint NOT NULL DEFAULT 0,
  created_at    timestamptz NOT NULL,
  updated_at    timestamptz NOT NULL
);
CREATE UNIQUE INDEX staff_email ON staff (lower(email));
CREATE INDEX staff_name ON staff USING gin (name gin_trgm_ops);

-- What a member of staff can do: the languages spoken and the skills learned.
CREATE TABLE staff_skills (
  staff_id uuid NOT NULL REFERENCES staff ON DELETE CASCADE,
  kind     text NOT NULL CHECK (kind IN ('language','skill')),
  code     text NOT NULL,
  PRIMARY KEY (staff_id, kind, code)
);

CREATE TABLE teams (
  id   uuid PRIMARY KEY,
  slug text NOT NULL UNIQUE,
  name text NOT NULL
);

CREATE TABLE team_members (
  team_id  uuid NOT NULL REFERENCES teams ON DELETE CASCADE,
  staff_id uuid NOT NULL REFERENCES staff ON DELETE CASCADE,
  lead     boolean NOT NULL DEFAULT false,
  PRIMARY KEY (team_id, staff_id)
);
CREATE INDEX team_members_staff ON team_members (staff_id);

-- A queue belongs to one team; its members serve it. skill '' asks for none.
-- ring_seconds is how long an offer rings, wrap_up_seconds the after-contact
-- work a contact may take at most; auto_accept assigns without ringing.
CREATE TABLE queues (
  id              uuid PRIMARY KEY,
  slug            text NOT NULL UNIQUE,
  name            text NOT NULL,
  team_id         uuid NOT NULL REFERENCES teams,
  skill           text NOT NULL DEFAULT '',
  auto_accept     boolean NOT NULL DEFAULT true,
  ring_seconds    int NOT NULL DEFAULT 20 CHECK (ring_seconds > 0),
  wrap_up_seconds int NOT NULL DEFAULT 60 CHECK (wrap_up_seconds >= 0),
  sort            int NOT NULL DEFAULT 0,
  status          text NOT NULL DEFAULT 'active' CHECK (status IN ('active','closed'))
);

-- chosen is what the person picked, state what follows from it and from the
-- conversations held (see decision on agent states in presence.go).
CREATE TABLE presence (
  staff_id     uuid PRIMARY KEY REFERENCES staff ON DELETE CASCADE,
  chosen       text NOT NULL CHECK (chosen IN ('offline','available','break')),
  reason       text NOT NULL DEFAULT '',
  state        text NOT NULL CHECK (state IN ('offline','available','ringing','on_contact','wrap_up','break')),
  since        timestamptz NOT NULL,
  heartbeat_at timestamptz NOT NULL
);
CREATE INDEX presence_online ON presence (heartbeat_at) WHERE chosen <> 'offline';

CREATE TABLE presence_log (
  id       uuid PRIMARY KEY,
  staff_id uuid NOT NULL REFERENCES staff ON DELETE CASCADE,
  state    text NOT NULL,
  reason   text NOT NULL DEFAULT '',
  from_at  timestamptz NOT NULL,
  to_at    timestamptz
);
CREATE UNIQUE INDEX presence_log_now ON presence_log (staff_id) WHERE to_at IS NULL;
CREATE INDEX presence_log_day ON presence_log (from_at, staff_id);

-- Days off are only ever added: a row with a later valid_from speaks for the
-- same day and kind from then on. A year is known once its list is loaded whole.
CREATE TABLE holidays (
  id         uuid PRIMARY KEY,
  day        date NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('national','joint_leave')),
  name       text NOT NULL,
  valid_from timestamptz,
  withdrawn  boolean NOT NULL DEFAULT false
);
CREATE INDEX holidays_day ON holidays (day);

CREATE TABLE holiday_years (
  year      int PRIMARY KEY,
  loaded_at timestamptz NOT NULL
);

-- A leaf of the tree of what tickets are about; target_hours are hours of
-- working days, 24 a day.
CREATE TABLE categories (
  code         text PRIMARY KEY,
  grp          text NOT NULL,
  class        text NOT NULL CHECK (class IN ('complaint','aspiration','information_request','integrity')),
  queue        text NOT NULL,
  priority     smallint NOT NULL CHECK (priority BETWEEN 1 AND 4),
  target_hours int NOT NULL CHECK (target_hours > 0),
  required     text[] NOT NULL DEFAULT '{}',
  sort         int NOT NULL DEFAULT 0,
  status       text NOT NULL DEFAULT 'active' CHECK (status IN ('active','retired'))
);

CREATE TABLE contacts (
  id         uuid PRIMARY KEY,
  name       text NOT NULL DEFAULT '',
  language   text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL
);

-- An address somebody writes from: kind phone, email, telegram or visitor.
-- participant_id is whom the address was last proved to belong to; a household
-- shares a phone, so a link can be undone and never merges contacts.
CREATE TABLE contact_points (
  id             uuid PRIMARY KEY,
  contact_id     uuid NOT NULL REFERENCES contacts,
  kind           text NOT NULL,
  value          text NOT NULL,
  confidence     text NOT NULL CHECK (confidence IN ('claimed','proved_otp','proved_provider')),
  participant_id uuid,
  linked_by      text NOT NULL DEFAULT '',
  linked_at      timestamptz,
  seen_at        timestamptz NOT NULL,
  UNIQUE (kind, value)
);
CREATE INDEX contact_points_contact ON contact_points (contact_id);
CREATE INDEX contact_points_participant ON contact_points (participant_id) WHERE participant_id IS NOT NULL;

CREATE TABLE conversations (
  id               uuid PRIMARY KEY,
  inbox_id         uuid NOT NULL,
  kind             text NOT NULL,
  contact_id       uuid NOT NULL REFERENCES contacts,
  point_id         uuid NOT NULL REFERENCES contact_points,
  language         text NOT NULL,
  state            text NOT NULL CHECK (state IN ('bot','queued','ringing','agent','wrap_up','ended')),
  intent           text NOT NULL DEFAULT '',
  priority         smallint NOT NULL DEFAULT 3 CHECK (priority BETWEEN 1 AND 4),
  queue_id         uuid REFERENCES queues,
  assignee_id      uuid REFERENCES staff,
  declined         uuid[] NOT NULL DEFAULT '{}',
  participant_id   uuid,
  subject_by       text NOT NULL DEFAULT '',
  subject_confidence text NOT NULL DEFAULT '' CHECK (subject_confidence IN ('','claimed','proved_otp','proved_provider')),
  assurance        text NOT NULL DEFAULT 'none' CHECK (assurance IN ('none','otp','otp_plus_fact')),
  summary          text NOT NULL DEFAULT '',
  facts            jsonb NOT NULL DEFAULT '[]',
  opened_at        timestamptz NOT NULL,
  queued_at        timestamptz,
  assigned_at      timestamptz,
  answered_at      timestamptz,
  ended_at         timestamptz,
  ended_by         text NOT NULL DEFAULT '' CHECK (ended_by IN ('','agent','citizen','bot','silence','system')),
  outcome          text NOT NULL DEFAULT '',
  sla_from         timestamptz,
  sla_due          timestamptz,
  last_seq         bigint NOT NULL DEFAULT 0,
  citizen_seq      bigint NOT NULL DEFAULT 0,
  last_at          timestamptz NOT NULL,
  inbound_at       timestamptz,
  waiting_since    timestamptz,
  preview          text NOT NULL DEFAULT '',
  preview_from     text NOT NULL DEFAULT 'citizen',
  unread           int NOT NULL DEFAULT 0,
  agent_read_seq   bigint NOT NULL DEFAULT 0,
  visitor_read_seq bigint NOT NULL DEFAULT 0,
  bot_seq          bigint NOT NULL DEFAULT 0,
  bot_owner        text NOT NULL DEFAULT '',
  bot_until        timestamptz,
  bot_due          timestamptz,
  bot_failures     smallint NOT NULL DEFAULT 0,
  ring_until       timestamptz,
  wrap_until       timestamptz,
  warned_at        timestamptz,
  silence_due      timestamptz,
  CHECK ((state IN ('ringing','agent','wrap_up')) <= (assignee_id IS NOT NULL)),
  CHECK ((state IN ('wrap_up','ended')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX conversations_one_open ON conversations (inbox_id, point_id) WHERE ended_at IS NULL;
CREATE INDEX conversations_point ON conversations (point_id, opened_at DESC);
CREATE INDEX conversations_contact ON conversations (contact_id, opened_at DESC);
CREATE INDEX conversations_participant ON conversations (participant_id, opened_at DESC) WHERE participant_id IS NOT NULL;
CREATE INDEX conversations_mine ON conversations (assignee_id, last_at DESC, id DESC) WHERE state IN ('ringing','agent','wrap_up');
CREATE INDEX conversations_queue ON conversations (queue_id, last_at DESC, id DESC) WHERE ended_at IS NULL;
CREATE INDEX conversations_queued ON conversations (priority, queued_at, id) WHERE state = 'queued';
CREATE INDEX conversations_place ON conversations (queue_id, priority, queued_at, id) WHERE state = 'queued';
CREATE INDEX conversations_unassigned ON conversations (queued_at, id) WHERE state = 'queued';
CREATE INDEX conversations_bot ON conversations (bot_due) WHERE bot_due IS NOT NULL;
CREATE INDEX conversations_waiting ON conversations (waiting_since, id) WHERE waiting_since IS NOT NULL AND state IN ('queued','ringing','agent');
CREATE INDEX conversations_open ON conversations (last_at DESC, id DESC) WHERE ended_at IS NULL;
CREATE INDEX conversations_ended ON conversations (last_at DESC, id DESC) WHERE state = 'ended';
CREATE INDEX conversations_day ON conversations (opened_at);
CREATE INDEX conversations_due ON conversations (least(bot_due, ring_until, wrap_until, silence_due))
  WHERE least(bot_due, ring_until, wrap_until, silence_due) IS NOT NULL;

-- Every line of a conversation, in the order of seq. The sequence goes on from
-- one conversation to the next of the same inbox and address.
CREATE TABLE messages (
  conversation_id uuid NOT NULL,
  seq             bigint NOT NULL,
  id              uuid NOT NULL,
  author          text NOT NULL CHECK (author IN ('citizen','bot','agent','system')),
  kind            text NOT NULL CHECK (kind IN ('message','note','system')),
  author_id       text NOT NULL DEFAULT '',
  author_name     text NOT NULL DEFAULT '',
  text            text NOT NULL DEFAULT '',
  language        text NOT NULL DEFAULT '',
  intent          text NOT NULL DEFAULT '',
  button          text NOT NULL DEFAULT '',
  buttons         jsonb NOT NULL DEFAULT '[]',
  attachments     uuid[] NOT NULL DEFAULT '{}',
  data            jsonb,
  echo            text NOT NULL DEFAULT '',
  provider_id     text NOT NULL DEFAULT '',
  outbox_id       uuid,
  at              timestamptz NOT NULL,
  PRIMARY KEY (conversation_id, seq)
) PARTITION BY HASH (conversation_id);
CREATE UNIQUE INDEX messages_echo ON messages (conversation_id, author, author_id, echo) WHERE echo <> '';

CREATE TABLE conversation_events (
  conversation_id uuid NOT NULL,
  id              uuid NOT NULL,
  at              timestamptz NOT NULL,
  event           text NOT NULL,
  actor_kind      text NOT NULL,
  actor_id        text NOT NULL DEFAULT '',
  actor_name      text NOT NULL DEFAULT '',
  data            jsonb NOT NULL DEFAULT '{}',
  PRIMARY KEY (conversation_id, id)
) PARTITION BY HASH (conversation_id);

-- One stay of a conversation in a queue: offered, then answered by a person,
-- abandoned by the citizen or left for another queue (flow_out).
CREATE TABLE queue_stays (
  id              uuid PRIMARY KEY,
  conversation_id uuid NOT NULL REFERENCES conversations,
  queue_id        uuid NOT NULL REFERENCES queues,
  kind            text NOT NULL,
  offered_at      timestamptz NOT NULL,
  counted_from    timestamptz NOT NULL,
  due_at          timestamptz NOT NULL,
  left_at         timestamptz,
  how             text NOT NULL DEFAULT '' CHECK (how IN ('','answered','abandoned','flow_out')),
  staff_id        uuid REFERENCES staff
);
CREATE UNIQUE INDEX queue_stays_open ON queue_stays (conversation_id) WHERE left_at IS NULL;
CREATE INDEX queue_stays_day ON queue_stays (offered_at);

-- The time one member of staff spent on one contact: talk, then wrap-up.
CREATE TABLE handlings (
  id              uuid PRIMARY KEY,
  conversation_id uuid NOT NULL REFERENCES conversations,
  staff_id        uuid NOT NULL REFERENCES staff,
  queue_id        uuid REFERENCES queues,
  kind            text NOT NULL,
  from_at         timestamptz NOT NULL,
  talk_to         timestamptz,
  wrap_to         timestamptz,
  answered        boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX handlings_open ON handlings (conversation_id) WHERE wrap_to IS NULL;
CREATE INDEX handlings_day ON handlings (wrap_to) WHERE wrap_to IS NOT NULL;
CREATE INDEX handlings_queue ON handlings (queue_id, wrap_to DESC) WHERE wrap_to IS NOT NULL AND answered;

CREATE TABLE drafts (
  conversation_id uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
  staff_id        uuid NOT NULL REFERENCES staff ON DELETE CASCADE,
  kind            text NOT NULL CHECK (kind IN ('reply','note')),
  text            text NOT NULL,
  attachments     uuid[] NOT NULL DEFAULT '{}',
  at              timestamptz NOT NULL,
  PRIMARY KEY (conversation_id, staff_id)
);

-- One question about satisfaction, asked once per interaction or ticket.
CREATE TABLE csat (
  id              uuid PRIMARY KEY,
  conversation_id uuid REFERENCES conversations,
  ticket_id       uuid,
  contact_id      uuid NOT NULL REFERENCES contacts,
  participant_id  uuid,
  point_id        uuid NOT NULL REFERENCES contact_points,
  kind            text NOT NULL,
  queue_id        uuid,
  staff_id        uuid,
  asked_at        timestamptz NOT NULL,
  score           smallint CHECK (score BETWEEN 1 AND 5),
  comment         text NOT NULL DEFAULT '',
  rated_at        timestamptz
);
CREATE UNIQUE INDEX csat_conversation ON csat (conversation_id) WHERE conversation_id IS NOT NULL AND ticket_id IS NULL;
CREATE UNIQUE INDEX csat_ticket ON csat (ticket_id) WHERE ticket_id IS NOT NULL;
CREATE INDEX csat_contact ON csat (contact_id, asked_at DESC);
CREATE INDEX csat_participant ON csat (participant_id, asked_at DESC) WHERE participant_id IS NOT NULL;
CREATE INDEX csat_point ON csat (point_id, asked_at DESC);
CREATE INDEX csat_day ON csat (rated_at) WHERE rated_at IS NOT NULL;

CREATE SEQUENCE ticket_serial;

CREATE TABLE tickets (
  id              uuid PRIMARY KEY,
  number          text NOT NULL UNIQUE,
  version         bigint NOT NULL,
  state           text NOT NULL CHECK (state IN ('new','open','in_progress','pending','on_hold','resolved','rejected','appealed','closed')),
  closed_reason   text CHECK (closed_reason IN ('confirmed','auto_no_reply','no_response','withdrawn','merged','referred','rejected_final','appeal_decided')),
  pending_from    text,
  class           text NOT NULL CHECK (class IN ('complaint','aspiration','information_request','integrity')),
  oversight       boolean,
  category        text NOT NULL,
  priority        smallint NOT NULL CHECK (priority BETWEEN 0 AND 4),
  level           smallint NOT NULL CHECK (level BETWEEN 0 AND 3),
  target_unit     text NOT NULL,
  target_n        bigint NOT NULL,
  queue_id        uuid REFERENCES queues,
  unit_id         uuid REFERENCES teams,
  owner_id        uuid REFERENCES staff,
  hops            smallint NOT NULL,
  handlers        uuid[] NOT NULL,
  channel         text NOT NULL,
  contact_id      uuid REFERENCES contacts,
  participant_id  uuid,
  conversation_id uuid,
  entered_by      uuid REFERENCES staff,
  follow_up_of_id uuid REFERENCES tickets,
  merged_into_id  uuid REFERENCES tickets,
  about_staff_id  uuid REFERENCES staff,
  about_unit_id   uuid REFERENCES teams,
  anonymous       boolean NOT NULL,
  confidential    boolean NOT NULL,
  subject         text NOT NULL,
  text            text NOT NULL,
  outcome         text,
  root_cause      text,
  rejection       text,
  public_answer   text NOT NULL,
  referred_to     text NOT NULL,
  referred_ref    text NOT NULL,
  third_party     text NOT NULL,
  reopen_count    int NOT NULL,
  registered_at   timestamptz NOT NULL,
  verified_at     timestamptz,
  asked_at        timestamptz,
  expected_at     timestamptz,
  decided_at      timestamptz,
  resolved_at     timestamptz,
  appealed_at     timestamptz,
  closed_at       timestamptz,
  erased_at       timestamptz,
  state_at        timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL,
  secret_hash     bytea,
  legal_hold      boolean NOT NULL DEFAULT false,
  due_at          timestamptz,
  due_unknown     boolean NOT NULL DEFAULT false,
  sla_status      text NOT NULL,
  CHECK ((state = 'closed') = (closed_reason IS NOT NULL)),
  CHECK ((closed_reason = 'merged') = (merged_into_id IS NOT NULL)),
  CHECK (state <> 'in_progress' OR owner_id IS NOT NULL)
);
-- The lists of work are read by due date, the archives by registration.
CREATE INDEX tickets_owner ON tickets (owner_id, coalesce(due_at, 'infinity'::timestamptz), id)
  WHERE state NOT IN ('closed','resolved','rejected');
CREATE INDEX tickets_queue ON tickets (queue_id, coalesce(due_at, 'infinity'::timestamptz), id)
  WHERE state NOT IN ('closed','resolved','rejected');
CREATE INDEX tickets_open ON tickets (coalesce(due_at, 'infinity'::timestamptz), id) WHERE state NOT IN ('closed','resolved','rejected');
CREATE INDEX tickets_status ON tickets (sla_status, coalesce(due_at, 'infinity'::timestamptz), id)
  WHERE state NOT IN ('closed','resolved','rejected');
CREATE INDEX tickets_all ON tickets (registered_at DESC, id DESC);
CREATE INDEX tickets_closed ON tickets (registered_at DESC, id DESC) WHERE state IN ('closed','resolved','rejected');
CREATE INDEX tickets_contact ON tickets (contact_id, registered_at DESC) WHERE contact_id IS NOT NULL;
CREATE INDEX tickets_participant ON tickets (participant_id, registered_at DESC) WHERE participant_id IS NOT NULL;
CREATE INDEX tickets_pending ON tickets (contact_id) WHERE state = 'pending';
CREATE INDEX tickets_subject ON tickets USING gin (subject gin_trgm_ops);

CREATE TABLE ticket_events (
  id            uuid PRIMARY KEY,
  ticket_id     uuid NOT NULL REFERENCES tickets,
  version       bigint NOT NULL,
  act           text NOT NULL,
  actor_kind    text NOT NULL,
  actor_id      text NOT NULL,
  actor_name    text NOT NULL,
  role          text NOT NULL,
  from_state    text NOT NULL,
  to_state      text NOT NULL,
  closed_reason text,
  facts         jsonb NOT NULL,
  at            timestamptz NOT NULL,
  UNIQUE (ticket_id, version)
);
CREATE INDEX ticket_events_at ON ticket_events (at);

-- The lists of marks that clocks are; n orders those of one clock.
CREATE TABLE ticket_marks (
  ticket_id   uuid NOT NULL REFERENCES tickets,
  timer       text NOT NULL,
  n           int NOT NULL,
  kind        text NOT NULL,
  at          timestamptz NOT NULL,
  cause       text NOT NULL,
  amount_unit text NOT NULL,
  amount_n    bigint NOT NULL,
  from_at     timestamptz,
  PRIMARY KEY (ticket_id, timer, n)
);

-- When the clocks of a ticket are to be looked at again.
CREATE TABLE ticket_checks (
  ticket_id uuid PRIMARY KEY REFERENCES tickets,
  at        timestamptz NOT NULL
);
CREATE INDEX ticket_checks_at ON ticket_checks (at);

-- Texts that tickets sent: to whom, and by which line of which conversation.
CREATE TABLE ticket_notices (
  id              uuid PRIMARY KEY,
  ticket_id       uuid NOT NULL REFERENCES tickets,
  notice          text NOT NULL,
  audience        text NOT NULL,
  at              timestamptz NOT NULL,
  conversation_id uuid,
  seq             bigint
);
CREATE INDEX ticket_notices_ticket ON ticket_notices (ticket_id, notice, at);

CREATE TABLE ticket_conversations (
  ticket_id       uuid NOT NULL REFERENCES tickets,
  conversation_id uuid NOT NULL REFERENCES conversations,
  PRIMARY KEY (ticket_id, conversation_id)
);
CREATE INDEX ticket_conversations_conversation ON ticket_conversations (conversation_id);

-- The wallboard's headline as it stood each minute: its trends.
CREATE TABLE wallboard_minutes (
  minute           timestamptz PRIMARY KEY,
  waiting          double precision,
  longest_wait     double precision,
  service_level    double precision,
  abandoned        double precision,
  agents_available double precision,
  csat             double precision
);

-- How far a reader has come in another room's list of events.
CREATE TABLE reading_cursors (
  name     text PRIMARY KEY,
  position text NOT NULL
);

--bun:split

-- desk_seconds counts the seconds inside desk hours (08:00-20:00 WIB, every day)
-- between two instants; calendar.ProgrammeDesk is the same in Go.
CREATE FUNCTION desk_seconds(since timestamptz, until timestamptz) RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
  SELECT greatest(0, sum(sign * (floor(wib / 86400) * 43200 + least(greatest(wib - floor(wib / 86400) * 86400 - 28800, 0), 43200))))
  FROM (VALUES (-1, extract(epoch FROM since)::double precision + 25200), (1, extract(epoch FROM until)::double precision + 25200)) AS t(sign, wib)
$$;

--bun:split

SELECT hash_partitions('messages');
--bun:split
SELECT hash_partitions('conversation_events');
