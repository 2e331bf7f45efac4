"""Names, units of goods, units of money and units of time are conventions: results do not depend on them.

Factors are powers of two, so that no rounding comes in and results are equal to the last bit. The unit of time is
free only where nothing is rounded to the tick: steps in an order that lets an order be read, filled and shipped at
one instant (with the usual order it waits for the next tick), whole lead times that are not drawn (a draw is named by
its tick), and no capacity (units started per tick).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine import simulate
from gpnde.results.columns import TABLES
from gpnde.results.run import Run
from gpnde.scenario.check import check_scenario
from gpnde.scenario.generate import generate
from gpnde.scenario.schema import Scenario
from gpnde.world.build import USUAL_VALUE_ADDED

Network = Callable[..., Scenario]
Change = Callable[[str, Any], Any]

_LAW_SIZES = ("value", "mean", "sd", "median", "low", "high", "values")
_GOODS = (
    r"sites\.\d+\.stock",
    rf"sites\.\d+\.(capacity_per_day|yield_loss)\.({'|'.join(_LAW_SIZES)})(\.\d+)?",
    r"(sites\.\d+\.)?ordering\.(level|reorder_point|quantity|forecast\.(mean|sd))",
    r"links\.\d+\.(in_transit|in_mail)\.\d+",
    rf"markets\.\d+\.demand\.law\.({'|'.join(_LAW_SIZES)})(\.\d+)?",
)
_MONEY = (
    r"products\.[^.]+\.(value_added|outside_cost)",
    r"clusters\.\d+\.wage_per_day",
    r"firms\.\d+\.cash",
    r"(sites|links|markets)\.\d+\.(price|value_added)",
    r"sites\.\d+\.(holding|pipeline|stockout|shortage|order)_cost",
)
_PER_MONEY = (r"markets\.\d+\.rivalry\.price_sensitivity",)
_PER_UNIT = {("links", "price"), ("markets", "price"), ("generations", "price"), ("generations", "cost")}
"""Columns in money per unit, which do not grow with the quantity of goods."""


def _walk(value: Any, path: str, change: Change) -> Any:
    """Return plain data with every leaf replaced by what *change* makes of its path and value."""
    if isinstance(value, Mapping):
        return {key: _walk(inner, f"{path}.{key}".lstrip("."), change) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_walk(inner, f"{path}.{number}", change) for number, inner in enumerate(value)]
    return change(path, value)


def _changed(scenario: Scenario, change: Change) -> Scenario:
    other = Scenario.model_validate(_walk(scenario.model_dump(mode="json"), "", change))
    check_scenario(other)
    return other


def _times(factor: float, patterns: tuple[str, ...]) -> Change:
    wanted = re.compile("|".join(patterns))

    def change(path: str, value: Any) -> Any:
        given = USUAL_VALUE_ADDED if value is None and re.fullmatch(r"products\.[^.]+\.value_added", path) else value
        hit = wanted.fullmatch(path) and given is not None
        return given * factor if hit else value

    return change


def _scales(run: Run) -> Iterator[tuple[str, str, pl.Series, str]]:
    """Yield table, column, numbers and unit of all columns of numbers but the metrics, and the metrics by unit."""
    for name, columns in TABLES.items():
        for column, contract in columns.items():
            series = run.tables[name][column]
            if name not in ("metrics", "events") and series.dtype != pl.String:
                yield name, column, series, contract.unit
    metrics = run.tables["metrics"]
    for unit in metrics["unit"].unique().sort():
        yield "metrics", unit, metrics.filter(metrics["unit"] == unit)["value"], unit


def _assert_scaled(one: Run, other: Run, factors: Mapping[str, float], per_unit: float = 1.0) -> None:
    """Check that all columns and metrics in some units are *factors* times as large, and all others equal."""
    for (table, column, left, unit), (_, _, right, _) in zip(_scales(one), _scales(other), strict=True):
        factor = per_unit if (table, column) in _PER_UNIT else factors.get(unit.partition("/")[0], 1.0)
        expected = left if factor == 1.0 else left * factor
        assert expected.equals(right, null_equal=True), f"{table}.{column} in {unit}"


def _made_up() -> Scenario:
    scenario = generate("made-up", 25, 3, seed=6)
    clock = scenario.clock.model_copy(update={"days": 364})
    return scenario.model_copy(update={"clock": clock})


def _without_counts(scenario: Scenario) -> Scenario:
    """Replace demand that comes in whole units, which have no half."""

    def change(path: str, value: Any) -> Any:
        return "fixed" if value == "poisson" and path.endswith(".law.law") else value

    plain = _walk(scenario.model_dump(mode="json"), "", change)
    for market in plain["markets"]:
        law = market["demand"]["law"]
        if law["law"] == "fixed" and law["mean"] is not None:
            law["value"], law["mean"] = law["mean"], None
    return Scenario.model_validate(plain)


@pytest.fixture(scope="module")
def usual() -> Run:
    """Return a run of the made-up network."""
    return simulate(_made_up())


def _assert_events_alike(one: Run, other: Run) -> None:
    for column in ("day", "kind", "cause"):
        assert one.events[column].equals(other.events[column]), column


def _certain(scenario: Scenario) -> Scenario:
    """Take luck out of a network: names decide who is lucky, and nothing else."""

    def change(path: str, value: Any) -> Any:
        return 0.0 if path.endswith((".cv", ".response_sigma")) and value is not None else value

    return _changed(scenario.model_copy(update={"components": ()}), change)


def test_new_names_in_the_same_order_change_nothing_but_draws() -> None:
    scenario = _certain(_made_up())
    usual = simulate(scenario)
    names = re.compile(r"flagship-|tier-|final-product|market of |open market of ")

    def rename(value: Any) -> Any:
        return names.sub(lambda match: f"Zz {match[0]}", value) if isinstance(value, str) else value

    plain = _walk(scenario.model_dump(mode="json"), "", lambda path, value: rename(value))
    for product in (plain["products"], *(each["made_of"] for each in plain["products"].values())):
        for name in list(product):
            product[rename(name)] = product.pop(name)
    renamed = simulate(Scenario.model_validate(plain))
    assert renamed.sites["site"].str.starts_with("Zz ").all()
    _assert_events_alike(usual, renamed)
    named = re.compile(r"market|networks\.(suppliers|capability)\.")
    general = [name for name in usual.tables["metrics"]["metric"] if not named.search(name)]
    assert [usual.metric(name) for name in general] == [renamed.metric(name) for name in general]
    for name in ("sites", "firms", "links", "tiers", "orders", "sales"):
        for column in usual.tables[name].select(pl.selectors.numeric()).columns:
            assert usual.tables[name][column].equals(renamed.tables[name][column], null_equal=True), (name, column)


def test_twice_the_goods_give_twice_the_goods_and_money_and_equal_ratios(usual: Run) -> None:
    doubled = simulate(_changed(_made_up(), _times(2.0, _GOODS)))
    _assert_events_alike(usual, doubled)
    _assert_scaled(usual, doubled, {"unit": 2.0, "money": 2.0})


def test_half_the_worth_of_money_doubles_all_sums_and_no_ratio(usual: Run) -> None:
    dearer = simulate(_changed(_made_up(), _times(2.0, _MONEY)))
    _assert_events_alike(usual, dearer)
    _assert_scaled(usual, dearer, {"money": 2.0}, per_unit=2.0)


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_any_network_can_be_measured_in_other_units_of_goods(
    data: st.DataObject, networks: st.SearchStrategy[Scenario]
) -> None:
    scenario = _without_counts(data.draw(networks))
    usual = simulate(scenario)
    dozens = simulate(_changed(scenario, _times(0.25, _GOODS)))
    _assert_events_alike(usual, dozens)
    _assert_scaled(usual, dozens, {"unit": 0.25, "money": 0.25})


@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_any_network_can_be_counted_in_another_currency(
    data: st.DataObject, networks: st.SearchStrategy[Scenario]
) -> None:
    scenario = data.draw(networks)
    usual = simulate(scenario)
    dearer = simulate(_changed(_changed(scenario, _times(4.0, _MONEY)), _times(0.25, _PER_MONEY)))
    _assert_events_alike(usual, dearer)
    _assert_scaled(usual, dearer, {"money": 4.0}, per_unit=4.0)


@pytest.mark.parametrize("tick_days", [0.5, 0.125])
def test_a_finer_tick_shows_the_same_days_where_nothing_is_rounded_to_it(network: Network, tick_days: float) -> None:
    rule = {"review_days": 7, "forecast": {"method": "moving-average", "window": 6}}

    def run(tick: float) -> Run:
        links = [
            {"buyer": "shop", "supplier": "depot", "lead_time": 3, "promise_days": 3},
            {"buyer": "depot", "lead_time": 9, "order_delay_days": 2, "promise_days": 9},
        ]
        demand = {"law": "normal(mean=20, sd=6)", "every_days": 1, "growth_per_year": 0.1}
        common = {"ordering": rule, "holding_cost": 1, "stockout_cost": 3}
        scenario = network(
            {"shop": common, "depot": {**common, "processing": 2, "yield_rate": 0.9}},
            links,
            {"market": {"served_by": ["shop"], "demand": demand, "lead_time": 1}},
            clock={"days": 364, "tick_days": tick, "steps": ["demand", "order", "receive", "supply"]},
            finance={},
        )
        return simulate(scenario)

    coarse, fine = run(1.0), run(tick_days)
    for name in ("sites", "firms", "tiers", "markets", "links", "orders"):
        for column in coarse.tables[name].columns:
            left, right = coarse.tables[name][column], fine.tables[name][column]
            assert left.is_null().equals(right.is_null()), (name, column)
            if left.dtype == pl.Float64:
                np.testing.assert_allclose(right.to_numpy(), left.to_numpy(), rtol=1e-9, atol=1e-9, err_msg=column)
            else:
                assert left.equals(right), (name, column)
    for metric in ("flow.fill_rate", "flow.bullwhip", "flow.full_service", "cost.total"):
        assert fine.metric(metric) == pytest.approx(coarse.metric(metric))
