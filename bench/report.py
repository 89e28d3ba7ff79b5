# SPDX-License-Identifier: GPL-3.0-or-later
"""Figures as tables in Markdown."""
import measure
import tables


def number(value):
    return "-" if value is None else f"{value:,}" if isinstance(value, int) else f"{value:.3g}"


def median(result, engine):
    return result[engine]["mpps"]["median"] if engine in result else None


def lines(header, rows):
    return "\n".join(["| " + " | ".join(header) + " |", "|" + "---|" * len(header)] +
                     ["| " + " | ".join(row) + " |" for row in rows])


def throughput(cases):
    rows = []
    for name, result in cases.items():
        weir = result["weir"]["mpps"]
        paper, floor = result.get("paper"), result.get("floor")
        beside = [number(paper)] if any("paper" in case for case in cases.values()) else []
        beside += [f"{number(floor)} {'ok' if weir['min'] >= floor else 'MISSED'}"] if floor else []
        rows.append([name.replace("/", " / "), number(weir["median"]), f"{number(weir['min'])}..{number(weir['max'])}",
                     number(median(result, "absl")), number(median(result, "unordered_map")), number(result["ratio"])] + beside)
    header = ["hosts / flows / bytes", "weir, Mpps", "min..max", "absl", "unordered_map", "weir / unordered_map"]
    if any("paper" in case for case in cases.values()):
        header.append("paper")
    if any("floor" in case for case in cases.values()):
        header.append("at least")
    return lines(header, rows)


def new_flows(cases):
    return lines(["flows", "engine", "million a second", "64 of them: median, µs", "99.9 %", "worst", "held"],
                 [[name, engine, number(result["million_per_second"]), number(result["steps"]["median_us"]),
                   number(result["steps"]["p999_us"]), number(result["steps"]["worst_us"]), number(result["held"])]
                  for name, case in cases.items() for engine, result in case.items() if isinstance(result, dict)])


def purge(cases):
    return lines(["", "Mpps", "to the first", "step of 64: 99.9 %, µs", "worst", "flows held", "all silent: ns a flow", "worst step, µs", "left"],
                 [[name, number(case["mpps"]["median"]), number(case["ratio"]), number(case["steps"]["p999_us"]),
                   number(case["steps"]["worst_us"]), number(case["held"])] + ([number(case["idle_ns_a_flow"]), number(case["idle_steps"]["worst_us"]), number(case["left"])]
                                            if case["idle_steps"]["steps"] else ["-", "-", "-"]) for name, case in cases.items()])


def readers(cases):
    return lines(["", "writer alone, Mpps", "read", "loss, %", "step of 64: 99.9 %, µs", "worst", "queries", "a query, ms", "ms of CPU", "99 %"],
                 [[name, number(case["alone_mpps"]["median"]), number(case["read_mpps"]["median"]), number(case["loss_percent"]["median"]),
                   number(case["steps"]["p999_us"]), number(case["steps"]["worst_us"]), number(case["queries"]), number(case["wall_ms"]),
                   number(case["cpu_ms"]), number(case["cpu_ms_99"])]
                  for name, case in cases.items()])


def memory(cases):
    by_hosts = {}
    for name, case in cases.items():
        hosts, flows, _ = map(int, name.split("/"))
        by_hosts.setdefault(hosts, []).append((hosts, flows, case["weir"]["resident_bytes"]))
    rows = []
    for hosts, measured in by_hosts.items():
        a_host, a_flow = measure.bytes_each(measured)
        rows.append([number(hosts)] + [number(used / 2**20) for _, _, used in measured] + [f"{a_host:.0f}", f"{a_flow:.0f}"])
    return lines(["hosts", "MB with a flow for each pair", "MB with five flows a host", "bytes a host", "bytes a flow"], rows)


def file(cases):
    return lines(["hosts / flows / bytes", "steady, Mpps", "whole file", "in memory", "file / memory"],
                 [[name.replace("/", " / "), number(case["mpps"]), number(case["whole_mpps"]), number(case["in_memory_mpps"]),
                   number(case["ratio"])] for name, case in cases.items()])


def shards(cases):
    return lines(["hosts / flows / bytes", "one shard, Mpps of wall-clock time", "two", "times"],
                 [[name.replace("/", " / "), number(case["one_mpps"]), number(case["two_mpps"]), number(case["times"])]
                  for name, case in cases.items()])


def interfaces(cases):
    return lines(["hosts / flows / bytes", "one interface, Mpps of wall-clock time", "two", "times"],
                 [[name.replace("/", " / "), number(case["one_mpps"]["median"]), number(case["two_mpps"]["median"]), number(case["times"]["median"])]
                  for name, case in cases.items()])


def inspection(cases):
    ratios = {"each flow": "µs: the median flow in the inspector alone; docs/applications.md has more", "new flows": "packets a second, with / without payloads", "read again": "packets a second, with / without payloads",
              "ndpiReader": "its CPU time / weir's", "after the verdict": "packets a second, with / without payloads"}
    return lines(["capture", "flows", "payloads, µs a flow", "ratio", "of what"],
                 [[name.replace("/", ", "), number(case.get("flows")), number(case.get("flow_us")), number(case["ratio"]),
                   case.get("left_out", ratios.get(name.partition("/")[2], ""))] for name, case in cases.items()])


FORMATS = {"inspection": inspection, "shards": shards, "new_flows": new_flows, "purge": purge, "readers": readers, "interfaces": interfaces, "memory": memory, "file": file}


def table(name, cases):
    return FORMATS.get(name, throughput)(cases)


BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"


def into(document, results):
    """The document with the tables of these results between its two marks. ValueError: it has no such marks."""
    before, begin, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"no {BEGIN} ... {END}")
    return f"{before}{BEGIN}\n{everything(results)}\n{END}{after}"


def everything(results):
    return "\n\n".join(f"### {name}: {tables.TABLES[name][0]}\n\n{table(name, cases)}" for name, cases in results["tables"].items())
