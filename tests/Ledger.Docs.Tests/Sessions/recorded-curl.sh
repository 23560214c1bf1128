# Read by bash before a session (BASH_ENV): curl, and a folder per call with where it stands, what it was given and what was answered.
curl() {
  local call=$SESSION_CALLS/${EPOCHREALTIME/[^0-9]/} patience=60 outcome=0
  # A reader leaves a stream (-N) with Ctrl-C.
  case " $* " in *' -N '*) patience=3 ;; esac
  mkdir "$call"
  printf '%s' "${BASH_LINENO[0]}" >"$call/line"
  printf '%s\n' "$@" >"$call/arguments"
  command curl --max-time "$patience" --dump-header "$call/head" "$@" | tee "$call/body" || outcome=$?
  if [ "$patience" = 3 ] && [ "$outcome" = 28 ]; then outcome=0; fi
  return "$outcome"
}
