"""Buyers mark yields between those of makers without capability and those of makers at the frontier."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.engine.run import Simulation
from gpnde.engine.trade.scorecards import Scorecards
from gpnde.mechanics.capability_effects import yield_level
from gpnde.scenario.knowledge import Effects

from ..conftest import Network, Start

COMPLEXITY = 0.5
PLANT, ABLE, PLAIN = range(3)
KNOWN = {"able": 0.8, "plain": 0.2}
YIELDS = {"able": 0.95, "plain": 0.9}


def _begun(network: Network, start: Start, **blocks: Any) -> Simulation:
    """Return a plant and two makers of its part before anything has happened."""
    parts = {name: {"product": "part", "yield_rate": rate} for name, rate in YIELDS.items()}
    given = {
        "products": {"unit": {"made_of": {"part": 1}}, "part": {"complexity": COMPLEXITY}},
        "firms": {name: {"knowledge": {"component_mfg": known}} for name, known in KNOWN.items()},
        "selection": {},
        "knowledge": {},
        **blocks,
    }
    return start(network({"plant": {}, **parts}, [{"buyer": "plant", "supplier": name} for name in parts], **given))


def _marks(simulation: Simulation, site: int, *yields: float) -> list[float]:
    marks = simulation.part(Scorecards).marks
    return [float(marks.quality(np.array([site]), np.array([each]))[0]) for each in yields]


def _yield_at(capability: float) -> float:
    """Return the mean yield of both makers if they could do so much."""
    rules = Effects()

    def defects(able: float) -> float:
        terms = rules.lowest_yield, rules.highest_yield, rules.yield_curvature, COMPLEXITY
        return 1.0 - float(yield_level(able, *terms))

    return float(np.mean([YIELDS[name] ** (defects(capability) / defects(KNOWN[name])) for name in KNOWN]))


@pytest.mark.parametrize("site", [ABLE, PLAIN])
def test_scale_goes_from_no_capability_to_the_frontier(network: Network, start: Start, site: int) -> None:
    simulation = _begun(network, start)
    lowest, highest = _yield_at(0.0), _yield_at(1.0)
    assert lowest < YIELDS["plain"] < YIELDS["able"] < highest
    plants = simulation.world.plants
    assert plants["lowest_yield"][site] == pytest.approx(lowest)
    assert plants["highest_yield"][site] == pytest.approx(highest)
    middle = (lowest + highest) / 2.0
    assert _marks(simulation, site, lowest, middle, highest) == pytest.approx([0.0, 0.5, 1.0])


def test_marks_end_at_both_ends_of_the_scale(network: Network, start: Start) -> None:
    assert _marks(_begun(network, start), ABLE, 0.1, 1.0) == [0.0, 1.0]


@pytest.mark.parametrize(
    "blocks",
    [{"knowledge": None}, {"products": {"unit": {"made_of": {"part": 1}}, "part": {"complexity": 0}}}],
    ids=["no knowledge", "nothing to know"],
)
def test_mark_is_the_yield_where_capability_makes_no_difference(
    network: Network, start: Start, blocks: dict[str, Any]
) -> None:
    assert _marks(_begun(network, start, **blocks), PLAIN, 0.0, 0.9, 1.0) == pytest.approx([0.0, 0.9, 1.0])
