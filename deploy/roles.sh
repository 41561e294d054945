#!/bin/sh
# Run once by the image of PostgreSQL: the role that the portal runs as, which owns nothing.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set=password="$(cat /run/secrets/portal)" <<'SQL'
CREATE ROLE portal LOGIN PASSWORD :'password';
SQL
