-- Placing one order the way a good engineer would write it by hand, on the same tables and leaving the same rows:
-- guarded update, limits, the person's time, order, claims, event, share, job, audit, idempotency key.
-- For pgbench: -M prepared -D slots=N, with pools `bench/1` to `bench/N`.
\set slot random(1, :slots)
\set person random(2000000000000, 3000000000000)
\set id random(1, 4611686018427387904)
BEGIN;
UPDATE pools SET taken = taken + 1
 WHERE key = 'bench/' || :slot::text AND taken < capacity AND waiting = 0 AND NOT closed;
INSERT INTO pools (key, capacity, taken)
VALUES ('bench/day/' || :person::text, 1, 1), ('bench/open/' || :person::text, 2, 1)
    ON CONFLICT (key) DO UPDATE SET taken = pools.taken + 1 WHERE pools.taken < pools.capacity;
INSERT INTO calendars (owner, day, am, pm) VALUES (:person, 20800, 3, 0)
    ON CONFLICT (owner, day) DO UPDATE SET am = calendars.am | excluded.am WHERE calendars.am & excluded.am = 0;
INSERT INTO orders (id, version, kind, platform_version, offering_id, offering_version, organisation_id, place_id,
       area_code, subject_id, placed_by, authority, state, starts_at, ends_at, day, pool_key, changes_until,
       check_in_code, form, price_fen, created_at, changed_at)
VALUES (:id, 1, 'property.advice', '1', 1, 1, 1, 1, '130903001007', :person, :person, 'self', 'confirmed',
       1797120000000000, 1797120300000000, 20800, 'bench/' || :slot::text, 1797116400000000,
       '123456', '{}', 0, 1795395600000000, 1795395600000000);
INSERT INTO claims (order_id, number, pool_key, owner, day, am)
VALUES (:id, 1, 'bench/' || :slot::text, NULL, NULL, 0), (:id, 2, 'bench/day/' || :person::text, NULL, NULL, 0),
       (:id, 3, 'bench/open/' || :person::text, NULL, NULL, 0), (:id, 4, NULL, :person, 20800, 3);
INSERT INTO order_events (order_id, number, at, event, to_state, actor, acting_as, detail)
VALUES (:id, 1, 1795395600000000, 'place', 'confirmed', :person, 'resident', '{"start":"2026-12-13T08:00:00+08:00"}');
INSERT INTO payer_shares (order_id, number, payer, payer_id, amount_fen) VALUES (:id, 1, 'subject', :person, 0);
INSERT INTO jobs (id, kind, payload, unique_key, run_at, state, created_at)
VALUES (:id, 'order.tell', '{"order":"0391W3HB47R00","version":1}', 'tell/' || :id::text, 1795395600000000, 'ready',
       1795395600000000);
INSERT INTO audit (id, at, account, acting_as, action, subject, target)
VALUES (:id, 1795395600000000, :person, 'resident', 'order.placed', :person, :id);
INSERT INTO idempotency_keys (account_id, operation, key, fingerprint, made, created_at)
VALUES (:person, 'order.place', :id::text, 42, :id, 1795395600000000);
COMMIT;
