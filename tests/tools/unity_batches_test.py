#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asserts that tools/unity_batches.py parts what must not meet and joins all else."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(ROOT / "tools"))
import unity_batches  # noqa: E402


class Declarations(unittest.TestCase):
    def names(self, text):
        found = unity_batches.Declarations(unity_batches.tokens_of(text)[0])
        return found.own, found.shared, found.used

    def test_sees_what_stands_in_anonymous_namespaces(self):
        own, shared, used = self.names("""
            namespace weir {
            namespace {
            constexpr std::array<uint8_t, 2> kBytes{1, 2};  // kComment = 1
            enum : uint8_t { kFirst = 1, kSecond };
            enum class Scoped : uint8_t { kInside };
            struct Local { int member = 0; };
            using Short = std::string;
            using std::chrono::milliseconds;
            template <typename T>
            bool function(T argument) { int local = 0; return f(local); }
            }  // namespace
            int given(int argument) { return 1; }
            static int hidden(int argument);
            }  // namespace weir
        """)
        self.assertEqual(own, {"kBytes", "kFirst", "kSecond", "Scoped", "Local", "Short", "function", "hidden"})
        self.assertEqual((shared, used), ({"given"}, {"milliseconds"}))

    def test_takes_no_texts_tests_or_used_namespaces_for_names(self):
        own, shared, used = self.names("""
            using namespace std::literals;
            namespace { TEST(Suite, Name) { EXPECT_EQ(1, 1); } const char* text = R"x(namespace { int no = 0; })x"; }
        """)
        self.assertEqual((own, shared, used), ({"text"}, set(), set()))


class Batches(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)

    def tearDown(self):
        self.folder.cleanup()

    def write(self, name, text):
        path = self.root / "src/base" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def batches(self, target="base"):
        """Lists of file names, as the tool writes them to the files it names."""
        subprocess.run([sys.executable, ROOT / "tools/unity_batches.py", self.root / "out", self.root / "src"], check=True)
        lists = (self.root / "out/batches.cmake").read_text()
        written = re.search(rf"set\(WEIR_BATCHES_{target} (.*)\)", lists)[1].split()
        return [[pathlib.Path(line.split('"')[1]).name for line in pathlib.Path(batch).read_text().splitlines()] for batch in written]

    def test_joins_files_that_share_no_name(self):
        self.write("a.cc", "namespace { int one() { return 1; } }")
        self.write("b.cc", "namespace { int two() { return 2; } }")
        self.assertEqual(self.batches(), [["a.cc", "b.cc"]])

    def test_keeps_tests_apart_and_leaves_programs_out(self):
        for name in ("a.cc", "a_test.cc", "b_test.cc", "a_bench.cc", "main.cc"):
            self.write(name, "")
        self.assertEqual(self.batches(), [["a.cc"]])
        self.assertEqual(self.batches("base_test"), [["a_test.cc", "b_test.cc"]])

    def test_parts_files_with_the_same_name(self):
        self.write("a.cc", "namespace { int one() { return 1; } }")
        self.write("b.cc", "namespace { int one = 1; }")
        self.write("c.cc", "int three = 3;")
        self.assertEqual(self.batches(), [["a.cc", "c.cc"], ["b.cc"]])

    def test_parts_a_name_from_the_header_that_gives_it_to_all(self):
        self.write("inner.h", "struct Field {};")
        self.write("outer.h", '#include "base/inner.h"\n')
        self.write("a.cc", "namespace { struct Field {}; }")
        self.write("b.cc", '#include "base/outer.h"\n')
        self.assertEqual(self.batches(), [["a.cc"], ["b.cc"]])

    def test_parts_a_name_from_one_taken_from_elsewhere(self):
        self.write("a.cc", "using std::string; void a();")
        self.write("b.cc", "using std::string; void b();")
        self.write("c.cc", "namespace { int string = 1; }")
        self.assertEqual(self.batches(), [["a.cc", "b.cc"], ["c.cc"]])

    def test_parts_macros_and_what_fills_a_batch(self):
        self.write("a.cc", "#define SIZE 1\n")
        self.write("b.cc", "#define SIZE 2\n")
        self.write("c.cc", "// " + "x" * unity_batches.BATCH_BYTES)
        self.assertEqual(self.batches(), [["a.cc"], ["b.cc"], ["c.cc"]])

    def test_sees_a_file_that_changed(self):
        self.write("a.cc", "namespace { int one = 1; }")
        self.write("b.cc", "namespace { int two = 1; }")
        self.assertEqual(len(self.batches()), 1)
        self.write("b.cc", "namespace { int one = 1; /* again */ }")
        self.assertEqual(len(self.batches()), 2)


if __name__ == "__main__":
    unittest.main()
