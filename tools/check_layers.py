#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks that each file includes only what its module may use.

cmake/layers.txt names for each module of src/ the modules it may include, cmake/third_party.txt for each third-party header
who may include it. Also checked: a module stands below all it uses, no header includes itself in a circle, and the DEPENDS and
LIBRARIES in each CMakeLists.txt say nothing else. Prints one line for each violation; exit code 1 when there is any.
"""
import argparse
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
# Standard C, POSIX and processor headers; whole folders end in a slash.
SYSTEM = re.compile(
    r"^(?:(?:sys|linux|net|netinet|arpa|asm)/.*|"
    r"(?:errno|fcntl|ifaddrs|netdb|poll|pthread|pwd|grp|sched|signal|stdio|stdlib|string|time|unistd|limits|malloc|spawn|getopt|dirent|termios|langinfo)\.h|"
    r"(?:x86intrin|[a-z]mmintrin|arm_neon)\.h)$")
OUTSIDE = ("tests", "bench", "fuzz")  # folders beside src/ that may use every module


class Layers:
    """What cmake/layers.txt and cmake/third_party.txt allow."""

    def __init__(self, root):
        self.problems = []
        self.allowed = {}  # module -> modules
        self.for_tests = {}  # module -> further modules its tests may use
        self.third_party = {}  # prefix -> users
        for number, line in self._lines(root / "cmake/layers.txt"):
            name, _, uses = line.partition(":")
            name, uses = name.strip(), uses.split()
            module, is_for_tests = re.fullmatch(r"(\w+)(\(tests\))?", name).groups()
            for used in uses:
                if used not in self.allowed and not is_for_tests:
                    self.problems.append(f"cmake/layers.txt:{number}: {module} uses {used}, which does not stand above it")
            (self.for_tests if is_for_tests else self.allowed)[module] = set(uses)
        for _, line in self._lines(root / "cmake/third_party.txt"):
            prefix, *users = line.split()
            self.third_party[prefix] = set(users)

    @staticmethod
    def _lines(path):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            line = line.split("#")[0].strip()
            if line:
                yield number, line

    def may_use(self, module, is_test):
        if module in OUTSIDE:
            return set(self.allowed) | {module}
        return self.allowed[module] | {module} | (self.for_tests.get(module, set()) if is_test else set())


def is_test_file(path):
    return path.name.endswith("_test.cc") or path.name.startswith("test_")


def includes(path):
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1) == '"', match.group(2)


def sources(folder):
    return sorted(p for p in folder.rglob("*") if p.suffix in (".h", ".cc"))


def check_include(layers, module, path, quoted, name):
    """The reason why `path` of `module` may not include `name`, or None."""
    is_test = is_test_file(path)
    first = re.split(r"[/.]", name)[0]
    if quoted:
        if module in OUTSIDE and any((folder / name).is_file() for folder in list(path.parents)[:2]):
            return None  # beside it, or from the folder above as the tests of several folders write
        if "/" not in name or (first not in layers.allowed and first not in OUTSIDE):
            return f'"{name}" is not a path from src/'
        if first in layers.may_use(module, is_test):
            return None
        return f"{module} may not use {first}"
    if re.fullmatch(r"\w+", name) or SYSTEM.match(name):
        return None
    if "/" not in name and any(path.parent.rglob(name)):
        return None  # a header of the same module that CMake chooses, such as by processor
    users = layers.third_party.get(first)
    if users is None:
        return f"<{name}> is a third-party header that cmake/third_party.txt does not name"
    if "*" in users or module in users or (is_test and "tests" in users):
        return None
    return f"<{name}> belongs to {', '.join(sorted(users))} alone"


def check_files(root, layers):
    problems = []
    folders = [(p.name, p) for p in sorted((root / "src").iterdir()) if p.is_dir()]
    folders += [(name, root / name) for name in OUTSIDE if (root / name).is_dir()]
    for module, folder in folders:
        if module not in layers.allowed and module not in OUTSIDE:
            problems.append(f"src/{module}: is not in cmake/layers.txt")
            continue
        for path in sources(folder):
            for number, quoted, name in includes(path):
                reason = check_include(layers, module, path, quoted, name)
                if reason:
                    problems.append(f"{path.relative_to(root)}:{number}: {reason}")
    return problems


def check_circles(root):
    """Headers that include themselves through others."""
    graph = {}
    for path in (root / "src").rglob("*.h"):
        name = str(path.relative_to(root / "src"))
        graph[name] = [other for _, quoted, other in includes(path) if quoted]
    problems, done = [], set()

    def visit(name, trail):
        if name in trail:
            problems.append("src/" + " -> ".join(trail[trail.index(name):] + [name]) + ": a circle")
        elif name not in done:
            for other in graph.get(name, []):
                visit(other, trail + [name])
            done.add(name)

    for name in sorted(graph):
        visit(name, [])
    return problems


def check_cmake(root, layers):
    problems = []
    for path in sorted((root / "src").glob("*/CMakeLists.txt")):
        text = re.sub(r"#.*", "", path.read_text())
        for command, arguments in re.findall(r"\b(module|module_test)\s*\(([^)]*)\)", text):
            module, *words = arguments.split()
            if module not in layers.allowed:
                problems.append(f"{path.relative_to(root)}: {module} is not in cmake/layers.txt")
                continue
            section, used = None, set()
            for word in words:
                if word in ("DEPENDS", "LIBRARIES", "SOURCES"):
                    section = word
                elif section == "DEPENDS" or (section == "LIBRARIES" and word.startswith("weir_")):
                    used.add(word.removeprefix("weir_"))
            allowed = layers.may_use(module, command == "module_test")
            for other in sorted((used & set(layers.allowed)) - allowed):
                problems.append(f"{path.relative_to(root)}: {command}({module}) links {other}, which cmake/layers.txt does not allow")
    return problems


def check(root):
    layers = Layers(root)
    return layers.problems + check_files(root, layers) + check_circles(root) + check_cmake(root, layers)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    problems = check(parser.parse_args().root)
    print("\n".join(problems) if problems else "layers: every include is allowed")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
