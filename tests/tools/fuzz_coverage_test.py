#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asserts that whatever reads a payload has a fuzz target: each dissector that is asked about flows, and the small protocols."""
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class FuzzCoverage(unittest.TestCase):
    def setUp(self):
        targets = re.findall(r"module_fuzz\(\w+ (\w+\.cc)", (ROOT / "fuzz/CMakeLists.txt").read_text())
        self.text = "\n".join((ROOT / "fuzz" / target).read_text() for target in targets)

    def test_each_dissector_is_instantiated_by_a_target(self):
        kinds = re.findall(r"\b(\w+Dissector)::create\b", (ROOT / "src/dpi/dissector_kinds.cc").read_text())
        self.assertGreater(len(kinds), 30)
        missing = [kind for kind in kinds if not re.search(rf"<{kind}[>,]", self.text)]
        self.assertEqual(missing, [])

    def test_small_protocols_and_the_whole_inspection_are_called(self):
        for call in ("small_protocol(", "by_payload(", "Inspector::create(", ".inspect("):
            self.assertTrue(call in self.text, call)

    def test_each_file_is_built(self):
        files = {path.name for path in (ROOT / "fuzz").glob("*.cc")}
        self.assertEqual(files, set(re.findall(r"module_fuzz\(\w+ (\w+\.cc)", (ROOT / "fuzz/CMakeLists.txt").read_text())))


if __name__ == "__main__":
    unittest.main()
