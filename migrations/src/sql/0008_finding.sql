-- What people keep to find again, and the calendars they subscribe to.

-- Something marked by an account. What it was called stays here, for the day it is gone.
CREATE TABLE favourites (
  account_id BIGINT NOT NULL REFERENCES accounts (id),
  what       TEXT NOT NULL CHECK (what IN ('offering', 'place', 'organisation', 'session')),
  target     BIGINT NOT NULL,
  title_zh   TEXT NOT NULL,
  title_en   TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (account_id, what, target)
);

-- The one address at which an account's bookings can be subscribed to. Only the token's hash is kept.
CREATE TABLE calendar_feeds (
  account_id BIGINT PRIMARY KEY REFERENCES accounts (id),
  token_hash TEXT NOT NULL,
  made_at    BIGINT NOT NULL
);
CREATE UNIQUE INDEX calendar_feeds_by_token ON calendar_feeds (token_hash);
