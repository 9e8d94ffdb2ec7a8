-- Times are microseconds since 1970, booleans 0 or 1, ids 16 bytes in the order of time, digests 32
-- bytes, lists words with single spaces between them, URIs a JSON array. A column whose name ends in
-- _by holds the operation that won the row: what a verb's later statements ask for.

CREATE TABLE store (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  storage_epoch INTEGER NOT NULL
) STRICT;
INSERT INTO store (one, storage_epoch) VALUES (1, 1);

CREATE TABLE clients (
  client_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  auth_method TEXT NOT NULL,
  secret_hash BLOB,
  secret_kid TEXT NOT NULL,
  previous_secret_hash BLOB,
  previous_secret_until INTEGER NOT NULL,
  secret_expires_at INTEGER NOT NULL,
  redirect_uris TEXT NOT NULL,
  post_logout_redirect_uris TEXT NOT NULL,
  scopes TEXT NOT NULL,
  grant_types TEXT NOT NULL,
  profile TEXT NOT NULL,
  application_type TEXT NOT NULL,
  registered_by TEXT NOT NULL,
  require_pkce INTEGER NOT NULL,
  disabled INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  removed_by BLOB
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
  sub TEXT PRIMARY KEY,
  username TEXT NOT NULL,
  username_key TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL,
  email_key TEXT UNIQUE,  -- NULL without an email: any number may have none
  firstname TEXT NOT NULL,
  lastname TEXT NOT NULL,
  phone TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  disabled INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_by BLOB
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  id BLOB PRIMARY KEY,
  cookie_hash BLOB NOT NULL UNIQUE,
  sub TEXT NOT NULL,
  user_epoch INTEGER NOT NULL,
  auth_time INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  idle_expires_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  ended_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of_user ON sessions (sub) WHERE ended_at IS NULL;
CREATE INDEX sessions_to_sweep ON sessions (expires_at);

CREATE TABLE transactions (
  id BLOB PRIMARY KEY,
  browser_hash BLOB NOT NULL,
  client_id TEXT NOT NULL,
  redirect_uri TEXT NOT NULL,
  redirect_uri_sent INTEGER NOT NULL,
  scopes TEXT NOT NULL,
  state TEXT,
  nonce TEXT,
  code_challenge TEXT,
  login_hint TEXT NOT NULL,
  ui_locales TEXT NOT NULL,
  must_login INTEGER NOT NULL,
  must_consent INTEGER NOT NULL,
  max_age INTEGER,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  consented_sub TEXT,
  approved_by BLOB,
  finished_at INTEGER,
  finished_by BLOB
) STRICT, WITHOUT ROWID;

-- A row stays when consent is withdrawn: its epoch is what ends the grants made under it.
CREATE TABLE consents (
  sub TEXT NOT NULL,
  client_id TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  granted_at INTEGER,  -- NULL: nothing is remembered
  changed_by BLOB,
  PRIMARY KEY (sub, client_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX consents_of_client ON consents (client_id);

-- One row a scope, so that adding to what was allowed needs no reading first.
CREATE TABLE consent_scopes (
  sub TEXT NOT NULL,
  client_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  PRIMARY KEY (sub, client_id, scope),
  FOREIGN KEY (sub, client_id) REFERENCES consents (sub, client_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE codes (
  selector BLOB PRIMARY KEY,
  verifier_hash BLOB NOT NULL,
  client_id TEXT NOT NULL,
  sub TEXT NOT NULL,
  session BLOB NOT NULL,
  redirect_uri TEXT NOT NULL,
  redirect_uri_sent INTEGER NOT NULL,
  scopes TEXT NOT NULL,
  nonce TEXT,
  code_challenge TEXT,
  auth_time INTEGER NOT NULL,
  user_epoch INTEGER NOT NULL,
  client_epoch INTEGER NOT NULL,
  consent_epoch INTEGER NOT NULL,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  redeemed_by BLOB,
  redeemed_at INTEGER,
  grant_id BLOB,
  storage_epoch INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
  id BLOB PRIMARY KEY,
  client_id TEXT NOT NULL,
  sub TEXT NOT NULL,
  session BLOB NOT NULL,
  session_bound INTEGER NOT NULL,
  scopes TEXT NOT NULL,
  auth_time INTEGER NOT NULL,
  user_epoch INTEGER NOT NULL,
  client_epoch INTEGER NOT NULL,
  consent_epoch INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  revoked_at INTEGER,
  revoked_because TEXT NOT NULL,
  keep_until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX grants_to_sweep ON grants (keep_until);
CREATE INDEX grants_of_session ON grants (session) WHERE session_bound = 1;

CREATE TABLE refresh_families (
  id BLOB PRIMARY KEY,
  grant_id BLOB NOT NULL,
  counter INTEGER NOT NULL,
  rotated_at INTEGER NOT NULL,
  mac_kid TEXT NOT NULL,
  storage_epoch INTEGER NOT NULL,
  idle_expires_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX refresh_families_to_sweep ON refresh_families (expires_at);

CREATE TABLE denied_tokens (
  jti TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX denied_tokens_to_sweep ON denied_tokens (expires_at);

CREATE TABLE server_keys (
  kid TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  alg TEXT NOT NULL,
  sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  active_from INTEGER NOT NULL,
  retires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE throttles (
  key BLOB PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_failure INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX throttles_to_sweep ON throttles (last_failure);
