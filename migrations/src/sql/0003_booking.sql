-- What can run out, and the orders that hold it.

-- A counter with a capacity. Made on first use.
CREATE TABLE pools (
  key       TEXT PRIMARY KEY,
  capacity  INTEGER NOT NULL,
  taken     INTEGER NOT NULL DEFAULT 0,
  waiting   INTEGER NOT NULL DEFAULT 0,       -- people in line; while there are any, nobody places past them
  last_line INTEGER NOT NULL DEFAULT 0,       -- the last number given in the line
  closed    BOOLEAN NOT NULL DEFAULT FALSE,   -- nothing is given out any more
  CHECK (0 <= taken AND taken <= capacity),
  CHECK (waiting >= 0)
);

-- One row per owner and local day: 96 quarter hours as two masks of 48 bits.
CREATE TABLE calendars (
  owner BIGINT NOT NULL,
  day   INTEGER NOT NULL,
  am    BIGINT NOT NULL DEFAULT 0,
  pm    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (owner, day)
);

CREATE TABLE orders (
  id               BIGINT PRIMARY KEY,
  version          INTEGER NOT NULL,
  kind             TEXT NOT NULL,
  platform_version TEXT NOT NULL,
  offering_id      BIGINT NOT NULL,
  offering_version INTEGER NOT NULL,
  organisation_id  BIGINT NOT NULL,
  place_id         BIGINT NOT NULL,
  area_code        TEXT NOT NULL,
  subject_id       BIGINT NOT NULL,
  placed_by        BIGINT NOT NULL,
  authority        TEXT NOT NULL CHECK (authority IN ('self', 'guardian', 'staff')),
  state            TEXT NOT NULL CHECK (state IN
    ('requested', 'waiting', 'held', 'confirmed', 'underway', 'fulfilled', 'closed', 'reopened',
     'rejected', 'cancelled', 'expired', 'no_show')),
  starts_at        BIGINT NOT NULL,
  ends_at          BIGINT NOT NULL,
  day              INTEGER NOT NULL,
  pool_key         TEXT NOT NULL,
  line_number      INTEGER,
  held_until       BIGINT,
  changes_until    BIGINT NOT NULL,           -- cancel or move without calling
  check_in_code    TEXT NOT NULL,
  form             TEXT NOT NULL,             -- JSON: what the kind's form asks
  price_fen        BIGINT NOT NULL CHECK (price_fen >= 0),
  left_by          TEXT,                      -- who ended it early: resident, staff, provider, system
  created_at       BIGINT NOT NULL,
  changed_at       BIGINT NOT NULL
);
CREATE INDEX orders_by_subject ON orders (subject_id, id);
CREATE INDEX orders_by_placer ON orders (placed_by, id);
CREATE INDEX orders_by_offering_day ON orders (offering_id, day);
CREATE INDEX orders_by_state ON orders (state, ends_at);
CREATE INDEX orders_in_line ON orders (pool_key, line_number) WHERE state = 'waiting';

-- What an order holds. One row per pool or per calendar day.
CREATE TABLE claims (
  order_id BIGINT NOT NULL,
  number   INTEGER NOT NULL,
  pool_key TEXT,
  owner    BIGINT,
  day      INTEGER,
  am       BIGINT NOT NULL DEFAULT 0,
  pm       BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (order_id, number),
  CHECK ((pool_key IS NULL) <> (owner IS NULL))
);
CREATE INDEX claims_by_pool ON claims (pool_key);
CREATE INDEX claims_by_owner ON claims (owner, day);

CREATE TABLE order_events (
  order_id   BIGINT NOT NULL,
  number     INTEGER NOT NULL,                -- the order's version it led to
  at         BIGINT NOT NULL,
  event      TEXT NOT NULL,
  from_state TEXT,
  to_state   TEXT NOT NULL,
  actor      BIGINT,                          -- account; none is the system
  acting_as  TEXT NOT NULL CHECK (acting_as IN ('resident', 'guardian', 'staff', 'system')),
  detail     TEXT NOT NULL DEFAULT '{}',      -- JSON
  PRIMARY KEY (order_id, number)
);

CREATE TABLE payer_shares (
  order_id   BIGINT NOT NULL,
  number     INTEGER NOT NULL,
  payer      TEXT NOT NULL CHECK (payer IN ('subject', 'placer', 'district')),
  payer_id   BIGINT,
  amount_fen BIGINT NOT NULL CHECK (amount_fen >= 0),
  PRIMARY KEY (order_id, number)
);

-- The desk's queue of one offering on one day.
CREATE TABLE queues (
  offering_id BIGINT NOT NULL,
  day         INTEGER NOT NULL,
  last_number INTEGER NOT NULL DEFAULT 0,
  serving     INTEGER,
  PRIMARY KEY (offering_id, day)
);

CREATE TABLE tickets (
  order_id    BIGINT PRIMARY KEY,
  offering_id BIGINT NOT NULL,
  day         INTEGER NOT NULL,
  number      INTEGER NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('waiting', 'called', 'done', 'missed')),
  arrived_at  BIGINT NOT NULL,
  called_at   BIGINT,
  ended_at    BIGINT
);
CREATE UNIQUE INDEX tickets_by_number ON tickets (offering_id, day, number);

-- Visits missed without a word, and what follows from them.
CREATE TABLE strikes (
  order_id  BIGINT PRIMARY KEY,
  person_id BIGINT NOT NULL,
  kind      TEXT NOT NULL,
  at        BIGINT NOT NULL
);
CREATE INDEX strikes_by_person ON strikes (person_id, kind, at);

CREATE TABLE blocks (
  person_id BIGINT NOT NULL,
  kind      TEXT NOT NULL,
  until     BIGINT NOT NULL,
  PRIMARY KEY (person_id, kind)
);

-- What a request with an Idempotency-Key made. Kept 24 hours.
CREATE TABLE idempotency_keys (
  account_id  BIGINT NOT NULL,
  operation   TEXT NOT NULL,
  key         TEXT NOT NULL,
  fingerprint BIGINT NOT NULL,
  made        BIGINT NOT NULL,                -- the id of what it made or moved
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (account_id, operation, key)
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
