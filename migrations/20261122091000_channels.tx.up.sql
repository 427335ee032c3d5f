-- Inboxes, what went out, what came in, and the files between.

CREATE TABLE inboxes (
  id          uuid PRIMARY KEY,
  kind        text NOT NULL CHECK (kind IN ('webchat','whatsapp','sms','voice','telegram','email','form')),
  slug        text NOT NULL,
  name        text NOT NULL,
  address     text NOT NULL DEFAULT '',
  language    text NOT NULL DEFAULT 'ind',
  settings    bytea NOT NULL,             -- sealed
  status      text NOT NULL DEFAULT 'active' CHECK (status IN ('active','paused')),
  trouble     text NOT NULL DEFAULT '',   -- words key of a fault of the whole inbox
  trouble_at  timestamptz,
  created_at  timestamptz NOT NULL,
  updated_at  timestamptz NOT NULL,
  UNIQUE (kind, slug)
);

-- One row per message out, of every purpose. It is found by id (pruned to one
-- partition), by provider id and by conversation (one index probe a partition).
CREATE TABLE outbox (
  id              uuid PRIMARY KEY,
  inbox_id        uuid NOT NULL REFERENCES inboxes (id),
  address         text NOT NULL,
  purpose         text NOT NULL CHECK (purpose IN ('reply','bot','system','otp','notice','csat')),
  conversation_id uuid,
  message_id      uuid,
  message_seq     bigint,
  text            text NOT NULL DEFAULT '',
  key             text NOT NULL DEFAULT '',
  params          jsonb NOT NULL DEFAULT '{}',
  language        text NOT NULL,
  buttons         jsonb NOT NULL DEFAULT '[]',
  attachments     uuid[] NOT NULL DEFAULT '{}',
  template        text NOT NULL DEFAULT '',
  secret          bytea,                     -- sealed; erased once it was sent
  state           text NOT NULL CHECK (state IN ('queued','sending','unknown','sent','failed','delivered','read')),
  attempts        int NOT NULL DEFAULT 0,    -- calls of the provider since it was posted or retried
  asked           int NOT NULL DEFAULT 0,    -- times the provider was asked what became of it
  due_at          timestamptz NOT NULL,      -- of a queued row: not before; of an unknown one: when to ask
  slot_at         timestamptz,               -- turn given by the throttle
  expires_at      timestamptz,
  called_at       timestamptz,               -- when the provider was last called
  provider_id     text,
  former_ids      text[] NOT NULL DEFAULT '{}', -- provider ids of calls before a retry
  error_code      text NOT NULL DEFAULT '',
  error_key       text NOT NULL DEFAULT '',
  retried_by      text NOT NULL DEFAULT '',
  created_at      timestamptz NOT NULL,
  sent_at         timestamptz,
  delivered_at    timestamptz,
  read_at         timestamptz,
  failed_at       timestamptz,
  updated_at      timestamptz NOT NULL
) PARTITION BY HASH (id);

CREATE INDEX outbox_provider ON outbox (inbox_id, provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX outbox_conversation ON outbox (conversation_id, message_seq) WHERE conversation_id IS NOT NULL;
-- Keeping a conversation's order.
CREATE INDEX outbox_waiting ON outbox (conversation_id, message_seq) WHERE state IN ('queued','sending');
-- The work list: small, however large the table grows.
CREATE INDEX outbox_due ON outbox (due_at) WHERE state IN ('queued','sending','unknown');
-- Dead letters, newest first.
CREATE INDEX outbox_dead ON outbox (updated_at DESC, id DESC) WHERE state IN ('failed','unknown');
-- Reconciling: what else went to the same address.
CREATE INDEX outbox_address ON outbox (inbox_id, address, called_at) WHERE called_at IS NOT NULL;

--bun:split

SELECT hash_partitions('outbox');

--bun:split

-- Reports about a message whose provider id is not stored yet.
CREATE TABLE outbox_orphan_statuses (
  inbox_id    uuid NOT NULL,
  provider_id text NOT NULL,
  state       text NOT NULL,
  error_code  text NOT NULL DEFAULT '',
  error_key   text NOT NULL DEFAULT '',
  at          timestamptz NOT NULL,
  PRIMARY KEY (inbox_id, provider_id, state)
);
CREATE INDEX outbox_orphan_statuses_at ON outbox_orphan_statuses (at);

-- Each provider event counts once, however often it is delivered.
CREATE TABLE receipts (
  inbox_id    uuid NOT NULL,
  provider_id text NOT NULL,
  at          timestamptz NOT NULL,
  PRIMARY KEY (inbox_id, provider_id)
) PARTITION BY HASH (inbox_id, provider_id);
CREATE INDEX receipts_at ON receipts USING brin (at);

--bun:split

SELECT hash_partitions('receipts');

--bun:split

-- What an address allows: the window since its last message, and consent.
CREATE TABLE reachability (
  inbox_id        uuid NOT NULL,
  address         text NOT NULL,
  last_inbound_at timestamptz,
  opted_in_at     timestamptz,
  opted_in_source text NOT NULL DEFAULT '',  -- how, and by whom it was recorded
  opted_in_words  text NOT NULL DEFAULT '',  -- version of the wording agreed to
  opted_out_at    timestamptz,
  PRIMARY KEY (inbox_id, address)
) PARTITION BY HASH (inbox_id, address);

--bun:split

SELECT hash_partitions('reachability');

--bun:split

CREATE TABLE attachments (
  id              uuid PRIMARY KEY,
  conversation_id uuid,
  inbox_id        uuid,
  reporter        text NOT NULL,             -- whose daily quota it counts against
  name            text NOT NULL,
  mime            text NOT NULL,
  bytes           bigint NOT NULL DEFAULT 0,
  width           int NOT NULL DEFAULT 0,
  height          int NOT NULL DEFAULT 0,
  sha256          bytea,
  state           text NOT NULL CHECK (state IN ('fetching','ready','missing','refused')),
  reason          text NOT NULL DEFAULT '',  -- why refused or missing
  blob_key        text NOT NULL DEFAULT '',
  source_url      text NOT NULL DEFAULT '',  -- at the provider
  attempts        int NOT NULL DEFAULT 0,
  due_at          timestamptz,               -- of a fetching row
  created_at      timestamptz NOT NULL,
  updated_at      timestamptz NOT NULL
);
CREATE INDEX attachments_conversation ON attachments (conversation_id, created_at) WHERE conversation_id IS NOT NULL;
CREATE INDEX attachments_quota ON attachments (reporter, created_at);
CREATE INDEX attachments_fetching ON attachments (due_at) WHERE state = 'fetching';
