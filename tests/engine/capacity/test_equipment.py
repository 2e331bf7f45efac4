"""Equipment wears, is renewed or lost, is bought again for a new generation, and its books balance."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.capacity.exits import Exits
from gpnde.engine.run import Simulation
from gpnde.plugin import Component, hookimpl
from gpnde.vocabulary import ACCOUNTS, Account

from ..economy import BRAND, FIRST, SECOND, economy

Start = Callable[..., Simulation]


def _after(start: Start, day: float, **changes: Any) -> Simulation:
    simulation = start(economy(**changes))
    simulation.advance(day)
    return simulation


def _entered(simulation: Simulation, account: Account, firm: int = BRAND) -> float:
    return float(simulation.world.entries[ACCOUNTS.index(account)][firm])


def test_plant_wears_evenly_and_what_is_used_is_renewed(start: Start) -> None:
    simulation = _after(start, 91)
    value = float(simulation.world.factories["plant_value"][BRAND])
    worn = 0.9 * value * 91 / 3640
    assert _entered(simulation, "depreciation") == pytest.approx(-worn)
    assert _entered(simulation, "investment") == pytest.approx(-worn)
    assert simulation.world.factories["book_value"][BRAND] == pytest.approx((0.1 + 0.9 * 0.5) * value)


def test_half_the_life_wears_twice_as_fast_and_makes_units_dearer(start: Start) -> None:
    usual, short = (_after(start, 28, products__device__plant__life_days=days) for days in (3640, 1820))
    assert _entered(short, "depreciation") == pytest.approx(2.0 * _entered(usual, "depreciation"))
    assert short.world.plants["unit_cost"][BRAND] > usual.world.plants["unit_cost"][BRAND]


def test_plant_that_stands_idle_is_kept_up_and_not_renewed(start: Start) -> None:
    simulation = _after(start, 182, markets__0__demand__law=1, firms__0__cash=1e7)
    assert _entered(simulation, "upkeep") < 0.0
    assert simulation.world.state.sites["capacity"][BRAND] < 130.0


@pytest.mark.parametrize("load", [0.1, 1.0])
def test_a_plant_is_renewed_in_full_from_the_load_that_it_states(start: Start, load: float) -> None:
    simulation = _after(start, 91, products__device__plant__renewed_from_load=load)
    assert bool(simulation.world.state.sites["capacity"][BRAND] == 130.0) is (load == 0.1)


def test_plant_of_a_site_that_is_not_open_yet_neither_wears_nor_costs(start: Start) -> None:
    later = {"sites__2__opens_day": 180, "links__0__share": 1, "links__1__share": 0}
    simulation = _after(start, 91, **later)
    assert _entered(simulation, "depreciation", SECOND) == _entered(simulation, "upkeep", SECOND) == 0.0
    simulation.advance(273)
    assert _entered(simulation, "depreciation", SECOND) < 0.0
    assert _entered(simulation, "upkeep", SECOND) < 0.0


def test_plant_of_a_site_that_closes_is_written_off_and_costs_no_more(start: Start) -> None:
    simulation = _after(start, 98, sites__2__closes_day=91)
    assert simulation.world.factories["book_value"][SECOND] == 0.0
    assert _entered(simulation, "write_offs", SECOND) < 0.0
    upkeep = _entered(simulation, "upkeep", SECOND)
    simulation.finish()
    assert _entered(simulation, "upkeep", SECOND) == upkeep
    assert max(simulation.balances().values()) < 1e-9


class Halved(Component):
    """Halves what all sites can start."""

    name = "test.halved"

    @hookimpl
    def capacity(self) -> float:
        return 0.5


def test_capacity_that_a_component_takes_away_takes_no_plant(start: Start) -> None:
    worn_out = {"products__device__plant__renewed_from_load": 1.0, "markets__0__demand__law": 40}
    simulation = start(economy(**worn_out), Halved())
    simulation.advance(92)
    world = simulation.world
    left = float(world.state.sites["capacity"][BRAND])
    assert 60.0 < left < 65.0
    assert world.whole_capacity[BRAND] == pytest.approx(2.0 * left)
    assert world.factories["normal_units"][BRAND] == pytest.approx(0.85 * 2.0 * left)


def test_a_new_generation_takes_its_part_of_the_plant(start: Start) -> None:
    simulation = _after(start, 364)
    value = float(simulation.world.factories["plant_value"][BRAND])
    assert _entered(simulation, "write_offs") == pytest.approx(-0.1 * value)
    assert _entered(simulation, "write_offs", FIRST) == 0.0


def test_generations_of_other_products_that_end_on_one_day_are_not_counted_twice(start: Start) -> None:
    alone = _after(start, 364)
    beside = _after(start, 364, products__part__life_cycle_days=182)
    value = float(beside.world.factories["plant_value"][BRAND])
    assert _entered(beside, "write_offs") == pytest.approx(-0.1 * value)
    assert beside.world.factories["experience"][BRAND] == pytest.approx(
        alone.world.factories["experience"][BRAND], rel=0.1
    )


POOR = {"firms__0__cash": 0, "firms__0__credit_months": 60, "countries__0__credit": 0, "sites__0__price": 30}


def test_a_firm_that_cannot_equip_its_only_plant_for_a_new_generation_leaves(start: Start) -> None:
    simulation = _after(start, 363, **POOR)
    assert simulation.world.firms["active"][BRAND] == 1
    simulation.advance(364)
    assert simulation.world.firms["active"][BRAND] == 0
    assert simulation.world.plants["closed"][BRAND]
    simulation.finish()
    assert max(simulation.balances().values()) < 1e-9


def test_a_firm_with_another_plant_closes_only_the_one_that_it_gives_up(start: Start) -> None:
    simulation = start(economy())
    simulation.world.state.sites["firm"][FIRST] = BRAND
    simulation.part(Exits).give_up(FIRST)
    assert simulation.world.plants["closed"][FIRST]
    assert not simulation.world.plants["closed"][BRAND]
    assert simulation.world.firms["active"][BRAND] == 1


def test_experience_is_carried_in_part(start: Start) -> None:
    simulation = _after(start, 363)
    before = float(simulation.world.factories["experience"][BRAND])
    simulation.advance(364)
    made = float(simulation.world.state.sites["produced"][BRAND])
    assert simulation.world.factories["experience"][BRAND] == pytest.approx(0.5 * made, rel=0.02)
    assert before > 0.9 * made


def test_expansion_is_paid_for_and_takes_its_building_time(start: Start) -> None:
    wide = {"location": {"review_days": 91, "utilisation": 0.5}, "products__device__plant__building_days": 100}
    simulation = _after(start, 180, **wide)
    spent = -_entered(simulation, "investment")
    assert simulation.world.state.sites["capacity"][BRAND] == 130.0
    simulation.advance(192)
    assert simulation.world.state.sites["capacity"][BRAND] == pytest.approx(1.2 * 130.0)
    assert spent > float(simulation.world.factories["plant_value"][BRAND]) * 0.1


def test_who_cannot_pay_does_not_expand(start: Start) -> None:
    wide = {"location": {"review_days": 91, "utilisation": 0.5}, "firms__0__cash": 0, "countries__0__credit": 0}
    simulation = _after(start, 364, sites__0__price=30, firms__0__credit_months=60, **wide)
    assert simulation.world.state.sites["capacity"][BRAND] <= 130.0


@settings(max_examples=15, deadline=None)
@given(
    price=st.floats(20, 80),
    cash=st.floats(0, 12),
    law=st.sampled_from([20, "normal(mean=100, cv=0.5)", 140]),
    share=st.floats(0, 1),
    seed=st.integers(0, 9),
)
def test_goods_cash_plant_and_statements_balance(
    price: float, cash: float, law: str | int, share: float, seed: int, start: Start
) -> None:
    changes = {"sites__0__price": price, "firms__1__cash_months": cash, "markets__0__demand__law": law}
    simulation = start(economy(**changes, products__part__plant__specific_share=share, location={}), seed=seed)
    simulation.finish()
    assert max(simulation.balances().values()) < 1e-9


def test_plant_that_no_account_tells_of_is_found(start: Start) -> None:
    simulation = _after(start, 91)
    simulation.world.factories["book_value"][BRAND] += 1000.0
    assert simulation.balances()["plant"] > 1e-4
