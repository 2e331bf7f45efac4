"""The parts of the engine together: components in a run, equal bytes, and what watches a run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.engine.recording.tables import final_tables
from gpnde.engine.run import Simulation
from gpnde.errors import ComponentError
from gpnde.plugin import Clock, Component, Process, Streams, View, hookimpl, param
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import State

from ..thorough import often

Network = Callable[..., Scenario]
Start = Callable[..., Simulation]
Reach = Callable[[Simulation, float], State]
Check = Callable[[State], None]
Chain = Callable[..., Simulation]
SHOP, DEPOT, RIVAL = range(3)

_RULE = {"policy": "base-stock", "level": 60, "review_days": 1}


@pytest.fixture(scope="session")
def chain(network: Network, start: Start) -> Chain:
    """Return a starter of a shop, its depot, and a rival of the depot who has no customer; fields are the depot's."""

    def begin(*components: Component, selection: dict[str, Any] | None = None, **depot: Any) -> Simulation:
        sites = {"shop": {}, "depot": depot, "rival": {}}
        return start(
            network(
                {name: {"stock": 60, "ordering": _RULE, **more} for name, more in sites.items()},
                [{"buyer": "shop", "supplier": "depot", "lead_time": 2}],
                clock={"days": 200},
                selection=selection,
            ),
            *components,
        )

    return begin


class Idle(Component):
    """Waits and looks, and does nothing."""

    name = "disruption.idle"

    every_days: float = param(1.0, gt=0, doc="Time between two looks.")

    @hookimpl
    def process(self, clock: Clock, view: View, streams: Streams) -> Process:
        """Look at the network, draw a number, wait."""
        while clock.now < clock.days:
            assert len(view.sites)
            streams.generator("luck").random()
            yield clock.wait(self.every_days)


class Broken(Component):
    """Fails on the fifth day."""

    name = "disruption.broken"

    @hookimpl
    def process(self, clock: Clock) -> Process:
        """Wait and fail."""
        yield clock.until(5)
        raise RuntimeError("out of luck")


def _everything(simulation: Simulation) -> list[Any]:
    """Return the results of a whole run, to the last digit."""
    simulation.finish()
    state = simulation.world.state
    arrays = [state.sites, state.inputs, state.lines, state.markets, state.orders, simulation.world.firms]
    tables = [str(table.rows()) for table in final_tables(simulation).values()]
    return [*(str(array.tolist()) for array in arrays), *tables, str(simulation.journal.rows)]


@settings(max_examples=often(10, 15), deadline=None)
@given(data=st.data(), every_days=st.sampled_from([0.5, 1.0, 13.0]))
def test_a_component_that_does_nothing_changes_nothing(
    data: st.DataObject,
    every_days: float,
    networks: st.SearchStrategy[Scenario],
    mishaps: st.SearchStrategy[Component],
    start: Start,
) -> None:
    scenario, accidents = data.draw(networks), data.draw(mishaps)
    alone = _everything(start(scenario, accidents))
    accompanied = _everything(start(scenario, accidents, Idle.of({"every_days": every_days})))
    assert alone == accompanied


@settings(max_examples=often(10, 15), deadline=None)
@given(data=st.data())
def test_equal_seeds_give_equal_bytes(
    data: st.DataObject,
    networks: st.SearchStrategy[Scenario],
    mishaps: st.SearchStrategy[Component],
    start: Start,
) -> None:
    scenario, accidents = data.draw(networks), data.draw(mishaps)
    assert _everything(start(scenario, accidents)) == _everything(start(scenario, accidents))


def test_a_component_that_fails_is_named_with_its_day(chain: Chain) -> None:
    simulation = chain(Broken())
    with pytest.raises(ComponentError, match=r"^disruption\.broken .*failed in process on day 5: RuntimeError: out of"):
        simulation.finish()


def test_progress_is_told_up_to_a_hundred_times(chain: Chain) -> None:
    simulation, told = chain(), list[tuple[float, float]]()
    simulation.observe(lambda day, days: told.append((day, days)), debug=False)
    simulation.finish()
    assert {days for _, days in told} == {200.0}
    assert [day for day, _ in told] == sorted({day for day, _ in told})
    assert 20 <= len(told) <= 100


def test_there_are_no_scores_without_selection(chain: Chain) -> None:
    simulation = chain()
    simulation.finish()
    assert np.isnan(simulation.world.trade["score"]).all()
    assert len(simulation.world.trade["score"]) == len(simulation.world.state.lines)


def test_processes_of_components_go_first_on_their_day(chain: Chain, reach: Reach) -> None:
    simulation, seen = chain(), list[float]()

    def process() -> Iterator[simpy.Event]:
        yield simulation.timeline.at(7, simulation.timeline.phase)
        seen.append(float(simulation.world.state.markets[0].demanded))

    simulation.timeline.start(process())
    reach(simulation, 7)
    assert seen == [70.0]
