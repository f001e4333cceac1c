-- What orders of every shape need: rooms, events and terms, courses, and amounts of more than one.

-- A room, a table, a machine of an offering that is told apart from the others: each has a calendar of its own.
CREATE TABLE units (
  id          BIGINT PRIMARY KEY,
  offering_id BIGINT NOT NULL REFERENCES offerings (id),
  name_zh     TEXT NOT NULL,
  name_en     TEXT NOT NULL,
  position    INTEGER NOT NULL,
  valid_from  INTEGER NOT NULL,               -- day
  valid_until INTEGER                         -- day, exclusive
);
CREATE INDEX units_by_offering ON units (offering_id);

-- An event, a term, a standing group: seats in one or more meetings.
CREATE TABLE sessions (
  id            BIGINT PRIMARY KEY,
  version       INTEGER NOT NULL DEFAULT 1,
  key           TEXT NOT NULL,
  offering_id   BIGINT NOT NULL REFERENCES offerings (id),
  form          TEXT NOT NULL CHECK (form IN ('event', 'term', 'group')),
  state         TEXT NOT NULL CHECK (state IN ('draft', 'open', 'cancelled')),
  title_zh      TEXT NOT NULL,
  title_en      TEXT NOT NULL,
  about_zh      TEXT NOT NULL DEFAULT '',
  about_en      TEXT NOT NULL DEFAULT '',
  seats         INTEGER NOT NULL CHECK (seats > 0),
  age_min       INTEGER,                      -- completed years at every meeting, beside those of the kind
  age_max       INTEGER,
  resident_area TEXT REFERENCES areas (code), -- only for residents of this area
  price_fen     BIGINT NOT NULL CHECK (price_fen >= 0), -- for all meetings together
  opens_at      BIGINT,                       -- booking; none: by the rules of the offering
  closes_at     BIGINT,
  first_day     INTEGER NOT NULL,             -- of the first meeting
  last_end      BIGINT NOT NULL,              -- of the last meeting
  author        BIGINT,
  created_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX sessions_by_key ON sessions (key);
CREATE INDEX sessions_by_offering ON sessions (offering_id, first_day);
CREATE INDEX sessions_by_end ON sessions (last_end);

CREATE TABLE meetings (
  id         BIGINT PRIMARY KEY,
  session_id BIGINT NOT NULL REFERENCES sessions (id),
  number     INTEGER NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('planned', 'cancelled')),
  starts_at  BIGINT NOT NULL,
  ends_at    BIGINT NOT NULL,
  day        INTEGER NOT NULL,
  unit_id    BIGINT REFERENCES units (id),    -- the room it occupies
  topic_zh   TEXT NOT NULL DEFAULT '',
  topic_en   TEXT NOT NULL DEFAULT '',
  reason     TEXT NOT NULL DEFAULT '',        -- why it was cancelled
  CHECK (starts_at < ends_at)
);
CREATE INDEX meetings_by_session ON meetings (session_id, starts_at);
CREATE INDEX meetings_by_day ON meetings (day);

-- Who was at which meeting, and who said beforehand that they cannot come.
CREATE TABLE attendances (
  order_id   BIGINT NOT NULL REFERENCES orders (id),
  meeting_id BIGINT NOT NULL REFERENCES meetings (id),
  mark       TEXT NOT NULL CHECK (mark IN ('present', 'absent', 'excused')),
  reason     TEXT NOT NULL DEFAULT '',
  marked_by  BIGINT NOT NULL,                 -- account
  marked_at  BIGINT NOT NULL,
  PRIMARY KEY (order_id, meeting_id)
);
CREATE INDEX attendances_by_meeting ON attendances (meeting_id);

-- Certificates of attendance that were handed out.
CREATE TABLE certificates (
  order_id   BIGINT PRIMARY KEY REFERENCES orders (id),
  number     TEXT NOT NULL,
  issued_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX certificates_by_number ON certificates (number);

-- What a month is about in an area.
CREATE TABLE themes (
  area_code TEXT NOT NULL REFERENCES areas (code),
  month     INTEGER NOT NULL,                 -- 202611
  title_zh  TEXT NOT NULL,
  title_en  TEXT NOT NULL,
  about_zh  TEXT NOT NULL DEFAULT '',
  about_en  TEXT NOT NULL DEFAULT '',
  author    BIGINT,
  set_at    BIGINT NOT NULL,
  PRIMARY KEY (area_code, month)
);

-- A course somebody is on: doses or visits with intervals. The definition stands in the platform file.
CREATE TABLE courses (
  id         BIGINT PRIMARY KEY,
  person_id  BIGINT NOT NULL REFERENCES persons (id),
  kind       TEXT NOT NULL,
  course     TEXT NOT NULL,                   -- the key within the kind
  state      TEXT NOT NULL CHECK (state IN ('active', 'done', 'left')),
  started_at BIGINT NOT NULL,
  ended_at   BIGINT
);
CREATE INDEX courses_by_person ON courses (person_id, kind, course);
CREATE UNIQUE INDEX courses_active ON courses (person_id, kind, course) WHERE state = 'active';

-- Visits that were had, here or elsewhere. What is booked stands in the orders.
CREATE TABLE course_visits (
  course_id   BIGINT NOT NULL REFERENCES courses (id),
  number      INTEGER NOT NULL CHECK (number > 0),
  day         INTEGER NOT NULL,
  order_id    BIGINT,                         -- none: had elsewhere
  note        TEXT NOT NULL DEFAULT '',
  recorded_by BIGINT,                         -- account
  recorded_at BIGINT NOT NULL,
  PRIMARY KEY (course_id, number)
);

-- A contract with a family doctor: a place on the doctor's panel for a while.
CREATE TABLE contracts (
  id          BIGINT PRIMARY KEY,
  version     INTEGER NOT NULL DEFAULT 1,
  kind        TEXT NOT NULL,
  offering_id BIGINT NOT NULL REFERENCES offerings (id),
  person_id   BIGINT NOT NULL REFERENCES persons (id),
  group_key   TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('requested', 'active', 'ended', 'rejected')),
  from_day    INTEGER NOT NULL,
  until_day   INTEGER NOT NULL,               -- exclusive
  placed_by   BIGINT NOT NULL,                -- account
  reason      TEXT NOT NULL DEFAULT '',       -- why it was rejected or ended
  created_at  BIGINT NOT NULL,
  changed_at  BIGINT NOT NULL
);
CREATE INDEX contracts_by_person ON contracts (person_id);
CREATE INDEX contracts_by_offering ON contracts (offering_id, state);
CREATE INDEX contracts_by_end ON contracts (until_day) WHERE state = 'active';

ALTER TABLE orders ADD COLUMN session_id BIGINT;
ALTER TABLE orders ADD COLUMN unit_id BIGINT;
ALTER TABLE orders ADD COLUMN series_id BIGINT;
ALTER TABLE orders ADD COLUMN course_id BIGINT;
ALTER TABLE orders ADD COLUMN course_visit INTEGER;
ALTER TABLE orders ADD COLUMN revisit_of BIGINT; -- the full-price visit whose revisit price it has
CREATE INDEX orders_by_session ON orders (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX orders_by_series ON orders (series_id) WHERE series_id IS NOT NULL;
CREATE INDEX orders_by_course ON orders (course_id) WHERE course_id IS NOT NULL;
CREATE INDEX orders_requested ON orders (organisation_id, id) WHERE state = 'requested';

-- How much of a pool a claim takes: places, or minutes of a week.
ALTER TABLE claims ADD COLUMN amount INTEGER NOT NULL DEFAULT 1 CHECK (amount > 0);
