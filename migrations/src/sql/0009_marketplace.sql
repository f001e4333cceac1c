-- The marketplace: addresses and compounds, workers, visits, offers, and what happens on the way.

-- Providers act on orders too. A CHECK cannot be changed in words both databases share: the table is built anew.
CREATE TABLE order_events_anew (
  order_id   BIGINT NOT NULL,
  number     INTEGER NOT NULL,                -- the order's version it led to
  at         BIGINT NOT NULL,
  event      TEXT NOT NULL,
  from_state TEXT,
  to_state   TEXT NOT NULL,
  actor      BIGINT,                          -- account; none is the system
  acting_as  TEXT NOT NULL CHECK (acting_as IN ('resident', 'guardian', 'staff', 'provider', 'system')),
  detail     TEXT NOT NULL DEFAULT '{}',      -- JSON
  PRIMARY KEY (order_id, number)
);
INSERT INTO order_events_anew (order_id, number, at, event, from_state, to_state, actor, acting_as, detail)
  SELECT order_id, number, at, event, from_state, to_state, actor, acting_as, detail FROM order_events;
DROP TABLE order_events;
ALTER TABLE order_events_anew RENAME TO order_events;

-- Compounds: who has the contract for repairs there.
CREATE TABLE compounds (
  id              BIGINT PRIMARY KEY,
  key             TEXT NOT NULL,
  name_zh         TEXT NOT NULL,
  name_en         TEXT NOT NULL,
  area_code       TEXT NOT NULL REFERENCES areas (code),
  latitude        DOUBLE PRECISION NOT NULL CHECK (latitude BETWEEN -90 AND 90),   -- WGS-84, of its main gate
  longitude       DOUBLE PRECISION NOT NULL CHECK (longitude BETWEEN -180 AND 180),
  organisation_id BIGINT REFERENCES organisations (id)                            -- its property company
);
CREATE UNIQUE INDEX compounds_by_key ON compounds (key);
CREATE INDEX compounds_by_area ON compounds (area_code);

-- Who is responsible for a kind in an area: the smallest area that holds the place decides.
CREATE TABLE responsibilities (
  kind            TEXT NOT NULL,
  area_code       TEXT NOT NULL REFERENCES areas (code),
  organisation_id BIGINT NOT NULL REFERENCES organisations (id),
  PRIMARY KEY (kind, area_code)
);

-- Addresses a person keeps.
CREATE TABLE addresses (
  id          BIGINT PRIMARY KEY,
  person_id   BIGINT NOT NULL,
  label       TEXT NOT NULL DEFAULT '',       -- home, my mother's
  text        TEXT NOT NULL,                  -- compound or street, as a courier reads it
  detail      TEXT NOT NULL DEFAULT '',       -- building, entrance, floor, door
  area_code   TEXT NOT NULL REFERENCES areas (code),
  compound_id BIGINT REFERENCES compounds (id),
  latitude    DOUBLE PRECISION NOT NULL CHECK (latitude BETWEEN -90 AND 90),       -- WGS-84
  longitude   DOUBLE PRECISION NOT NULL CHECK (longitude BETWEEN -180 AND 180),
  created_at  BIGINT NOT NULL
);
CREATE INDEX addresses_by_person ON addresses (person_id, id);

