-- By which way people are told: what they wish, what WeChat may send, the digest, and announcements of staff.

-- What somebody has said about messages. Whoever has said nothing has no row.
CREATE TABLE channel_wishes (
  person_id  BIGINT PRIMARY KEY REFERENCES persons (id),
  sms        BOOLEAN NOT NULL,                -- text messages for ordinary matters too
  quiet_from INTEGER NOT NULL CHECK (quiet_from BETWEEN 0 AND 1439),   -- minutes after midnight
  quiet_to   INTEGER NOT NULL CHECK (quiet_to BETWEEN 0 AND 1439),
  digest     BOOLEAN NOT NULL,
  digest_at  INTEGER NOT NULL CHECK (digest_at BETWEEN 0 AND 1439),
  changed_at BIGINT NOT NULL
);

-- How many one-time messages of a kind WeChat may still be asked to send: one for each consent.
CREATE TABLE wechat_consents (
  person_id BIGINT NOT NULL REFERENCES persons (id),
  template  TEXT NOT NULL,
  kept      INTEGER NOT NULL CHECK (kept BETWEEN 0 AND 100),
  PRIMARY KEY (person_id, template)
);

-- Every change of it. Only ever added to; the changes of a person and template add up to what is kept.
CREATE TABLE wechat_consent_events (
  id        BIGINT PRIMARY KEY,
  person_id BIGINT NOT NULL,
  template  TEXT NOT NULL,
  event     TEXT NOT NULL CHECK (event IN ('accepted', 'refused', 'used', 'returned', 'struck')),
  change    INTEGER NOT NULL,
  kept      INTEGER NOT NULL CHECK (kept >= 0),   -- afterwards
  source    TEXT NOT NULL,                    -- what it was for: a handler that runs twice uses nothing twice
  at        BIGINT NOT NULL
);
CREATE UNIQUE INDEX wechat_consent_events_by_source ON wechat_consent_events (source);
CREATE INDEX wechat_consent_events_by_person ON wechat_consent_events (person_id, id);

-- Messages that wait for their reader's digest.
CREATE TABLE digest_items (
  notice_id BIGINT PRIMARY KEY,
  person_id BIGINT NOT NULL,
  due       BIGINT NOT NULL
);
CREATE INDEX digest_items_due ON digest_items (due);
CREATE INDEX digest_items_by_person ON digest_items (person_id);

CREATE TABLE announcements (
  id           BIGINT PRIMARY KEY,
  area_code    TEXT NOT NULL REFERENCES areas (code),
  audience     TEXT NOT NULL,                 -- keys of groups, joined by commas
  public       BOOLEAN NOT NULL,
  title_zh     TEXT NOT NULL,
  title_en     TEXT NOT NULL,
  body_zh      TEXT NOT NULL,
  body_en      TEXT NOT NULL,
  urgent       BOOLEAN NOT NULL,
  until        INTEGER,                       -- the last day it is shown
  author       BIGINT NOT NULL REFERENCES accounts (id),
  created_at   BIGINT NOT NULL,
  state        TEXT NOT NULL CHECK (state IN ('sending', 'sent', 'withdrawn')),
  withdrawn_at BIGINT,
  total        INTEGER NOT NULL CHECK (total >= 0),       -- people it was meant for when it was made
  reached      INTEGER NOT NULL DEFAULT 0 CHECK (reached >= 0),
  last_person  BIGINT NOT NULL DEFAULT 0,     -- sent to everybody up to this one
  CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL))
);
CREATE INDEX announcements_by_area ON announcements (area_code, id);

-- What an announcement left behind, to be taken back with it.
ALTER TABLE notices ADD COLUMN announcement_id BIGINT;
CREATE INDEX notices_by_announcement ON notices (announcement_id) WHERE announcement_id IS NOT NULL;
ALTER TABLE calls ADD COLUMN announcement_id BIGINT;
CREATE INDEX calls_by_announcement ON calls (announcement_id) WHERE announcement_id IS NOT NULL;
