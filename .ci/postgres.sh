#!/usr/bin/env bash
# A throw-away PostgreSQL 15+ for tests: its own data folder, loopback only, no durability.
#
#   .ci/postgres.sh start DIR    starts one in DIR and prints its URL (user lanyard, database postgres)
#   .ci/postgres.sh stop DIR     stops it and removes DIR
#   .ci/postgres.sh with CMD...  starts one, runs CMD with TEST_DATABASE_URL set, stops it, returns CMD's exit code
#
# The server is the distribution's. It listens on 127.0.0.1 alone, on a free port; the superuser `lanyard` has a random
# password, which is part of the URL. PostgreSQL refuses to run as root: as root it runs as the user `postgres`.
set -euo pipefail

say() { echo "postgres: $*" >&2; }
die() { say "$*"; exit 1; }

find_bin() {
  local dir
  for dir in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV) "$(dirname "$(readlink -f "$(command -v pg_ctl 2>/dev/null || echo /nowhere/x)")")"; do
    if [ -x "$dir/initdb" ] && [ -x "$dir/pg_ctl" ]; then
      local major
      major=$("$dir/postgres" --version | sed -E 's/^[^0-9]*([0-9]+).*/\1/')
      if [ "$major" -ge 15 ]; then
        echo "$dir"
        return 0
      fi
    fi
  done
  return 1
}

install() {
  local hint="apt-get install postgresql postgresql-client"
  command -v apt-get >/dev/null || die "PostgreSQL 15 or newer is needed (initdb, pg_ctl): install it with your package manager"
  [ "$(id -u)" = 0 ] || die "PostgreSQL 15 or newer is needed for this: run  sudo $hint"
  say "installing PostgreSQL (about a minute) ..."
  apt-get update -qq >&2
  # Without its own service: the distribution would start a cluster that nobody asked for.
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql postgresql-client >&2
}

as_server() {
  if [ "$(id -u)" = 0 ]; then
    runuser -u postgres -- "$@"
  else
    "$@"
  fi
}

free_port() {
  # An unused port of the range that nothing hands out by itself.
  local port
  for _ in $(seq 50); do
    port=$((20000 + RANDOM % 10000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return 0
    fi
  done
  return 1
}

start() {
  local dir=$1 bin port password
  bin=$(find_bin) || { install; bin=$(find_bin) || die "PostgreSQL was installed, but its programs were not found"; }
  mkdir -p "$dir"
  chmod 700 "$dir"
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  (umask 077 && printf '%s' "$password" >"$dir/password")
  if [ "$(id -u)" = 0 ]; then
    id postgres >/dev/null 2>&1 || die "there is no user 'postgres' to run the server as"
    chown -R postgres "$dir"
  fi
  (cd / && as_server "$bin/initdb" --pgdata "$dir/data" --username lanyard --pwfile "$dir/password" --auth scram-sha-256 \
    --encoding UTF8 --locale C.UTF-8 --no-sync >"$dir/initdb.log" 2>&1) || { cat "$dir/initdb.log" >&2; die "initdb failed"; }
  local try
  for try in 1 2 3; do
    port=$(free_port)
    if (cd / && as_server "$bin/pg_ctl" --pgdata "$dir/data" --log "$dir/server.log" --wait --timeout 60 --options "\
      -c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' -c max_connections=300 \
      -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=256MB -c max_wal_size=2GB \
      -c log_min_messages=error -c log_min_error_statement=panic -c timezone=UTC" start >/dev/null 2>&1); then
      echo "postgres://lanyard:$password@127.0.0.1:$port/postgres" | tee "$dir/url"
      return 0
    fi
    say "no start on port $port (try $try)"
  done
  tail -20 "$dir/server.log" >&2
  die "the server did not start"
}

stop() {
  local dir=$1 bin
  bin=$(find_bin) || return 0
  [ -d "$dir/data" ] || return 0
  (cd / && as_server "$bin/pg_ctl" --pgdata "$dir/data" --mode immediate --wait stop >/dev/null 2>&1) || true
  rm -rf "$dir"
}

case "${1:-}" in
  start) start "${2:?usage: postgres.sh start DIR}" ;;
  stop) stop "${2:?usage: postgres.sh stop DIR}" ;;
  with)
    shift
    dir=$(mktemp -d "${TMPDIR:-/tmp}/lanyard-postgres.XXXXXX")
    trap 'stop "$dir"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    TEST_DATABASE_URL=$(start "$dir")
    export TEST_DATABASE_URL
    say "running on 127.0.0.1"
    "$@"
    ;;
  *)
    sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 2
    ;;
esac
