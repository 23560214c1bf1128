# Builds, starts, watches and stops the API. Sourced by ./run; needs console.sh, network.sh, ROOT, DATA and PORT.

SERVICE_PID=
BACKGROUND_PID=

# A trapped signal waits for a foreground command to end; `wait` it interrupts at once.
interruptible() {
  "$@" 9>&- &
  BACKGROUND_PID=$!
  local outcome=0
  wait "$BACKGROUND_PID" || outcome=$?
  BACKGROUND_PID=
  return "$outcome"
}

stop_background_work() {
  if [ -n "$BACKGROUND_PID" ]; then kill "$BACKGROUND_PID" 2>/dev/null || true; fi
}

publish_service() {
  interruptible dotnet publish "$ROOT/src/Ledger.Api" --configuration Release --output "$DATA/service" \
    --nologo --verbosity quiet --disable-build-servers "$@"
}

# Into the data folder: a second ./run with another one does not replace files under a running service.
build_service() {
  note "Building ..."
  # Compiled to machine code beforehand, the service starts without waiting for it. The compiler is a package of its own: without it, without.
  publish_service --use-current-runtime --self-contained false -p:PublishReadyToRun=true >"$DATA/build.log" 2>&1 ||
    publish_service || fail "The build failed."
}

start_service() {
  SERVICE_LOG=$DATA/service.log
  if [ -e "$SERVICE_LOG" ]; then mv -f "$SERVICE_LOG" "$DATA/service.previous.log"; fi
  (
    # Exported, not passed on a command line, which every user of the machine could read.
    export ASPNETCORE_URLS="http://127.0.0.1:$PORT" ConnectionStrings__Ledger="$CONNECTION" Ledger__Demo=true
    if [ -n "$EMPTY" ]; then export Ledger__DemoRecords=false; fi
    # From its own folder, where appsettings.json is.
    cd "$DATA/service"
    exec dotnet "$DATA/service/Ledger.Api.dll" >"$SERVICE_LOG" 2>&1 </dev/null 9>&-
  ) &
  SERVICE_PID=$!
  echo "$SERVICE_PID" >"$DATA/service.pid"
}

wait_until_ready() {
  note "Starting ..."
  local deadline=$((SECONDS + 180)) status=
  while [ "$SECONDS" -lt "$deadline" ]; do
    service_runs || report_dead_service
    status=$(http_status "$PORT" /health/ready)
    if [ "$status" = 200 ]; then return; fi
    sleep 0.2
  done
  tail -n 30 "$SERVICE_LOG" >&2
  fail "GET /health/ready did not answer 200 within 180 s (last: ${status:-no answer}); the log is $SERVICE_LOG."
}

watch_service() {
  wait "$SERVICE_PID" || true
  report_dead_service
}

report_dead_service() {
  tail -n 30 "$SERVICE_LOG" >&2
  SERVICE_PID=
  fail "The service has ended; the lines above are the last of $SERVICE_LOG."
}

service_runs() { kill -0 "$SERVICE_PID" 2>/dev/null; }

stop_service() {
  if [ -n "$SERVICE_PID" ]; then
    note "Stopping ..."
    end_process "$SERVICE_PID"
    SERVICE_PID=
  fi
  rm -f "$DATA/service.pid"
}

# Left by a ./run that was killed hard. The lock says that no other ./run owns it.
stop_orphaned_service() {
  local pid
  pid=$(cat "$DATA/service.pid" 2>/dev/null || true)
  # Process ids are used again: only a process running this very file is the one meant.
  if [ -n "$pid" ] && command_line "$pid" | grep -qF "$DATA/service/Ledger.Api.dll"; then
    note "Stopping the service an earlier ./run left behind (process $pid) ..."
    end_process "$pid"
  fi
  rm -f "$DATA/service.pid"
}

# Minimal images lack ps.
command_line() {
  if [ -r "/proc/$1/cmdline" ]; then tr '\0' ' ' <"/proc/$1/cmdline"; else ps -o args= -p "$1" 2>/dev/null || true; fi
}

# A clean stop first; the event store stands a hard one, so nobody waits for ever.
end_process() {
  local deadline=$((SECONDS + 30))
  kill "$1" 2>/dev/null || return 0
  while kill -0 "$1" 2>/dev/null; do
    if [ "$SECONDS" -ge "$deadline" ]; then kill -9 "$1" 2>/dev/null || true; fi
    sleep 0.1
  done
}
