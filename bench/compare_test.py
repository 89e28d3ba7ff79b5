#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tests of what bench/run does with figures."""
import importlib.machinery
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import captures  # noqa: E402
import compare  # noqa: E402
import measure  # noqa: E402
import report  # noqa: E402
import tables  # noqa: E402


def results(**cases):
    return {"tables": {"t": {name: {"ratio": ratio} for name, ratio in cases.items()}}}


class Compare(unittest.TestCase):
    def test_names_what_got_slower_by_more_than_a_tenth(self):
        slower, compared = compare.compare(results(a=8.9, b=9.1, c=20), results(a=10, b=10, c=10))
        self.assertEqual(compared, 3)
        self.assertEqual(slower, ["t a: 8.9, was 10 (-11 %)"])

    def test_compares_only_what_both_have(self):
        slower, compared = compare.compare(results(a=1, b=1), results(b=1, c=9))
        self.assertEqual((slower, compared), ([], 1))

    def test_names_what_the_reference_has_and_a_run_has_not(self):
        self.assertEqual(compare.missing(results(a=1, b=None), results(a=1, b=1, c=9, d=None)), ["t b", "t c"])
        self.assertEqual(compare.missing(results(a=1, new=1), results(a=1)), [])

    def test_does_not_miss_what_says_why_it_was_left_out(self):
        now = {"tables": {"t": {"a": {"ratio": None, "left_out": "no such program"}}}}
        self.assertEqual(compare.missing(now, results(a=1)), [])

    def test_misses_only_cases_of_tables_that_were_asked_for(self):
        reference = {"tables": {"t": {"a": {"ratio": 1}, "b": {"ratio": 1}}, "other": {"c": {"ratio": 1}}}}
        self.assertEqual(compare.missing(results(a=1) | {"asked": ["t"]}, reference), ["t b"])
        # A run that ended early was asked for more than it has.
        self.assertEqual(compare.missing(results(a=1, b=1) | {"asked": ["t", "other"]}, reference), ["other c"])

    def test_passes_over_figures_that_are_no_ratios(self):
        self.assertEqual(compare.ratios({"tables": {"memory": {"x": {"ratio": None}, "y": {}}}}), {})

    def test_counts_what_payloads_cost_for_each_flow_that_reading_again_brings(self):
        seconds = {(True, 1): 0.5, (False, 1): 0.25, (True, 9): 4.5, (False, 9): 1.25}
        cost = measure.cost_of_inspection(seconds, {1: 1000, 9: 3000})
        self.assertEqual(cost, {"flow_us": 1500.0, "flows_per_second": 500.0, "ratio": 0.25})

    def test_makes_each_flow_of_a_copy_a_new_one(self):
        frame = bytes(range(60))
        tagged = list(captures.copies([(5, 7, frame), (8, 0, frame)], 2))
        self.assertEqual([(seconds, micros) for seconds, micros, _ in tagged], [(5, 7), (8, 0), (9, 7), (12, 0)])
        self.assertEqual([made[12:16].hex() for _, _, made in tagged], ["81000001"] * 2 + ["81000002"] * 2)
        self.assertEqual({made[:12] + made[16:] for _, _, made in tagged}, {frame})

    def test_writes_captures_that_it_reads(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "a.pcap"
            captures.write(path, [(1, 2, b"x" * 60), (3, 4, b"y" * 61)])
            self.assertEqual(captures.records(path), [(1, 2, b"x" * 60), (3, 4, b"y" * 61)])
            path.write_bytes(path.read_bytes()[:-1])
            self.assertRaises(ValueError, captures.records, path)

    def test_knows_packets_within_a_connection(self):
        def frame(flags, source=443, protocol=6):
            return bytes(12) + b"\x08\x00\x45" + bytes(8) + bytes([protocol]) + bytes(10) + source.to_bytes(2, "big") + bytes(11) + bytes([flags]) + bytes(6)
        self.assertTrue(captures.is_steady(frame(0x10), 443))
        self.assertFalse(captures.is_steady(frame(0x12), 443))
        self.assertFalse(captures.is_steady(frame(0x11), 443))
        self.assertFalse(captures.is_steady(frame(0x10, source=80), 443))
        self.assertFalse(captures.is_steady(frame(0x10, protocol=17), 443))

    def check(self, now, before):
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder) / name for name in ("now.json", "before.json")]
            for path, content in zip(paths, (now, before)):
                path.write_text(json.dumps(content))
            return subprocess.run([sys.executable, HERE / "run", "--check-only", paths[0], "--reference", paths[1]],
                                  capture_output=True, text=True, env=os.environ, check=False)

    def test_the_command_fails_and_names_it(self):
        done = self.check(results(a=5), results(a=10))
        self.assertEqual(done.returncode, 1)
        self.assertIn("t a: 5, was 10", done.stdout)
        self.assertEqual(self.check(results(a=10), results(a=10)).returncode, 0)

    def test_the_command_fails_when_a_case_is_missing(self):
        done = self.check(results(a=10), results(a=10, b=10))
        self.assertEqual(done.returncode, 1)
        self.assertIn("missing: t b", done.stdout)

    def test_the_command_does_not_pass_when_nothing_was_compared(self):
        self.assertEqual(self.check(results(a=5), results(b=5)).returncode, 1)


