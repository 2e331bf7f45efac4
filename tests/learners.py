"""A flagship, a lead supplier and a lower-tier supplier in two clusters, for tests of how firms learn."""

from __future__ import annotations

from typing import Any

from gpnde.engine.simulation import Simulation
from gpnde.scenario import Scenario


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
    if simulation.knowledge is not None:
        known = simulation.knowledge.state
        left += [each.tobytes() for each in (known.stock, known.waiting, known.active, known.effort)]
        left.append(repr(simulation.knowledge.tables()).encode())
    return left
