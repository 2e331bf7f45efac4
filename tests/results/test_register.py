"""Metrics: all subjects together, each documented, none invented."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from gpnde.errors import ResultsError
from gpnde.results import headline
from gpnde.results.columns import LATER
from gpnde.results.metrics.upgrading import TERMS
from gpnde.results.register import describe, metric_kinds, metrics_table
from tests.checkout import ROOT
from tests.example import example_run


def test_every_metric_of_a_run_is_documented_with_its_unit() -> None:
    metrics = example_run().metrics
    assert metrics.height > 60
    for name, unit in metrics.select("metric", "unit").iter_rows():
        assert describe(name).unit == unit or name.startswith("space.start."), name


def test_every_documented_metric_occurs_in_the_example() -> None:
    names = example_run(days=1456).metrics["metric"].to_list()
    missing = {prefix for prefix in metric_kinds() if not any(name.startswith(prefix) for name in names)}
    simulated = {name for name in metric_kinds() if name.startswith("cost.") or "*" in name}
    simulated |= {name for name, kind in metric_kinds().items() if not LATER.isdisjoint(kind.needs)}
    rivals = {name for name in metric_kinds() if name.startswith("networks.")}
    assert missing == {"flow.otif.sales", "flow.full_service", *rivals, *simulated}


def test_without_knowledge_all_other_metrics_are_as_with_it() -> None:
    with_it, without = (set(example_run(knowledge=on).metrics.rows()) for on in (True, False))
    assert without < with_it
    subjects = {name.split(".")[0] for name, _, _ in with_it - without}
    assert subjects == {
        *("completion", "transferred", "internalised", "stale", "waiting", "created", "frontier_gap"),
        *("upgrading", "tier_gap", "theil", "pyramid"),
    }


def test_headlines_and_parts_of_capability_are_in_the_register() -> None:
    for name in (*headline._SHARES, *headline._FIGURES, *TERMS):
        assert describe(name).doc, name


def test_names_are_unique_and_can_be_typed() -> None:
    names = example_run().metrics["metric"].to_list()
    assert len(set(names)) == len(names)
    assert all(name == name.lower() and " " not in name for name in names)


def test_no_value_is_missing() -> None:
    assert example_run().metrics["value"].null_count() == 0


def test_an_unknown_metric_has_no_description() -> None:
    with pytest.raises(ResultsError, match=r"'flow\.fil_rate': unknown; did you mean 'flow\.fill_rate'"):
        describe("flow.fil_rate")


def test_no_metrics_make_an_empty_table() -> None:
    assert metrics_table([]).height == 0


_FINGERPRINT_OF_METRICS = f"""
import sys
sys.path.append({str(ROOT)!r})
from tests.example import example_run
from gpnde.results.fingerprint import fingerprint
print(fingerprint({{"metrics": example_run(sites=300, days=1820).metrics}}))
"""


def test_metrics_are_equal_to_the_last_bit_however_many_threads_there_are() -> None:
    found = {
        subprocess.run(
            [sys.executable, "-c", _FINGERPRINT_OF_METRICS],
            env=os.environ | {"POLARS_MAX_THREADS": str(threads)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for threads in (1, 2, 5)
    }
    assert len(found) == 1


def test_every_metric_declares_which_values_are_better() -> None:
    assert {each.better for each in metric_kinds().values()} == {"higher", "lower", "neither"}
    assert describe("policy.effort-subsidy.leakage").better == "lower"
    assert describe("cost.holding").unit == "money"
