"""What components see is locked, and what they do is checked and noted with their name."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import simpy

from gpnde.engine.clock import Timeline
from gpnde.engine.hooks.acts import RunAct
from gpnde.engine.hooks.views import RunClock, RunStreams, RunView
from gpnde.engine.run import Simulation
from gpnde.engine.trade.links import Links
from gpnde.errors import ComponentError
from gpnde.plugin import Act, Clock, Component, Streams, View, hookimpl
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]


@pytest.fixture
def simulation(network: Network, start: Start) -> Simulation:
    """Return a shop in Bangkok of tier 0 that buys from a depot in Penang of tier 1 and outside."""
    return start(
        network(
            {"shop": {"cluster": "Bangkok"}, "depot": {"cluster": "Penang"}, "shed": {}},
            [{"buyer": "shop", "supplier": "depot", "share": 0.5}, {"buyer": "shop", "share": 0.5}],
            firms={"shop": {"tier": 0}},
            clusters=[{"name": "Bangkok", "country": "Thailand"}, {"name": "Penang", "country": "Malaysia"}],
        )
    )


@pytest.fixture
def act(simulation: Simulation) -> RunAct:
    """Return what a component called disruption.test may do."""
    return RunAct("disruption.test", simulation.context)


def test_the_engine_keeps_the_promises_of_the_interfaces(simulation: Simulation, act: RunAct) -> None:
    clock: Clock = RunClock(simulation.timeline, datetime.date(2000, 1, 1))
    view: View = RunView(simulation.world)
    acts: Act = act
    streams: Streams = RunStreams(1, 0, "disruption.test")
    assert all((clock, view, acts, streams))


@pytest.mark.parametrize("table", ["sites", "inputs", "lines", "markets", "firms"])
def test_records_can_be_read_and_not_written(simulation: Simulation, table: str) -> None:
    records = getattr(RunView(simulation.world), table)
    assert len(records) > 0
    with pytest.raises(ValueError, match="read-only"):
        records[records.dtype.names[0]] = 1
    assert getattr(simulation.world, table, getattr(simulation.world.state, table, None)) is not None


def test_a_view_shows_the_present(simulation: Simulation) -> None:
    view = RunView(simulation.world)
    before = len(view.lines)
    simulation.part(Links).open(0, 2, 0.5, 1.0)
    assert len(view.lines) == before + 1
    simulation.world.state.sites["on_hand"][0] = 123.0
    assert view.sites["on_hand"][0] == 123.0


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({}, [0, 1, 2]),
        ({"clusters": ["Penang"]}, [1]),
        ({"countries": ["thailand", "MALAYSIA"]}, [0, 1]),
        ({"tiers": [1]}, [1, 2]),
        ({"tiers": [1], "clusters": ["Penang", "Bangkok"]}, [1]),
        ({"names": ["shed", "shop"]}, [0, 2]),
        ({"names": ["shop"], "tiers": [1]}, []),
    ],
)
def test_sites_are_found_by_all_conditions_at_once(
    simulation: Simulation, conditions: dict[str, Any], found: list[int]
) -> None:
    assert RunView(simulation.world).site_numbers(**conditions).tolist() == found


@pytest.mark.parametrize(
    ("conditions", "said"),
    [
        ({"clusters": ["Penag"]}, "clusters = ['Penag']: 'Penag': not in the scenario; did you mean 'Penang'?"),
        ({"countries": ["thailnd"]}, "'THAILND': not in the scenario; did you mean 'THAILAND'?"),
        ({"names": ["shop", "shd"]}, "sites = ['shop', 'shd']: 'shd': not in the scenario; did you mean 'shed'?"),
    ],
)
def test_names_that_do_not_exist_are_refused_with_the_nearest_one(
    simulation: Simulation, conditions: dict[str, Any], said: str
) -> None:
    view = RunView(simulation.world)
    for look in (view.site_numbers, view.line_numbers):
        with pytest.raises(ComponentError) as error:
            look(**conditions)
        assert said in str(error.value)


class Hopeful(Component):
    """Looks for a cluster that does not exist."""

    name = "disruption.hopeful"

    @hookimpl
    def process(self, view: View) -> None:
        """Look."""
        view.site_numbers(clusters=["Bankok"])


def test_a_component_that_looks_for_what_does_not_exist_is_named_at_the_start(network: Network, start: Start) -> None:
    scenario = network({"shop": {"cluster": "Bangkok"}}, clusters=[{"name": "Bangkok"}])
    with pytest.raises(ComponentError, match=r"^disruption\.hopeful: clusters = .*; did you mean 'Bangkok'\?$"):
        start(scenario, Hopeful())


def test_links_are_found_by_their_supplier(simulation: Simulation) -> None:
    view = RunView(simulation.world)
    assert view.line_numbers(clusters=["Penang"]).tolist() == [0]
    assert view.line_numbers(tiers=[0]).tolist() == []


def test_outages_bear_the_name_of_their_author(simulation: Simulation, act: RunAct, reach: Reach) -> None:
    act.disrupt_sites(np.array([1]), 3.0, cause_detail="flood")
    act.disrupt_lines(np.array([0]), 4.0)
    reach(simulation, 10)
    found = [(row[0], row[1], row[6]) for row in simulation.journal.rows]
    assert found == [
        (0.0, "site_failed", "disruption.test: flood"),
        (0.0, "link_failed", "disruption.test"),
        (3.0, "site_recovered", "disruption.test: flood"),
        (4.0, "link_recovered", "disruption.test"),
    ]


def test_every_number_may_have_its_own_time(simulation: Simulation, act: RunAct, reach: Reach) -> None:
    act.disrupt_sites(np.array([1, 2]), np.array([3.0, 5.0]))
    assert reach(simulation, 4).sites["down"].tolist() == [0, 0, 1]


@pytest.mark.parametrize("days", [-1.0, np.nan, np.inf, np.array([1.0, -1.0])])
def test_an_outage_lasts_a_finite_time(act: RunAct, days: Any) -> None:
    with pytest.raises(ComponentError, match=r"^disruption\.test: an outage of .* days: must be 0 or more$"):
        act.disrupt_sites(np.array([0, 1]), days)


@pytest.mark.parametrize("factor", [0.0, -2.0, np.nan, np.inf])
def test_a_factor_is_above_0(act: RunAct, factor: float) -> None:
    for scale in (act.scale_demand, act.scale_price):
        with pytest.raises(ComponentError, match=r"^disruption\.test: a factor of .*: must be above 0$"):
            scale(np.array([0]), factor)


@pytest.mark.parametrize("numbers", [[-1], [99], [0.5], [True, False, True]])
def test_numbers_are_those_of_things_that_exist(act: RunAct, numbers: list[Any]) -> None:
    with pytest.raises(ComponentError, match=r"^disruption\.test: site numbers .*: must be whole numbers from 0 to 2$"):
        act.disrupt_sites(np.array(numbers), 1.0)
    for kind, call in (("line", act.disrupt_lines), ("line", act.scale_price), ("market", act.scale_demand)):
        with pytest.raises(ComponentError, match=rf"^disruption\.test: {kind} numbers"):
            call(np.array(numbers), 1.0)


def test_nothing_happens_to_nobody(simulation: Simulation, act: RunAct) -> None:
    act.disrupt_sites(np.array([]), 1.0)
    assert simulation.journal.rows == []


def test_the_clock_tells_and_awaits_days(simulation: Simulation) -> None:
    timeline = Timeline(0.5, 100)
    clock, seen = RunClock(timeline, datetime.date(1990, 1, 1)), list[float]()
    assert (clock.now, clock.tick_days, clock.days, clock.start.year) == (0.0, 0.5, 50.0, 1990)

    def process() -> Iterator[simpy.Event]:
        for event in (clock.until(3), clock.wait(0.6), clock.until(1), clock.wait(0)):
            yield event
            seen.append(clock.now)

    timeline.start(process())
    timeline.run()
    assert seen == [3.0, 3.0, 3.0, 3.0]


def test_waiting_counts_from_now_and_is_rounded_up_to_the_tick() -> None:
    timeline = Timeline(0.5, 100)
    clock, seen = RunClock(timeline, datetime.date(1990, 1, 1)), list[float]()

    def process() -> Iterator[simpy.Event]:
        yield clock.until(3)
        for days in (0.6, 1.0, 0.0):
            yield clock.wait(days)
            seen.append(clock.now)

    timeline.start(process())
    timeline.run()
    assert seen == [4.0, 5.0, 5.0]


def test_streams_depend_on_their_names_alone() -> None:
    def draw(seed: int, replication: int, component: str, purpose: str, entity: str) -> float:
        return float(RunStreams(seed, replication, component).generator(purpose, entity).random())

    first = draw(1, 0, "a.b", "up", "x")
    assert draw(1, 0, "a.b", "up", "x") == first
    others = [
        draw(2, 0, "a.b", "up", "x"),
        draw(1, 1, "a.b", "up", "x"),
        draw(1, 0, "a.c", "up", "x"),
        draw(1, 0, "a.b", "down", "x"),
        draw(1, 0, "a.b", "up", "y"),
    ]
    assert len({first, *others}) == 6
