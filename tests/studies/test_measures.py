"""What studies read off a run."""

from __future__ import annotations

import math

import pytest

from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.scenario import Scenario, load_scenario
from studies.measures import capability_gain, ladder_capability, metric

from ..learners import three_firms


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(load_scenario("taiwan-oem-pc", {"clock.days": 364}))


def test_the_first_day_is_what_the_roles_of_suppliers_say(run: Run) -> None:
    lower = (0.45 + 0.45 + 0.25 + 0.08 + 0.02 + 0.005) / 6
    assert ladder_capability(run, "lower", last=False) == pytest.approx(lower)
    assert ladder_capability(run, "higher", last=False) > (0.62 + 0.62 + 0.5 + 0.32 + 0.16 + 0.06) / 6


def test_a_gain_is_the_last_day_less_the_first(run: Run) -> None:
    gain = ladder_capability(run, "lower") - ladder_capability(run, "lower", last=False)
    assert capability_gain(run, "lower") == gain > 0


def test_what_did_not_happen_counts_as_none(run: Run) -> None:
    assert metric(run, "selection.dropouts.policy") == 0.0
    assert metric(run, "flow.fill_rate") == run.metric("flow.fill_rate")


def test_capability_of_nobody_is_not_a_number() -> None:
    given = three_firms().model_dump()
    given["firms"][1]["role"] = "supplier"
    assert math.isnan(ladder_capability(simulate(Scenario.model_validate(given)), "higher"))
