-- The same tables as SQLite's, whose file says what they mean. COLLATE "C" everywhere: bytes in their
-- own order, as SQLite has it, and no index that a new release of the C library would spoil.

CREATE TABLE store (
  one bigint PRIMARY KEY CHECK (one = 1),
  storage_epoch bigint NOT NULL
);
INSERT INTO store (one, storage_epoch) VALUES (1, 1);

CREATE TABLE clients (
  client_id text COLLATE "C" PRIMARY KEY,
  name text COLLATE "C" NOT NULL,
  auth_method text COLLATE "C" NOT NULL,
  secret_hash bytea,
  secret_kid text COLLATE "C" NOT NULL,
  previous_secret_hash bytea,
  previous_secret_until bigint NOT NULL,
  secret_expires_at bigint NOT NULL,
  redirect_uris text COLLATE "C" NOT NULL,
  post_logout_redirect_uris text COLLATE "C" NOT NULL,
  scopes text COLLATE "C" NOT NULL,
  grant_types text COLLATE "C" NOT NULL,
  profile text COLLATE "C" NOT NULL,
  application_type text COLLATE "C" NOT NULL,
  registered_by text COLLATE "C" NOT NULL,
  require_pkce bigint NOT NULL,
  disabled bigint NOT NULL,
  epoch bigint NOT NULL,
  created_at bigint NOT NULL,
  removed_by bytea
);

CREATE TABLE users (
  sub text COLLATE "C" PRIMARY KEY,
  username text COLLATE "C" NOT NULL,
  username_key text COLLATE "C" NOT NULL UNIQUE,
  email text COLLATE "C" NOT NULL,
  email_key text COLLATE "C" UNIQUE,  -- NULL without an email: any number may have none
  firstname text COLLATE "C" NOT NULL,
  lastname text COLLATE "C" NOT NULL,
  phone text COLLATE "C" NOT NULL,
  password_hash text COLLATE "C" NOT NULL,
  disabled bigint NOT NULL,
  epoch bigint NOT NULL,
  created_at bigint NOT NULL,
  changed_by bytea
);

CREATE TABLE sessions (
  id bytea PRIMARY KEY,
  cookie_hash bytea NOT NULL UNIQUE,
  sub text COLLATE "C" NOT NULL,
  user_epoch bigint NOT NULL,
  auth_time bigint NOT NULL,
  created_at bigint NOT NULL,
  idle_expires_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  ended_at bigint
);
CREATE INDEX sessions_of_user ON sessions (sub) WHERE ended_at IS NULL;
CREATE INDEX sessions_to_sweep ON sessions (expires_at);

CREATE TABLE transactions (
  id bytea PRIMARY KEY,
  browser_hash bytea NOT NULL,
  client_id text COLLATE "C" NOT NULL,
  redirect_uri text COLLATE "C" NOT NULL,
  redirect_uri_sent bigint NOT NULL,
  scopes text COLLATE "C" NOT NULL,
  state text COLLATE "C",
  nonce text COLLATE "C",
  code_challenge text COLLATE "C",
  login_hint text COLLATE "C" NOT NULL,
  ui_locales text COLLATE "C" NOT NULL,
  must_login bigint NOT NULL,
  must_consent bigint NOT NULL,
  max_age bigint,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  consented_sub text COLLATE "C",
  approved_by bytea,
  finished_at bigint,
  finished_by bytea
);

-- A row stays when consent is withdrawn: its epoch is what ends the grants made under it.
CREATE TABLE consents (
  sub text COLLATE "C" NOT NULL,
  client_id text COLLATE "C" NOT NULL,
  epoch bigint NOT NULL,
  granted_at bigint,  -- NULL: nothing is remembered
  changed_by bytea,
  PRIMARY KEY (sub, client_id)
);
CREATE INDEX consents_of_client ON consents (client_id);

-- One row a scope, so that adding to what was allowed needs no reading first.
CREATE TABLE consent_scopes (
  sub text COLLATE "C" NOT NULL,
  client_id text COLLATE "C" NOT NULL,
  scope text COLLATE "C" NOT NULL,
  PRIMARY KEY (sub, client_id, scope),
  FOREIGN KEY (sub, client_id) REFERENCES consents (sub, client_id)
);

CREATE TABLE codes (
  selector bytea PRIMARY KEY,
  verifier_hash bytea NOT NULL,
  client_id text COLLATE "C" NOT NULL,
  sub text COLLATE "C" NOT NULL,
  session bytea NOT NULL,
  redirect_uri text COLLATE "C" NOT NULL,
  redirect_uri_sent bigint NOT NULL,
  scopes text COLLATE "C" NOT NULL,
  nonce text COLLATE "C",
  code_challenge text COLLATE "C",
  auth_time bigint NOT NULL,
  user_epoch bigint NOT NULL,
  client_epoch bigint NOT NULL,
  consent_epoch bigint NOT NULL,
  issued_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  failures bigint NOT NULL,
  redeemed_by bytea,
  redeemed_at bigint,
  grant_id bytea,
  storage_epoch bigint NOT NULL
);

CREATE TABLE grants (
  id bytea PRIMARY KEY,
  client_id text COLLATE "C" NOT NULL,
  sub text COLLATE "C" NOT NULL,
  session bytea NOT NULL,
  session_bound bigint NOT NULL,
  scopes text COLLATE "C" NOT NULL,
  auth_time bigint NOT NULL,
  user_epoch bigint NOT NULL,
  client_epoch bigint NOT NULL,
  consent_epoch bigint NOT NULL,
  created_at bigint NOT NULL,
  revoked_at bigint,
  revoked_because text COLLATE "C" NOT NULL,
  keep_until bigint NOT NULL
);
CREATE INDEX grants_to_sweep ON grants (keep_until);
CREATE INDEX grants_of_session ON grants (session) WHERE session_bound = 1;

CREATE TABLE refresh_families (
  id bytea PRIMARY KEY,
  grant_id bytea NOT NULL,
  counter bigint NOT NULL,
  rotated_at bigint NOT NULL,
  mac_kid text COLLATE "C" NOT NULL,
  storage_epoch bigint NOT NULL,
  idle_expires_at bigint NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX refresh_families_to_sweep ON refresh_families (expires_at);

CREATE TABLE denied_tokens (
  jti text COLLATE "C" PRIMARY KEY,
  expires_at bigint NOT NULL
);
CREATE INDEX denied_tokens_to_sweep ON denied_tokens (expires_at);

CREATE TABLE server_keys (
  kid text COLLATE "C" PRIMARY KEY,
  purpose text COLLATE "C" NOT NULL,
  alg text COLLATE "C" NOT NULL,
  sealed bytea NOT NULL,
  created_at bigint NOT NULL,
  active_from bigint NOT NULL,
  retires_at bigint NOT NULL
);

CREATE TABLE throttles (
  key bytea PRIMARY KEY,
  failures bigint NOT NULL,
  last_failure bigint NOT NULL
);
CREATE INDEX throttles_to_sweep ON throttles (last_failure);
