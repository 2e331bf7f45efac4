"""The workforce follows output, is paid idle or not, and its pay stands in the accounts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from gpnde.engine.run import Simulation
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import ACCOUNTS
from gpnde.world.layout import Floats

from ..economy import BRAND, FIRST, economy

Start = Callable[..., Simulation]

LABOUR = ACCOUNTS.index("labour")


def _after(start: Start, scenario: Scenario, day: float) -> Simulation:
    simulation = start(scenario)
    simulation.advance(day)
    return simulation


def _paid(simulation: Simulation) -> Floats:
    """Return what each firm has paid for labour."""
    paid: Floats = -simulation.world.entries[LABOUR]
    return paid


def test_staff_at_the_start_makes_what_is_expected(start: Start) -> None:
    factories = start(economy()).world.factories
    needed = 100.0 * 0.5 + 0.2 * 0.85 * 130.0 * 0.5
    assert factories["staff"][BRAND] == pytest.approx(needed)


def test_staff_that_the_scenario_gives_is_that_of_day_0(start: Start) -> None:
    assert start(economy(sites__0__employment=500)).world.factories["staff"][BRAND] == 500.0


def test_too_many_hands_are_paid_until_they_have_left(start: Start) -> None:
    usual, crowded = (
        _after(start, economy(firms__0__cash_months=60, sites__0__employment=staff), 91) for staff in (0, 500)
    )
    assert _paid(crowded)[BRAND] > 3.0 * _paid(usual)[BRAND]
    assert crowded.world.factories["staff"][BRAND] == pytest.approx(500.0 * (1 - 0.2 / 13) ** 13, rel=1e-9)


@pytest.mark.parametrize(("path", "grows"), [("released_per_quarter", False), ("hired_per_quarter", True)])
def test_staff_moves_as_fast_as_labour_rules_say(start: Start, path: str, grows: bool) -> None:
    employment = 5 if grows else 500
    slow, fast = (
        _after(start, economy(sites__0__employment=employment, **{f"labour__{path}": rate}), 28).world.factories
        for rate in (0.05, 0.9)
    )
    change = fast["staff"][BRAND] - slow["staff"][BRAND]
    assert change > 1.0 if grows else change < -1.0


def test_missing_hands_cost_the_premium(start: Start) -> None:
    plain, dear = (
        _after(start, economy(sites__0__employment=20, labour__overtime_premium=premium), 7) for premium in (0.0, 1.0)
    )
    needed = float(plain.world.factories["needed"][BRAND])
    assert _paid(dear)[BRAND] - _paid(plain)[BRAND] == pytest.approx(7 * 40.0 * (needed - 20.0), rel=1e-9)


def test_standing_staff_is_paid_where_nothing_is_made(start: Start) -> None:
    small, large = (
        _after(
            start, economy(labour__standing_share=share, markets__0__demand__law=1e-6, firms__0__cash=1e7), 364
        ).world.factories
        for share in (0.0, 0.5)
    )
    assert small["staff"][BRAND] < 0.01
    # Idle plant is not renewed, and staff follows the capacity that is left with delay.
    standing = 0.5 * 0.5 * float(large["normal_units"][BRAND])
    assert standing <= large["staff"][BRAND] < 0.5 * 0.5 * 0.85 * 130


def test_twice_the_wage_is_twice_the_pay_and_a_dearer_unit(start: Start) -> None:
    usual, dear = (_after(start, economy(clusters__1__wage_per_day=wage), 7) for wage in (10, 20))
    assert _paid(dear)[FIRST] == pytest.approx(2.0 * _paid(usual)[FIRST])
    assert dear.world.factories["labour_cost"][FIRST] == pytest.approx(
        2.0 * usual.world.factories["labour_cost"][FIRST]
    )
    assert dear.world.plants["unit_cost"][FIRST] > usual.world.plants["unit_cost"][FIRST]
    assert dear.world.state.lines["price"][0] > usual.world.state.lines["price"][0]


def test_firms_that_have_left_employ_nobody(start: Start) -> None:
    simulation = start(economy(sites__0__price=5))
    simulation.finish()
    gone = simulation.world.firms["active"][simulation.world.state.sites["firm"]] == 0
    assert gone.any()
    assert not simulation.world.factories["staff"][gone].any()


def test_sites_without_labour_employ_nobody_and_pay_as_before(start: Start) -> None:
    changes = {"products__part__labour_days": None, "products__part__plant": None, "products__part__value_added": 3}
    simulation = _after(start, economy(**changes), 91)
    assert simulation.world.factories["staff"][FIRST] == 0.0
    assert -simulation.world.entries[ACCOUNTS.index("production")][FIRST] > 0.0
    assert np.all(simulation.world.entries[ACCOUNTS.index("production")][[BRAND]] == 0.0)
