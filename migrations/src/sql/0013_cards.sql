-- A card that identifies somebody without a phone. The code is kept sealed, to print it again, and as a keyed hash,
-- to recognise it.
CREATE TABLE person_cards (
    id BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    code_hash TEXT NOT NULL,
    code_sealed TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    issued_by BIGINT NOT NULL REFERENCES accounts (id),
    ended_at BIGINT
);
CREATE UNIQUE INDEX person_cards_by_code ON person_cards (code_hash);
CREATE UNIQUE INDEX person_cards_in_force ON person_cards (person_id) WHERE ended_at IS NULL;
