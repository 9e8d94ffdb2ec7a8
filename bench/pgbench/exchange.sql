-- What a code exchange writes, as three statements of one transaction.
SELECT nextval('bench_next') AS n \gset
BEGIN;
UPDATE codes SET redeemed_by = decode(lpad(to_hex(:n::bigint), 32, '0'), 'hex'), redeemed_at = 1,
                 grant_id = decode(lpad(to_hex(:n::bigint), 32, '0'), 'hex')
 WHERE selector = decode(lpad(to_hex(:n::bigint), 32, '0'), 'hex') AND redeemed_by IS NULL AND expires_at > 1 RETURNING sub;
INSERT INTO grants (id, client_id, sub, session, session_bound, scopes, auth_time, user_epoch, client_epoch,
                    consent_epoch, created_at, revoked_because, keep_until)
SELECT grant_id, client_id, sub, session, 0, scopes, auth_time, user_epoch, client_epoch, consent_epoch, 1, '',
       9000000000000000
  FROM codes WHERE selector = decode(lpad(to_hex(:n::bigint), 32, '0'), 'hex')
              AND redeemed_by = decode(lpad(to_hex(:n::bigint), 32, '0'), 'hex');
INSERT INTO refresh_families (id, grant_id, counter, rotated_at, mac_kid, storage_epoch, idle_expires_at, expires_at)
SELECT decode(lpad(to_hex(:n::bigint), 32, '0'), 'hex'), grant_id, 1, 1, 'k', 1, 9000000000000000, 9000000000000000
  FROM codes WHERE selector = decode(lpad(to_hex(:n::bigint), 32, '0'), 'hex')
              AND redeemed_by = decode(lpad(to_hex(:n::bigint), 32, '0'), 'hex');
COMMIT;
