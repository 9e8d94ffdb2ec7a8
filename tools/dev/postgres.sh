# shellcheck shell=bash
# The tests' own PostgreSQL: made in a temporary folder, on a unix socket, gone afterwards.

postgres_bin=/usr/lib/postgresql/15/bin
postgres_folder=

# initdb and the server refuse to be root.
as_postgres() { # COMMAND...
  if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi
}

# Many short-lived connections come at once: one for each reader of each test process.
start_postgres() {
  if [[ -n $postgres_folder ]]; then return; fi
  local log=$PWD/$results/postgres.log
  mkdir -p "$results"
  postgres_folder=$(mktemp -d /tmp/claviger-postgres.XXXXXX)
  trap stop_postgres EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
  if ((EUID == 0)); then chown postgres "$postgres_folder"; fi
  as_postgres "$postgres_bin/initdb" -D "$postgres_folder/data" -U claviger -A trust -E UTF8 --locale=C.UTF-8 \
    >"$log" 2>&1 || {
      tail -n 20 "$log" >&2
      return 1
    }
  as_postgres "$postgres_bin/pg_ctl" start -w -s -D "$postgres_folder/data" -l "$postgres_folder/log" \
    -o "-c listen_addresses= -c max_connections=200 -k $postgres_folder" >>"$log" 2>&1 ||
    {
      tail -n 20 "$log" >&2
      return 1
    }
  export CLAVIGER_TEST_POSTGRES="postgresql://claviger@/postgres?host=$postgres_folder"
}

stop_postgres() {
  if [[ -z $postgres_folder ]]; then return; fi
  as_postgres "$postgres_bin/pg_ctl" stop -w -s -m fast -D "$postgres_folder/data" || true
  cat "$postgres_folder/log" >>"$results/postgres.log" || true
  rm -rf "$postgres_folder"
  postgres_folder=
  unset CLAVIGER_TEST_POSTGRES
}
