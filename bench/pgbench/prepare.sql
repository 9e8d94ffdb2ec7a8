-- Codes for pgbench to redeem: more than it will get through, beside those of the server.
DROP SEQUENCE IF EXISTS bench_next;
CREATE SEQUENCE bench_next CACHE 100;
DELETE FROM codes WHERE client_id = 'pgbench';
DELETE FROM refresh_families WHERE grant_id IN (SELECT id FROM grants WHERE client_id = 'pgbench');
DELETE FROM grants WHERE client_id = 'pgbench';
INSERT INTO codes (selector, verifier_hash, client_id, sub, session, redirect_uri, redirect_uri_sent, scopes, nonce,
                   code_challenge, auth_time, user_epoch, client_epoch, consent_epoch, issued_at, expires_at, failures,
                   storage_epoch)
SELECT decode(lpad(to_hex(n), 32, '0'), 'hex'), decode(repeat('00', 32), 'hex'), 'pgbench', 'nobody',
       decode(repeat('00', 16), 'hex'), 'http://localhost:3000/callback', 1, 'openid offline_access email', NULL,
       'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', 0, 0, 0, 0, 0, 9000000000000000, 0, 1
FROM generate_series(1, 60000) AS n;
ANALYZE codes;
