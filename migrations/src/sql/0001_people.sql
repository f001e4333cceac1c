-- People, how they log in, what is known of them and by whom.
-- Instants are microseconds since 1970 UTC, days are days since 1970 in the district's zone (UTC+8).

CREATE TABLE persons (
  id              BIGINT PRIMARY KEY,
  version         INTEGER NOT NULL DEFAULT 1,
  name            TEXT NOT NULL DEFAULT '',
  birth_day       INTEGER,
  community_code  TEXT,
  address         TEXT,
  contact_phone   TEXT,                       -- for people without an account
  identity_sealed TEXT,                       -- GB 11643 number, sealed
  identity_hash   TEXT,                       -- keyed hash, to find it again
  identity_mask   TEXT,
  language        TEXT NOT NULL DEFAULT 'zh' CHECK (language IN ('zh', 'en')),
  large_type      BOOLEAN NOT NULL DEFAULT FALSE,
  created_at      BIGINT NOT NULL,
  closed_at       BIGINT
);
CREATE UNIQUE INDEX persons_by_identity ON persons (identity_hash);
CREATE INDEX persons_by_contact_phone ON persons (contact_phone);

CREATE TABLE accounts (
  id             BIGINT PRIMARY KEY,
  person_id      BIGINT NOT NULL REFERENCES persons (id),
  phone          TEXT,
  wechat_openid  TEXT,
  wechat_unionid TEXT,
  created_at     BIGINT NOT NULL,
  closed_at      BIGINT
);
CREATE UNIQUE INDEX accounts_by_person ON accounts (person_id);
CREATE UNIQUE INDEX accounts_by_phone ON accounts (phone);
CREATE UNIQUE INDEX accounts_by_openid ON accounts (wechat_openid);

-- A guardian's declared relation to a minor.
CREATE TABLE guardianships (
  guardian_id BIGINT NOT NULL REFERENCES persons (id),
  ward_id     BIGINT NOT NULL REFERENCES persons (id),
  relation    TEXT NOT NULL CHECK (relation IN ('father', 'mother', 'grandparent', 'other')),
  declared_at BIGINT NOT NULL,
  ended_at    BIGINT,
  PRIMARY KEY (guardian_id, ward_id)
);
CREATE INDEX guardianships_by_ward ON guardianships (ward_id);

-- What somebody of the staff has seen a document for.
CREATE TABLE verifications (
  id          BIGINT PRIMARY KEY,
  person_id   BIGINT NOT NULL REFERENCES persons (id),
  fact        TEXT NOT NULL CHECK (fact IN ('identity', 'birth_date', 'residence')),
  document    TEXT NOT NULL,
  verified_by BIGINT NOT NULL REFERENCES accounts (id),
  verified_at BIGINT NOT NULL,
  expires_at  BIGINT,
  revoked_at  BIGINT
);
CREATE INDEX verifications_by_person ON verifications (person_id);

CREATE TABLE consents (
  id           BIGINT PRIMARY KEY,
  person_id    BIGINT NOT NULL REFERENCES persons (id),
  given_by     BIGINT NOT NULL REFERENCES accounts (id),
  purpose      TEXT NOT NULL,
  text_version TEXT NOT NULL,
  given_at     BIGINT NOT NULL,
  withdrawn_at BIGINT
);
CREATE INDEX consents_by_person ON consents (person_id);

-- One login on one device. Only the token's hash is kept.
CREATE TABLE logins (
  id         BIGINT PRIMARY KEY,
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  token_hash TEXT NOT NULL,
  device     TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  seen_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT
);
CREATE UNIQUE INDEX logins_by_token ON logins (token_hash);
CREATE INDEX logins_by_account ON logins (account_id);

-- The newest code of a phone. Phone and code are keyed hashes.
CREATE TABLE login_codes (
  phone_hash TEXT PRIMARY KEY,
  code_hash  TEXT NOT NULL,
  sent_at    BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  attempts   INTEGER NOT NULL DEFAULT 0,
  used_at    BIGINT
);

CREATE TABLE role_grants (
  id              BIGINT PRIMARY KEY,
  account_id      BIGINT NOT NULL REFERENCES accounts (id),
  role            TEXT NOT NULL CHECK (role IN
    ('organisation_staff', 'case_worker', 'community_staff', 'street_staff', 'district_staff')),
  area_code       TEXT,
  organisation_id BIGINT,
  granted_by      BIGINT,
  valid_from      BIGINT NOT NULL,
  valid_until     BIGINT,
  CHECK ((area_code IS NULL) <> (organisation_id IS NULL))
);
CREATE INDEX role_grants_by_account ON role_grants (account_id);
