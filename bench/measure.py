# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the programs that measure and reads what they say."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import captures
import tables

QUICK = {"rounds": 2, "stretch": 16 << 20}
FILE_REPEATS = 3


class Failed(Exception):
    """A measurement that did not come about, with the reason."""


def command_line(program, subcommand, options):
    line = [str(program), subcommand]
    for name, value in options.items():
        if value is True:
            line.append(f"--{name}")
        else:
            line += [f"--{name}", str(value)]
    return line


def run_json(line):
    done = subprocess.run(line, capture_output=True, text=True, timeout=900, check=False)
    if done.returncode != 0:
        raise Failed(f"{' '.join(line)}: {done.stderr.strip() or f'ended with {done.returncode}'}")
    return json.loads(done.stdout)


def cpu_seconds(line):
    """CPU time, user and system, of a command that must succeed."""
    with open(os.devnull, "wb") as nowhere, tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(line, stdout=nowhere, stderr=errors)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            errors.seek(0)
            raise Failed(f"{' '.join(map(str, line))}: {errors.read().decode(errors='replace').strip()}")
    return usage.ru_utime + usage.ru_stime


def with_ratio(result):
    result["ratio"] = result["weir"]["ratio"]["median"] if "unordered_map" in result else None
    return result


def throughput(bin_folder, case, quick):
    options = (QUICK if quick else {}) | case.options
    program = bin_folder / "weir-bench"
    if options["flows"] <= tables.MOST_FLOWS_TOGETHER:
        return with_ratio(run_json(command_line(program, "throughput", options)))
    result = {}
    for engine in options["engines"].split(","):
        result |= run_json(command_line(program, "throughput", options | {"engines": engine, "rounds": 3}))
    for engine in result.values():
        engine["ratio"]["median"] = engine["mpps"]["median"] / result["unordered_map"]["mpps"]["median"]
    return with_ratio(result)


def new_flows(bin_folder, case, quick):
    del quick
    result = run_json(command_line(bin_folder / "weir-bench", "new-flows", case.options))
    others = result.get("unordered_map")
    result["ratio"] = result["weir"]["million_per_second"] / others["million_per_second"] if others else None
    return result


def purge(bin_folder, case, quick):
    del quick
    return run_json(command_line(bin_folder / "weir-bench", "purge", case.options))


def readers(bin_folder, case, quick):
    del quick
    result = run_json(command_line(bin_folder / "weir-bench", "readers", case.options))
    return result | {"ratio": 1 - result["loss_percent"]["median"] / 100}


def interfaces(bin_folder, case, quick):
    del quick
    result = run_json(command_line(bin_folder / "weir-bench", "interfaces", case.options))
    return result | {"ratio": result["times"]["median"]}