-- Somebody who comes to the door.
CREATE TABLE workers (
  id              BIGINT PRIMARY KEY,
  version         INTEGER NOT NULL,
  person_id       BIGINT NOT NULL,
  account_id      BIGINT NOT NULL,
  organisation_id BIGINT REFERENCES organisations (id),                           -- whom they work for; none: themselves
  state           TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'verified', 'refused', 'suspended', 'closed')),
  name            TEXT NOT NULL,              -- as residents read it
  gender          TEXT NOT NULL CHECK (gender IN ('female', 'male', 'unsaid')),
  languages       TEXT NOT NULL DEFAULT '[]', -- JSON: list of keys
  about           TEXT NOT NULL DEFAULT '',
  travel          TEXT NOT NULL CHECK (travel IN ('foot', 'ebike', 'car')),
  home_text       TEXT NOT NULL DEFAULT '',
  home_area       TEXT REFERENCES areas (code),
  latitude        DOUBLE PRECISION,           -- WGS-84, of where they start from
  longitude       DOUBLE PRECISION,
  areas           TEXT NOT NULL DEFAULT '[]', -- JSON: codes of areas they go to; empty is everywhere
  hours           TEXT NOT NULL DEFAULT '{}', -- JSON: weekday to spans
  max_open        INTEGER NOT NULL DEFAULT 1 CHECK (max_open BETWEEN 1 AND 20),
  duty            TEXT NOT NULL DEFAULT 'off' CHECK (duty IN ('off', 'on', 'paused')),
  duty_since      BIGINT,
  paused_until    BIGINT,
  reason          TEXT NOT NULL DEFAULT '',   -- why refused or suspended
  submitted_at    BIGINT,
  decided_at      BIGINT,
  decided_by      BIGINT,
  created_at      BIGINT NOT NULL,
  changed_at      BIGINT NOT NULL,
  CHECK ((latitude IS NULL) = (longitude IS NULL))
);
CREATE UNIQUE INDEX workers_by_person ON workers (person_id);
CREATE INDEX workers_on_duty ON workers (duty) WHERE duty = 'on';
CREATE INDEX workers_resting ON workers (paused_until) WHERE duty = 'paused';
CREATE INDEX workers_by_area ON workers (home_area, id);
CREATE INDEX workers_by_organisation ON workers (organisation_id) WHERE organisation_id IS NOT NULL;

CREATE TABLE worker_services (
  worker_id  BIGINT NOT NULL REFERENCES workers (id),
  kind       TEXT NOT NULL,
  price_fen  BIGINT CHECK (price_fen >= 0),   -- none: the kind's own
  skills     TEXT NOT NULL DEFAULT '[]',      -- JSON: list of keys
  state      TEXT NOT NULL CHECK (state IN ('asked', 'verified', 'refused')),
  reason     TEXT NOT NULL DEFAULT '',
  off_offer  BOOLEAN NOT NULL DEFAULT FALSE,  -- a document it needs has run out
  PRIMARY KEY (worker_id, kind)
);
CREATE INDEX worker_services_by_kind ON worker_services (kind) WHERE state = 'verified' AND NOT off_offer;

CREATE TABLE worker_days_off (
  worker_id BIGINT NOT NULL REFERENCES workers (id),
  day       INTEGER NOT NULL,
  reason    TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (worker_id, day)
);

-- How long somebody was on duty within their hours, or at work, on a day: what earnings are compared by.
CREATE TABLE worker_active (
  worker_id BIGINT NOT NULL REFERENCES workers (id),
  day       INTEGER NOT NULL,
  minutes   INTEGER NOT NULL,
  last_look BIGINT NOT NULL,                  -- the look counted last; none counts twice
  PRIMARY KEY (worker_id, day)
);
CREATE INDEX worker_active_by_day ON worker_active (day);

-- Either side does not want to meet the other again. Neither is told.
CREATE TABLE refused_pairs (
  person_id BIGINT NOT NULL,
  worker_id BIGINT NOT NULL,
  side      TEXT NOT NULL CHECK (side IN ('resident', 'worker')),
  reason    TEXT NOT NULL DEFAULT '',
  at        BIGINT NOT NULL,
  PRIMARY KEY (person_id, worker_id, side)
);
CREATE INDEX refused_pairs_by_worker ON refused_pairs (worker_id);

