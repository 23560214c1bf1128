# Finds Python 3.8 or later, for the second verifier (docs/verify), or installs it. Sourced; needs console.sh.

# Without one the tests of the second verifier fail, and say why.
ensure_python() {
  if has_python; then return; fi
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    note "Installing Debian's python3 package ..."
    local log
    log=$(mktemp)
    if ! { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get -y -o Dpkg::Use-Pty=0 --no-install-recommends install python3; } >"$log" 2>&1; then
      tail -n 20 "$log" >&2
    fi
    rm -f "$log"
  fi
  has_python || note "No Python 3.8 or later here, and apt-get (as root) could not bring one: the tests of docs/verify/verify.py will fail."
}

has_python() { python3 -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; }
