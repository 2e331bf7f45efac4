"""Disruptions on the engine's clock and view, with their acts written down instead of carried out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from gpnde.engine.clock import Timeline
from gpnde.engine.hooks.views import RunClock, RunStreams, RunView
from gpnde.plugin import Clock, Component, InTransit
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.scenario import Scenario
from gpnde.scenario.generate import generate
from gpnde.world.build import build_world
from gpnde.world.layout import Floats, Integers


class Deed(NamedTuple):
    """What a component did on one day; values are durations (days) or a factor."""

    day: float
    what: str
    numbers: list[int]
    values: list[float]
    in_transit: str = ""
    detail: str = ""


class Notebook:
    """Writes down acts; an outage is put down with one duration per site or line."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self.deeds = clock, list[Deed]()

    def disrupt_sites(
        self, numbers: Integers, days: Floats | float, *, in_transit: InTransit = "none", cause_detail: str = ""
    ) -> None:
        self._note("sites", numbers, days, in_transit, cause_detail)

    def disrupt_lines(
        self, numbers: Integers, days: Floats | float, *, in_transit: InTransit = "none", cause_detail: str = ""
    ) -> None:
        self._note("lines", numbers, days, in_transit, cause_detail)

    def scale_demand(self, market_numbers: Integers, factor: float, /) -> None:
        self._note("demand", market_numbers, factor)

    def scale_price(self, line_numbers: Integers, factor: float, /) -> None:
        self._note("price", line_numbers, factor)

    def pay(self, firms: Integers, amounts: Floats, to: int = -1, /) -> None:
        self._note("pay", firms, amounts, str(to))

    def end_links(self, line_numbers: Integers, *, cause_detail: str = "") -> None:
        self._note("end", line_numbers, 0.0, "", cause_detail)

    def close_firms(self, firms: Integers, *, cause: str = "policy") -> None:
        self._note("close", firms, 0.0, cause)

    def renew(self) -> None:
        self._note("renew", np.zeros(0, dtype=np.int64), 0.0)

    def _note(self, what: str, numbers: Integers, values: Floats | float, *more: str) -> None:
        each = np.broadcast_to(np.asarray(values, dtype=float), numbers.shape)
        self.deeds.append(Deed(self._clock.now, what, numbers.tolist(), each.tolist(), *more))


@pytest.fixture
def network() -> Scenario:
    """Return a made-up network of 40 firms in 4 tiers over 10 years."""
    scenario = generate("small", firms=40)
    clock = scenario.clock.model_copy(update={"days": 3640.0})
    return scenario.model_copy(update={"clock": clock, "components": ()})


@pytest.fixture
def deeds(network: Scenario) -> Callable[..., list[Any]]:
    """Return a function that lets one component loose and returns what it did."""

    def follow(component: Component, scenario: Scenario = network, seed: int = 1) -> list[Any]:
        world = build_world(scenario, seed)
        timeline = Timeline(scenario.clock.tick_days, world.ticks)
        clock = RunClock(timeline, scenario.clock.start)
        notebook = Notebook(clock)
        for label, start in compile_hooks([component]).processes:
            process = start(clock, RunView(world, timeline), notebook, RunStreams(seed, 0, label), {})
            if process is not None:
                timeline.start(process)
        timeline.run()
        return notebook.deeds

    return follow
