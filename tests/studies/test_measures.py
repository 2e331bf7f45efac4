"""What studies read off a run."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.scenario import Scenario, load_scenario
from gpnde.vocabulary import LADDER
from gpnde.world.knowledge import opening_knowledge
from studies.measures import capability_gain, ladder_capability, metric

from ..learners import three_firms


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(load_scenario("taiwan-oem-pc", {"clock.days": 364}))


def test_the_first_day_is_what_suppliers_know_who_are_there(run: Run) -> None:
    there = [firm for firm in load_scenario("taiwan-oem-pc").firms if firm.enters == "at-start"]
    lower = [opening_knowledge(firm)[: len(LADDER)] for firm in there if firm.tier >= 2]
    assert ladder_capability(run, "lower", last=False) == pytest.approx(np.mean(lower))
    assert ladder_capability(run, "higher", last=False) > np.mean(lower)


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