-- The visit of a dispatch order: one row beside its order.
CREATE TABLE visits (
  order_id       BIGINT PRIMARY KEY,
  kind           TEXT NOT NULL,
  state          TEXT NOT NULL CHECK (state IN
    ('seeking', 'offered', 'accepted', 'on_the_way', 'arrived', 'working', 'done', 'failed', 'over')),
  worker_id      BIGINT REFERENCES workers (id),
  way            TEXT NOT NULL CHECK (way IN ('ranked', 'board', 'batch', 'contract', 'staff')),
  wave           INTEGER NOT NULL DEFAULT 0,
  next_look      BIGINT,                      -- when somebody is looked for next
  find_until     BIGINT NOT NULL,             -- nobody by then: people are told
  nobody_at      BIGINT,
  sought_since   BIGINT NOT NULL DEFAULT 0,   -- for this time: whoever was asked before may be asked again
  is_now         BOOLEAN NOT NULL,            -- as soon as possible, not at a time
  window_from    BIGINT NOT NULL,
  window_until   BIGINT NOT NULL,
  minutes        INTEGER NOT NULL CHECK (minutes > 0),
  address_text   TEXT NOT NULL,
  address_detail TEXT NOT NULL DEFAULT '',
  compound_id    BIGINT REFERENCES compounds (id),
  latitude       DOUBLE PRECISION NOT NULL CHECK (latitude BETWEEN -90 AND 90),
  longitude      DOUBLE PRECISION NOT NULL CHECK (longitude BETWEEN -180 AND 180),
  thing          TEXT NOT NULL DEFAULT '',    -- what it is about where one thing is reported once: lift/COMPOUND/3-1
  wider          BOOLEAN NOT NULL DEFAULT FALSE, -- the resident agrees to somebody from farther away
  wishes         TEXT NOT NULL DEFAULT '{}',  -- JSON: gender, language, worker
  note           TEXT NOT NULL DEFAULT '',
  is_private     BOOLEAN NOT NULL DEFAULT TRUE,
  price_form     TEXT NOT NULL CHECK (price_form IN ('free', 'fixed', 'hourly', 'quote')),
  pay_by         TEXT NOT NULL CHECK (pay_by IN ('free', 'cash', 'district')),
  quote_fen      BIGINT CHECK (quote_fen >= 0),
  quote_note     TEXT NOT NULL DEFAULT '',
  quote_state    TEXT CHECK (quote_state IN ('asked', 'agreed', 'refused')),
  start_code     TEXT NOT NULL,               -- four digits, known to the resident
  code_tries     INTEGER NOT NULL DEFAULT 0,
  accept_by      BIGINT,                      -- deadlines of urgent kinds
  arrive_by      BIGINT,
  climbed        INTEGER NOT NULL DEFAULT 0,  -- how far a missed deadline has climbed: 1 to 3 nobody said yes, 4 to 6 nobody came; each community, street, district
  reasons        TEXT NOT NULL DEFAULT '[]',  -- JSON: why this worker
  travel_seconds INTEGER,                     -- by streets, at acceptance
  accepted_at    BIGINT,
  on_way_at      BIGINT,
  arrived_at     BIGINT,
  started_at     BIGINT,
  done_at        BIGINT,
  start_reason   TEXT NOT NULL DEFAULT '',    -- why it began without the code
  late_told      BOOLEAN NOT NULL DEFAULT FALSE,
  failure        TEXT NOT NULL DEFAULT ''
);
CREATE INDEX visits_to_look ON visits (next_look) WHERE next_look IS NOT NULL;
CREATE INDEX visits_by_worker ON visits (worker_id, state);
CREATE INDEX visits_by_state ON visits (state, kind);
CREATE INDEX visits_with_deadline ON visits (accept_by)
  WHERE accept_by IS NOT NULL AND state IN ('seeking', 'offered', 'accepted', 'on_the_way');
CREATE INDEX visits_shared ON visits (latitude, longitude) WHERE NOT is_private;
CREATE INDEX visits_of_thing ON visits (thing, state) WHERE thing <> '';

-- A job offer to one worker. It holds nothing.
CREATE TABLE offers (
  id             BIGINT PRIMARY KEY,
  order_id       BIGINT NOT NULL,
  worker_id      BIGINT NOT NULL REFERENCES workers (id),
  wave           INTEGER NOT NULL,
  way            TEXT NOT NULL,
  state          TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'expired', 'withdrawn')),
  points         BIGINT NOT NULL DEFAULT 0,
  reasons        TEXT NOT NULL DEFAULT '[]',  -- JSON
  travel_seconds INTEGER NOT NULL,
  made_at        BIGINT NOT NULL,
  pushed_at      BIGINT,                      -- its first push; its time runs from here
  expires_at     BIGINT,
  answered_at    BIGINT,
  reason         TEXT NOT NULL DEFAULT ''     -- why declined, if they said
);
CREATE INDEX offers_by_order ON offers (order_id, state);
CREATE INDEX offers_by_worker ON offers (worker_id, state, id);
CREATE UNIQUE INDEX offers_open ON offers (order_id, worker_id) WHERE state = 'open';

