-- The home-care file of an elder who wishes one. Both parts are sealed; a closed file is no row.
CREATE TABLE care_files (
    person_id BIGINT PRIMARY KEY REFERENCES persons (id),
    version BIGINT NOT NULL CHECK (version > 0),
    contacts TEXT NOT NULL,
    health TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    opened_by BIGINT NOT NULL REFERENCES accounts (id),
    consent TEXT NOT NULL CHECK (consent IN ('own_hand', 'signed', 'witnessed', 'phone')),
    -- What was noted about the consent: who witnessed it, where the paper is.
    consent_note TEXT NOT NULL,
    -- The day on which the next assessment falls due; none where there was none yet.
    due_on BIGINT,
    -- Whether that was told.
    told BOOLEAN NOT NULL
);
CREATE INDEX care_files_due ON care_files (due_on) WHERE told = FALSE;

-- Assessments of ability. Never changed; a new one is a new row.
CREATE TABLE care_assessments (
    id BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES care_files (person_id),
    assessed_on BIGINT NOT NULL,
    -- The last day on which it counts.
    until_day BIGINT NOT NULL CHECK (until_day >= assessed_on),
    -- Scores, findings, grade, where and by whom.
    sealed TEXT NOT NULL,
    written_by BIGINT NOT NULL REFERENCES accounts (id),
    written_at BIGINT NOT NULL
);
CREATE INDEX care_assessments_of ON care_assessments (person_id, assessed_on);

-- Who opened what of a file. Stays when the file is closed, so that the elder can still read it.
CREATE TABLE care_openings (
    id BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    ground TEXT NOT NULL CHECK (ground IN ('guardian', 'staff', 'grant', 'job')),
    part TEXT NOT NULL CHECK (part IN ('contacts', 'health')),
    reason TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX care_openings_of ON care_openings (person_id, id);
