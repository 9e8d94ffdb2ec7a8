-- What OpenID Connect and the further grants remember. Every new column has a default, so that the
-- release before this one can still write its rows.

ALTER TABLE clients ADD COLUMN response_types text COLLATE "C" NOT NULL DEFAULT '["code"]';
ALTER TABLE clients ADD COLUMN sealed_secret bytea NOT NULL DEFAULT '';
ALTER TABLE clients ADD COLUMN previous_secret_kid text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE clients ADD COLUMN version bigint NOT NULL DEFAULT 0;
ALTER TABLE clients ADD COLUMN first_used_at bigint;
ALTER TABLE clients ADD COLUMN registration_token_hash bytea;
-- A JSON object; nothing is queried inside it.
ALTER TABLE clients ADD COLUMN metadata text COLLATE "C" NOT NULL DEFAULT '{}';
UPDATE clients SET previous_secret_kid = secret_kid WHERE previous_secret_hash IS NOT NULL;
CREATE INDEX clients_of_strangers ON clients (created_at) WHERE registered_by = 'self';
-- Empty but for the moment of a removal, whose later statements ask it.
CREATE INDEX clients_removed ON clients (removed_by) WHERE removed_by IS NOT NULL;

ALTER TABLE users ADD COLUMN updated_at bigint NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN email_verified bigint NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN phone_verified bigint NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN claims text COLLATE "C" NOT NULL DEFAULT '{}';
UPDATE users SET updated_at = created_at;

ALTER TABLE sessions ADD COLUMN acr text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN amr text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN ended_by bytea;
CREATE INDEX sessions_ended ON sessions (ended_by) WHERE ended_by IS NOT NULL;

ALTER TABLE transactions ADD COLUMN response_type text COLLATE "C" NOT NULL DEFAULT 'code';
ALTER TABLE transactions ADD COLUMN response_mode text COLLATE "C" NOT NULL DEFAULT 'query';
ALTER TABLE transactions ADD COLUMN claims text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE transactions ADD COLUMN acr_values text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE transactions ADD COLUMN resources text COLLATE "C" NOT NULL DEFAULT '[]';
ALTER TABLE transactions ADD COLUMN hinted_sub text COLLATE "C";
ALTER TABLE transactions ADD COLUMN select_account bigint NOT NULL DEFAULT 0;
ALTER TABLE transactions ADD COLUMN wants_account bigint NOT NULL DEFAULT 0;

ALTER TABLE codes ADD COLUMN claims text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE codes ADD COLUMN resources text COLLATE "C" NOT NULL DEFAULT '[]';
ALTER TABLE codes ADD COLUMN acr text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE codes ADD COLUMN amr text COLLATE "C" NOT NULL DEFAULT '';

ALTER TABLE grants ADD COLUMN type text COLLATE "C" NOT NULL DEFAULT 'authorization_code';
ALTER TABLE grants ADD COLUMN claims text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE grants ADD COLUMN resources text COLLATE "C" NOT NULL DEFAULT '[]';
ALTER TABLE grants ADD COLUMN acr text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE grants ADD COLUMN amr text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE grants ADD COLUMN parent bytea;
ALTER TABLE grants ADD COLUMN act text COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE grants ADD COLUMN revoked_by bytea;
ALTER TABLE grants ADD COLUMN parent_by bytea;  -- whoever made it somebody's parent last
CREATE INDEX grants_of_parent ON grants (parent) WHERE parent IS NOT NULL;
CREATE INDEX grants_revoked ON grants (revoked_by) WHERE revoked_by IS NOT NULL;

-- Which clients got something in a session: they are told when it ends.
CREATE TABLE session_clients (
  session bytea NOT NULL,
  client_id text COLLATE "C" NOT NULL,
  joined_at bigint NOT NULL,
  PRIMARY KEY (session, client_id)
);

CREATE TABLE logouts (
  session bytea NOT NULL,
  client_id text COLLATE "C" NOT NULL,
  sub text COLLATE "C" NOT NULL,
  attempts bigint NOT NULL,
  next_attempt_at bigint NOT NULL,
  ended_at bigint NOT NULL,
  PRIMARY KEY (session, client_id)
);
CREATE INDEX logouts_due ON logouts (next_attempt_at);

CREATE TABLE device_codes (
  selector bytea PRIMARY KEY,
  verifier_hash bytea NOT NULL,
  user_code text COLLATE "C" NOT NULL,
  client_id text COLLATE "C" NOT NULL,
  scopes text COLLATE "C" NOT NULL,
  resources text COLLATE "C" NOT NULL,
  requester text COLLATE "C" NOT NULL,
  interval_seconds bigint NOT NULL,
  issued_at bigint NOT NULL,
  expires_at bigint NOT NULL,
  last_polled_at bigint,
  polled_by bytea,
  answered_by bytea,
  sub text COLLATE "C",  -- who approved; NULL: nobody did
  session bytea,
  auth_time bigint,
  acr text COLLATE "C",
  amr text COLLATE "C",
  user_epoch bigint,
  client_epoch bigint,
  consent_epoch bigint,
  denied_at bigint,
  redeemed_by bytea,
  redeemed_at bigint,
  grant_id bytea,
  storage_epoch bigint NOT NULL
);
CREATE UNIQUE INDEX device_codes_by_user_code ON device_codes (user_code);

CREATE TABLE opaque_tokens (
  selector bytea PRIMARY KEY,
  verifier_hash bytea NOT NULL,
  sub text COLLATE "C" NOT NULL,
  client_id text COLLATE "C" NOT NULL,
  scopes text COLLATE "C" NOT NULL,
  audience text COLLATE "C" NOT NULL,
  grant_id bytea,
  act text COLLATE "C" NOT NULL,
  issued_at bigint NOT NULL,
  expires_at bigint NOT NULL
);
CREATE INDEX opaque_tokens_to_sweep ON opaque_tokens (expires_at);

CREATE TABLE replays (
  key bytea PRIMARY KEY,
  expires_at bigint NOT NULL
);
CREATE INDEX replays_to_sweep ON replays (expires_at);

CREATE TABLE initial_access_tokens (
  selector bytea PRIMARY KEY,
  verifier_hash bytea NOT NULL,
  profile text COLLATE "C",
  uses_left bigint NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);

-- Requests to sign out that wait for the browser they came from.
CREATE TABLE logout_requests (
  id bytea PRIMARY KEY,
  client_id text COLLATE "C" NOT NULL,
  post_logout_redirect_uri text COLLATE "C" NOT NULL,
  state text COLLATE "C",
  hinted_sub text COLLATE "C",
  hinted_sid text COLLATE "C",
  ui_locales text COLLATE "C" NOT NULL,
  created_at bigint NOT NULL,
  expires_at bigint NOT NULL
);

-- The foreign key is the sweeper: a removed client leaves no logo behind.
CREATE TABLE client_logos (
  client_id text COLLATE "C" NOT NULL PRIMARY KEY REFERENCES clients (client_id) ON DELETE CASCADE,
  content_type text COLLATE "C" NOT NULL,
  image bytea NOT NULL,
  fetched_at bigint NOT NULL
);
