"""Firms pay the share of their profit that their country takes, and all books stay balanced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde import simulate
from gpnde.engine.money.statements import Statements
from gpnde.engine.public.taxes import Taxes
from gpnde.engine.run import BALANCE, Simulation
from gpnde.results.run import Run
from gpnde.scenario.generate import generate
from gpnde.scenario.knowledge import Country
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import ACCOUNTS

from ...thorough import often
from ..economy import BRAND, FIRST, economy

Start = Callable[..., Simulation]
TAXES = ACCOUNTS.index("taxes")
NORTH, SOUTH = 0.3, 0.2


def taxed(north: float = NORTH, south: float = SOUTH, **changes: Any) -> Scenario:
    """Return the economy of two countries that tax profit."""
    return economy(countries__0__profit_tax=north, countries__1__profit_tax=south, **changes)


def item(run: Run, firm: str, name: str) -> list[float]:
    """Return an item of the income statements of a firm, quarter by quarter; 0 where it has none."""
    rows = run.accounts.filter(statement="income", item=name, firm=firm)
    found = dict(rows.select("day", "amount").iter_rows())
    days = run.accounts.filter(statement="income")["day"].unique().sort()
    return [found.get(day, 0.0) for day in days.to_list()]


@pytest.mark.parametrize(("firm", "rate"), [("brand", NORTH), ("first", SOUTH)])
def test_the_tax_is_a_share_of_the_profit_of_the_quarter(firm: str, rate: float) -> None:
    run = simulate(taxed())
    paid, after = np.array(item(run, firm, "taxes")), np.array(item(run, firm, "profit"))
    assert len(paid) == 8
    assert (after > 0.0).all()
    assert paid == pytest.approx(-rate * (after - paid))


def test_metrics_tell_taxes_by_the_country_that_levies_them() -> None:
    run = simulate(taxed(south=0.0))
    assert (
        run.metric("finance.taxes")
        == run.metric("finance.taxes.north")
        == pytest.approx(-sum(item(run, "brand", "taxes")))
    )
    names = run.metrics["metric"].to_list()
    assert "finance.taxes.south" not in names
    assert not [name for name in simulate(economy()).metrics["metric"] if name.startswith("finance.taxes")]


@pytest.mark.parametrize("rate", [0.1, 0.5, 0.9])
def test_a_higher_rate_never_raises_the_sum_of_profits_of_a_quarter(rate: float) -> None:
    def profits(rate: float) -> np.ndarray[Any, Any]:
        run = simulate(taxed(rate, rate, clock__days=91))
        return np.array([item(run, firm, "profit")[0] for firm in ("brand", "first", "second")])

    before, after = profits(0.0), profits(rate)
    assert after.sum() < before.sum()
    assert after == pytest.approx(np.where(before > 0.0, (1.0 - rate) * before, before))


def _collected(start: Start, monkeypatch: pytest.MonkeyPatch, cash: float, *profits: float) -> list[float]:
    """Return what the first maker pays on profits of single quarters, with so much cash in each."""
    simulation = start(taxed())
    simulation.advance(30)
    firms, paid = simulation.world.firms, []
    for profit in profits:
        monkeypatch.setattr(Statements, "taxable_profit", lambda _self, profit=profit: np.array([0.0, profit, 0.0]))
        firms["cash"][FIRST] = cash
        simulation.part(Taxes).step()
        paid.append(cash - float(firms["cash"][FIRST]))
    return paid


def test_losses_are_made_up_for_before_tax(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    paid = _collected(start, monkeypatch, 1e6, -60.0, 40.0, 50.0, 10.0)
    assert paid == pytest.approx([0.0, 0.0, SOUTH * 30.0, SOUTH * 10.0])


@pytest.mark.parametrize(("cash", "paid"), [(5.0, 5.0), (-5.0, 0.0)])
def test_a_firm_pays_no_more_than_the_cash_it_has(
    start: Start, monkeypatch: pytest.MonkeyPatch, cash: float, paid: float
) -> None:
    assert _collected(start, monkeypatch, cash, 100.0) == [paid]


def test_a_firm_that_has_left_pays_nothing(start: Start) -> None:
    simulation = start(taxed())
    simulation.advance(90)
    simulation.world.firms["active"][BRAND] = 0
    simulation.part(Taxes).step()
    assert simulation.world.entries[TAXES][BRAND] == 0.0 > simulation.world.entries[TAXES][FIRST]


def test_a_firm_without_a_country_pays_nothing() -> None:
    run = simulate(taxed(clusters__1__country=None))
    assert not any(item(run, "first", "taxes"))
    assert all(item(run, "brand", "taxes"))


def _owned() -> Run:
    """Return a run in which the brand holds half of its first maker, which has cash to spare."""
    owner: dict[str, Any] = {
        "firms__1__owner": "brand",
        "firms__1__node_type": "joint-venture",
        "firms__1__equity_share": 0.5,
    }
    return simulate(taxed(NORTH, SOUTH, firms__1__cash_months=60, **owner))


def test_dividends_come_out_of_profit_after_tax() -> None:
    run = _owned()
    paid, profit = np.array(item(run, "first", "dividends")), np.array(item(run, "first", "profit"))
    assert paid[1:] == pytest.approx(-0.5 * (profit - paid)[:-1])
    taxes = np.array(item(run, "first", "taxes"))
    assert taxes == pytest.approx(-SOUTH * (profit - paid - taxes))


def test_dividends_are_not_taxed_again() -> None:
    run = _owned()
    paid = np.array(item(run, "brand", "taxes"))
    profit, received = np.array(item(run, "brand", "profit")), np.array(item(run, "brand", "dividends"))
    assert received[1:].min() > 0.0
    assert paid == pytest.approx(-NORTH * (profit - received - paid))


@settings(max_examples=often(5, 20), deadline=None)
@given(st.integers(5, 25), st.integers(0, 10**6), st.floats(0.01, 0.99))
def test_books_of_generated_networks_balance_with_taxes(start: Start, firms: int, seed: int, rate: float) -> None:
    scenario = generate("made-up", firms, 3, seed)
    names = sorted({cluster.country for cluster in scenario.clusters if cluster.country})
    countries = tuple(Country(name=name, profit_tax=rate) for name in names)
    simulation = start(scenario.model_copy(update={"countries": countries, "components": ()}))
    simulation.observe(None, debug=True)
    simulation.finish()
    assert max(simulation.balances().values()) <= BALANCE
    assert (simulation.world.entries[TAXES] <= 0.0).all()
    assert simulation.world.entries[TAXES].any()