-- Whoever reports the same thing again follows the first report.
CREATE TABLE followers (
  order_id  BIGINT NOT NULL,
  person_id BIGINT NOT NULL,
  at        BIGINT NOT NULL,
  PRIMARY KEY (order_id, person_id)
);
CREATE INDEX followers_by_person ON followers (person_id);

-- Where a worker on the way was seen last. Gone when they arrive.
CREATE TABLE positions (
  order_id  BIGINT PRIMARY KEY,
  worker_id BIGINT NOT NULL,
  latitude  DOUBLE PRECISION NOT NULL,
  longitude DOUBLE PRECISION NOT NULL,
  accuracy  INTEGER,                          -- metres
  at        BIGINT NOT NULL
);

-- Whoever has said yes and has not set out is asked whether they are coming.
CREATE TABLE pings (
  order_id    BIGINT NOT NULL,
  worker_id   BIGINT NOT NULL,
  asked_at    BIGINT NOT NULL,
  answered_at BIGINT,
  leave_at    BIGINT,                         -- when they say that they will set out
  PRIMARY KEY (order_id, worker_id)
);

-- Pictures and papers: what is stored under a key in the file store.
CREATE TABLE files (
  id           BIGINT PRIMARY KEY,
  owner        BIGINT NOT NULL,               -- person
  purpose      TEXT NOT NULL CHECK (purpose IN ('picture', 'paper')),
  content_type TEXT NOT NULL,
  bytes        INTEGER NOT NULL CHECK (bytes > 0),
  width        INTEGER,
  height       INTEGER,
  sha256       TEXT NOT NULL,
  created_at   BIGINT NOT NULL
);
CREATE INDEX files_by_owner ON files (owner, id);
CREATE INDEX files_by_age ON files (created_at);

-- Which pictures belong to an order, and to which moment of it.
CREATE TABLE order_pictures (
  order_id BIGINT NOT NULL,
  file_id  BIGINT NOT NULL REFERENCES files (id),
  moment   TEXT NOT NULL CHECK (moment IN ('request', 'before', 'after', 'rating', 'answer')),
  by_person BIGINT NOT NULL,
  at       BIGINT NOT NULL,
  is_public BOOLEAN NOT NULL DEFAULT FALSE,   -- staff have looked at it: it shows no person and nobody's home
  PRIMARY KEY (order_id, file_id)
);
CREATE INDEX order_pictures_by_file ON order_pictures (file_id);

CREATE TABLE worker_documents (
  id          BIGINT PRIMARY KEY,
  worker_id   BIGINT NOT NULL REFERENCES workers (id),
  document    TEXT NOT NULL,                  -- key: identity, health_certificate, electrician
  file_id     BIGINT REFERENCES files (id),
  valid_until INTEGER,                        -- day, the last it holds; none: without end
  state       TEXT NOT NULL CHECK (state IN ('asked', 'verified', 'refused', 'replaced', 'expired')),
  reason      TEXT NOT NULL DEFAULT '',
  decided_by  BIGINT,
  decided_at  BIGINT,
  warned_at   BIGINT,
  created_at  BIGINT NOT NULL
);
CREATE INDEX worker_documents_by_worker ON worker_documents (worker_id);
CREATE INDEX worker_documents_by_file ON worker_documents (file_id) WHERE file_id IS NOT NULL;
CREATE INDEX worker_documents_by_end ON worker_documents (valid_until) WHERE state = 'verified';

-- What somebody hears while it happens, in the order it was committed: numbers of one person have no holes.
CREATE TABLE live_heads (
  person_id BIGINT PRIMARY KEY,
  last      BIGINT NOT NULL
);
CREATE TABLE live_events (
  person_id BIGINT NOT NULL,
  number    BIGINT NOT NULL,
  at        BIGINT NOT NULL,
  event     TEXT NOT NULL,
  payload   TEXT NOT NULL,                    -- JSON
  PRIMARY KEY (person_id, number)
);
CREATE INDEX live_events_by_age ON live_events (at);
-- A way in for those who cannot send a token: good once, and not for long. Only its hash is kept.
CREATE TABLE live_tickets (
  ticket_hash TEXT PRIMARY KEY,
  login_id    BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL
);
CREATE INDEX live_tickets_by_end ON live_tickets (expires_at);

