"""Sites start what materials and capacity allow, and share what they have among those who wait."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine import simulate
from gpnde.engine.kernel.orders import append_order, deliver_order
from gpnde.engine.kernel.production import (
    allotment,
    draw_good_units,
    produce,
    proportional_share,
    share_by_priority,
    share_first_come,
    supply,
)
from gpnde.engine.kernel.receiving import receive
from gpnde.scenario.schema import Scenario
from gpnde.world.build import build_world
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Depot = Callable[..., State]
Plant = Callable[..., State]

BUYERS = 3


@pytest.fixture(scope="session")
def depot(network: Network) -> Depot:
    """Return a maker of states with a depot, site 3, that supplies three shops over lines 0 to 2, and a market."""

    def make(priorities: Sequence[int] = (0, 0, 0), **more: Any) -> State:
        shops = {f"shop-{n}": {"stock": 0} for n in range(BUYERS)}
        links = [{"buyer": f"shop-{n}", "supplier": "depot", "priority": priorities[n]} for n in range(BUYERS)]
        markets = {"market": {"served_by": ["depot"], "demand": {"law": 1}, "backorders": False}}
        scenario = network({**shops, "depot": {"stock": 0, **more}}, links, markets)
        return build_world(scenario).state

    return make


def _order(state: State, where: int, quantity: float, now: int) -> None:
    append_order(state, where, quantity, now, now)
    deliver_order(state, where, quantity)


def _allotted(state: State, share: Callable[[State, int], None]) -> list[float]:
    share(state, BUYERS)
    return [float(state.lines[where].allotted) for where in range(BUYERS)]


_CLAIM = st.tuples(st.integers(0, BUYERS - 1), st.integers(1, 20), st.integers(0, 5))
_CLAIMS = st.lists(_CLAIM, min_size=1, max_size=10).map(lambda claims: sorted(claims, key=lambda claim: claim[2]))
_BLOCKED = st.lists(st.booleans(), min_size=BUYERS, max_size=BUYERS)
Claims = list[tuple[int, int, int]]


def _claimed(depot: Depot, claims: Claims, stock: float, blocked: list[bool], priorities: Sequence[int]) -> State:
    state = depot(priorities)
    for where, quantity, placed in claims:
        _order(state, where, float(quantity), placed)
    state.sites[BUYERS].on_hand = stock
    state.lines["blocked"][:BUYERS] = blocked
    return state


def _owed(claims: Claims, blocked: list[bool]) -> list[float]:
    return [0.0 if blocked[n] else float(sum(q for where, q, _ in claims if where == n)) for n in range(BUYERS)]


@settings(max_examples=60, deadline=None)
@given(claims=_CLAIMS, stock=st.floats(0, 100), blocked=_BLOCKED)
def test_proportional_rationing_gives_all_the_same_share(
    claims: Claims, stock: float, blocked: list[bool], depot: Depot
) -> None:
    state = _claimed(depot, claims, stock, blocked, (0, 0, 0))
    owed = np.array(_owed(claims, blocked))
    share = min(1.0, stock / owed.sum()) if owed.sum() else 0.0
    found = [allotment(state, where, proportional_share(state, BUYERS)) for where in range(BUYERS)]
    np.testing.assert_allclose(found, share * owed, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(claims=_CLAIMS, stock=st.integers(0, 100), blocked=_BLOCKED, priorities=st.permutations([1, 2, 3]))
def test_priority_rationing_serves_lower_numbers_whole_before_others(
    claims: Claims, stock: int, blocked: list[bool], priorities: list[int], depot: Depot
) -> None:
    state = _claimed(depot, claims, stock, blocked, priorities)
    owed, expected, left = _owed(claims, blocked), [0.0] * BUYERS, float(stock)
    for where in sorted(range(BUYERS), key=lambda n: priorities[n]):
        expected[where] = min(left, owed[where])
        left -= expected[where]
    assert _allotted(state, share_by_priority) == expected


@settings(max_examples=100, deadline=None)
@given(claims=_CLAIMS, stock=st.integers(0, 100), blocked=_BLOCKED)
def test_first_come_rationing_serves_order_by_order(
    claims: Claims, stock: int, blocked: list[bool], depot: Depot
) -> None:
    state = _claimed(depot, claims, stock, blocked, (0, 0, 0))
    expected, left = [0.0] * BUYERS, stock
    for where, quantity, _ in sorted(claims, key=lambda claim: (claim[2], claim[0])):
        if not blocked[where]:
            expected[where] += min(left, quantity)
            left -= min(left, quantity)
    assert _allotted(state, share_first_come) == expected


def test_customers_that_do_not_wait_come_last_where_the_first_comes_first(depot: Depot) -> None:
    state = depot(rationing="first-come")
    _order(state, 0, 6.0, 0)
    market = state.lines[int(np.flatnonzero(state.lines["market"] == 0)[0])]
    market.backlog = market.fresh = 10.0
    state.sites[BUYERS].backlog += 10.0
    state.sites[BUYERS].on_hand = 9.0
    supply(state, 0)
    assert (state.lines[0].shipped, market.shipped) == (6.0, 3.0)
    assert state.markets[0].lost == 7.0


@pytest.mark.parametrize("rationing", ["proportional", "priority", "first-come"])
def test_an_unlimited_site_ships_whatever_is_ordered_from_nothing(depot: Depot, rationing: str) -> None:
    state = depot(unlimited=True, rationing=rationing)
    for where, quantity in enumerate((5.0, 50.0, 500.0)):
        _order(state, where, quantity, 0)
    supply(state, 0)
    assert state.lines["shipped"][:BUYERS].tolist() == [5.0, 50.0, 500.0]
    assert state.sites[BUYERS].produced == 555.0
    assert state.sites[BUYERS].on_hand == 0.0


@pytest.mark.parametrize("rationing", ["proportional", "priority", "first-come"])
def test_nothing_is_shipped_over_a_blocked_line(depot: Depot, rationing: str) -> None:
    state = depot(rationing=rationing)
    _order(state, 0, 5.0, 0)
    _order(state, 1, 5.0, 0)
    state.lines[0].blocked = 1
    state.sites[BUYERS].on_hand = 100.0
    supply(state, 0)
    assert state.lines["shipped"][:BUYERS].tolist() == [0.0, 5.0, 0.0]
    assert state.lines[0].backlog == state.sites[BUYERS].backlog == 5.0


def test_a_site_that_is_down_ships_nothing(depot: Depot) -> None:
    state = depot()
    _order(state, 0, 5.0, 0)
    state.sites[BUYERS].on_hand = 100.0
    state.sites[BUYERS].down = 1
    supply(state, 0)
    assert state.lines[0].shipped == 0.0


def test_a_short_order_is_shipped_in_parts(depot: Depot) -> None:
    state = depot()
    _order(state, 0, 5.0, 0)
    for now, arrived in enumerate((2.0, 0.0, 3.0)):
        state.sites[BUYERS].on_hand += arrived
        supply(state, now)
    assert state.ledger[0].shipped == 2
    assert state.sites[BUYERS].shipped == 5.0
    assert state.sites[BUYERS].backlog == 0.0


def test_what_rounding_leaves_in_stock_is_not_shipped(depot: Depot) -> None:
    state = depot()
    _order(state, 0, 5.0, 0)
    state.sites[BUYERS].on_hand = 1e-15
    supply(state, 0)
    assert state.lines[0].shipped == 0.0


def test_what_is_asked_for_and_not_shipped_at_once_counts_as_short_once(depot: Depot) -> None:
    state = depot()
    state.sites[BUYERS].on_hand = 2.0
    _order(state, 0, 5.0, 0)
    supply(state, 0)
    supply(state, 1)
    assert state.sites[BUYERS].shortage == 3.0


def test_an_instant_counts_as_served_where_nothing_stays_owed(depot: Depot) -> None:
    state = depot()
    state.sites[BUYERS].on_hand = 7.0
    for now, quantity in enumerate((5.0, 0.0, 5.0, 0.0)):
        if quantity:
            _order(state, 0, quantity, now)
        supply(state, now)
    assert (state.sites[BUYERS].claimed, state.sites[BUYERS].served) == (2, 1)


@pytest.fixture(scope="session")
def plant(network: Network) -> Plant:
    """Return a maker of states in which site 0 makes cars of 4 wheels and 2 lamps each."""

    def make(seed: int = 1, **more: Any) -> State:
        parts = [{"buyer": "plant", "product": name} for name in ("wheel", "lamp")]
        scenario = network(
            {"plant": {"product": "car", "stock": 0, **more}},
            parts,
            products={"car": {"made_of": {"wheel": 4, "lamp": 2}}, "wheel": {}, "lamp": {}},
        )
        return build_world(scenario, seed).state

    return make


def _stock(state: State, wheels: float, lamps: float) -> None:
    state.inputs["stock"] = [wheels, lamps]


def test_the_scarcest_input_limits_a_batch(plant: Plant) -> None:
    state = plant()
    _stock(state, 40.0, 10.0)
    produce(state, 0, 0)
    assert state.sites[0].on_hand == state.sites[0].produced == 5.0
    assert state.inputs["stock"].tolist() == [20.0, 0.0]
    assert state.inputs["used"].tolist() == [20.0, 10.0]


def test_capacity_limits_a_batch_and_the_rest_is_due_at_the_next_tick(plant: Plant) -> None:
    state = plant(capacity_per_day=3)
    _stock(state, 28.0, 100.0)
    made = []
    for now in range(4):
        supply(state, now)
        made.append((float(state.sites[0].produced), int(state.clock[0].busy)))
    assert made == [(3.0, 1), (6.0, 1), (7.0, 0), (7.0, 0)]


def test_a_site_without_capacity_starts_nothing_and_sleeps(plant: Plant) -> None:
    state = plant(capacity_per_day=0)
    _stock(state, 40.0, 40.0)
    supply(state, 0)
    assert (state.sites[0].started, state.clock[0].busy) == (0.0, 0)


def test_a_batch_is_in_production_for_its_processing_time(plant: Plant) -> None:
    state = plant(processing=2.5)
    _stock(state, 40.0, 40.0)
    produce(state, 0, 0)
    receive(state, 2)
    assert (state.sites[0].wip, state.sites[0].on_hand) == (10.0, 0.0)
    receive(state, 3)
    assert (state.sites[0].wip, state.sites[0].on_hand) == (0.0, 10.0)


def test_a_single_server_works_batches_one_after_another(plant: Plant) -> None:
    state = plant(processing=3, servers=1)
    for now in (0, 1, 10):
        _stock(state, 4.0, 2.0)
        produce(state, 0, now)
    due = [int(entry.due) for entry in state.entries if entry.what]
    assert sorted(due) == [3, 6, 13]


def test_a_single_server_rests_after_customers_brought_back_more_than_they_took(plant: Plant) -> None:
    state = plant(processing=0, servers=1)
    state.sites[0].total_demand = -5.0
    _stock(state, 4.0, 2.0)
    produce(state, 0, 0)
    assert (state.sites[0].started, state.clock[0].busy) == (1.0, 0)


def test_without_a_server_batches_overlap(plant: Plant) -> None:
    state = plant(processing=3)
    for now in (0, 1):
        _stock(state, 4.0, 2.0)
        produce(state, 0, now)
    assert sorted(int(entry.due) for entry in state.entries if entry.what) == [3, 4]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 1000), wheels=st.floats(0, 400))
def test_good_units_and_scrap_are_all_that_was_started(seed: int, wheels: float, plant: Plant) -> None:
    state = plant(seed, yield_rate="uniform(low=0.5, high=1)", yield_loss=1)
    _stock(state, wheels, 1000.0)
    produce(state, 0, 0)
    site = state.sites[0]
    assert site.started == pytest.approx(wheels / 4)
    assert site.produced + site.scrapped == pytest.approx(site.started)
    assert max(0.0, 0.5 * site.started - 1) <= site.produced <= max(0.0, site.started - 1)


_EVEN = "uniform(low=0, high=1)"


def test_yield_and_loss_of_every_batch_are_drawn_on_their_own(plant: Plant) -> None:
    sharing, losing = plant(yield_rate=_EVEN), plant(yield_loss=_EVEN)
    batches = [(turn, now) for turn in range(3) for now in range(3)]
    shares = [draw_good_units(sharing, 0, 1.0, *batch) for batch in batches]
    losses = [1.0 - draw_good_units(losing, 0, 1.0, *batch) for batch in batches]
    drawn = {round(each, 9) for each in (*shares, *losses)}
    assert len(drawn) == 2 * len(batches)


def test_a_batch_that_fails_as_a_whole_enters_no_calendar(plant: Plant) -> None:
    state = plant(yield_loss=100, processing=2)
    _stock(state, 40.0, 40.0)
    produce(state, 0, 0)
    assert (state.sites[0].scrapped, state.sites[0].wip, state.clock[0].entries) == (10.0, 0.0, 0)


def test_goods_without_lead_time_run_down_the_whole_chain_at_one_instant(network: Network) -> None:
    names = ["a", "b", "c", "d"]
    links = [{"buyer": buyer, "supplier": supplier} for buyer, supplier in itertools.pairwise(names)]
    scenario = network({name: {"stock": 0} for name in names}, links)
    state = build_world(scenario).state
    for where in range(3):
        _order(state, where, 5.0, 0)
    state.sites[3].on_hand = 5.0
    supply(state, 0)
    assert state.lines["received"][:3].tolist() == [5.0, 5.0, 5.0]
    assert state.sites["on_hand"].tolist() == [5.0, 0.0, 0.0, 0.0]


def made_day_by_day(state: State, instants: int) -> list[float]:
    """Return what site 0 starts at each of the instants, with materials for all of them."""
    _stock(state, 4e6, 2e6)
    totals = [0.0]
    for now in range(instants):
        supply(state, now)
        totals.append(float(state.sites[0].started))
    return [float(units) for units in np.diff(totals)]


SERIES = "series(values=6 0 3)"


def test_capacity_that_is_a_series_is_taken_day_by_day_with_days_of_nothing(plant: Plant) -> None:
    assert made_day_by_day(plant(capacity_per_day=SERIES), 5) == [6.0, 0.0, 3.0, 6.0, 0.0]


@pytest.mark.parametrize(("at_end", "after"), [("repeat", [6.0, 0.0]), ("zero", [0.0, 0.0]), ("hold", [3.0, 3.0])])
def test_capacity_goes_on_after_its_series_as_it_was_told(plant: Plant, at_end: str, after: list[float]) -> None:
    state = plant(capacity_per_day=f"series(values=6 0 3, at_end={at_end})")
    assert made_day_by_day(state, 5) == [6.0, 0.0, 3.0, *after]


def test_a_day_without_capacity_does_not_put_a_site_to_sleep(plant: Plant) -> None:
    state = plant(capacity_per_day=SERIES)
    _stock(state, 40.0, 40.0)
    for now, busy in ((0, 1), (1, 1), (2, 1), (3, 0)):
        supply(state, now)
        assert int(state.clock[0].busy) == busy, now


@pytest.mark.parametrize("tick_days", [0.25, 0.5, 1.0, 1.5, 3.0, 7.0])
def test_capacity_of_a_series_is_the_same_at_every_tick(plant: Plant, tick_days: float) -> None:
    state = plant(capacity_per_day=SERIES)
    state.clock[0].tick_days = tick_days
    state.sites["capacity"] *= tick_days
    made = made_day_by_day(state, round(21 / tick_days))
    assert sum(made) == pytest.approx(7 * 9.0)
    if tick_days == 1.5:
        assert made[:2] == pytest.approx([6.0, 3.0])


def test_capacity_that_is_scaled_is_scaled_day_by_day(plant: Plant) -> None:
    state = plant(capacity_per_day=SERIES)
    state.sites["capacity"] *= 2.0
    assert made_day_by_day(state, 3) == [12.0, 0.0, 6.0]


def test_capacity_that_varies_has_the_mean_of_its_law(plant: Plant) -> None:
    made = made_day_by_day(plant(capacity_per_day="gamma(mean=8, cv=0.5)"), 2000)
    assert np.mean(made) == pytest.approx(8.0, abs=3.0 * 4.0 / np.sqrt(2000))
    assert np.std(made) == pytest.approx(4.0, rel=0.1)


@pytest.mark.parametrize(
    ("capacity", "units"),
    [("series(values=10 0 5)", 21 * 15.0 - 10.0), ("series(values=10 0 5, at_end=zero)", 5.0), (0, 0.0)],
)
def test_supply_that_is_a_series_or_nothing_limits_a_whole_run(
    network: Network, capacity: object, units: float
) -> None:
    sites = {"shop": {"stock": 0}, "mine": {"capacity_per_day": capacity, "stock": 0}}
    links = [{"buyer": "shop", "supplier": "mine"}, {"buyer": "mine", "supplier": "outside"}]
    markets = {"market": {"served_by": ["shop"], "demand": {"law": 100, "every_days": 1}}}
    rule = {"policy": "base-stock", "level": 5000, "review_days": 1}
    run = simulate(network(sites, links, markets, ordering=rule, clock={"days": 63}), debug=True)
    # The first materials come after the first day's work.
    assert run.sites.filter(pl.col("site") == "mine")["shipped"].sum() == pytest.approx(units)
