#!/bin/sh
# What the standby runs: copies the primary into an empty data directory, then follows it.
set -eu

if [ ! -s "$PGDATA/PG_VERSION" ]; then
  PGPASSWORD=$(cat "${REPLICATION_PASSWORD_FILE:-/run/secrets/replication-password}")
  export PGPASSWORD
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  # A copy that was broken off leaves files, and pg_basebackup wants none.
  find "$PGDATA" -mindepth 1 -delete
  pg_basebackup --host "$PRIMARY_HOST" --port "${PRIMARY_PORT:-5432}" --username replicator --pgdata "$PGDATA" \
    --wal-method stream --slot standby --checkpoint fast --write-recovery-conf
  unset PGPASSWORD
fi

# Queries on the standby are not cancelled by what the primary tidies up.
exec postgres -c hot_standby_feedback=on -c jit=off "$@"
