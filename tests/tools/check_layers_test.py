#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Plants violations in a small tree and asserts that tools/check_layers.py sees each."""
import pathlib
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))
import check_layers  # noqa: E402

LAYERS = "base:\nnet: base\nengine: base net\nhttp: base\nhttp(tests): net\n"
THIRD_PARTY = "fmt *\nboost http\ngtest tests\n"


class CheckLayers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        self.write("cmake/layers.txt", LAYERS)
        self.write("cmake/third_party.txt", THIRD_PARTY)
        self.write("src/base/result.h", "#include <string>\n")
        self.write("src/net/address.h", '#include <net/if.h>\n#include "base/result.h"\n')
        self.write("src/engine/shard.cc", '#include <fmt/format.h>\n#include "engine/shard.h"\n#include "net/address.h"\n')
        self.write("src/engine/shard.h", '#include <sys/mman.h>\n#include "net/address.h"\n')
        self.write("src/engine/CMakeLists.txt", "module(engine DEPENDS base net)\nmodule_test(engine)\n")
        self.write("src/http/server.cc", "#include <boost/beast.hpp>\n")
        self.write("src/http/server_test.cc", '#include <gtest/gtest.h>\n#include "net/address.h"\n')

    def tearDown(self):
        self.folder.cleanup()

    def write(self, path, text):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def assert_refused(self, phrase):
        problems = check_layers.check(self.root)
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(phrase, problems[0])

    def test_accepts_what_is_allowed(self):
        self.assertEqual(check_layers.check(self.root), [])

    def test_refuses_an_engine_that_includes_the_server(self):
        self.write("src/engine/shard.h", '\n#include "http/server.h"\n')
        self.assert_refused("src/engine/shard.h:2: engine may not use http")

    def test_refuses_a_module_without_a_line(self):
        self.write("src/other/x.h", "#include <string>\n")
        self.assert_refused("src/other: is not in cmake/layers.txt")

    def test_refuses_a_layer_below(self):
        self.write("cmake/layers.txt", LAYERS.replace("base:\n", "base: net\n"))
        self.assert_refused("base uses net, which does not stand above it")

    def test_refuses_a_library_of_another_module(self):
        self.write("src/engine/shard.cc", "#include <boost/asio.hpp>\n")
        self.assert_refused("<boost/asio.hpp> belongs to http alone")

    def test_refuses_an_unknown_library(self):
        self.write("src/engine/shard.cc", "#include <absl/hash.h>\n")
        self.assert_refused("cmake/third_party.txt does not name")

    def test_refuses_a_path_that_does_not_start_at_src(self):
        self.write("src/engine/shard.cc", '#include "shard.h"\n')
        self.assert_refused("is not a path from src/")

    def test_refuses_a_test_library_outside_of_tests(self):
        self.write("src/engine/shard.cc", "#include <gtest/gtest.h>\n")
        self.assert_refused("<gtest/gtest.h> belongs to tests alone")

    def test_allows_only_tests_what_is_for_tests(self):
        self.write("src/http/server.cc", '#include "net/address.h"\n')
        self.assert_refused("http may not use net")

    def test_refuses_headers_that_include_each_other(self):
        self.write("src/engine/a.h", '#include "engine/b.h"\n')
        self.write("src/engine/b.h", '#include "engine/a.h"\n')
        self.assert_refused("engine/a.h -> engine/b.h -> engine/a.h: a circle")

    def test_refuses_what_cmake_links_beyond_the_layers(self):
        self.write("src/engine/CMakeLists.txt", "module(engine DEPENDS base net http)\n")
        self.assert_refused("module(engine) links http")


if __name__ == "__main__":
    unittest.main()
