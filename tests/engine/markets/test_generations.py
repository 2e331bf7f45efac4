"""Generations are launched when they are designed, spread and age, and the stock of the old one is cleared."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from gpnde import simulate
from gpnde.engine.run import Simulation
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import ACCOUNTS
from gpnde.world.layout import State

Rivals = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]


def launches(scenario: Scenario, firm: str, seed: int = 1) -> list[float]:
    """Return the days of the launches of a firm within the run."""
    table = simulate(scenario, seed=seed).tables["generations"].filter(pl.col("firm") == firm)
    return [day for day in table["launched_day"].unique().sort().to_list() if day > 0]


def test_launches_follow_each_other_by_the_time_of_design(rivals: Rivals) -> None:
    days = launches(rivals(clock={"days": 1820}), "alpha")
    assert np.diff(days).tolist() == [7 * math.ceil(800 * math.exp(-0.9) / 7)] * (len(days) - 1)


def test_better_product_development_launches_more_often(rivals: Rivals) -> None:
    makers = {"alpha": 0.9, "beta": 0.9, "gamma": 0.9}
    slow, quick = (
        launches(rivals(makers={**makers, "beta": able}, clock={"days": 1820}), "beta") for able in (0.3, 0.9)
    )
    assert len(quick) > len(slow)
    assert quick[-1] - quick[-2] < slow[-1] - slow[-2]


def test_better_product_development_brings_the_next_launch_forward(rivals: Rivals) -> None:
    for seed in range(1, 6):
        able, unable = (launches(rivals(makers={"alpha": k, "beta": 0.5}), "alpha", seed)[0] for k in (0.9, 0.5))
        assert able < unable


def test_quality_is_that_of_the_designers_and_a_draw(rivals: Rivals) -> None:
    certain = simulate(rivals(product={"uncertainty": 0})).tables["generations"]
    fresh = certain.filter(pl.col("launched_day") == pl.col("day"))
    assert fresh["quality"].to_numpy() == pytest.approx(0.9)


def test_deviation_of_success_is_the_uncertainty_of_the_product(rivals: Rivals) -> None:
    makers = {f"maker-{number}": 0.9 for number in range(60)}
    spread = {}
    for uncertainty in (0.1, 0.4):
        scenario = rivals(makers=makers, product={"uncertainty": uncertainty}, clock={"days": 400})
        table = simulate(scenario).tables["generations"]
        spread[uncertainty] = float(table.filter(pl.col("launched_day") == pl.col("day"))["quality"].std())  # type: ignore[arg-type]
    assert spread[0.4] == pytest.approx(4 * spread[0.1])
    assert spread[0.1] == pytest.approx(0.1, rel=0.25)


def test_generations_age_and_spread(rivals: Rivals) -> None:
    table = simulate(rivals(product={"uncertainty": 0})).tables["generations"].filter(pl.col("generation") == 2)
    one = table.filter(pl.col("firm") == "alpha")
    age = (one["day"] - one["launched_day"]).to_numpy()
    np.testing.assert_allclose(one["quality"], 0.9 - 0.2 * age / 364)
    assert one["availability"].is_sorted()
    at_adoption = float(np.interp(182, age, one["availability"].to_numpy()))
    assert at_adoption == pytest.approx(0.95, abs=0.01)


def test_prices_fall_with_the_age_of_a_generation(rivals: Rivals) -> None:
    table = simulate(rivals(clock={"days": 1820})).tables["generations"]
    ends = table.group_by("firm", "generation").agg(
        pl.col("price").first().alias("launch"), pl.col("price").last().alias("end"), pl.len()
    )
    whole = ends.filter((pl.col("generation") > 1) & (pl.col("len") > 26))
    assert (whole["end"] < whole["launch"]).all()


def test_without_crowding_prices_fall_less(rivals: Rivals) -> None:
    def fall(crowding: float) -> float:
        table = simulate(rivals(generations={"crowding": crowding}, product={"uncertainty": 0})).tables["generations"]
        second = table.filter((pl.col("generation") == 2) & (pl.col("firm") == "alpha"))
        return float(second["price"][0] / second["price"][-1])

    assert fall(0.5) > fall(0.0)


def test_a_failed_generation_loses_share(rivals: Rivals) -> None:
    table = simulate(rivals(clock={"days": 3640}, product={"uncertainty": 0.4})).tables["generations"]
    aged = table.filter(pl.col("availability") > 0.9)
    assert np.corrcoef(aged["quality"], aged["share"])[0, 1] > 0.5


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_a_launch_clears_its_share_of_the_stock(rivals: Rivals, start: Start, reach: Reach, share: float) -> None:
    terms = {"clearance_share": share, "clearance_recovery": 0.4}
    simulation = start(rivals(makers={"alpha": 0.9}, generations=terms, finance={}))
    world = simulation.world
    launch = launches(rivals(makers={"alpha": 0.9}, generations=terms, finance={}), "alpha")[0]
    before = reach(simulation, launch - 1).sites[0].copy()
    received = world.entries.sum(axis=1).copy()
    reach(simulation, launch)
    cleared = float(world.flows.written_off[world.state.sites["product"][0]])
    assert cleared == pytest.approx(share * before["on_hand"])
    gained = float((world.entries.sum(axis=1) - received)[ACCOUNTS.index("liquidation")])
    assert gained == pytest.approx(0.4 * cleared * world.plants["variable_cost"][0])
    simulation.observe(None, debug=True)
    simulation.finish()


def test_a_launch_writes_off_the_plant_of_the_old_generation(rivals: Rivals) -> None:
    plant = {
        "labour_days": 1,
        "plant": {"cost": 1e6, "reference_per_day": 50, "life_days": 3640},
        "value_added": None,
        "experience_carried": 0.5,
    }
    scenario = rivals(
        product=plant, sites={name: {"capacity_per_day": 60} for name in ("alpha", "beta", "gamma")}, finance={}
    )
    run = simulate(scenario)
    accounts = run.tables["accounts"].filter(pl.col("item") == "write_offs")
    assert max(accounts["day"].to_list()) > launches(scenario, "alpha")[0]
    assert set(accounts["firm"]) == {"alpha", "beta", "gamma"}
    assert max(run.conservation.values()) <= 1e-9


def test_clearance_without_finance_moves_no_money(rivals: Rivals) -> None:
    run = simulate(rivals())
    firms = run.tables["firms"]
    assert firms["cash"].n_unique() <= firms["firm"].n_unique()
    assert run.conservation["goods"] <= 1e-9


def test_goods_and_cash_balance_through_launches(rivals: Rivals) -> None:
    run = simulate(rivals(finance={}, generations={"design_days": 60}), debug=True)
    assert max(run.tables["generations"]["generation"].to_list()) > 20
    assert max(run.conservation.values()) <= 1e-9
