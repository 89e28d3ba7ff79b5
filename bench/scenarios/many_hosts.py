# SPDX-License-Identifier: GPL-3.0-or-later
"""A weir that has read a capture of very many hosts, for those who ask it."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

BIN = pathlib.Path(os.environ.get("WEIR_BIN", pathlib.Path(__file__).resolve().parents[2] / "build/release/bin"))


def quantile(values, part):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * part))]


def get(connection, path):
    """The answer to a GET of a path under /api/v1/: its status and its bytes."""
    connection.request("GET", f"/api/v1/{path}", headers={"Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    return answer.status, answer.read()


def state_of(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/api/v1/interfaces")
    state = json.loads(connection.getresponse().read())["rows"][0]["state"]
    connection.close()
    return state


def start(program, capture, more=()):
    """The process and its port, once it has read the capture. `more`: further options."""
    process = subprocess.Popen([program, "-i", f"pcap:{capture}", "--http", "127.0.0.1:0", "--memory", "4G", *more],
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    port = 0
    for line in process.stdout:
        if found := re.match(r"console: http://127\.0\.0\.1:(\d+)", line):
            port = int(found[1])
        if line.startswith("Ctrl-C"):
            break
    while process.poll() is None:
        if state_of(port) != "running":
            return process, port
        time.sleep(0.2)
    raise OSError("weir ended")


@contextlib.contextmanager
def watching(programs, hosts, more=()):
    """The port of a weir that has read half as many flows as there are hosts."""
    with tempfile.TemporaryDirectory(prefix="weir-bench-", dir=os.environ.get("WEIR_BENCH_FILES")) as folder:
        capture = f"{folder}/hosts.pcap"
        subprocess.run([programs / "weir-traffic", "--hosts", str(hosts), "--flows", str(hosts // 2), "--tcp", "50", "--size", "64",
                        "--packets", str(2 * hosts), "--write", capture], check=True, stderr=subprocess.DEVNULL)
        process, port = start(programs / "weir", capture, more)
        try:
            yield port
        finally:
            process.terminate()
            process.wait()
