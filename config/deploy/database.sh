#!/bin/sh
# Run once by the database's own image: an account that row-level security holds, and its database.
set -eu
psql --username postgres --set "password=$(cat /run/secrets/database_password)" <<'SQL'
CREATE ROLE monitor LOGIN PASSWORD :'password';
CREATE DATABASE monitor OWNER monitor;
SQL
