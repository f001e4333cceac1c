-- Work to be done, messages, and the record of who did what.

CREATE TABLE jobs (
  id          BIGINT PRIMARY KEY,
  kind        TEXT NOT NULL,
  payload     TEXT NOT NULL,                  -- JSON
  unique_key  TEXT,
  run_at      BIGINT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('ready', 'running', 'done', 'dead')),
  attempts    INTEGER NOT NULL DEFAULT 0,
  lease_until BIGINT,
  last_error  TEXT,
  created_at  BIGINT NOT NULL,
  finished_at BIGINT,
  CHECK ((state = 'running') = (lease_until IS NOT NULL))
);
CREATE UNIQUE INDEX jobs_by_unique_key ON jobs (unique_key);
CREATE INDEX jobs_due ON jobs (run_at) WHERE state = 'ready';
CREATE INDEX jobs_leased ON jobs (lease_until) WHERE state = 'running';

CREATE TABLE notices (
  id        BIGINT PRIMARY KEY,
  person_id BIGINT NOT NULL,                  -- whose inbox
  topic     TEXT NOT NULL,
  title_zh  TEXT NOT NULL,
  title_en  TEXT NOT NULL,
  body_zh   TEXT NOT NULL,
  body_en   TEXT NOT NULL,
  order_id  BIGINT,
  source    TEXT NOT NULL,                    -- what it says once: a handler that runs twice says nothing twice
  at        BIGINT NOT NULL,
  read_at   BIGINT
);
CREATE UNIQUE INDEX notices_by_source ON notices (source);
CREATE INDEX notices_by_person ON notices (person_id, id);

-- People whom staff should call, since no message reached them.
CREATE TABLE calls (
  id         BIGINT PRIMARY KEY,
  person_id  BIGINT NOT NULL,
  area_code  TEXT NOT NULL,
  order_id   BIGINT,
  source     TEXT NOT NULL,
  reason_zh  TEXT NOT NULL,
  reason_en  TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  done_at    BIGINT,
  done_by    BIGINT,
  outcome    TEXT
);
CREATE UNIQUE INDEX calls_by_source ON calls (source);
CREATE INDEX calls_open ON calls (area_code, id) WHERE done_at IS NULL;

-- Who did what to whom. Only ever added to.
CREATE TABLE audit (
  id        BIGINT PRIMARY KEY,
  at        BIGINT NOT NULL,
  account   BIGINT,
  acting_as TEXT NOT NULL,
  action    TEXT NOT NULL,
  subject   BIGINT,
  target    BIGINT,
  detail    TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_by_subject ON audit (subject, id);
CREATE INDEX audit_by_account ON audit (account, id);
