"""A notebook does not grow by playing."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import psutil
import pytest

from gpnde.engine import simulate
from gpnde.engine.recording.observation import Observation
from gpnde.engine.run import Simulation
from gpnde.lab.tidying import tidy_up
from tests.lab.audience import lasting


class Circle:
    """Refers to itself and holds a large array."""

    def __init__(self) -> None:
        self.me = self
        self.array = np.ones(1000)


def test_what_refers_to_itself_in_circles_is_freed() -> None:
    circle = weakref.ref(Circle())
    tidy_up()
    assert circle() is None


def test_nothing_is_left_of_a_simulation_when_its_run_is_there() -> None:
    seen: list[int] = []

    def watch(moment: Observation) -> None:
        # To look through all objects takes long: once is enough.
        if not seen:
            seen.append(simulations_alive())

    before = simulations_alive()
    run = simulate(lasting(120.0), watch=watch)
    assert seen[0] == before + 1
    assert simulations_alive() == before
    assert run.sites.height > 0


def simulations_alive() -> int:
    """Return how many there are; asks for types, since a dead weak proxy answers for its referent."""
    return sum(issubclass(type(each), Simulation) for each in gc.get_objects())


@pytest.mark.slow
@pytest.mark.thorough
def test_forty_runs_take_no_more_memory_than_ten() -> None:
    def watch(moment: Observation) -> None:
        if moment.day % 140 == 0:
            moment.run()

    sizes = []
    for number in range(40):
        simulate(lasting(700.0 + number), watch=watch)
        tidy_up()
        sizes.append(psutil.Process().memory_info().rss / 2**20)
    assert max(sizes[10:]) < max(sizes[:10]) + 20