-- Money: entries that sum to nothing. Only ever added to.
CREATE TABLE ledger_entries (
  id       BIGINT PRIMARY KEY,
  at       BIGINT NOT NULL,
  day      INTEGER NOT NULL,
  what     TEXT NOT NULL,                     -- visit.paid, visit.countered, visit.corrected
  order_id BIGINT NOT NULL,
  worker_id BIGINT NOT NULL REFERENCES workers (id), -- whose work it was
  source   TEXT NOT NULL,                     -- says once: written twice, counted once
  by_account BIGINT,                          -- whoever corrected it
  reason   TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX ledger_entries_by_source ON ledger_entries (source);
CREATE INDEX ledger_entries_by_order ON ledger_entries (order_id);
CREATE INDEX ledger_entries_by_worker ON ledger_entries (worker_id, day);
CREATE INDEX ledger_entries_by_day ON ledger_entries (day);
CREATE TABLE ledger_postings (
  entry_id   BIGINT NOT NULL REFERENCES ledger_entries (id),
  number     INTEGER NOT NULL,
  account    TEXT NOT NULL,                   -- person/ID, worker/ID, district/BUDGET, cash/worker/ID
  amount_fen BIGINT NOT NULL CHECK (amount_fen <> 0), -- positive: received
  day        INTEGER NOT NULL,
  PRIMARY KEY (entry_id, number)
);
CREATE INDEX ledger_postings_by_account ON ledger_postings (account, day);

-- Who was shown or called whom, and when.
CREATE TABLE number_reveals (
  id        BIGINT PRIMARY KEY,
  order_id  BIGINT NOT NULL,
  by_person BIGINT NOT NULL,
  of_person BIGINT NOT NULL,
  at        BIGINT NOT NULL
);
CREATE INDEX number_reveals_by_order ON number_reveals (order_id);

-- A worker in need of help: somebody hears at once.
CREATE TABLE help_calls (
  id        BIGINT PRIMARY KEY,
  order_id  BIGINT,
  worker_id BIGINT NOT NULL REFERENCES workers (id),
  area_code TEXT NOT NULL,
  latitude  DOUBLE PRECISION,
  longitude DOUBLE PRECISION,
  words     TEXT NOT NULL DEFAULT '',
  at        BIGINT NOT NULL,
  taken_by  BIGINT,
  taken_at  BIGINT,
  outcome   TEXT,
  closed_at BIGINT
);
CREATE INDEX help_calls_open ON help_calls (area_code, id) WHERE closed_at IS NULL;

-- One side's word on an order.
CREATE TABLE ratings (
  order_id      BIGINT NOT NULL,
  side          TEXT NOT NULL CHECK (side IN ('resident', 'worker')),
  version       INTEGER NOT NULL,
  person_id     BIGINT NOT NULL,
  worker_id     BIGINT,
  organisation_id BIGINT NOT NULL,
  area_code     TEXT NOT NULL,
  kind          TEXT NOT NULL,
  level         INTEGER NOT NULL CHECK (level BETWEEN 1 AND 5), -- 5 very satisfied … 1 very dissatisfied
  tags          TEXT NOT NULL DEFAULT '[]',   -- JSON: list of keys
  words         TEXT NOT NULL DEFAULT '',
  at            BIGINT NOT NULL,
  edited_at     BIGINT,
  shown_from    BIGINT NOT NULL,              -- seven days later, or when the other side has spoken
  answer        TEXT NOT NULL DEFAULT '',     -- of the provider, once
  answered_at   BIGINT,
  hidden_reason TEXT,                         -- words and pictures are hidden, the level counts
  hidden_by     BIGINT,
  PRIMARY KEY (order_id, side)
);
CREATE INDEX ratings_by_worker ON ratings (worker_id, at) WHERE side = 'resident';
CREATE INDEX ratings_by_organisation ON ratings (organisation_id, at) WHERE side = 'resident';

CREATE INDEX ratings_by_person ON ratings (person_id);

-- Somebody asks staff to look at the words and pictures of a rating.
CREATE TABLE rating_reports (
  id        BIGINT PRIMARY KEY,
  order_id  BIGINT NOT NULL,
  side      TEXT NOT NULL CHECK (side IN ('resident', 'worker')),
  area_code TEXT NOT NULL,                    -- of the order: its staff decide
  by_person BIGINT NOT NULL,
  reason    TEXT NOT NULL,
  at        BIGINT NOT NULL,
  closed_at BIGINT,
  closed_by BIGINT,
  outcome   TEXT CHECK (outcome IN ('hidden', 'kept')),
  FOREIGN KEY (order_id, side) REFERENCES ratings (order_id, side)
);
CREATE INDEX rating_reports_open ON rating_reports (area_code, id) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX rating_reports_once ON rating_reports (order_id, side, by_person);

-- The sum of a worker's ratings, for the Bayesian mean.
CREATE TABLE qualities (
  worker_id BIGINT PRIMARY KEY REFERENCES workers (id),
  count     INTEGER NOT NULL,
  sum       INTEGER NOT NULL,                 -- of levels
  CHECK (count >= 0 AND sum BETWEEN count AND 5 * count)
);

-- Somebody's work: a poor rating, a complaint, a praise, a repair to be asked after.
CREATE TABLE matters (
  id              BIGINT PRIMARY KEY,
  version         INTEGER NOT NULL,
  form            TEXT NOT NULL CHECK (form IN ('poor_rating', 'complaint', 'praise', 'still_fixed')),
  state           TEXT NOT NULL CHECK (state IN ('asked', 'open', 'contacted', 'answered', 'closed', 'withdrawn')),
  order_id        BIGINT,
  person_id       BIGINT NOT NULL,            -- whose matter it is
  organisation_id BIGINT,
  area_code       TEXT NOT NULL,
  kind            TEXT,
  level           TEXT NOT NULL DEFAULT 'community' CHECK (level IN ('organisation', 'community', 'street', 'district')),
  words           TEXT NOT NULL,
  owner           BIGINT,                     -- account
  contact_by      BIGINT,
  contacted_at    BIGINT,
  answer_by       BIGINT,
  answer          TEXT NOT NULL DEFAULT '',
  answered_at     BIGINT,
  follow_level    INTEGER CHECK (follow_level BETWEEN 1 AND 5), -- the one follow-up rating
  climbed_at      BIGINT,
  source          TEXT NOT NULL,              -- says once: poor_rating/ORDER, still_fixed/ORDER, the same words again
  created_at      BIGINT NOT NULL,
  changed_at      BIGINT NOT NULL
);
CREATE UNIQUE INDEX matters_by_source ON matters (source);
CREATE INDEX matters_open ON matters (area_code, answer_by) WHERE state IN ('open', 'contacted');
CREATE INDEX matters_silent ON matters (changed_at) WHERE state IN ('asked', 'answered');
CREATE INDEX matters_by_organisation ON matters (organisation_id, id) WHERE organisation_id IS NOT NULL;
CREATE INDEX matters_by_owner ON matters (owner, state) WHERE owner IS NOT NULL;
CREATE INDEX matters_by_order ON matters (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX matters_by_person ON matters (person_id, id);

-- Pictures of a complaint or a praise.
CREATE TABLE matter_pictures (
  matter_id BIGINT NOT NULL REFERENCES matters (id),
  file_id   BIGINT NOT NULL REFERENCES files (id),
  PRIMARY KEY (matter_id, file_id)
);
CREATE INDEX matter_pictures_by_file ON matter_pictures (file_id);

CREATE TABLE matter_events (
  matter_id BIGINT NOT NULL REFERENCES matters (id),
  number    INTEGER NOT NULL,
  at        BIGINT NOT NULL,
  event     TEXT NOT NULL,
  actor     BIGINT,                           -- account; none is the system
  acting_as TEXT NOT NULL CHECK (acting_as IN ('resident', 'guardian', 'staff', 'provider', 'system')),
  words     TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (matter_id, number)
);
