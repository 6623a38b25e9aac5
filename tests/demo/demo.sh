#!/usr/bin/env bash
# The demonstration: the stories of tests/demo/stories, each on a host of its own, with the vendors played on loopback.
#
# demo.sh <build folder> [--once] [story…]
# Without a story it tells them all in turn. Without --once the last host stays up until Ctrl-C.
# Ends with status 0 only when everything it tells was seen to be true.
set -euo pipefail

build=$(cd "$1" && pwd)
shift
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
order=(goco greenhouse charthop hrlogics hireguide)
once=false stories=()
for argument in "$@"; do
  if [[ $argument == --once ]]; then
    once=true
  elif [[ -f $here/stories/$argument.sh ]]; then
    stories+=("$argument")
  else
    echo "There is no story '$argument'. There are: ${order[*]}" >&2
    exit 64
  fi
done
((${#stories[@]} > 0)) || stories=("${order[@]}")

work=$(mktemp -d)
# shellcheck source=tests/demo/stage.sh
source "$here/stage.sh"
cleanup() {
  stop_process "$host_pid"
  stop_process "$sandbox_pid"
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

start_vendors
for story in "${stories[@]}"; do
  # shellcheck source=/dev/null
  source "$here/stories/$story.sh"
  printf '\n\033[1;4m%s\033[0m\n' "$(headline)"
  control POST /reset >/dev/null
  configure
  before=$failures
  start_host
  tell
  account
  ((failures == before)) || { printf '\nThe log of this host:\n' && cat "$config/host.log"; }
  if [[ $story == "${stories[-1]}" ]] && ! $once; then
    step "It stays up; Ctrl-C ends it"
    line "configuration   $config"
    line "log             $config/host.log"
    line "try             $build/bin/crosswalk --config $config events show 1"
    line "the vendors     $control (tests/sandbox/README.md)"
    wait "$host_pid" || true
    host_pid=''
  else
    step "Stopping"
    stop_host
  fi
done
((failures == 0)) || printf '\n%s of the statements above were not true.\n' "$failures"
exit $((failures > 0))
