# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares a run's ratios with those of an earlier one."""
TOLERANCE = 0.10


def ratios(results):
    """{(table, case): ratio to what was measured beside it in the same run}, larger is better."""
    return {(table, name): case["ratio"]
            for table, cases in results["tables"].items()
            for name, case in cases.items() if case.get("ratio") is not None}


def missing(results, reference):
    """What the reference has a ratio for and these results have not, of the tables that were asked for, as lines of text.

    Results that do not say what was asked for (`asked`) were to have everything. A case that says why it was left out is not missing.
    """
    now = ratios(results)
    asked = results.get("asked", reference["tables"])
    left_out = {(table, name) for table, cases in results["tables"].items() for name, case in cases.items() if "left_out" in case}
    return [f"{table} {name}" for table, name in ratios(reference)
            if table in asked and (table, name) not in now and (table, name) not in left_out]


def compare(results, reference, tolerance=TOLERANCE):
    """What got slower by more than `tolerance`, as lines of text; and how many ratios were compared.

    A case that only one of the two has is not compared; missing() tells of those, and that nothing could be compared is the
    caller's to complain about.
    """
    now, before = ratios(results), ratios(reference)
    common = [key for key in now if key in before]
    slower = [f"{table} {name}: {now[table, name]:.3g}, was {before[table, name]:.3g} "
              f"({(now[table, name] / before[table, name] - 1) * 100:+.0f} %)"
              for table, name in common if now[table, name] < before[table, name] * (1 - tolerance)]
    return slower, len(common)
