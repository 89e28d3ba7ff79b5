#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The highest rate at which each way to capture loses nothing, on a veth between two namespaces of its own.

    bench/live_capture.py [--bin build/release/bin] [--seconds 3] [--rates 200000,400000,...] [--method NAME ...]

Needs root, and tcpdump for the reference. The sender is pinned to the first processor, where the receiving side's softirq then
runs as well, weir's shard to the second. Prints a row for each method and rate: what arrived at the interface, what was lost and
where, the processor time of weir's shard (of tcpdump's process) and how long it was ready but had to wait for a processor; a
neighbour on that processor loses packets, too. Then a table of the highest rates without loss.
"""
import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time

WATCHER, SENDER = f"weir-test-bench-{os.getpid()}-w", f"weir-test-bench-{os.getpid()}-s"
WEIR_METHODS = {
    "TPACKET_V3": ["-i", "weir-w"],
    "TPACKET_V3, 2 shards": ["-i", "weir-w", "--shards", "2"],
    "TPACKET_V3, busy poll": ["-i", "weir-w", "--busy-poll"],
    "libpcap, 2 MB": ["-i", "weir-w", "--libpcap", "--buffer", "2M"],
    "libpcap, 64 MB": ["-i", "weir-w", "--libpcap"],
    "AF_XDP, copy": ["-i", "afxdp:weir-w"],
}
TCPDUMP_METHODS = {"tcpdump, 2 MB": [], "tcpdump, 64 MB": ["-B", "65536"]}


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def inside(space, *command):
    return ("ip", "netns", "exec", space, *command)


def make_wire():
    for space in (WATCHER, SENDER):
        run("ip", "netns", "add", space)
        run(*inside(space, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1"))
        run("ip", "-n", space, "link", "set", "lo", "up")
    run("ip", "-n", WATCHER, "link", "add", "weir-w", "type", "veth", "peer", "name", "weir-s", "netns", SENDER)
    run("ip", "-n", WATCHER, "link", "set", "weir-w", "arp", "off", "up")
    run("ip", "-n", SENDER, "link", "set", "weir-s", "arp", "off", "up")
    time.sleep(0.5)


def remove_wire():
    for space in (WATCHER, SENDER):
        subprocess.run(("ip", "netns", "del", space), stderr=subprocess.DEVNULL, check=False)


def arrived():
    """Packets that the sender's side handed over; those that found the softirq's queue full are left out."""
    link = json.loads(run("ip", "-n", SENDER, "-s", "-j", "link", "show", "weir-s"))[0]
    return link["stats64"]["tx"]["packets"]


def send(arguments, rate):
    """Sends for about arguments.seconds; the packets a second that left."""
    packets = max(1000, int((rate or 2_000_000) * arguments.seconds))
    begin = time.monotonic()
    run(*inside(SENDER, "taskset", "-c", "0", f"{arguments.bin}/weir-traffic", "--hosts", "1000", "--flows", "1000", "--size",
                str(arguments.size), "--packets", str(packets), "--rate", str(rate), "--send", "weir-s"))
    return packets / (time.monotonic() - begin)


class Weir:
    def __init__(self, arguments, options):
        cpus = "1,0" if "--shards" in options else "1"
        self.process = subprocess.Popen(
            inside(WATCHER, f"{arguments.bin}/weir", "--http", "127.0.0.1:3998", "--memory", "256M", "--cpus", cpus, *options),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            if line.startswith("Ctrl-C"):
                break
        else:
            sys.exit(f"weir {' '.join(options)} does not start")
        self.before = None

    def read(self):
        text = run(*inside(WATCHER, "curl", "-fsS", "http://127.0.0.1:3998/api/v1/health"))
        return json.loads(text)["interfaces"][0]

    def begin(self):
        time.sleep(1.5)
        self.before = self.read()

    def end(self):
        time.sleep(2.5)  # the figures are a second old at most
        now = self.read()
        grown = lambda name: sum(s[name] for s in now["shard_list"]) - sum(s[name] for s in self.before["shard_list"])
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()
        where = {place: n - self.before["drops"].get(place, 0) for place, n in now["drops"].items()}
        return {"packets": now["packets"] - self.before["packets"], "drops": {p: n for p, n in where.items() if n},
                "cpu": grown("cpu_s"), "waiting": grown("waiting_s")}


class Tcpdump:
    def __init__(self, _, options):
        self.process = subprocess.Popen(inside(WATCHER, "taskset", "-c", "1", "tcpdump", "-i", "weir-w", "-w", "/dev/null", *options),
                                        stderr=subprocess.PIPE, text=True)

    def begin(self):
        time.sleep(1)

    def end(self):
        time.sleep(1)
        with open(f"/proc/{self.process.pid}/schedstat", encoding="ascii") as file:
            cpu, waiting = (int(n) / 1e9 for n in file.read().split()[:2])
        self.process.send_signal(signal.SIGINT)
        text = self.process.communicate()[1]
        count = lambda what: int(re.search(rf"(\d+) packets? {what}", text)[1])
        dropped = count("dropped by kernel")
        return {"packets": count("captured"), "drops": {"libpcap": dropped} if dropped else {}, "cpu": cpu, "waiting": waiting}


def measure(arguments, name, options, rate):
    receiver = (Tcpdump if name in TCPDUMP_METHODS else Weir)(arguments, options)
    try:
        receiver.begin()
        before = arrived()
        sent_rate = send(arguments, rate)
        there = arrived() - before
        result = receiver.end()
    finally:
        receiver.process.kill()
        receiver.process.wait()
    result["lost"] = there - result["packets"]
    result["rate"] = sent_rate
    places = ", ".join(f"{place} {n}" for place, n in result["drops"].items())
    print(f"{name:22} {sent_rate / 1e6:6.2f} Mpps  arrived {there:9,}  lost {result['lost']:8,}  "
          f"{result['cpu'] / max(there, 1) * 1e9:6.0f} ns/packet  waited {result['waiting'] * 1e3:6.1f} ms  {places}", flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", default="build/release/bin")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--rates", default="100000,200000,400000,800000,1200000,0", help="packets a second; 0: as fast as it goes")
    parser.add_argument("--method", action="append", help="instead of all")
    arguments = parser.parse_args()
    methods = {**WEIR_METHODS, **TCPDUMP_METHODS}
    chosen = {name: methods[name] for name in arguments.method} if arguments.method else methods
    best = {}
    remove_wire()
    try:
        make_wire()
        for name, options in chosen.items():
            for rate in (int(text) for text in arguments.rates.split(",")):
                result = measure(arguments, name, options, rate)
                if result["lost"] <= 0 and result["rate"] > best.get(name, {"rate": 0})["rate"]:
                    best[name] = result
    finally:
        remove_wire()
    print("\n| method | highest rate without loss, Mpps | processor, ns a packet | waited, ms |\n|---|---|---|---|")
    for name in chosen:
        if name not in best:
            print(f"| {name} | none of those tried | | |")
            continue
        row = best[name]
        print(f"| {name} | {row['rate'] / 1e6:.2f} | {row['cpu'] / row['packets'] * 1e9:.0f} | {row['waiting'] * 1e3:.1f} |")


if __name__ == "__main__":
    main()
