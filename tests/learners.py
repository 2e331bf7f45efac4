"""A flagship, a lead supplier and a lower-tier supplier in two clusters, for tests of how firms learn."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import simpy
from simpy.events import EventPriority

from gpnde.engine.clock import Phase
from gpnde.engine.knowledge.model import KnowledgeModel
from gpnde.engine.run import Simulation
from gpnde.plugin import Component, KnowledgeView, Transfer, hookimpl, param
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.scenario import Scenario, check_scenario
from gpnde.vocabulary import MONTH_DAYS
from gpnde.world.build import build_world


def three_firms(**changes: Any) -> Scenario:
    """Return the network; *changes* replace blocks of it."""
    given: dict[str, Any] = {
        "name": "three-firms",
        "clock": {"days": 364},
        "products": {
            "set": {"made_of": {"board": 1}, "complexity": 0.6, "life_cycle_days": 182},
            "board": {"made_of": {"part": 1}, "complexity": 0.5, "life_cycle_days": 182},
            "part": {"complexity": 0.2},
        },
        "clusters": [
            {"name": "valley", "country": "north", "latitude": 37.4, "longitude": -122.0},
            {"name": "park", "country": "south", "latitude": 24.8, "longitude": 121.0},
        ],
        "firms": [
            {"name": "flagship", "role": "brand-leader", "tier": 0},
            {"name": "lead", "role": "lead-supplier", "tier": 1},
            {"name": "lower", "role": "supplier", "tier": 2},
        ],
        "sites": [
            {"name": "hq", "firm": "flagship", "product": "set", "cluster": "valley", "function": "system_integration"},
            {"name": "plant", "firm": "lead", "product": "board", "cluster": "park", "function": "assembly_test"},
            {"name": "shop", "firm": "lower", "product": "part", "cluster": "park", "function": "component_mfg"},
        ],
        "links": [
            {"buyer": "hq", "supplier": "plant", "contract": "OEM", "trust": 0.6, "information_sharing": True},
            {"buyer": "plant", "supplier": "shop", "contract": "OEM", "trust": 0.4},
        ],
        "markets": [{"name": "world", "product": "set", "served_by": ["hq"], "demand": {"law": 100, "every_days": 7}}],
        "finance": {},
        "selection": {},
        "knowledge": {"frontier_drift_per_year": 0},
    }
    return Scenario.model_validate({**given, **changes})


def footprint(simulation: Simulation) -> list[bytes]:
    """Return the state that a run leaves behind, byte for byte."""
    state = simulation.world.state
    records = state.sites, state.inputs, state.lines, state.markets, simulation.world.firms
    left = [table[name].tobytes() for table in records for name in table.dtype.names or ()]
    if simulation.context.find(KnowledgeModel) is not None:
        known = simulation.part(KnowledgeModel).state
        left += [each.tobytes() for each in (known.stock, known.waiting, known.taught, known.active, known.effort)]
        left.append(repr(simulation.part(KnowledgeModel).tables()).encode())
    return left


def simulated(scenario: Scenario, *components: Component, seed: int = 1) -> Simulation:
    """Return a finished simulation whose balances were checked at every recorded time."""
    simulation = begun(scenario, *components, seed=seed)
    simulation.observe(None, debug=True)
    simulation.finish()
    return simulation


def begun(scenario: Scenario, *components: Component, seed: int = 1) -> Simulation:
    """Return a simulation in which nothing has happened yet."""
    check_scenario(scenario)
    return Simulation(build_world(scenario, seed, 0), compile_hooks(components), seed, 0)


def let_pass(simulation: Simulation, day: float) -> None:
    """Advance time up to and with the flow of a day."""
    timeline = simulation.timeline
    end = simpy.Event(timeline.env)
    end._ok, end._value = True, None
    delay = max(0, timeline.tick(day) - timeline.now)
    timeline.env.schedule(end, priority=EventPriority(Phase.FLOW + 1), delay=delay)
    timeline.env.run(until=end)


def learning(simulation: Simulation) -> KnowledgeModel:
    """Return the knowledge side of a simulation that has one."""
    return simulation.part(KnowledgeModel)


def known(simulation: Simulation) -> KnowledgeView:
    """Return what firms knew at the last step of learning, as components see it."""
    view = simulation.hooks.knowledge
    assert view is not None
    return view


def changed(scenario: Scenario, block: str, **fields: Any) -> Scenario:
    """Return the scenario with fields of a block replaced, such as ``knowledge.effort``; blocks are checked."""
    plain = scenario.model_dump()
    place = plain
    for name in block.split("."):
        place = place[name]
    place.update(fields)
    return Scenario.model_validate(plain)


class Teaching(Component):
    """Lets the firms of a list of pairs teach each other at fixed rates."""

    name = "test.teaching"

    pairs: tuple[tuple[int, int], ...] = param((), doc="Teacher and learner.")
    codified: tuple[float, ...] | float = param(0.0, unit="1/month", doc="Rate of all pairs, or of each.")
    tacit: tuple[float, ...] | float = param(0.0, unit="1/month", doc="Rate of all pairs, or of each.")
    channel: Literal["formal", "informal"] = param("formal", doc="Channel.")

    @hookimpl
    def knowledge_transfer(self) -> Transfer:
        """Teach."""
        pairs = np.array(self.pairs, dtype=np.int64).reshape(-1, 2)
        rates = [np.array(np.broadcast_to(rate, len(pairs))) / MONTH_DAYS for rate in (self.codified, self.tacit)]
        return Transfer(pairs[:, 1], rates[0], rates[1], self.channel, teacher=pairs[:, 0])
