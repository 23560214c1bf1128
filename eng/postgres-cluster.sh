# A private PostgreSQL cluster: created once, on a port of its own, reachable only from this machine and with its password.
# Sourced; needs console.sh, network.sh and PG_BIN.

CLUSTER_STARTED=

# start_cluster DATA: sets CLUSTER (its folder), CLUSTER_USER (empty: ourselves) and CLUSTER_CONNECTION (for Npgsql).
start_cluster() {
  local data=$1 attempt
  place_cluster "$data"
  if [ -e "$CLUSTER/data/PG_VERSION" ]; then check_version; else create_cluster; fi

  if as_cluster_user "$PG_BIN/pg_ctl" -D "$CLUSTER/data" status >/dev/null; then
    # Left running by a ./run that was killed hard. Started anew, so that it surely has today's settings.
    as_cluster_user "$PG_BIN/pg_ctl" -D "$CLUSTER/data" -w -m fast stop >/dev/null
  fi

  for attempt in 1 2 3; do
    choose_cluster_port
    CLUSTER_STARTED=yes
    if start_server; then
      CLUSTER_CONNECTION="Host=127.0.0.1;Port=$CLUSTER_PORT;Database=ledger;Username=ledger;Password=$(cat "$CLUSTER/password")"
      return
    fi
    # The likely reason: somebody took the port since it was last used.
    if ! port_in_use "$CLUSTER_PORT"; then break; fi
    rm -f "$CLUSTER/port"
  done
  CLUSTER_STARTED=
  tail -n 20 "$CLUSTER/server.log" >&2 || true
  fail "PostgreSQL did not start; its log is $CLUSTER/server.log."
}

stop_cluster() {
  if [ -z "$CLUSTER_STARTED" ]; then return; fi
  CLUSTER_STARTED=
  as_cluster_user "$PG_BIN/pg_ctl" -D "$CLUSTER/data" -w -t 60 -m fast stop >/dev/null ||
    note "PostgreSQL could not be stopped: see $CLUSTER/server.log."
}

# PostgreSQL refuses to run as root, and its user has to reach the folder through every parent.
place_cluster() {
  CLUSTER=$1/postgres
  CLUSTER_USER=
  if [ "$(id -u)" != 0 ]; then
    mkdir -p "$CLUSTER"
    [ -O "$CLUSTER" ] || fail "$CLUSTER belongs to another user; choose another folder with --data."
    chmod 700 "$CLUSTER"
    return
  fi

  if claim_folder "$CLUSTER"; then return; fi
  # Only an empty folder may be given up for another: a database that has become unreachable is an error to hear about.
  rmdir "$CLUSTER" || fail "User $CLUSTER_USER cannot reach the database in $CLUSTER: open its parent folders to that user again."
  CLUSTER=/var/lib/export-ledger/$(printf '%s' "$1" | cksum | cut -d' ' -f1)/postgres
  note "User $CLUSTER_USER, whom PostgreSQL has to run as, cannot reach $1: the database is kept in $CLUSTER."
  claim_folder "$CLUSTER" || fail "User $CLUSTER_USER cannot reach $CLUSTER either; choose another folder with --data."
}

claim_folder() {
  mkdir -p "$1"
  # A cluster made by an ordinary user stays theirs when root starts it.
  CLUSTER_USER=$(ls -ld "$1" | awk '{ print $3 }')
  if [ "$CLUSTER_USER" = root ]; then
    CLUSTER_USER=$(unprivileged_user)
    chown "$CLUSTER_USER" "$1"
    chmod 700 "$1"
  fi
  as_cluster_user test -w "$1"
}

unprivileged_user() {
  local name
  for name in postgres nobody; do
    if id "$name" >/dev/null 2>&1; then
      echo "$name"
      return
    fi
  done
  useradd --system --no-create-home --shell /usr/sbin/nologin ledger-postgres ||
    fail "PostgreSQL refuses to run as root, and no unprivileged user exists or can be created."
  echo ledger-postgres
}

as_cluster_user() (
  cd /
  if [ -z "$CLUSTER_USER" ]; then
    "$@"
  elif command -v setpriv >/dev/null; then
    setpriv --reuid="$CLUSTER_USER" --regid="$(id -g "$CLUSTER_USER")" --clear-groups -- "$@"
  elif command -v runuser >/dev/null; then
    runuser -u "$CLUSTER_USER" -- "$@"
  else
    su "$CLUSTER_USER" -s /bin/sh -c 'exec "$@"' -- sh "$@"
  fi
)

check_version() {
  local data binaries
  data=$(as_cluster_user cat "$CLUSTER/data/PG_VERSION")
  binaries=$("$PG_BIN/postgres" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')
  if [ "$data" = "$binaries" ]; then return; fi
  # A newer major version came to the machine; Debian keeps the older beside it.
  if [ -z "${LEDGER_PG_BIN:-}" ] && use_postgres_binaries "/usr/lib/postgresql/$data/bin"; then return; fi
  fail "The database in $CLUSTER was made by PostgreSQL $data, and $PG_BIN is version $binaries." \
    "Set LEDGER_PG_BIN to the folder of version $data, or start with another --data."
}

create_cluster() {
  note "Creating a PostgreSQL cluster in $CLUSTER ..."
  # Built aside and moved when whole, so that an interrupted start leaves nothing half made.
  as_cluster_user rm -rf "$CLUSTER/data" "$CLUSTER/data.new"
  as_cluster_user sh -c 'umask 077; od -An -N24 -tx1 /dev/urandom | tr -d " \n" >"$1/password"' sh "$CLUSTER"
  as_cluster_user "$PG_BIN/initdb" -D "$CLUSTER/data.new" -U ledger --pwfile="$CLUSTER/password" --auth=scram-sha-256 \
    --encoding=UTF8 --locale=C.UTF-8 >/dev/null
  # Single-user mode: the smallest PostgreSQL packages bring no psql.
  echo 'CREATE DATABASE ledger' |
    as_cluster_user sh -c '"$1/postgres" --single -D "$2/data.new" postgres >"$2/server.log" 2>&1' sh "$PG_BIN" "$CLUSTER"
  as_cluster_user mv "$CLUSTER/data.new" "$CLUSTER/data"
}

# Chosen once and kept. Below the range the kernel gives to outgoing connections, which would take it at random.
choose_cluster_port() {
  CLUSTER_PORT=$(cat "$CLUSTER/port" 2>/dev/null || true)
  while [ -z "$CLUSTER_PORT" ] || port_in_use "$CLUSTER_PORT"; do
    CLUSTER_PORT=$((20000 + RANDOM % 10000))
  done
  as_cluster_user sh -c 'echo "$2" >"$1/port"' sh "$CLUSTER" "$CLUSTER_PORT"
}

start_server() {
  as_cluster_user "$PG_BIN/pg_ctl" -D "$CLUSTER/data" -l "$CLUSTER/server.log" -w -t 120 start \
    -o "-c listen_addresses=127.0.0.1 -c port=$CLUSTER_PORT -c unix_socket_directories= -c timezone=UTC" >/dev/null
}
