#!/bin/sh
# Run once by the primary's image, when its data directory is made: a role and a slot for the standby.
set -eu

export REPLICATION_PASSWORD_FILE="${REPLICATION_PASSWORD_FILE:-/run/secrets/replication-password}"

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
\set password `cat "$REPLICATION_PASSWORD_FILE"`
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'password';
SELECT pg_create_physical_replication_slot('standby') \g /dev/null
SQL

echo 'host replication replicator all scram-sha-256' >> "$PGDATA/pg_hba.conf"
