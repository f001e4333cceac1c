-- The district and what is on offer in it.

CREATE TABLE areas (
  code        TEXT PRIMARY KEY,
  parent_code TEXT REFERENCES areas (code),
  level       TEXT NOT NULL CHECK (level IN ('district', 'street', 'community', 'section', 'group')),
  kind        TEXT NOT NULL,
  name_zh     TEXT NOT NULL,
  name_en     TEXT NOT NULL
);
CREATE INDEX areas_by_parent ON areas (parent_code);

CREATE TABLE holidays (
  day     INTEGER PRIMARY KEY,
  kind    TEXT NOT NULL CHECK (kind IN ('holiday', 'workday')),
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  source  TEXT NOT NULL
);

CREATE TABLE organisations (
  id        BIGINT PRIMARY KEY,
  key       TEXT NOT NULL,
  name_zh   TEXT NOT NULL,
  name_en   TEXT NOT NULL,
  area_code TEXT NOT NULL REFERENCES areas (code),
  phone     TEXT NOT NULL
);
CREATE UNIQUE INDEX organisations_by_key ON organisations (key);

CREATE TABLE places (
  id            BIGINT PRIMARY KEY,
  key           TEXT NOT NULL,
  kind          TEXT NOT NULL,
  name_zh       TEXT NOT NULL,
  name_en       TEXT NOT NULL,
  address_zh    TEXT NOT NULL,
  address_en    TEXT NOT NULL,
  area_code     TEXT NOT NULL REFERENCES areas (code),
  latitude      DOUBLE PRECISION NOT NULL CHECK (latitude BETWEEN -90 AND 90),     -- WGS-84, degrees
  longitude     DOUBLE PRECISION NOT NULL CHECK (longitude BETWEEN -180 AND 180),
  phone         TEXT NOT NULL,
  hours         TEXT NOT NULL,                -- JSON: weekday to spans
  accessibility TEXT NOT NULL                 -- JSON: list of keys
);
CREATE UNIQUE INDEX places_by_key ON places (key);

CREATE TABLE providers (
  id              BIGINT PRIMARY KEY,
  key             TEXT NOT NULL,
  organisation_id BIGINT NOT NULL REFERENCES organisations (id),
  name_zh         TEXT NOT NULL,
  name_en         TEXT NOT NULL,
  title_zh        TEXT NOT NULL,
  title_en        TEXT NOT NULL,
  department_zh   TEXT NOT NULL,
  department_en   TEXT NOT NULL,
  gender          TEXT NOT NULL CHECK (gender IN ('female', 'male', 'unsaid'))
);
CREATE UNIQUE INDEX providers_by_key ON providers (key);

CREATE TABLE offerings (
  id              BIGINT PRIMARY KEY,
  key             TEXT NOT NULL,
  kind            TEXT NOT NULL,              -- platform.kind
  organisation_id BIGINT NOT NULL REFERENCES organisations (id),
  place_id        BIGINT NOT NULL REFERENCES places (id),
  provider_id     BIGINT REFERENCES providers (id),
  resident_area   TEXT REFERENCES areas (code), -- only for residents of this area
  note_zh         TEXT NOT NULL DEFAULT '',
  note_en         TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX offerings_by_key ON offerings (key);

-- The rules of an offering over time; an order remembers the version it was placed under.
CREATE TABLE offering_versions (
  offering_id BIGINT NOT NULL REFERENCES offerings (id),
  version     INTEGER NOT NULL,
  rules       TEXT NOT NULL,                  -- JSON
  valid_from  INTEGER NOT NULL,               -- day
  valid_until INTEGER,                        -- day, exclusive
  author      BIGINT,
  created_at  BIGINT NOT NULL,
  PRIMARY KEY (offering_id, version)
);

-- Weekly template lines.
CREATE TABLE schedules (
  id           BIGINT PRIMARY KEY,
  offering_id  BIGINT NOT NULL REFERENCES offerings (id),
  weekdays     INTEGER NOT NULL CHECK (weekdays BETWEEN 1 AND 127), -- bit 0 is Monday
  from_minute  INTEGER NOT NULL,
  to_minute    INTEGER NOT NULL,
  slot_minutes INTEGER NOT NULL CHECK (slot_minutes > 0),
  capacity     INTEGER NOT NULL CHECK (capacity > 0),
  valid_from   INTEGER NOT NULL,
  valid_until  INTEGER,
  CHECK (0 <= from_minute AND from_minute < to_minute AND to_minute <= 1440)
);
CREATE INDEX schedules_by_offering ON schedules (offering_id);

-- A day off, or extra hours.
CREATE TABLE schedule_exceptions (
  id           BIGINT PRIMARY KEY,
  offering_id  BIGINT NOT NULL REFERENCES offerings (id),
  day          INTEGER NOT NULL,
  kind         TEXT NOT NULL CHECK (kind IN ('closed', 'extra')),
  from_minute  INTEGER NOT NULL,
  to_minute    INTEGER NOT NULL,
  slot_minutes INTEGER,
  capacity     INTEGER,
  reason       TEXT NOT NULL,
  author       BIGINT,
  created_at   BIGINT NOT NULL,
  CHECK (0 <= from_minute AND from_minute < to_minute AND to_minute <= 1440),
  CHECK (kind = 'closed' OR (slot_minutes > 0 AND capacity > 0))
);
CREATE INDEX schedule_exceptions_by_offering ON schedule_exceptions (offering_id, day);

-- One row: raised whenever anything above changes, so that every process reads its copy anew.
CREATE TABLE catalogue (
  id      INTEGER PRIMARY KEY CHECK (id = 1),
  version BIGINT NOT NULL
);
INSERT INTO catalogue (id, version) VALUES (1, 1);
