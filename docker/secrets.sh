#!/bin/sh
# Writes fresh secrets into docker/secrets/ and example files into docker/config/, once. Nothing there is ever overwritten.
# The folder is its owner's alone; the files in it are readable, since the containers run as another user.
set -eu
cd "$(dirname "$0")"
umask 022
mkdir -p secrets config/sources
chmod 700 secrets
random() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
put() { [ -e "$1" ] || printf '%s\n' "$2" > "$1"; }

put secrets/postgres_password "$(random)"
put secrets/valkey_password "$(random)"
put secrets/database_url "postgresql://chengnuo:$(cat secrets/postgres_password)@postgres:5432/chengnuo"
put secrets/broker_url "redis://:$(cat secrets/valkey_password)@valkey:6379/0"
put secrets/valkey_conf "requirepass $(cat secrets/valkey_password)"
[ -e config/calendar.toml ] || cp ../workflow/calendar.toml config/calendar.toml
[ -e config/subscriptions.toml ] || cat > config/subscriptions.toml <<'TOML'
# 谁收到什么；docs/monitoring.md 有全部写法。Who is told what; docs/monitoring.md shows everything.
[[subscription]]
name = "全部"
channel = "mailbox"
address = "/data/mailbox"
incidents = true
TOML
echo "docker/secrets 和 docker/config 已就绪 are ready; next: docker compose up -d"
