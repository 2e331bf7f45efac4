"""Why markets went short, from the journal of a run."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from gpnde.results.tables import empty_table
from gpnde.scenario import Scenario, load_scenario
from gpnde.study.resilience.causes import SUPPLY, dropouts, gaps_by_site, served_by, shortfall_by_cause
from gpnde.study.resilience.pairs import made_course

QUIET = empty_table("events")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Return a scenario of one market that one site serves."""
    return load_scenario("single-site")


def journal(*rows: dict[str, Any]) -> pl.DataFrame:
    blank = {"cause": "", "firm": "", "site": "", "buyer": "", "component": "engine", "value": None}
    return pl.DataFrame([blank | row for row in rows], schema=QUIET.schema)


def causes(scenario: Scenario, sold: list[float], *rows: dict[str, Any]) -> dict[str, float]:
    usual, hit = made_course([10.0] * len(sold)), made_course(sold)
    order = [market.name for market in scenario.markets]
    found = shortfall_by_cause(usual, hit, (QUIET, journal(*rows)), scenario, order)
    return {cause: float(units.sum()) for cause, units in found.items()}


def test_what_is_missed_while_the_site_is_out_is_put_down_to_the_outage(scenario: Scenario) -> None:
    site = scenario.sites[0].name
    out = [{"day": 1.0, "kind": "site_failed", "cause": "outage", "site": site}]
    back = [{"day": 3.0, "kind": "site_recovered", "site": site}]
    assert causes(scenario, [10, 0, 0, 0, 10], *out, *back) == {"outage": 20.0, SUPPLY: 10.0}


def test_what_is_missed_after_a_firm_has_left_has_its_cause(scenario: Scenario) -> None:
    left = {"day": 2.0, "kind": "firm_failed", "cause": "finance", "firm": scenario.sites[0].firm}
    assert causes(scenario, [10, 10, 0, 0, 0], left) == {"finance": 30.0, SUPPLY: 0.0}


def test_causes_sum_to_what_was_short(scenario: Scenario) -> None:
    out = {"day": 0.5, "kind": "site_failed", "cause": "outage", "site": scenario.sites[0].name}
    found = causes(scenario, [4, 3, 10, 8], out)
    assert sum(found.values()) == pytest.approx(15.0)
    assert found["outage"] == pytest.approx(5 + 7 + 0 + 2)


def test_an_outage_in_both_runs_explains_nothing(scenario: Scenario) -> None:
    out = journal({"day": 0.0, "kind": "site_failed", "cause": "outage", "site": scenario.sites[0].name})
    order = [market.name for market in scenario.markets]
    found = shortfall_by_cause(made_course([10, 10]), made_course([10, 4]), (out, out), scenario, order)
    assert {cause: units.tolist() for cause, units in found.items()} == {"outage": [0.0], SUPPLY: [6.0]}


def test_gaps_are_told_of_serving_sites_alone() -> None:
    events = journal({"day": 1.0, "kind": "site_failed", "cause": "outage", "site": "far"})
    assert gaps_by_site(events, {"near": "firm"}) == {"near": []}


def test_shares_of_serving_sites_sum_to_one() -> None:
    for shares in served_by(load_scenario("hdd-southeast-asia")):
        assert sum(shares.values()) == pytest.approx(1)


def test_dropouts_after_the_day_count_by_cause_and_outages_do_not() -> None:
    events = journal(
        {"day": 5.0, "kind": "link_dropped", "cause": "score"},
        {"day": 50.0, "kind": "link_dropped", "cause": "score"},
        {"day": 50.0, "kind": "firm_failed", "cause": "finance"},
        {"day": 50.0, "kind": "site_failed", "cause": "outage"},
    )
    assert dropouts(events, 20.0) == {"score": 1, "finance": 1}