class Measure(unittest.TestCase):
    def test_takes_the_ratio_to_the_naive_engine(self):
        result = measure.with_ratio({"weir": {"ratio": {"median": 6.0}}, "unordered_map": {"ratio": {"median": 1.0}}})
        self.assertEqual(result["ratio"], 6.0)

    def test_takes_the_ratio_to_an_earlier_case(self):
        slow, fast = {"mpps": {"median": 3.0}}, {"mpps": {"median": 4.0}}
        case = tables.Case("slow", "purge", beside="fast")
        self.assertEqual(measure.beside(slow, case, {"fast": fast})["ratio"], 0.75)
        self.assertIsNone(measure.beside(fast, tables.Case("fast", "purge"), {})["ratio"])
        self.assertEqual(measure.beside({"ratio": 5}, tables.Case("other", "throughput"), {})["ratio"], 5)

    def test_subtracts_what_a_file_costs_before_its_steady_part(self):
        self.assertEqual(measure.steady_mpps((1_000_000, 2.0), (5_000_000, 4.0)), 2.0)

    def test_splits_memory_between_hosts_and_flows(self):
        hosts, flows = measure.bytes_each([(100, 50, 100 * 300 + 50 * 200), (100, 500, 100 * 300 + 500 * 200)])
        self.assertAlmostEqual(hosts, 300)
        self.assertAlmostEqual(flows, 200)


class Soak(unittest.TestCase):
    def test_tells_growth_from_noise(self):
        loader = importlib.machinery.SourceFileLoader("soak", str(HERE / "scenarios/soak"))
        module = importlib.util.module_from_spec(importlib.util.spec_from_loader("soak", loader))
        sys.dont_write_bytecode = True
        loader.exec_module(module)
        minutes = [(60 * i, 100 + 2 * i) for i in range(11)]  # 2 MB a minute, 110 MB in the middle
        self.assertAlmostEqual(module.slope_percent(minutes), 2 / 110 * 100)
        self.assertAlmostEqual(module.slope_percent([(i, 50) for i in range(10)]), 0)


class Tables(unittest.TestCase):
    def test_have_names_of_their_own_and_known_kinds(self):
        for quick in (True, False):
            for name, (_, cases) in tables.TABLES.items():
                listed = list(cases(quick))
                if name != "inspection" or tables.RECORDED.is_file():
                    self.assertTrue(listed, name)
                self.assertEqual(len({case.name for case in listed}), len(listed), name)
                for number, case in enumerate(listed):
                    self.assertIn(case.beside, [""] + [earlier.name for earlier in listed[:number]])
                self.assertLessEqual({case.kind for case in listed}, set(measure.KINDS), name)

    def test_stand_beside_the_paper(self):
        papers = {case.name: case.paper for case in tables.figure10(False)}
        self.assertEqual(papers["1000000/500000/64"], 0.0178)
        self.assertEqual(papers["100/50/1500"], 0.82021)
        self.assertEqual(papers["4000000/2000000/64"], 0)

    def test_check_that_purging_stays_cheap(self):
        for quick in (True, False):
            beside = {case.name: case.beside for case in tables.purge(quick)}
            self.assertEqual([name for name in beside if not beside[name]], ["nothing ends, never"])

    def test_take_the_place_of_older_ones_in_a_document(self):
        document = f"above\n{report.BEGIN}\nold\n{report.END}\nbelow\n"
        new = report.into(document, {"tables": {}})
        self.assertNotIn("old", new)
        self.assertTrue(new.startswith("above\n") and new.endswith("below\n"))
        self.assertEqual(report.into(new, {"tables": {}}), new)
        with self.assertRaises(ValueError):
            report.into("no marks", {"tables": {}})

    def test_are_printed_with_every_figure(self):
        cell = {"median": 12.34, "min": 12.0, "max": 13.0}
        text = report.table("figure10", {"100/50/64": {"weir": {"mpps": cell, "ratio": cell},
                                                      "unordered_map": {"mpps": cell, "ratio": cell}, "ratio": 1.5, "paper": 8.1}})
        for expected in ("100", "50", "12.3", "8.1", "1.5"):
            self.assertIn(expected, text)


if __name__ == "__main__":
    unittest.main()
