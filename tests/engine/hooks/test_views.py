"""What components see is of the present and locked; clocks and streams are their own."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import simpy

from gpnde.engine.clock import Timeline
from gpnde.engine.hooks.views import RunClock, RunStreams, RunView
from gpnde.engine.run import Simulation
from gpnde.engine.trade.links import Links
from gpnde.errors import ComponentError
from gpnde.plugin import Clock, Component, Streams, View, hookimpl
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


def test_the_engine_keeps_the_promises_of_the_interfaces(simulation: Simulation) -> None:
    clock: Clock = RunClock(simulation.timeline, datetime.date(2000, 1, 1))
    view: View = RunView(simulation.world)
    streams: Streams = RunStreams(1, 0, "disruption.test")
    assert all((clock, view, streams))


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
