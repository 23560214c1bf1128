# The few network questions the scripts ask, without curl, which a fresh machine may lack. Sourced.

port_in_use() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# http_status PORT PATH: prints the status code, nothing if nobody answers.
http_status() {
  (
    exec 3<>"/dev/tcp/127.0.0.1/$1"
    printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$2" >&3
    read -r -t 10 _ status _ <&3
    printf '%s' "$status"
  ) 2>/dev/null || true
}
