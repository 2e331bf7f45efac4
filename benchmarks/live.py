"""How a live run feels: the wait for the first picture and for the last one, and for the kernel in between.

Run ``python -m benchmarks.live`` from the root of a checkout. The main thread stands in for a kernel that is asked for
something every few milliseconds; two charts are drawn for every picture, as the dashboard does.
"""

from __future__ import annotations

import statistics
import time
from typing import Any, NamedTuple

from gpnde.charts.flow import service_over_time
from gpnde.charts.tiers import flow_by_tier
from gpnde.engine import simulate
from gpnde.lab.live import LiveRuns
from gpnde.results.run import Run
from gpnde.scenario import Scenario
from gpnde.scenario.generate import generate

YEARS = 10
TICK_SECONDS = 0.002
"""Time between two questions to the kernel."""


class Feel(NamedTuple):
    """What a user notices of a run, in seconds but for the count of pictures."""

    first_picture: float
    done: float
    pictures: int
    drawing: float
    longest_wait: float
    stopped: float


class Screen:
    """Draws pictures and takes the time."""

    def __init__(self) -> None:
        """Start the clock."""
        self.began = time.perf_counter()
        self.pictures: list[float] = []
        self.drawing = 0.0
        self.done = 0.0

    def draw(self, _name: str, run: Run, _day: float, _days: float) -> None:
        """Draw a picture of a run."""
        before = time.perf_counter()
        for chart in (service_over_time(run), flow_by_tier(run)):
            chart.to_dict(validate=False)
        now = time.perf_counter()
        self.pictures.append(now - self.began)
        self.drawing += now - before

    def finish(self, runs: dict[str, Run], *_how: Any) -> None:
        """Draw the last picture."""
        self.draw("", next(iter(runs.values())), 0.0, 0.0)
        self.done = time.perf_counter() - self.began


def network(firms: int) -> Scenario:
    """Return a generated network that runs for ten years."""
    made = generate(f"live-{firms}", firms)
    return made.model_copy(update={"clock": made.clock.model_copy(update={"days": YEARS * 364.0})})


def feel(scenario: Scenario, seed: int) -> Feel:
    """Return how a run feels, and how long it takes to stop another one halfway."""
    screen = Screen()
    live = LiveRuns(screen.draw, screen.finish)
    live.start({"run": scenario}, seed)
    longest = _longest_wait(live)
    live.start({"run": scenario}, seed + 1)
    time.sleep(screen.done / 2)
    began, done = time.perf_counter(), screen.done
    live.stop()
    live.wait()
    stopped = time.perf_counter() - began
    live.close()
    first, last = screen.pictures[0], done
    count = sum(moment <= last for moment in screen.pictures)
    return Feel(first, last, count, screen.drawing, longest, stopped)


def _longest_wait(live: LiveRuns) -> float:
    """Return by how much the longest of many naps was too long, until nothing is under way."""
    longest = 0.0
    while not live.wait(0):
        before = time.perf_counter()
        time.sleep(TICK_SECONDS)
        longest = max(longest, time.perf_counter() - before - TICK_SECONDS)
    return longest


def plain(scenario: Scenario, seed: int) -> float:
    """Return how long a run takes without a listener (s)."""
    began = time.perf_counter()
    simulate(scenario, seed=seed)
    return time.perf_counter() - began


def main(repeats: int = 10) -> None:
    """Print how live runs feel."""
    for firms in (100, 1_000):
        scenario = network(firms)
        feel(scenario, 1)
        felt = [feel(scenario, seed) for seed in range(1, repeats + 1)]
        alone = statistics.median(plain(scenario, seed) for seed in range(1, repeats + 1))
        values = {name: sorted(getattr(each, name) for each in felt) for name in Feel._fields}
        print(f"{firms} firms, {YEARS} years; unwatched {alone:.2f} s; median and worst of {repeats}:")
        print("; ".join(f"{name} {statistics.median(found):.3g} ({found[-1]:.3g})" for name, found in values.items()))


if __name__ == "__main__":
    main()
