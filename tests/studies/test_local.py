"""What studies read off runs about the firms of one country."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.scenario import Scenario, load_scenario
from studies.local import Local


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load_scenario("small-open-economy", {"clock.days": 546})


@pytest.fixture(scope="module")
def local(scenario: Scenario) -> Local:
    return Local(scenario, "small economy")


@pytest.fixture(scope="module")
def run(scenario: Scenario) -> Run:
    return simulate(scenario)


def test_local_firms_are_at_home_and_own_themselves(local: Local) -> None:
    assert len(local.firms) == 18
    assert {"local-assembler", "housing-start-up"} <= set(local.firms)
    assert not {"affiliate-1", "board-entrant-foreign", "flagship-1", "wire-maker-hub-1"} & set(local.firms)


def test_capability_is_the_mean_over_the_ladder_of_those_present(local: Local, run: Run) -> None:
    learners, known = run.tables["learners"], run.tables["knowledge"]
    present = learners.filter((pl.col("day") == 546) & (pl.col("present") == 1))["firm"].to_list()
    side = ["sc_coordination", "strategic_marketing"]
    rows = known.filter((pl.col("day") == 546) & ~pl.col("function").is_in(side))
    values = [row["capability"] for row in rows.to_dicts() if row["firm"] in present and row["firm"] in local.firms]
    assert local.capability(run) == pytest.approx(np.mean(values))


def test_share_of_inputs_is_that_of_the_last_year_by_value(local: Local, run: Run) -> None:
    price = dict(zip(run.tables["links"]["link"], run.tables["links"]["price"], strict=True))
    total = here = 0.0
    for row in run.tables["orders"].to_dicts():
        if row["shipped_day"] is not None and row["shipped_day"] >= 182 and row["buyer"] in local.sites:
            total += row["quantity"] * price[row["link"]]
            here += (
                row["quantity"] * price[row["link"]] * ("-local" in row["supplier"] or "start-up" in row["supplier"])
            )
    assert 0 < local.share_of_inputs(run) == pytest.approx(here / total)


def test_counts_are_those_of_events_and_upgrades(local: Local, run: Run) -> None:
    events = run.tables["events"].filter(pl.col("kind") == "link_dropped").to_dicts()
    assert local.dropped(run) == sum(event["firm"] in local.firms for event in events)
    upgrades = run.tables["upgrades"].filter(pl.col("kind") == "upgrade").to_dicts()
    assert local.functions_taken_on(run) == sum(upgrade["firm"] in local.firms for upgrade in upgrades)


def test_skill_is_the_mean_over_what_those_present_performed_at_first(local: Local, run: Run) -> None:
    role = [0.45, 0.45, 0.25]
    assert local.skill(run, last=False) == pytest.approx(np.mean([*(role * 13), 0.62, 0.62, 0.5]))
    learners = run.tables["learners"].filter((pl.col("day") == 546) & (pl.col("present") == 1))["firm"].to_list()
    knowledge = run.tables["knowledge"]
    opening = knowledge.filter((pl.col("day") == 0) & (pl.col("performed") == 1)).select("firm", "function").rows()
    values = [
        row["capability"]
        for row in knowledge.filter(pl.col("day") == 546).to_dicts()
        if (row["firm"], row["function"]) in opening and row["firm"] in local.firms and row["firm"] in learners
    ]
    assert local.skill(run) == pytest.approx(np.mean(values))


def test_share_of_inputs_of_the_first_year_leaves_out_what_was_sent_later(local: Local, scenario: Scenario) -> None:
    year = scenario.model_copy(update={"clock": scenario.clock.model_copy(update={"days": 364.0})})
    short = simulate(year)
    of_year = Local(year, "small economy")
    assert 0 < of_year.share_of_inputs(short, last=False) == of_year.share_of_inputs(short) < 1


def test_firms_in_debt_are_counted_once(local: Local, run: Run) -> None:
    rows = run.tables["firms"].to_dicts()
    assert local.ever_in_debt(run) == len(
        {row["firm"] for row in rows if row["cash"] < 0 and row["firm"] in local.firms}
    )
    won = [event for event in run.tables["events"].to_dicts() if event["kind"] == "bid_awarded"]
    assert local.bids_won(run) == sum(event["firm"] in local.firms for event in won)
    assert local.failed(run) == 0
