#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# End-to-end tests: the real programs, real packets between two network namespaces of our own, real Chromium.
# WEIR_BIN: folder of the binaries (build/release/bin). WEIR_SCREENSHOTS: where pictures of the console go.
# Without root: the tests that need namespaces are left out and the console runs against its mock server.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
export WEIR_BIN=${WEIR_BIN:-$PWD/build/release/bin}
export WEIR_SCREENSHOTS=${WEIR_SCREENSHOTS:-$PWD/build/screenshots}
readonly watcher=weir-test-e2e-$$-w sender=weir-test-e2e-$$-s servers=weir-test-e2e-$$-v
work=$(mktemp -d)
export XDG_CONFIG_HOME=$work # what a user of this machine answered at first start is not for tests
children=()
status=0

finish() {
  local child
  for child in "${children[@]}" "${soak:-}"; do kill "$child" 2>/dev/null; done
  ip netns del "$watcher" 2>/dev/null
  ip netns del "$sender" 2>/dev/null
  ip netns del "$servers" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

# The capture that is replayed: the real mix where it is, else traffic of our own.
export WEIR_MIX=$PWD/../shared/corpus/bench/mix700.pcap
if [ ! -f "$WEIR_MIX" ]; then
  WEIR_MIX=$work/mix.pcap
  "$WEIR_BIN/weir-traffic" --hosts 300 --flows 1000 --size 700 --packets 20000 --pps 1000 --write "$WEIR_MIX" || exit 1
fi

# What hangs fails: no file has more to do than takes a slow machine a quarter of an hour.
readonly node=(timeout --kill-after=10 960 node --test --test-timeout=900000 --test-force-exit)
# tests NAME [COMMAND...]: the tests of a file, run by a command.
tests() {
  local name=$1
  shift
  "$@" "${node[@]}" "tests/e2e/$name.test.mjs" || status=1
}

# It watches a page for three minutes, beside all others. Not in a subshell: what ends it must reach timeout, which passes it on.
"${node[@]}" tests/e2e/soak.test.mjs >"$work/soak.log" 2>&1 &
readonly soak=$!
# over: the end, with what the soak test said.
over() {
  wait "$soak" || status=1
  cat "$work/soak.log"
  exit "$status"
}

for name in command_line groups rest names redis faults federation zmq syslog top editor setup_page canary figures places downloads services states sorting pictures twins slow_client limits; do tests "$name"; done

if [ "$(id -u)" -ne 0 ]; then
  echo "not root: live capture is left out, the console runs against its mock server"
  for name in console pages table keys tour throughput ways app_hosts trends tabs values lists finder charts interface_charts; do tests "$name"; done
  over
fi

ip netns add "$watcher" && ip netns add "$sender" && ip netns add "$servers" || exit 1
for space in "$watcher" "$sender" "$servers"; do
  # Neighbour discovery would add packets of its own.
  ip netns exec "$space" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
  ip netns exec "$space" ip link set lo up
done
ip -n "$watcher" link add weir-w type veth peer name weir-s netns "$sender" || exit 1
ip -n "$watcher" link set weir-w arp off up
ip -n "$sender" link set weir-s arp off up

export WEIR_SENDER=$sender WEIR_SERVERS=$servers
readonly inside=(ip netns exec "$watcher")
for name in live moving setup collect open_vswitch export hierarchy archive events scripts; do tests "$name" "${inside[@]}"; done
# Clients in one namespace, servers in the other, and the watcher is the wire between (wire.mjs).
for name in quality statements own_rules; do tests "$name" "${inside[@]}"; done
# `ip netns exec` hides the control groups.
tests low_end nsenter --net="/run/netns/$watcher"

# A console full of moving traffic.
"${inside[@]}" "$WEIR_BIN/weir" -i weir-w --http 127.0.0.1:3999 >"$work/weir.log" 2>&1 &
children+=($!)
ip netns exec "$sender" tcpreplay -q -i weir-s --pps 4000 --loop 100000 "$WEIR_MIX" >/dev/null 2>&1 &
children+=($!)
for _ in $(seq 100); do
  "${inside[@]}" curl -fsS http://127.0.0.1:3999/api/v1/interfaces >/dev/null 2>&1 && break
  sleep 0.1
done
export WEIR_URL=http://127.0.0.1:3999
for name in console pages table keys tour throughput ways app_hosts trends tabs values lists finder charts interface_charts; do tests "$name" "${inside[@]}"; done
over
