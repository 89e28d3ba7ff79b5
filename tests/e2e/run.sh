#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# End-to-end tests: the real programs, real packets between two network namespaces of our own, real Chromium.
# WEIR_BIN: folder of the binaries (build/release/bin). WEIR_SCREENSHOTS: where pictures of the console go.
# Without root: the tests that need namespaces are left out and the console runs against its mock server.
# shellcheck disable=SC2317 # the functions are called by name
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
export WEIR_BIN=${WEIR_BIN:-$PWD/build/release/bin}
export WEIR_SCREENSHOTS=${WEIR_SCREENSHOTS:-$PWD/build/screenshots}
readonly prefix=weir-test-e2e-$$
readonly watcher=$prefix-w sender=$prefix-s servers=$prefix-v        # packets from one to the other, and a wire between two
readonly console_watcher=$prefix-cw console_sender=$prefix-cs        # a console full of moving traffic
work=$(mktemp -d)
export XDG_CONFIG_HOME=$work # what a user of this machine answered at first start is not for tests
declare -A lanes=()          # what runs, by name
children=()

finish() {
  local child space
  for child in "${lanes[@]}" "${children[@]}"; do kill "$child" 2>/dev/null; done
  wait
  for space in "$watcher" "$sender" "$servers" "$console_watcher" "$console_sender"; do ip netns del "$space" 2>/dev/null; done
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
  local name=$1 start=$SECONDS
  shift
  "$@" "${node[@]}" "tests/e2e/$name.test.mjs" &
  current=$!
  wait "$current" || failed=1
  echo "$name took $((SECONDS - start)) s"
}

# lane NAME STEP: runs the function STEP beside the other lanes; the lane fails when one of its files does.
lane() {
  {
    local failed=0 current=
    trap '[ -z "$current" ] || kill "$current"; exit 1' TERM # timeout passes it on
    "$2"
    exit "$failed"
  } >"$work/$1.log" 2>&1 &
  lanes[$1]=$!
}

# namespaces NAME...: made, without what would send packets of its own (neighbour discovery).
namespaces() {
  local space
  for space in "$@"; do
    ip netns add "$space" || return 1
    ip netns exec "$space" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
    ip netns exec "$space" ip link set lo up
  done
}
# cable WATCHER SENDER: weir-w in one and weir-s in the other.
cable() {
  ip -n "$1" link add weir-w type veth peer name weir-s netns "$2" || return 1
  ip -n "$1" link set weir-w arp off up
  ip -n "$2" link set weir-s arp off up
}

# It watches a page for three minutes.
long_run() { tests soak; }

readonly own=(command_line groups rest names redis faults federation zmq syslog top editor setup_page canary figures places downloads services states
  sorting pictures twins slow_client limits)
readonly captured=(live moving setup collect open_vswitch export hierarchy archive events scripts)
readonly between=(quality statements own_rules)
readonly consoles=(console pages table keys tour throughput ways app_hosts trends tabs values lists finder charts interface_charts)

# Those that start their own weir or mock server.
own_servers() {
  local name
  for name in "${own[@]}"; do tests "$name"; done
}

# Those that watch an interface. Afterwards clients in one namespace, servers in the other, and the watcher is the wire between (wire.mjs).
live_capture() {
  local name
  for name in "${captured[@]}" "${between[@]}"; do tests "$name" ip netns exec "$watcher"; done
  # `ip netns exec` hides the control groups.
  tests low_end nsenter --net="/run/netns/$watcher"
}

# Those of the console, in front of a weir with moving traffic or, without root, of its mock server.
console_pages() {
  local name
  for name in "${consoles[@]}"; do tests "$name" "${inside[@]}"; done
}

lane soak long_run
lane own own_servers
inside=()
if [ "$(id -u)" -eq 0 ]; then
  namespaces "$watcher" "$sender" "$servers" "$console_watcher" "$console_sender" || exit 1
  cable "$watcher" "$sender" || exit 1
  cable "$console_watcher" "$console_sender" || exit 1
  export WEIR_SENDER=$sender WEIR_SERVERS=$servers
  lane live live_capture

  inside=(ip netns exec "$console_watcher")
  "${inside[@]}" "$WEIR_BIN/weir" -i weir-w --http 127.0.0.1:3999 >"$work/weir.log" 2>&1 &
  children+=($!)
  ip netns exec "$console_sender" tcpreplay -q -i weir-s --pps 4000 --loop 100000 "$WEIR_MIX" >/dev/null 2>&1 &
  children+=($!)
  for _ in $(seq 100); do
    "${inside[@]}" curl -fsS http://127.0.0.1:3999/api/v1/interfaces >/dev/null 2>&1 && break
    sleep 0.1
  done
  export WEIR_URL=http://127.0.0.1:3999
else
  echo "not root: live capture is left out, the console runs against its mock server"
fi
lane console console_pages

status=0
for name in console live own soak; do
  [ -n "${lanes[$name]:-}" ] || continue
  wait "${lanes[$name]}" || status=1
done
lanes=()
cat "$work"/{soak,own,live,console}.log 2>/dev/null
exit "$status"