def make_capture(bin_folder, hosts, flows, packets, path):
    line = [bin_folder / "weir-traffic", "--hosts", hosts, "--flows", flows, "--size", 64, "--tcp", 50, "--shape", "random",
            "--pps", 10_000_000, "--format", "pcap-ns", "--packets", packets, "--write", path]
    done = subprocess.run(list(map(str, line)), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Failed(done.stderr.strip())


def steady_mpps(short, long):
    """Of two (packets, CPU seconds) of which the longer one begins as the shorter one, the rate of what it has more."""
    return (long[0] - short[0]) / (long[1] - short[1]) / 1e6


def file(bin_folder, case, quick):
    """weir read of a capture and of its beginning; what the difference took is the steady part, without start and end."""
    hosts, flows, packets = (case.options[name] for name in ("hosts", "flows", "packets"))
    opening = 2 * flows
    with tempfile.TemporaryDirectory(prefix="weir-bench-", dir=os.environ.get("WEIR_BENCH_FILES")) as folder:
        paths = {}
        for count in (opening, opening + packets):
            paths[count] = pathlib.Path(folder) / f"{count}.pcap"
            make_capture(bin_folder, hosts, flows, count, paths[count])
        rates, whole = [], []
        for _ in range(1 if quick else FILE_REPEATS):
            took = {count: cpu_seconds([bin_folder / "weir", "read", "--json", "--no-dpi", "--memory", "4G", path])
                    for count, path in paths.items()}
            rates.append(steady_mpps((opening, took[opening]), (opening + packets, took[opening + packets])))
            whole.append((opening + packets) / took[opening + packets] / 1e6)
    in_memory = run_json(command_line(bin_folder / "weir-bench", "throughput",
                                      {"hosts": hosts, "flows": flows, "engines": "weir"} | (QUICK if quick else {})))["weir"]["mpps"]["median"]
    rate = sorted(rates)[len(rates) // 2]
    return {"mpps": rate, "whole_mpps": sorted(whole)[len(whole) // 2], "in_memory_mpps": in_memory, "ratio": rate / in_memory}


def bytes_each(measured):
    """Bytes a host and bytes a flow, from two (hosts, flows, bytes) of the same hosts and different flows."""
    (hosts, few, small), (_, many, large) = measured
    a_flow = (large - small) / (many - few)
    return (small - few * a_flow) / hosts, a_flow


def shards(bin_folder, case, quick):
    """Wall-clock time of one shard over that of two, in turns. On a machine whose cores are busy that says nothing."""
    hosts, flows, packets = (case.options[name] for name in ("hosts", "flows", "packets"))
    seconds = {1: [], 2: []}
    with tempfile.TemporaryDirectory(prefix="weir-bench-", dir=os.environ.get("WEIR_BENCH_FILES")) as folder:
        path = pathlib.Path(folder) / "shards.pcap"
        make_capture(bin_folder, hosts, flows, packets, path)
        for _ in range(1 if quick else 5):
            for count, values in seconds.items():
                start = time.monotonic()
                cpu_seconds([bin_folder / "weir", "read", "--json", "--no-dpi", "--shards", str(count), path])
                values.append(time.monotonic() - start)
    one, two = (sorted(values)[len(values) // 2] for values in seconds.values())
    return {"one_mpps": packets / one / 1e6, "two_mpps": packets / two / 1e6, "times": one / two, "ratio": one / two}


def medians_in_turns(commands, rounds):
    """{key: median CPU seconds} of {key: command line}, each run so often, in turns."""
    seconds = {key: [] for key in commands}
    for _ in range(rounds):
        for key, line in commands.items():
            seconds[key].append(cpu_seconds(line))
    return {key: sorted(values)[len(values) // 2] for key, values in seconds.items()}


def cost_of_inspection(seconds, flows):
    """Of the CPU seconds by (whether payloads are looked at, how much is read) and the flows by the latter, the part that grows with
    reading more: what payloads cost for a flow in microseconds, flows a second, and how much faster it is without."""
    few, many = sorted(flows)
    grown = {inspects: seconds[inspects, many] - seconds[inspects, few] for inspects in (True, False)}
    new = flows[many] - flows[few]
    return {"flow_us": (grown[True] - grown[False]) / new * 1e6, "flows_per_second": new / grown[True], "ratio": grown[False] / grown[True]}


def reading(bin_folder, path, *more):
    return [str(part) for part in (bin_folder / "weir", "read", "--json", path, *more)]


def new_inspected_flows(bin_folder, case, quick):
    """weir read with and without a look at payloads, of a capture once and of copies of it in VLANs, in which each flow is new."""
    counts = (1, case.options["copies"])
    with tempfile.TemporaryDirectory(prefix="weir-bench-", dir=os.environ.get("WEIR_BENCH_FILES")) as folder:
        commands, flows = {}, {}
        for count in counts:
            path = pathlib.Path(folder) / f"{count}.pcap"
            captures.write(path, captures.copies(captures.records(case.options["capture"]), count))
            flows[count] = run_json(reading(bin_folder, path))["flows"]
            commands |= {(True, count): reading(bin_folder, path), (False, count): reading(bin_folder, path, "--no-dpi")}
        medians = medians_in_turns(commands, 3 if quick else 9)
    return {"flows": flows[counts[1]]} | cost_of_inspection(medians, flows)


def repeated_inspection(bin_folder, case, quick):
    """The same of a capture that is read again and again: most flows go on, and each pass shows all of them."""
    repeats, capture = (1, case.options["repeats"]), case.options["capture"]
    a_pass = run_json(reading(bin_folder, capture))["flows"]
    commands = {(inspects, count): reading(bin_folder, capture, "--repeat", count, *([] if inspects else ["--no-dpi"]))
                for inspects in (True, False) for count in repeats}
    medians = medians_in_turns(commands, 3 if quick else 9)
    return {"flows": a_pass * repeats[1]} | cost_of_inspection(medians, {count: a_pass * count for count in repeats})


def each_flow(bin_folder, case, quick):
    """What classification and metadata cost the median of a capture's flows, in the inspector alone (bench/inspection_bench.cc)."""
    del quick
    os.environ["WEIR_BENCH_CAPTURE"] = str(case.options["capture"])
    counters = run_json([str(bin_folder / "inspection_bench"), "--benchmark_format=json"])["benchmarks"][0]
    return {"flows": round(counters["flows"]), "flow_us": counters["median_us"], "mean_us": counters["mean_us"], "p90_us": counters["p90_us"]}


def against_ndpi(bin_folder, case, quick):
    """CPU time of Debian's ndpiReader over that of weir read, of what copies of a capture have more than one."""
    reader = shutil.which("ndpiReader")
    if reader is None:
        return {"left_out": "ndpiReader is not installed"}
    counts = (1, case.options["copies"])
    with tempfile.TemporaryDirectory(prefix="weir-bench-", dir=os.environ.get("WEIR_BENCH_FILES")) as folder:
        commands = {}
        for count in counts:
            path = pathlib.Path(folder) / f"{count}.pcap"
            captures.write(path, captures.copies(captures.records(case.options["capture"]), count))
            commands |= {("weir", count): reading(bin_folder, path), ("ndpi", count): [reader, "-q", "-i", str(path)]}
        flows = run_json(commands["weir", counts[1]])["flows"]
        medians = medians_in_turns(commands, 3 if quick else 9)
    grown = {who: medians[who, counts[1]] - medians[who, counts[0]] for who in ("weir", "ndpi")}
    return {"flows": flows, "ratio": grown["ndpi"] / grown["weir"]}


def settled(bin_folder, case, quick):
    """Packets a second of connections that have their verdict, over those with --no-dpi: TLS from a capture, read again and again."""
    repeats = (20, case.options["repeats"])
    with tempfile.TemporaryDirectory(prefix="weir-bench-", dir=os.environ.get("WEIR_BENCH_FILES")) as folder:
        path = pathlib.Path(folder) / "settled.pcap"
        frames = [each for each in captures.records(case.options["capture"]) if captures.is_steady(each[2], 443)]
        captures.write(path, frames)
        flows = run_json(reading(bin_folder, path))["flows"]
        commands = {(inspects, count): reading(bin_folder, path, "--repeat", count, *([] if inspects else ["--no-dpi"]))
                    for inspects in (True, False) for count in repeats}
        medians = medians_in_turns(commands, 3 if quick else 9)
    grown = {inspects: medians[inspects, repeats[1]] - medians[inspects, repeats[0]] for inspects in (True, False)}
    packets = len(frames) * (repeats[1] - repeats[0])
    return {"flows": flows, "mpps": packets / grown[True] / 1e6, "ratio": grown[False] / grown[True]}


KINDS = {"new-inspected": new_inspected_flows, "repeated": repeated_inspection, "each-flow": each_flow, "ndpi": against_ndpi, "settled": settled,
         "shards": shards, "throughput": throughput, "new-flows": new_flows, "purge": purge, "readers": readers, "interfaces": interfaces, "file": file}


def beside(result, case, done):
    """The result with its ratio to the case it stands beside, of those `done`; as it is when it stands beside none."""
    if not case.beside:
        return {"ratio": None} | result
    return result | {"ratio": result["mpps"]["median"] / done[case.beside]["mpps"]["median"]}


def run_table(name, bin_folder, quick):
    """{case: figures} of a table; says on standard error what it does."""
    done = {}
    for case in tables.TABLES[name][1](quick):
        print(f"{name}: {case.name}", file=sys.stderr, flush=True)
        result = beside(KINDS[case.kind](bin_folder, case, quick), case, done)
        done[case.name] = result | {key: value for key, value in (("paper", case.paper), ("floor", case.floor)) if value}
    return done
