-- What OpenID Connect and the further grants remember. Every new column has a default, so that the
-- release before this one can still write its rows.

ALTER TABLE clients ADD COLUMN response_types TEXT NOT NULL DEFAULT '["code"]';
ALTER TABLE clients ADD COLUMN sealed_secret BLOB NOT NULL DEFAULT x'';
ALTER TABLE clients ADD COLUMN previous_secret_kid TEXT NOT NULL DEFAULT '';
ALTER TABLE clients ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN first_used_at INTEGER;
ALTER TABLE clients ADD COLUMN registration_token_hash BLOB;
-- A JSON object; nothing is queried inside it.
ALTER TABLE clients ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
UPDATE clients SET previous_secret_kid = secret_kid WHERE previous_secret_hash IS NOT NULL;
CREATE INDEX clients_of_strangers ON clients (created_at) WHERE registered_by = 'self';
-- Empty but for the moment of a removal, whose later statements ask it.
CREATE INDEX clients_removed ON clients (removed_by) WHERE removed_by IS NOT NULL;

ALTER TABLE users ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN email_verified INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN phone_verified INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN claims TEXT NOT NULL DEFAULT '{}';
UPDATE users SET updated_at = created_at;

ALTER TABLE sessions ADD COLUMN acr TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN amr TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN ended_by BLOB;
CREATE INDEX sessions_ended ON sessions (ended_by) WHERE ended_by IS NOT NULL;

ALTER TABLE transactions ADD COLUMN response_type TEXT NOT NULL DEFAULT 'code';
ALTER TABLE transactions ADD COLUMN response_mode TEXT NOT NULL DEFAULT 'query';
ALTER TABLE transactions ADD COLUMN claims TEXT NOT NULL DEFAULT '';
ALTER TABLE transactions ADD COLUMN acr_values TEXT NOT NULL DEFAULT '';
ALTER TABLE transactions ADD COLUMN resources TEXT NOT NULL DEFAULT '[]';
ALTER TABLE transactions ADD COLUMN hinted_sub TEXT;
ALTER TABLE transactions ADD COLUMN select_account INTEGER NOT NULL DEFAULT 0;
ALTER TABLE transactions ADD COLUMN wants_account INTEGER NOT NULL DEFAULT 0;

ALTER TABLE codes ADD COLUMN claims TEXT NOT NULL DEFAULT '';
ALTER TABLE codes ADD COLUMN resources TEXT NOT NULL DEFAULT '[]';
ALTER TABLE codes ADD COLUMN acr TEXT NOT NULL DEFAULT '';
ALTER TABLE codes ADD COLUMN amr TEXT NOT NULL DEFAULT '';

ALTER TABLE grants ADD COLUMN type TEXT NOT NULL DEFAULT 'authorization_code';
ALTER TABLE grants ADD COLUMN claims TEXT NOT NULL DEFAULT '';
ALTER TABLE grants ADD COLUMN resources TEXT NOT NULL DEFAULT '[]';
ALTER TABLE grants ADD COLUMN acr TEXT NOT NULL DEFAULT '';
ALTER TABLE grants ADD COLUMN amr TEXT NOT NULL DEFAULT '';
ALTER TABLE grants ADD COLUMN parent BLOB;
ALTER TABLE grants ADD COLUMN act TEXT NOT NULL DEFAULT '';
ALTER TABLE grants ADD COLUMN revoked_by BLOB;
ALTER TABLE grants ADD COLUMN parent_by BLOB;  -- whoever made it somebody's parent last
CREATE INDEX grants_of_parent ON grants (parent) WHERE parent IS NOT NULL;
CREATE INDEX grants_revoked ON grants (revoked_by) WHERE revoked_by IS NOT NULL;

-- Which clients got something in a session: they are told when it ends.
CREATE TABLE session_clients (
  session BLOB NOT NULL,
  client_id TEXT NOT NULL,
  joined_at INTEGER NOT NULL,
  PRIMARY KEY (session, client_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE logouts (
  session BLOB NOT NULL,
  client_id TEXT NOT NULL,
  sub TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_attempt_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  PRIMARY KEY (session, client_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX logouts_due ON logouts (next_attempt_at);

CREATE TABLE device_codes (
  selector BLOB PRIMARY KEY,
  verifier_hash BLOB NOT NULL,
  user_code TEXT NOT NULL,
  client_id TEXT NOT NULL,
  scopes TEXT NOT NULL,
  resources TEXT NOT NULL,
  requester TEXT NOT NULL,
  interval_seconds INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  last_polled_at INTEGER,
  polled_by BLOB,
  answered_by BLOB,
  sub TEXT,  -- who approved; NULL: nobody did
  session BLOB,
  auth_time INTEGER,
  acr TEXT,
  amr TEXT,
  user_epoch INTEGER,
  client_epoch INTEGER,
  consent_epoch INTEGER,
  denied_at INTEGER,
  redeemed_by BLOB,
  redeemed_at INTEGER,
  grant_id BLOB,
  storage_epoch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX device_codes_by_user_code ON device_codes (user_code);

CREATE TABLE opaque_tokens (
  selector BLOB PRIMARY KEY,
  verifier_hash BLOB NOT NULL,
  sub TEXT NOT NULL,
  client_id TEXT NOT NULL,
  scopes TEXT NOT NULL,
  audience TEXT NOT NULL,
  grant_id BLOB,
  act TEXT NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX opaque_tokens_to_sweep ON opaque_tokens (expires_at);

CREATE TABLE replays (
  key BLOB PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX replays_to_sweep ON replays (expires_at);

CREATE TABLE initial_access_tokens (
  selector BLOB PRIMARY KEY,
  verifier_hash BLOB NOT NULL,
  profile TEXT,
  uses_left INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Requests to sign out that wait for the browser they came from.
CREATE TABLE logout_requests (
  id BLOB PRIMARY KEY,
  client_id TEXT NOT NULL,
  post_logout_redirect_uri TEXT NOT NULL,
  state TEXT,
  hinted_sub TEXT,
  hinted_sid TEXT,
  ui_locales TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The foreign key is the sweeper: a removed client leaves no logo behind.
CREATE TABLE client_logos (
  client_id TEXT NOT NULL PRIMARY KEY REFERENCES clients (client_id) ON DELETE CASCADE,
  content_type TEXT NOT NULL,
  image BLOB NOT NULL,
  fetched_at INTEGER NOT NULL
) STRICT;
