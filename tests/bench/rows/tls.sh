# P5: the same over HTTPS, kept connections, ECDSA P-256.
printf '\naccepts over HTTPS, 64 clients   load of the machine %s\n' "$(cut -d' ' -f1 /proc/loadavg)"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=127.0.0.1 \
  -keyout "$work/tls.key" -out "$work/tls.crt" 2>/dev/null || give_up "openssl made no certificate"
"$build/bin/crosswalk-bench-echo" "$work/tls.crt" "$work/tls.key" >"$work/tls-echo.out" &
pids[tls_echo]=$!
eventually 10 test -s "$work/tls-echo.out" || give_up "the echo server with TLS did not start"
tls_echo_port=$(jq .port "$work/tls-echo.out")
listen_more=", tls: { certificate: $work/tls.crt, key: \"secret:file/tls-key\" }"
configure_accepts
listen_more=''
secret tls-key "$(<"$work/tls.key")"
hooks_url=https://127.0.0.1:$hooks_port/hooks/lever
for ((i = 1; i <= pairs; ++i)); do
  measure_echo 64 "https://127.0.0.1:$tls_echo_port/hooks/lever"
  fresh_paused_host
  measure_accepts 64 "$hooks_url"
  keep_pair "$work/accepts.tls"
done
hooks_url=''
stop tls_echo
pairs_row "P5  durable accepts over HTTPS, 64 clients / HTTPS echo" "$work/accepts.tls" /s '>=' 0.55 0.70
