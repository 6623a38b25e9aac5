#!/usr/bin/env bash
# simulate.sh <build directory> [--schedules N] [--first N] | --seed N
# Spreads the schedules over the processors; ends with 1 when any of them broke a rule.
set -euo pipefail
simulation=$1/bin/simulation
shift

schedules=100000
first=1
while (($# > 0)); do
  case $1 in
    --schedules) schedules=$2 ;;
    --first) first=$2 ;;
    --seed) exec "$simulation" --seed "$2" ;;
    *)
      echo "./dev simulate [--schedules N] [--first N] | --seed N" >&2
      exit 64
      ;;
  esac
  shift 2
done

shards=$(nproc)
share=$(((schedules + shards - 1) / shards))
running=()
for ((shard = 0; shard < shards; ++shard)); do
  "$simulation" --schedules "$share" --first $((first + shard * share)) &
  running+=($!)
done
status=0
for one in "${running[@]}"; do
  wait "$one" || status=1
done
exit "$status"
