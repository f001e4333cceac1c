-- Organisations run themselves: a role for those who do, and versions against changing what somebody else has changed.

-- The list of roles grows. A CHECK cannot be changed in words both databases share: the table is built anew.
CREATE TABLE role_grants_anew (
  id              BIGINT PRIMARY KEY,
  account_id      BIGINT NOT NULL REFERENCES accounts (id),
  role            TEXT NOT NULL CHECK (role IN
    ('organisation_staff', 'organisation_manager', 'case_worker', 'community_staff', 'street_staff',
     'district_staff')),
  area_code       TEXT,
  organisation_id BIGINT,
  granted_by      BIGINT,
  valid_from      BIGINT NOT NULL,
  valid_until     BIGINT,
  CHECK ((area_code IS NULL) <> (organisation_id IS NULL))
);
INSERT INTO role_grants_anew (id, account_id, role, area_code, organisation_id, granted_by, valid_from, valid_until)
  SELECT id, account_id, role, area_code, organisation_id, granted_by, valid_from, valid_until FROM role_grants;
DROP TABLE role_grants;
ALTER TABLE role_grants_anew RENAME TO role_grants;
CREATE INDEX role_grants_by_account ON role_grants (account_id);
CREATE INDEX role_grants_by_organisation ON role_grants (organisation_id) WHERE organisation_id IS NOT NULL;

-- Raised by every change of the offering, its rules, its hours and its rooms.
ALTER TABLE offerings ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE providers ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
