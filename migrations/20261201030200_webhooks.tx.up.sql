-- Addresses of other systems that are told what happens here, and what each of
-- them is to be told. secret is sealed; the one before it still signs until
-- previous_until, so that a receiver can change over.
CREATE TABLE webhook_endpoints (
  id              uuid PRIMARY KEY,
  name            text NOT NULL CHECK (name <> ''),
  url             text NOT NULL,
  events          text[] NOT NULL CHECK (cardinality(events) > 0),
  with_text       boolean NOT NULL DEFAULT false,
  state           text NOT NULL DEFAULT 'active' CHECK (state IN ('active','paused','closed')),
  pause_reason    text NOT NULL DEFAULT '',
  secret          bytea NOT NULL,
  previous_secret bytea,
  previous_until  timestamptz,
  failing_since   timestamptz,
  failures        int NOT NULL DEFAULT 0,
  retry_at        timestamptz,
  created_at      timestamptz NOT NULL,
  version         bigint NOT NULL DEFAULT 1
);
CREATE INDEX webhook_endpoints_list ON webhook_endpoints (created_at, id);

-- One event for one endpoint, written in the transaction of what it tells. id is
-- the sequence: events of one object are written under the object's lock, so they
-- are sent, and numbered, in the order in which they happened.
CREATE TABLE webhook_deliveries (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  message_id   uuid NOT NULL UNIQUE,
  endpoint_id  uuid NOT NULL REFERENCES webhook_endpoints ON DELETE CASCADE,
  event        text NOT NULL,
  object_id    uuid NOT NULL,
  data         jsonb NOT NULL,
  at           timestamptz NOT NULL,
  state        text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending','delivered','dead')),
  attempts     int NOT NULL DEFAULT 0,
  due_at       timestamptz NOT NULL,
  status       int NOT NULL DEFAULT 0,
  fault        text NOT NULL DEFAULT '',
  latency_ms   int NOT NULL DEFAULT 0,
  snippet      text NOT NULL DEFAULT '',
  tried_at     timestamptz
);
CREATE INDEX webhook_deliveries_log ON webhook_deliveries (endpoint_id, id DESC);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (endpoint_id, due_at) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_order ON webhook_deliveries (endpoint_id, object_id, id) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_age ON webhook_deliveries (at);
