-- The plain transaction by hand: one resident takes one place. pgbench -M prepared; n and slots come with -D.
--
-- Written with care for speed: few statements, rows of one table together, no reading before writing, and the row that
-- everybody wants last, so that it is locked for no longer than the commit takes. Every guard is looked at: one
-- that gives no row, or less than it should, ends the client with an error.
\set n :n + 1
\set id 1000000000 + :client_id * 10000000 + :n
\set person 1000000000 + permute(:client_id * 10000000 + :n, 200000000, 7)
\set slot random(1, :slots)
\set quarter random(0, 47)
\set day 20781
\set start 1795500000000000
\set end :start + 1800000000
\set changes_until :start - 86400000000
\set now 1795400000000000
BEGIN;
INSERT INTO idempotency_keys (account_id, operation, key, fingerprint, made, created_at)
  VALUES (:person, 'order.place', 'place-' || :person::text, 7, :id, :now);
INSERT INTO calendars (owner, day, am, pm) VALUES (:person, :day, 3::bigint << :quarter::int, 0)
  ON CONFLICT (owner, day) DO UPDATE SET am = calendars.am | excluded.am, pm = calendars.pm | excluded.pm
  WHERE calendars.am & excluded.am = 0 AND calendars.pm & excluded.pm = 0
  RETURNING 1 AS free \gset
WITH limits AS (
  INSERT INTO pools (key, capacity, taken) VALUES
    ('day/' || lpad(:person::text, 13, '0') || '/medical.general_practice/20781', 1, 1),
    ('open/' || lpad(:person::text, 13, '0') || '/medical.general_practice', 3, 1),
    ('week/' || lpad(:person::text, 13, '0') || '/medical.general_practice/20780', 3, 1)
  ON CONFLICT (key) DO UPDATE SET taken = pools.taken + 1
  WHERE pools.taken < pools.capacity AND pools.waiting = 0 AND NOT pools.closed
  RETURNING 1)
SELECT COUNT(*) AS held FROM limits \gset
\set all_three 1 / (:held / 3)
INSERT INTO orders (id, version, kind, platform_version, offering_id, offering_version, organisation_id, place_id,
    area_code, subject_id, placed_by, authority, state, starts_at, ends_at, day, pool_key, changes_until,
    check_in_code, form, price_fen, created_at, changed_at)
  VALUES (:id, 1, 'medical.general_practice', '0123456789abcdef', :slot, 1, 1, 1,
    '130903001001', :person, :person, 'self', 'confirmed', :start, :end, :day,
    'slot/' || lpad(:slot::text, 13, '0') || '/29400000', :changes_until, '123456', '{}', 0, :now, :now);
INSERT INTO claims (order_id, number, pool_key, owner, day, am) VALUES
  (:id, 1, 'slot/' || lpad(:slot::text, 13, '0') || '/29400000', NULL, NULL, 0),
  (:id, 2, 'day/' || lpad(:person::text, 13, '0') || '/medical.general_practice/20781', NULL, NULL, 0),
  (:id, 3, 'week/' || lpad(:person::text, 13, '0') || '/medical.general_practice/20780', NULL, NULL, 0),
  (:id, 4, 'open/' || lpad(:person::text, 13, '0') || '/medical.general_practice', NULL, NULL, 0),
  (:id, 5, NULL, :person, :day, 3::bigint << :quarter::int);
INSERT INTO order_events (order_id, number, at, event, to_state, actor, acting_as, detail)
  VALUES (:id, 1, :now, 'placed', 'confirmed', :person, 'resident', '{"start": "2026-11-24, at eight o''clock"}');
INSERT INTO payer_shares (order_id, number, payer, payer_id, amount_fen) VALUES (:id, 1, 'subject', :person, 0);
INSERT INTO jobs (id, kind, payload, unique_key, run_at, state, created_at)
  VALUES (:id, 'order.tell', '{"order": "' || :id::text || '", "version": 1, "urgent": false}',
    'order.tell/' || :id::text || '/1', :now, 'ready', :now);
INSERT INTO audit (id, at, account, acting_as, action, subject, target)
  VALUES (:id, :now, :person, 'resident', 'order.placed', :person, :id);
UPDATE pools SET taken = taken + 1
  WHERE key = 'slot/' || lpad(:slot::text, 13, '0') || '/29400000' AND taken < capacity AND waiting = 0 AND NOT closed
  RETURNING taken \gset
COMMIT;
