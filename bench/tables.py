# SPDX-License-Identifier: GPL-3.0-or-later
"""What bench/run measures: the cases of each table, and the figures of others that stand beside them."""
import os
import pathlib
from dataclasses import dataclass, field

# Processed packets a second in the paper's figure 10, by hosts and bytes. The value printed there for 100 hosts and 1,500 bytes
# (2,332,090) is more than 10 Gbit/s carry; that of 1,000 hosts stands in its place.
PAPER_FIGURE_10 = {
    (100, 64): 8_100_000, (100, 128): 8_130_000, (100, 512): 2_332_090, (100, 1500): 820_210,
    (1_000, 64): 7_200_000, (1_000, 128): 6_580_000, (1_000, 512): 2_332_090, (1_000, 1500): 820_210,
    (10_000, 64): 5_091_000, (10_000, 128): 4_000_000, (10_000, 512): 2_332_090, (10_000, 1500): 819_000,
    (100_000, 64): 2_080_000, (100_000, 128): 2_000_000, (100_000, 512): 1_680_000, (100_000, 1500): 819_000,
    (1_000_000, 64): 17_800, (1_000_000, 128): 17_000, (1_000_000, 512): 17_000, (1_000_000, 1500): 17_000,
}

HOSTS = (100, 1_000, 10_000, 100_000, 1_000_000, 4_000_000)
QUICK_HOSTS = (100, 10_000, 100_000)
SIZES = (64, 128, 512, 1500)

# Above this many flows, the engines' tables together would not fit beside the packets: one process each, one after the other.
MOST_FLOWS_TOGETHER = 5_000_000


@dataclass
class Case:
    """One measurement. `kind`: a subcommand of weir-bench, or another of measure.KINDS."""
    name: str
    kind: str
    options: dict = field(default_factory=dict)
    paper: float = 0  # million packets a second
    floor: float = 0  # what the checklist asks for, million packets a second
    beside: str = ""  # an earlier case of the table; the ratio is that of the two median Mpps


def throughput(hosts, flows, size=64, engines="weir,unordered_map", **more):
    name = more.pop("name", f"{hosts}/{flows}/{size}")
    paper = PAPER_FIGURE_10.get((hosts, size), 0) / 1e6 if flows == hosts // 2 else 0
    options = {"hosts": hosts, "flows": flows, "size": size, "engines": engines}
    return Case(name, "throughput", options | more, paper)


