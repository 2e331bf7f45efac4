"""Tiny networks, simulations that can be stopped on any day, and checks that hold at every instant."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import strategies as st

from gpnde.engine.kernel.orders import place_of
from gpnde.engine.run import Simulation
from gpnde.plugin import Act, Clock, Component, Process, View, hookimpl, param
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.scenario.check import check_scenario
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import OUTSIDE
from gpnde.world.build import build_world
from gpnde.world.layout import DELAYED_ORDER, ENDED, FREE, GOODS, IN_PRODUCTION, State

from ..learners import let_pass

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Check = Callable[[State], None]

_ROUNDING = 1e-9


def _network(
    sites: Mapping[str, Mapping[str, Any]],
    links: Sequence[Mapping[str, Any]] = (),
    markets: Mapping[str, Mapping[str, Any]] | None = None,
    *,
    firms: Mapping[str, Mapping[str, Any]] | None = None,
    **blocks: Any,
) -> Scenario:
    """Return a checked scenario; what is left out: firms named like their sites, one product, one steady market."""
    full = {name: {"firm": name, "product": "unit", **site} for name, site in sites.items()}
    owners = dict.fromkeys(site["firm"] for site in full.values())
    first = next(iter(full))
    steady = {"demand": {"law": 10, "every_days": 1}}
    sold = {"market": {"served_by": [first], **steady}} if markets is None else markets
    scenario = Scenario.model_validate(
        {
            "name": "tiny",
            "products": {"unit": {}},
            "firms": [{"name": name, **(firms or {}).get(name, {})} for name in owners],
            "sites": [{"name": name, **site} for name, site in full.items()],
            "links": [_link(link, full) for link in links],
            "markets": [{"name": name, **_market(market, full)} for name, market in sold.items()],
            **blocks,
        }
    )
    check_scenario(scenario)
    return scenario


def _link(link: Mapping[str, Any], sites: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    if link.get("supplier", OUTSIDE) != OUTSIDE:
        return dict(link)
    return {"product": sites[link["buyer"]]["product"], **link}


def _market(market: Mapping[str, Any], sites: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {"product": sites[next(iter(market["served_by"]))]["product"], **market}


@pytest.fixture(scope="session")
def network() -> Network:
    """Return a maker of tiny scenarios."""
    return _network


def _start(scenario: Scenario, *components: Component, seed: int = 1, replication: int = 0) -> Simulation:
    return Simulation(build_world(scenario, seed, replication), compile_hooks(components), seed, replication)


@pytest.fixture(scope="session")
def start() -> Start:
    """Return a starter of simulations, with components in force; nothing has happened yet."""
    return _start


def _reach(simulation: Simulation, day: float) -> State:
    let_pass(simulation, day)
    return simulation.world.state


@pytest.fixture(scope="session")
def reach() -> Reach:
    """Return what lets time pass up to and with a day, and returns the state then."""
    return _reach


class Accidents(Component):
    """Outages, slumps and price cuts on given days."""

    name = "disruption.accidents"

    plan: tuple[tuple[float, str, int, float, str], ...] = param((), doc="Day, kind, number, days or factor, goods.")

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act) -> Process:
        """Carry out the plan."""
        for day, kind, number, amount, in_transit in sorted(self.plan):
            yield clock.until(day)
            _happen(act, view, kind, number, amount, in_transit)


def _happen(act: Act, view: View, kind: str, number: int, amount: float, in_transit: Any) -> None:
    numbers = np.array([number])
    if kind == "site":
        act.disrupt_sites(numbers % len(view.sites), amount, in_transit=in_transit)
    elif kind == "line":
        act.disrupt_lines(numbers % len(view.lines), amount, in_transit=in_transit)
    elif kind == "demand":
        act.scale_demand(numbers % len(view.markets), amount)
    else:
        act.scale_price(numbers % len(view.lines), amount)


@pytest.fixture(scope="session")
def accidents() -> type[Component]:
    """Return a component whose parameter ``plan`` lists what goes wrong."""
    return Accidents


def _close(left: npt.ArrayLike, right: npt.ArrayLike, scale: npt.ArrayLike) -> None:
    left, right, scale = (np.asarray(values, dtype=np.float64) for values in (left, right, scale))
    np.testing.assert_array_less(np.abs(left - right), _ROUNDING * np.maximum(1.0, scale))


def _check_lines(state: State) -> None:
    """Check that all that was ordered on a line is somewhere."""
    lines = state.lines
    scale = lines["placed"] + lines["cancelled"]
    waits = lines["backorders"] == 1
    _close((lines["placed"] - lines["shipped"])[waits], (lines["backlog"] + lines["delayed"])[waits], scale[waits])
    _close(lines["shipped"], lines["received"] + lines["in_transit"], scale)


def _check_totals(state: State) -> None:
    """Check that sites and inputs hold the sums over their lines."""
    lines, sites, inputs = state.lines, state.sites, state.inputs
    supplied = lines["supplier"] >= 0
    sums = np.bincount(lines["supplier"][supplied], lines["backlog"][supplied], len(sites))
    _close(sites["backlog"], sums, np.bincount(lines["supplier"][supplied], lines["placed"][supplied], len(sites)))
    bought = lines["input"] >= 0
    under_way = np.bincount(lines["input"][bought], (lines["placed"] - lines["received"])[bought], len(inputs))
    placed = np.bincount(lines["input"][bought], (lines["placed"] + lines["cancelled"])[bought], len(inputs))
    _close(inputs["on_order"], under_way, placed)
    assert sites["on_hand"].min() >= -_ROUNDING * max(1.0, sites["produced"].max())
    assert min(inputs["stock"].min(initial=0.0), sites["wip"].min()) >= -_ROUNDING * max(1.0, sites["started"].max())


def _check_shares(state: State) -> None:
    """Check that the shares of the active suppliers of every input, and sellers of every market, sum to 1 or 0."""
    for owner, count in (("input", len(state.inputs)), ("market", len(state.markets))):
        used = (state.lines[owner] >= 0) & (state.lines["active"] == 1)
        sums = np.bincount(state.lines[owner][used], state.lines["share"][used], count)
        suppliers = np.bincount(state.lines[owner][used], minlength=count)
        np.testing.assert_allclose(sums, (suppliers > 0).astype(float), atol=_ROUNDING)


def _check_calendar(state: State) -> None:
    """Check that the calendar holds what is on the road, in production and delayed."""
    entries, lines = state.entries, state.lines
    assert state.clock[0].entries == np.count_nonzero(entries["what"] != FREE)
    near = state.arrivals.sum(axis=0)[: len(lines)]
    assert ((state.arrivals > 0).any(axis=1) <= (state.arriving != 0)).all()
    for what, held, used in (
        (GOODS, lines["in_transit"], np.ones(len(lines), dtype=bool)),
        (IN_PRODUCTION, state.sites["wip"], np.ones(len(state.sites), dtype=bool)),
        (DELAYED_ORDER, lines["delayed"], lines["active"] == 1),
    ):
        due = entries[entries["what"] == what]
        sums = np.bincount(due["where"], due["quantity"], len(held)) + (near if what == GOODS else 0.0)
        _close(sums[used], held[used], np.full(int(used.sum()), 1e3 * max(1.0, float(held.max(initial=0.0)))))


def _check_orders(state: State) -> None:
    """Check that every book lists the open orders of its line, oldest first, with rising marks."""
    orders, listed = state.orders, 0
    for where, line in enumerate(state.lines):
        assert line.head <= line.unshipped <= line.tail
        assert line.tail - line.head < line.places + state.clock[0].crowded
        mark = -np.inf
        for number in range(line.head, line.tail):
            order = orders[place_of(state, where, number)]
            assert (order.shipped >= 0) == (number < line.unshipped)
            assert order.mark > mark
            assert number >= line.unshipped or order.arrives >= state.clock[0].last
            mark, listed = order.mark, listed + 1
    assert state.clock[0].open_orders == listed == np.count_nonzero(orders["arrives"] != ENDED)


def _check(state: State) -> None:
    _check_lines(state)
    _check_totals(state)
    _check_shares(state)
    _check_calendar(state)
    _check_orders(state)


@pytest.fixture(scope="session")
def check() -> Check:
    """Return a check that everything counted twice in the state agrees with itself."""
    return _check


@st.composite
def _sites(draw: st.DrawFn, tier: int, lowest: int, days: int) -> dict[str, Any]:
    """Return a site that makes the part of its tier."""
    site: dict[str, Any] = {"product": f"part-{tier}", "rationing": draw(st.sampled_from(_RATIONINGS))}
    site["ordering"] = draw(st.sampled_from(_POLICIES))
    site["processing"] = draw(st.sampled_from([0, 1, 3, "uniform(low=0, high=4)"]))
    if draw(st.booleans()):
        site["capacity_per_day"] = draw(st.sampled_from([5.0, 12.0, 40.0, "series(values=12 0 30)", 0.0]))
    if tier < lowest and draw(st.booleans()):
        site["yield_rate"] = draw(st.sampled_from([0.9, "uniform(low=0.5, high=1)"]))
        site["yield_loss"] = draw(st.sampled_from([0, 0.5]))
    if draw(st.integers(0, 5)) == 0:
        site["servers"] = 1
    if draw(st.integers(0, 5)) == 0:
        site["closes_day"] = draw(st.integers(days // 3, days))
    if draw(st.integers(0, 5)) == 0:
        site["opens_day"] = draw(st.integers(1, days // 3 - 1))
    return site


_RATIONINGS = ("proportional", "priority", "first-come")
_POLICIES: tuple[dict[str, Any], ...] = (
    {"review_days": 7, "forecast": {"method": "exponential-smoothing"}},
    {"review_days": 3, "forecast": {"method": "moving-average", "window": 4}},
    {"policy": "smoothed", "review_days": 7},
    {"policy": "base-stock", "level": 60, "review_days": 1},
    {"policy": "base-stock", "level": 60, "review_days": 0},
    {"policy": "s-S", "reorder_point": 30, "level": 90, "review_days": 1},
    {"policy": "r-Q", "reorder_point": 40, "quantity": 25, "review_days": 2},
    {"policy": "make-to-order", "review_days": 1},
)
_LEAD_TIMES = (0, 2, "gamma(mean=5, cv=0.4)", "uniform(low=0, high=6)")
_DEMANDS: tuple[dict[str, Any], ...] = (
    {"law": 10, "every_days": 1},
    {"law": "poisson(mean=30)", "every_days": 3},
    {"law": "normal(mean=8, sd=12, truncated=false)", "every_days": 1},
    {"law": "normal(mean=10, sd=3)", "every_days": 1, "autocorrelation": 0.6, "growth_per_year": 2},
    {"law": 2, "arrivals": "poisson", "arrivals_per_day": 4, "start_day": 5},
    {"law": 12, "every_days": 1, "life_cycle": {"days": 60}},
)


@st.composite
def _links(draw: st.DrawFn, buyer: str, suppliers: Sequence[str]) -> list[dict[str, Any]]:
    """Return the links of a buyer to all suppliers of one input, with shares that sum to 1."""
    weights = [draw(st.integers(0, 3)) for _ in suppliers]
    weights[0] += sum(weights) == 0
    links = []
    for supplier, weight in zip(suppliers, weights, strict=True):
        link = {"buyer": buyer, "supplier": supplier, "share": weight / sum(weights)}
        link["lead_time"] = draw(st.sampled_from(_LEAD_TIMES))
        link["order_delay_days"] = draw(st.sampled_from([0, 0, 2]))
        link["priority"] = draw(st.integers(0, 2))
        link["commitment_days"] = draw(st.sampled_from([0, 60]))
        link["in_transit"] = [4.0] * draw(st.sampled_from([0, 0, 2]))
        links.append(link)
    return links


@st.composite
def _markets(draw: st.DrawFn, sellers: Sequence[str]) -> dict[str, Any]:
    """Return a market that the sellers serve."""
    backorders, rivals = draw(st.booleans()), draw(st.sampled_from(["no", "no", "given", "bertrand"]))
    return {
        "served_by": list(sellers),
        "demand": draw(st.sampled_from(_DEMANDS)),
        "backorders": backorders,
        "patience_days": draw(st.sampled_from([None, 4, 9])) if backorders else None,
        "rivalry": None if rivals == "no" else {"price_sensitivity": 1.5, "pricing": rivals},
        "elasticity": draw(st.sampled_from([0, 1.5])) if rivals == "no" else 0,
        "service_days": draw(st.sampled_from([0, 0, 3])),
        "lead_time": draw(st.sampled_from([0, 1])),
    }


def _selection(threshold: float) -> dict[str, Any]:
    return {
        "review_days": 28,
        "threshold": threshold,
        "strikes": 1,
        "quotation": {"deadline_hours": 72, "retry_days": 14},
        "certification": "uniform(low=1, high=30)",
        "allocation": 2,
        "fill_order": "shares" if threshold < 0.5 else "higher-tier-first",
        "price_breaker_probability": 0.5,
    }


@st.composite
def _networks(draw: st.DrawFn, days: int = 120) -> Scenario:
    """Return a network of two to four tiers in which much goes on and much goes wrong."""
    tiers = draw(st.integers(2, 4))
    names = [[f"{'abcd'[tier]}{n}" for n in range(draw(st.integers(1, 3)))] for tier in range(tiers)]
    lowest = tiers - 1
    sites = {name: draw(_sites(tier, lowest, days)) for tier, row in enumerate(names) for name in row}
    links = [
        link for above, below in itertools.pairwise(names) for buyer in above for link in draw(_links(buyer, below))
    ]
    links += [{"buyer": buyer, "supplier": OUTSIDE, "product": "screw", "lead_time": 1} for buyer in names[0]]
    products = {f"part-{t}": {"made_of": {f"part-{t + 1}": 1 + t % 2}} for t in range(lowest)}
    products["part-0"]["made_of"]["screw"] = 3
    roles = ("supplier", "price-breaker", "capacity-buffer")
    return _network(
        sites,
        links,
        {"world": draw(_markets(names[0])), "village": draw(_markets(names[0][:1]))},
        firms={name: {"tier": t, "role": draw(st.sampled_from(roles))} for t, row in enumerate(names) for name in row},
        products={
            **products,
            f"part-{lowest}": {"price_erosion_per_week": draw(st.sampled_from([0, 0.01]))},
            "screw": {},
        },
        clock={
            "days": days,
            "tick_days": draw(st.sampled_from([1, 1, 0.5])),
            "steps": draw(st.permutations(["receive", "demand", "supply", "order"])),
        },
        selection=draw(st.sampled_from([None, _selection(0.3), _selection(0.9)])),
        finance=draw(st.sampled_from([None, {}, {"payment_days": 60, "fixed_cost_share": 0.9}])),
    )


@pytest.fixture(scope="session")
def networks() -> st.SearchStrategy[Scenario]:
    """Return a strategy of small networks with bills of material, capacities, yields, selection and finance."""
    return _networks()


@pytest.fixture(scope="session")
def mishaps(accidents: type[Component]) -> st.SearchStrategy[Component]:
    """Return a strategy of plans of what goes wrong."""
    days, number = st.integers(0, 100), st.integers(0, 30)
    goods = st.sampled_from(["none", "delay", "lose"])
    outage = st.tuples(days, st.sampled_from(["site", "line"]), number, st.integers(1, 40), goods)
    slump = st.tuples(days, st.sampled_from(["demand", "price"]), number, st.sampled_from([0.5, 1.5]), goods)
    return st.builds(lambda plan: accidents.of({"plan": plan}), st.lists(st.one_of(outage, slump), max_size=8))
