"""What studies read off runs about the suppliers of one cluster."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.scenario import load_scenario
from studies.clusters import supplier_skill

DAYS = 182.0


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(load_scenario("small-open-economy", {"clock.days": DAYS}))


@pytest.mark.parametrize("last", [False, True])
def test_skill_is_the_mean_over_what_suppliers_there_performed_on_day_0(run: Run, last: bool) -> None:
    learners, known = (run.tables[name].to_dicts() for name in ("learners", "knowledge"))
    day = DAYS if last else 0.0
    there = {row["firm"] for row in learners if row["cluster"] == "hub port" and row["present"] and row["day"] == day}
    first = {(row["firm"], row["function"]) for row in known if row["day"] == 0.0 and row["performed"]}
    values = [
        row["capability"]
        for row in known
        if row["day"] == day and row["tier"] > 0 and row["firm"] in there and (row["firm"], row["function"]) in first
    ]
    assert values
    assert supplier_skill(run, "hub port", last) == pytest.approx(np.mean(values))


def test_a_place_without_suppliers_has_no_skill(run: Run) -> None:
    assert math.isnan(supplier_skill(run, "nowhere"))
