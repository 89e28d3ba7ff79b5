#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that each header under src/ compiles alone, with the flags its module is built with.

The flags come from BUILD/compile_commands.json. A header that its own .cc includes first was compiled alone by the build itself, where
that took no precompiled headers. What compiled is remembered in BUILD/headers_ok.json by the content of the
header and of all project headers it includes, so that only what changed is compiled again.
"""
import argparse
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

# Folders of headers that only compilers for that processor read.
PROCESSORS = {"x86_64", "aarch64"}
INCLUDE = re.compile(rb'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def compiled_by_build(commands):
    """The headers that come first in a .cc of the same name."""
    headers = set()
    for entry in commands:
        path = pathlib.Path(entry["file"])
        header = path.with_suffix(".h")
        if "cmake_pch" in entry["command"] or not header.is_file():
            continue
        first = INCLUDE.search(path.read_bytes())
        # Nothing of another kind stands before it.
        if first and header.as_posix().endswith("/" + first[1].decode()) and b"#include" not in path.read_bytes()[:first.start()]:
            headers.add(header)
    return headers


def module_flags(commands, source):
    """module -> (compiler and flags, folder), of any of its files; `None` for modules that have none."""
    flags = {}
    for entry in commands:
        path = pathlib.Path(entry["file"])
        if source / "src" not in path.parents:
            continue
        module = path.relative_to(source / "src").parts[0]
        is_test = path.name.endswith("_test.cc")
        if module in flags and (is_test or not flags[module][2]):
            continue
        words = shlex.split(entry["command"])
        for option in ("-o", "-c", "-MT", "-MF"):
            while option in words:
                at = words.index(option)
                del words[at:at + 2]
        words = [word for word in words if word not in ("-MD", "-Winvalid-pch") and not word.endswith("ccache")]
        # What is precompiled for tests must not stand in for what a header forgets.
        for at in [at for at, word in enumerate(words) if word == "-include" and "cmake_pch" in words[at + 1]][::-1]:
            del words[at:at + 2]
        flags[module] = (words, entry["directory"], is_test)
    return flags


def fingerprint(header, roots, flags):
    """Of the header, the project headers behind it and the flags."""
    digest = hashlib.sha256(" ".join(flags).encode())
    pending, seen = [header], set()
    while pending:
        path = pending.pop()
        if path in seen:
            continue
        seen.add(path)
        content = path.read_bytes()
        digest.update(str(path).encode() + b"\0" + content)
        for name in sorted(INCLUDE.findall(content)):
            pending += [root / name.decode() for root in roots if (root / name.decode()).is_file()][:1]
    return digest.hexdigest()


def compile_alone(header, flags, folder):
    # Included rather than named, since compilers warn about #pragma once in the main file.
    command = flags + ["-fsyntax-only", "-x", "c++", "-"]
    run = subprocess.run(command, cwd=folder, input=f'#include "{header}"\n', text=True, capture_output=True)
    return run.returncode == 0, run.stderr


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path, help="a configured build folder")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments = parser.parse_args()
    build = arguments.build.resolve()
    source = pathlib.Path(__file__).resolve().parent.parent
    commands = json.loads((build / "compile_commands.json").read_text())
    flags = module_flags(commands, source)
    built = compiled_by_build(commands)
    roots = [source / "src", build / "generated"]
    remembered = build / "headers_ok.json"
    known = set(json.loads(remembered.read_text())) if remembered.is_file() else set()

    work = {}
    for header in sorted((source / "src").rglob("*.h")):
        if header in built:
            continue
        module = header.relative_to(source / "src").parts[0]
        words, folder, _ = flags.get(module) or flags["base"]
        if header.parent.name in PROCESSORS and f"-I{header.parent}" not in words:
            continue
        if header.name.startswith("test_"):
            words = words + [f'-DWEIR_SOURCE_DIR="{source}"']
        work[header] = (fingerprint(header, roots, words), words, folder)

    failed = 0
    todo = {header: entry for header, entry in work.items() if entry[0] not in known}
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as pool:
        for header, (ok, errors) in zip(todo, pool.map(lambda h: compile_alone(h, *todo[h][1:]), todo)):
            if ok:
                known.add(todo[header][0])
            else:
                failed += 1
                print(f"{header.relative_to(source)} does not compile alone:\n{errors}")
    remembered.write_text(json.dumps(sorted(known & {entry[0] for entry in work.values()})))
    print(f"headers: {len(built)} were compiled alone by the build, {len(work)} checked, {len(todo)} of them compiled now, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
