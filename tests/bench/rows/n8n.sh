# P13: the way of whole_way.sh beside n8n, which also saves each execution. It compiles slowly what runs often and takes
# hires in bursts, so it is given longer to warm up and is measured longer than the others.
if ! node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)'; then
  row "P13 webhook to target, 64 clients / n8n's best: n8n needs Node 20.19" "not measured" - - ">= 50" ">= 100" -
  return
fi
install_n8n
prepare_n8n async
prepare_n8n sync
printf '\nwhole way beside n8n, 64 clients   load of the machine %s\n' "$(cut -d' ' -f1 /proc/loadavg)"
for ((i = 1; i <= pairs; ++i)); do
  for way in async sync; do
    start_sink
    fresh_n8n "$way"
    warm_up_s=8 run_s=10 timeout_s=60 delivered 64 "http://127.0.0.1:$n8n_port/hooks/lever" 100000 >"$work/peer.$way"
    stop n8n
  done
  measure_whole_way
  keep_whole_way n8n "$work/whole-way-n8n"
done
pairs_row "P13 webhook to target, 64 clients / n8n's best" "$work/whole-way-n8n" /s '>=' 50 100
