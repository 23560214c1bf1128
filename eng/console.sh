# Words to the person at the terminal; sourced by ./run and ./test.

note() { printf '%s\n' "$*" >&2; }

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}
