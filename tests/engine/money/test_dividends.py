"""Owners get their share of the profits of firms that they own, and all books stay balanced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from gpnde import simulate
from gpnde.engine.money.dividends import Dividends
from gpnde.engine.money.statements import Statements
from gpnde.engine.run import Simulation
from gpnde.results.run import Run
from gpnde.scenario.schema import Scenario

from ..economy import BRAND, FIRST, economy

Start = Callable[..., Simulation]


def owned(node_type: str = "subsidiary", **fields: Any) -> Scenario:
    """Return the economy in which the brand owns its first maker, which has cash to spare."""
    rich = {"firms__1__cash_months": 60, **fields}
    return economy(firms__1__owner="brand", firms__1__node_type=node_type, **rich)


def _item(run: Run, firm: str, item: str) -> dict[float, float]:
    """Return an item of the income statements of a firm by day."""
    rows = run.accounts.filter(statement="income", item=item, firm=firm)
    return dict(rows.select("day", "amount").iter_rows())


@pytest.mark.parametrize(
    ("node_type", "stated", "share"),
    [("subsidiary", None, 1.0), ("joint-venture", None, 0.5), ("affiliate", None, 0.35), ("joint-venture", 0.6, 0.6)],
)
def test_an_owner_gets_its_share_of_each_quarter_with_profit(
    node_type: str, stated: float | None, share: float
) -> None:
    run = simulate(owned(node_type, firms__1__equity_share=stated) if stated else owned(node_type))
    profit, paid = _item(run, "first", "profit"), _item(run, "first", "dividends")
    earned = {day + 91.0: each - paid.get(day, 0.0) for day, each in profit.items() if day < 728}
    assert min(earned.values()) > 0.0
    due = {day: -share * each for day, each in earned.items()}
    assert paid == pytest.approx(due)
    assert _item(run, "brand", "dividends") == pytest.approx({day: -each for day, each in paid.items()})
    assert run.metric("finance.dividends") == pytest.approx(-sum(paid.values()))


@pytest.mark.parametrize("node_type", ["partner", "independent"])
def test_without_a_share_no_money_moves(node_type: str) -> None:
    scenario = economy() if node_type == "independent" else owned(node_type)
    assert not Dividends.is_needed(scenario)
    run = simulate(scenario)
    assert _item(run, "first", "dividends") == {}


def _paying(start: Start, scenario: Scenario, profits: tuple[float, float, float]) -> Simulation:
    """Return a run some time after a quarter in which firms had these profits."""
    simulation = start(scenario)
    simulation.advance(60)
    simulation.part(Statements).last_profits = np.array(profits)
    return simulation


def _moved(simulation: Simulation) -> list[float]:
    """Pay dividends, and return by how much the cash of firms has changed."""
    before = simulation.world.firms["cash"].copy()
    simulation.part(Dividends).step()
    return list((simulation.world.firms["cash"] - before).tolist())


def test_a_firm_pays_out_no_more_than_it_can_spare(start: Start) -> None:
    simulation = _paying(start, owned(), (0.0, 100.0, 0.0))
    simulation.world.firms["cash"][FIRST] = 10.0
    assert _moved(simulation) == pytest.approx([5.0, -5.0, 0.0])


def test_books_balance_though_owners_get_dividends(start: Start) -> None:
    simulation = start(owned("joint-venture"))
    simulation.advance(728)
    simulation.finish()
    assert max(simulation.balances().values()) < 1e-9
    assert np.abs(simulation.world.entries).sum() > 0.0


def test_what_a_firm_has_paid_is_no_loss_of_it(start: Start) -> None:
    simulation = _paying(start, owned(), (0.0, 100.0, 0.0))
    assert _moved(simulation) == pytest.approx([100.0, -100.0, 0.0])
    simulation.part(Statements).last_profits = np.array([100.0, 30.0 - 100.0, 0.0])
    assert _moved(simulation) == pytest.approx([30.0, -30.0, 0.0])


def test_losses_are_made_up_for_before_dividends(start: Start) -> None:
    simulation = _paying(start, owned(), (0.0, -60.0, 0.0))
    assert _moved(simulation) == [0.0, 0.0, 0.0]
    got: list[float] = []
    for profit in (40.0, 50.0, 10.0):
        paid = got[-1] if got else 0.0
        simulation.part(Statements).last_profits = np.array([0.0, profit - paid, 0.0])
        got.append(_moved(simulation)[BRAND])
    assert got == pytest.approx([0.0, 30.0, 10.0])


def test_dividends_pass_along_a_chain_of_owners(start: Start) -> None:
    scenario = owned(firms__2__owner="first", firms__2__node_type="subsidiary")
    simulation = _paying(start, scenario, (0.0, 0.0, 100.0))
    assert _moved(simulation) == pytest.approx([0.0, 100.0, -100.0])
    simulation.part(Statements).last_profits = np.array([0.0, 100.0, -100.0])
    assert _moved(simulation) == pytest.approx([100.0, -100.0, 0.0])


def test_a_firm_that_has_left_gets_nothing(start: Start) -> None:
    simulation = _paying(start, owned(), (0.0, 100.0, 0.0))
    simulation.world.firms["active"][BRAND] = 0
    assert _moved(simulation) == [0.0, 0.0, 0.0]
