"""Owners get their share of the profits of firms that they own, and all books stay balanced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde import simulate
from gpnde.engine.money.dividends import Dividends
from gpnde.engine.money.statements import Statements
from gpnde.engine.run import BALANCE, Simulation
from gpnde.results.run import Run
from gpnde.scenario.generate import generate
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import ACCOUNTS, MONTH_DAYS

from ...thorough import often
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


def generous(**changes: Any) -> Scenario:
    """Return the economy in which firms pay out half of the cash that they do not need."""
    return economy(finance__payout_per_year=0.5, **{"finance__kept_months": 6, **changes})


def test_firms_without_owners_in_the_network_pay_outside_what_they_do_not_need(start: Start) -> None:
    simulation = start(generous())
    simulation.advance(91)
    world, before = simulation.world, simulation.world.flows.outflow
    cash, owed = world.firms["cash"].copy(), world.firms["payable"].copy()
    own = sum(world.entries[ACCOUNTS.index(name)] for name in ("production", "labour", "upkeep"))
    simulation.part(Dividends).step()
    spare = np.maximum(cash - owed + 6.0 * own / (91.0 / MONTH_DAYS), 0.0)
    assert spare.max() > 0.0
    assert cash - world.firms["cash"] == pytest.approx((1.0 - 0.5**0.25) * spare)
    assert world.flows.outflow - before == pytest.approx(float((cash - world.firms["cash"]).sum()))


def test_firms_hoard_less_and_the_metric_tells_what_left() -> None:
    rich = {"firms__0__cash_months": 60}
    hoarding, paying = simulate(economy(**rich)), simulate(generous(**rich))
    assert "finance.payouts" not in hoarding.metrics["metric"].to_list()
    left = sum(-sum(_item(paying, firm, "dividends").values()) for firm in ("brand", "first", "second"))
    assert paying.metric("finance.payouts") == pytest.approx(left)
    assert left > 0.0

    def cash(run: Run) -> float:
        rows = run.accounts.filter(statement="balance", item="cash", firm="brand")
        return float(rows.sort("day")["amount"][-1])

    assert cash(paying) < 0.6 * cash(hoarding)


def test_owners_in_the_network_get_their_share_of_it_and_owners_outside_the_rest(start: Start) -> None:
    scenario = owned("joint-venture", finance__payout_per_year=1.0, finance__kept_months=0)
    simulation = _paying(start, scenario, (0.0, 0.0, 0.0))
    firms, before = simulation.world.firms, simulation.world.flows.outflow
    firms["cash"][[BRAND, FIRST, 2]] = 0.0, 1000.0, 0.0
    firms["payable"][FIRST] = 400.0
    assert _moved(simulation) == pytest.approx([300.0, -600.0, 0.0])
    assert simulation.world.flows.outflow - before == pytest.approx(300.0)


def test_what_left_is_no_loss_that_dividends_wait_for(start: Start) -> None:
    scenario = owned(finance__payout_per_year=1.0, finance__kept_months=0)
    simulation = _paying(start, scenario, (0.0, 0.0, 0.0))
    firms = simulation.world.firms
    firms["payable"][:], firms["cash"][:] = 0.0, 0.0
    firms["cash"][FIRST] = 1000.0
    assert _moved(simulation) == pytest.approx([1000.0, -1000.0, 0.0])
    simulation.part(Statements).last_profits = np.array([0.0, 40.0 - 1000.0, 0.0])
    firms["cash"][:], firms["cash"][FIRST], firms["payable"][FIRST] = 0.0, 200.0, 200.0
    assert _moved(simulation)[BRAND] == pytest.approx(40.0)


def test_firms_with_less_than_they_need_keep_it(start: Start) -> None:
    simulation = start(generous(finance__kept_months=1200))
    simulation.advance(91)
    assert _moved(simulation) == [0.0, 0.0, 0.0]


@settings(max_examples=often(5, 20), deadline=None)
@given(st.integers(5, 25), st.integers(0, 10**6), st.floats(0.01, 1.0), st.floats(0.0, 24.0))
def test_books_of_generated_networks_balance_with_payouts(
    start: Start, firms: int, seed: int, share: float, months: float
) -> None:
    scenario = generate("made-up", firms, 3, seed)
    assert scenario.finance is not None
    rules = scenario.finance.model_copy(update={"payout_per_year": share, "kept_months": months})
    simulation = start(scenario.model_copy(update={"finance": rules, "components": ()}))
    simulation.observe(None, debug=True)
    simulation.finish()
    assert max(simulation.balances().values()) <= BALANCE
    assert simulation.world.entries[ACCOUNTS.index("dividends")].sum() <= 0.0
