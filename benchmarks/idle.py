"""What idle components cost: a run with twenty that do nothing over one with none, in turn.

Run ``python -m benchmarks.idle``; the ratio should stay within 2 %. A component that fills no hook
is asked nothing, so that what is left is registering it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

from gpnde.engine.run import Simulation
from gpnde.numerics.collector import collector_paused
from gpnde.plugin import Component
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.scenario import Scenario
from gpnde.scenario.generate import generate
from gpnde.world.build import build_world

ROUNDS = 15
IDLE = 20


class Idle(Component):
    """Fills no hook."""

    name = "metric.idle"


def seconds(scenario: Scenario, components: Sequence[Component]) -> float:
    """Return how long a run takes, without building the network."""
    world = build_world(scenario, 1, 0)
    with collector_paused():
        began = time.perf_counter()
        Simulation(world, compile_hooks(components), 1, 0).finish()
        return time.perf_counter() - began


def ratio(scenario: Scenario, rounds: int = ROUNDS) -> float:
    """Return the median of the ratios of runs in turn, with idle components over without."""
    idle = [Idle() for _ in range(IDLE)]
    seconds(scenario, idle)
    return statistics.median(seconds(scenario, idle) / seconds(scenario, ()) for _ in range(rounds))


def main() -> None:
    """Print the ratio for a network of 1,000 firms over a year."""
    made = generate("idle", firms=1000)
    print(f"{IDLE} idle components: {ratio(made.model_copy(update={'components': ()})):.3f} of a run with none")


if __name__ == "__main__":
    main()