def figure10(quick):
    sizes = (64, 1500) if quick else SIZES
    for size in sizes:
        for hosts in QUICK_HOSTS if quick else HOSTS:
            with_absl = size == 64 and hosts <= 1_000_000
            yield throughput(hosts, hosts // 2, size, "weir,absl,unordered_map" if with_absl else "weir,unordered_map")


def five_flows(quick):
    for hosts in QUICK_HOSTS if quick else HOSTS:
        engines = "weir,absl,unordered_map" if hosts <= 1_000_000 else "weir,unordered_map"
        yield throughput(hosts, 5 * hosts, engines=engines)


def zipf(quick):
    for hosts in QUICK_HOSTS if quick else HOSTS[:-1]:
        yield throughput(hosts, 5 * hosts, zipf=True)


def mix(quick):
    for hosts in QUICK_HOSTS if quick else HOSTS[:-1]:
        yield throughput(hosts, 5 * hosts, 80, mix=True)


def checklist(quick):
    # P94: the paper needed 80 % of a core; the floor is for a second of CPU time.
    del quick
    for name, hosts, flows, size, floor in (
            ("P8", 300_000, 300_000, 700, 1.7), ("P18", 1_000, 1_000, 512, 2.33209), ("P19", 1_000, 1_000, 64, 3.0),
            ("P94 350 hosts", 350, 2_000, 700, 1.735 / 0.8), ("P94 600 hosts", 600, 2_000, 700, 1.76 / 0.8),
            ("P99", 100_000, 100_000, 700, 1.74)):
        case = throughput(hosts, flows, size, "weir,unordered_map", name=name)
        case.floor = floor
        yield case


def new_flows(quick):
    flows = 500_000 if quick else 4_000_000
    yield Case(f"{flows} growing", "new-flows", {"hosts": flows // 4, "flows": flows, "engines": "weir,absl,unordered_map"})
    yield Case(f"{flows} in a tenth of the memory", "new-flows",
               {"hosts": flows // 4, "flows": flows, "engines": "weir", "memory": max(32 << 20, flows * 36)})


def purge(quick):
    flows = 100_000 if quick else 1_000_000
    size = {"flows": flows, "hosts": flows // 5, "rounds": 1 if quick else 4}
    never = "nothing ends, never"
    yield Case(never, "purge", size | {"new": 0, "timeout": 0})
    yield Case("nothing ends", "purge", size | {"new": 0}, beside=never)
    if not quick:
        yield Case("1 % new, never", "purge", size | {"new": 1, "timeout": 0}, beside=never)
    yield Case("1 % new", "purge", size | {"new": 1}, beside=never)
    if not quick:
        yield Case("5 % new", "purge", size | {"new": 5}, beside=never)


def readers(quick):
    hosts = 100_000 if quick else 1_000_000
    size = {"hosts": hosts, "flows": hosts // 2, "rounds": 2 if quick else 6}
    yield Case(f"top 100 of {hosts} hosts", "readers", size)
    yield Case("the same by throughput", "readers", size | {"sort": "bits_per_second"})
    if not quick:
        yield Case("hosts by a filter", "readers", size | {"filter": "address in 10.0.0.0/8 and bytes > 1k"})
        yield Case("flows by a filter", "readers", size | {"of-flows": True, "filter": "proto = TCP and bytes > 1k"})


def memory(quick):
    for hosts in QUICK_HOSTS if quick else HOSTS[:-1]:
        for flows in (hosts // 2, 5 * hosts):
            yield throughput(hosts, flows, engines="weir", rounds=1, stretch=1 << 20)


def file(quick):
    cases = ((10_000, 50_000),) if quick else ((100, 50), (10_000, 50_000), (100_000, 500_000), (1_000_000, 500_000))
    for hosts, flows in cases:
        yield Case(f"{hosts}/{flows}/64", "file", {"hosts": hosts, "flows": flows, "packets": 1_000_000 if quick else 8_000_000})


def shards(quick):
    yield Case("10000/50000/64", "shards", {"hosts": 10_000, "flows": 50_000, "packets": 1_000_000 if quick else 16_000_000})


def interfaces(quick):
    yield Case("10000/50000/64", "interfaces", {"hosts": 10_000, "flows": 50_000, "rounds": 1 if quick else 5})


# Traffic with payloads is not made but recorded: WEIR_BENCH_CAPTURE, or the corpus beside the repository.
RECORDED = pathlib.Path(os.environ.get("WEIR_BENCH_CAPTURE",
                                       pathlib.Path(__file__).resolve().parents[2] / "shared/corpus/bench/mix700.pcap"))


def inspection(quick):
    if not RECORDED.is_file():
        return
    copies = {"capture": RECORDED, "copies": 20}
    yield Case(f"{RECORDED.stem}/new flows", "new-inspected", copies)
    yield Case(f"{RECORDED.stem}/each flow", "each-flow", {"capture": RECORDED})
    yield Case(f"{RECORDED.stem}/read again", "repeated", {"capture": RECORDED, "repeats": 50 if quick else 200})
    yield Case(f"{RECORDED.stem}/ndpiReader", "ndpi", copies)
    yield Case(f"{RECORDED.stem}/after the verdict", "settled", {"capture": RECORDED, "repeats": 100 if quick else 500})


def hash_flood(quick):
    del quick
    for name, more in (("random", {}), ("colliding", {"colliding": True})):
        yield throughput(2_000, 200_000, name=name, **more)


TABLES = {
    "figure10": ("The paper's figure 10: one flow for each pair of hosts, uniform, scrambled addresses", figure10),
    "five_flows": ("Five flows a host, uniform, 64 bytes", five_flows),
    "zipf": ("Five flows a host, by Zipf's law, 64 bytes", zipf),
    "mix": ("Five flows a host, 20 % IPv6, 10 % in VLANs, 5 % ICMP, 80 bytes", mix),
    "checklist": ("Loads that the paper claims", checklist),
    "new_flows": ("Packets each of which begins a flow", new_flows),
    "purge": ("Flows that end while packets go on", purge),
    "readers": ("Lists asked for without a pause", readers),
    "interfaces": ("Two interfaces in memory, a thread each; needs two cores that are free", interfaces),
    "memory": ("Memory", memory),
    "file": ("From a file in the page cache, weir read", file),
    "shards": ("Two shards on a file, weir read --shards; needs two cores that are free", shards),
    "inspection": ("What looking at payloads costs, weir read of recorded traffic", inspection),
    "hash_flood": ("200,000 flows whose tuples add up to the same", hash_flood),
}
