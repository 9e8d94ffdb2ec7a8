-- What nodes that share a database tell one another, and what tells an old incarnation of the data from
-- this one. Every new column has a default, so that the release before this one can still write its rows.

-- The oldest schema whose release may still use the database: a migration that takes something away raises it.
ALTER TABLE store ADD COLUMN compatible_from INTEGER NOT NULL DEFAULT 2;
-- When storage_epoch was raised last; 0: never.
ALTER TABLE store ADD COLUMN epoch_since INTEGER NOT NULL DEFAULT 0;
-- The database server that raised it: PostgreSQL's system identifier and timeline. Another one raises it again.
ALTER TABLE store ADD COLUMN incarnation TEXT NOT NULL DEFAULT '';

-- 0: of the release before this one, or of a database that was never restored.
ALTER TABLE transactions ADD COLUMN storage_epoch INTEGER NOT NULL DEFAULT 0;
ALTER TABLE initial_access_tokens ADD COLUMN storage_epoch INTEGER NOT NULL DEFAULT 0;

-- Work that one node at a time does. The fence rises whenever the holder changes.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder BLOB NOT NULL,
  fence INTEGER NOT NULL,
  until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who serves; clock_offset is the node's clock minus the database's, in microseconds, when it last looked.
CREATE TABLE nodes (
  id BLOB PRIMARY KEY,
  name TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  clock_offset INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
