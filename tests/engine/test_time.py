"""Time: a row of day D tells of D days, whatever comes after, and what ends with the last day is done on it, once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from gpnde.engine import simulate
from gpnde.engine.recording.tables import final_tables
from gpnde.engine.run import Simulation
from gpnde.plugin import Clock, Component, Memory, Process, Programme, View, hookimpl, param
from gpnde.plugin.policy import Policy
from gpnde.results.run import Run
from gpnde.scenario.check import check_scenario
from gpnde.scenario.files import load_scenario
from gpnde.scenario.presets import preset_names
from gpnde.scenario.schema import Scenario

from ..learners import simulated, three_firms
from ..thorough import often

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]

_PERIOD = 28.0
_BY_DAY = ("firms", "sites", "tiers", "markets", "events", "knowledge", "learners", "upgrades", "policies")

_LEARNER: dict[str, Any] = {
    "name": "learner-one-peer",
    "products": {"unit": {}},
    "firms": [
        {"name": "learner", "tier": 1, "knowledge": {"engineering": 0.2, "component_mfg": 0.2}},
        {"name": "teacher", "tier": 0, "role": "brand-leader", "knowledge": {"engineering": 0.9, "component_mfg": 0.9}},
    ],
    "sites": [{"name": "L", "firm": "learner", "product": "unit"}],
    "links": [{"buyer": "L", "supplier": "outside", "product": "unit", "lead_time": 1}],
    "markets": [{"name": "m", "product": "unit", "served_by": ["L"], "demand": {"law": 10, "every_days": 1}}],
    "peers": [{"first": "learner", "second": "teacher", "strength": 1}],
    "components": [{"use": "diffusion.peer-network", "codified_per_month": 0.1, "tacit_per_month": 0.1}],
    "provenance": [{"path": "*", "mark": "assumption"}],
}


def learner(days: float, period: float = 28) -> Scenario:
    """Return a firm that learns from a peer in steps of *period* days."""
    rules = {"period_days": period, "record_days": 28, "frontier_drift_per_year": 0, "effort": {"fixed": 0.5}}
    scenario = Scenario.model_validate({**_LEARNER, "clock": {"days": days}, "knowledge": rules})
    check_scenario(scenario)
    return scenario


def known(run: Run, day: float) -> float:
    """Return what the learner knows of a function on a day."""
    rows = run.knowledge.filter(
        (pl.col("day") == day) & (pl.col("firm") == "learner") & (pl.col("function") == "engineering")
    )
    return float(rows["codified"].item())


def of_days(scenario: Scenario, days: float) -> Scenario:
    """Return a scenario with another horizon that keeps rows of everything every 28 days."""
    clock = scenario.clock.model_copy(update={"days": days})
    record = scenario.record.model_copy(update={"entities": True, "every_days": _PERIOD})
    knows = scenario.knowledge and scenario.knowledge.model_copy(update={"record_days": _PERIOD})
    return scenario.model_copy(update={"clock": clock, "record": record, "knowledge": knows})


def up_to(tables: Mapping[str, pl.DataFrame], day: float) -> dict[str, pl.DataFrame]:
    """Return all that tables say of the time up to a day, where rows tell of a day or of what had ended before it."""
    kept = {name: tables[name].filter(pl.col("day") <= day) for name in _BY_DAY}
    for name in ("orders", "sales"):
        placed = tables[name].filter(pl.col("placed_day") < day).select("supplier", "placed_day", "promised_day")
        kept[f"{name} placed"] = placed.sort(placed.columns)
        kept[f"{name} received"] = tables[name].filter(pl.col("received_day") < day)
    links = tables["links"].filter(pl.col("opened_day") <= day)
    kept["links"] = links.select("link", "supplier", "buyer", "product", "opened_day")
    return kept


def check_agreement(shorter: Mapping[str, pl.DataFrame], longer: Mapping[str, pl.DataFrame], day: float) -> None:
    """Check that two runs of one scenario say the same of the time up to *day*, the horizon of the shorter one."""
    expected = up_to(shorter, day)
    for name, table in up_to(longer, day).items():
        assert_frame_equal(table, expected[name], check_exact=True)


@pytest.mark.parametrize("days", [28, 364])
def test_state_of_the_last_day_is_that_of_this_day(days: float) -> None:
    shorter, longer = simulate(learner(days)), simulate(learner(days + 1))
    assert known(shorter, days) == known(longer, days) > known(shorter, days - 28)
    check_agreement(shorter.tables, longer.tables, days)


def test_length_of_the_step_matters_to_the_first_order_at_most() -> None:
    exact = known(simulate(learner(364, 1)), 364)
    for period in (7, 28, 91):
        assert known(simulate(learner(364, period)), 364) == pytest.approx(exact, abs=2e-4 * period)


@pytest.mark.parametrize("name", preset_names())
def test_a_longer_run_of_a_preset_begins_like_a_shorter_one(name: str) -> None:
    scenario = load_scenario(name)
    shorter, longer = simulate(of_days(scenario, 84)), simulate(of_days(scenario, 91))
    check_agreement(shorter.tables, longer.tables, 84)


@settings(max_examples=often(10, 25), deadline=None)
@given(data=st.data(), periods=st.integers(1, 3), more=st.sampled_from([1, 7, 28, 40]))
def test_a_longer_run_begins_like_a_shorter_one(
    data: st.DataObject,
    networks: st.SearchStrategy[Scenario],
    mishaps: st.SearchStrategy[Component],
    start: Start,
    periods: int,
    more: float,
) -> None:
    scenario, accident = data.draw(networks), data.draw(mishaps)
    end, seen = periods * _PERIOD, []
    for days in (end, end + more):
        simulation = start(of_days(scenario, days), accident)
        simulation.observe(None, debug=True)
        simulation.finish()
        seen.append(final_tables(simulation))
    check_agreement(seen[0], seen[1], end)


def buyers(days: float, **blocks: Any) -> Simulation:
    """Return the three firms after so many days, with blocks of the scenario changed."""
    simulation: Simulation = simulated(three_firms(clock={"days": days}, **blocks), Counting(), Bonus(noise=0.0))
    return simulation


class Counting(Component):
    """Counts its steps."""

    name = "test.counting"

    @hookimpl
    def tick(self, memory: Memory, view: View) -> None:
        memory.setdefault("days", []).append(view.day)


class Bonus(Policy):
    """Pays 1 at every step, and 10 at its end."""

    name = "policy.bonus"

    end_day: float | None = param(56.0, doc="Day of the end.")

    @hookimpl
    def tick(self, programme: Programme) -> None:
        programme.spend_overhead(1.0)

    @hookimpl
    def process(self, clock: Clock, programme: Programme) -> Process:
        yield clock.until(56.0)
        programme.spend_overhead(10.0)
        yield clock.wait(1.0)
        programme.spend_overhead(100.0)


@pytest.mark.parametrize(("days", "steps"), [(27, []), (28, [28]), (56, [28, 56]), (57, [28, 56])])
@pytest.mark.parametrize("knows", [True, False])
def test_components_take_the_step_that_ends_with_the_run(days: float, steps: list[float], knows: bool) -> None:
    simulation = buyers(days, **({} if knows else {"knowledge": None}))
    assert simulation.hooks.memory["test.counting"].get("days", []) == steps


@pytest.mark.parametrize(("days", "cost"), [(28, 1), (55, 1), (56, 12), (57, 12), (84, 12)])
def test_a_policy_pays_on_its_last_day_and_no_more_after_it(days: float, cost: float) -> None:
    account = buyers(days).hooks.programmes.accounts()["policy.bonus"]
    assert account["cost"] == cost


def test_a_policy_pays_for_no_time_before_its_first_day() -> None:
    simulation = simulated(three_firms(clock={"days": 84}), Bonus(noise=0.0, start_day=28.0))
    assert simulation.hooks.programmes.accounts()["policy.bonus"]["cost"] == 11


@pytest.mark.parametrize(("days", "reviews"), [(90, 0), (91, 1), (92, 1), (182, 2)])
def test_suppliers_are_scored_when_the_run_ends_with_a_quarter(days: float, reviews: int) -> None:
    simulation = buyers(days, selection={"threshold": 1.0, "strikes": 9, "weights": {"delivery": 1}})
    inside, trade = simulation.world.state.lines["supplier"] >= 0, simulation.world.trade
    assert np.isnan(trade["score"]).all() == (reviews == 0)
    assert trade["strikes"][inside].max() <= reviews


@pytest.mark.parametrize(("days", "periods"), [(6, 0), (7, 1), (35, 5), (36, 5)])
def test_accounts_are_settled_for_every_week_that_has_ended(days: float, periods: int, network: Network) -> None:
    scenario = network(
        {"shop": {"ordering": {"policy": "make-to-order", "review_days": 1}, "stock": 1e6, "price": 2}},
        firms={"shop": {"cash": 1000}},
        clock={"days": days},
        finance={"settle_days": 7, "payment_days": 7, "fixed_cost_share": 0},
    )
    run = simulate(scenario)
    last = run.firms.filter(pl.col("day") == days)
    # Ten a day at a price of 2; what was sold in a week is paid a week later.
    assert run.firms["revenue"].sum() == pytest.approx(140 * periods)
    assert last["receivable"].item() == pytest.approx(140 if periods else 0)


def test_a_firm_whose_insolvency_falls_due_on_the_last_day_fails_on_it(network: Network) -> None:
    poor = {"shop": {"cash": 0, "credit_months": 0}}
    rules = {"settle_days": 7, "payment_days": 70, "fixed_cost_share": 1}
    products = {"unit": {"value_added": 5}}
    scenario = network({"shop": {}}, firms=poor, products=products, clock={"days": 7}, finance=rules)
    run = simulate(scenario)
    failed = run.events.filter(pl.col("kind") == "firm_failed")
    assert failed["day"].to_list() == [7.0]
    assert run.dropouts["finance"] >= 1
    assert run.firms.filter(pl.col("day") == 7)["active"].item() == 0


def test_an_outage_that_ends_on_the_last_day_is_over_in_its_row(
    network: Network, start: Start, accidents: type[Component]
) -> None:
    scenario = network({"shop": {}}, clock={"days": 20})
    simulation = start(scenario, accidents.of({"plan": [(5, "site", 0, 15, "none"), (20, "site", 0, 5, "none")]}))
    simulation.observe(None, debug=True)
    simulation.finish()
    tables = final_tables(simulation)
    assert tables["events"].select("day", "kind").rows() == [
        (5.0, "site_failed"),
        (20.0, "site_recovered"),
        (20.0, "site_failed"),
    ]


def test_every_row_tells_of_the_same_time(network: Network) -> None:
    scenario = network({"shop": {"stock": 1e6}}, clock={"days": 84}, record={"every_days": 28})
    rows = simulate(scenario).markets
    assert rows.select("day", "demanded").rows() == [(0.0, 0.0), (28.0, 280.0), (56.0, 280.0), (84.0, 280.0)]
