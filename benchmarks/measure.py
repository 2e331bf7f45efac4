"""Measure speed and memory of the benchmark works, as ratios to a bare SimPy loop taken in the same run.

Run ``python -m benchmarks.measure`` from the root of a checkout. Absolute rates move by half on a shared machine;
ratios move less, and differences below 1.5 times say little.
"""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import simpy

from benchmarks.works import network, serial
from gpnde.engine import simulate
from gpnde.engine.run import Simulation
from gpnde.plugin.host import plugin_host
from gpnde.plugin.run_hooks import compile_hooks
from gpnde.scenario import Scenario
from gpnde.world.build import build_world

EVENTS = 100_000
ROOT = Path(__file__).resolve().parents[1]


def _ticker(env: simpy.Environment) -> Generator[simpy.Event, Any, None]:
    while True:
        yield env.timeout(1)


def bare_simpy() -> float:
    """Return the CPU time of one event of a bare SimPy loop (seconds), the median of three."""
    times = []
    for _ in range(3):
        env = simpy.Environment()
        env.process(_ticker(env))
        began = time.process_time()
        env.run(until=EVENTS)
        times.append((time.process_time() - began) / EVENTS)
    return statistics.median(times)


def timed(scenario: Scenario) -> tuple[Simulation, float]:
    """Return a finished simulation of *scenario* and the CPU seconds of its loop, building and imports left out."""
    host = plugin_host()
    hooks = compile_hooks(host.build(scenario.components), host.owner)
    simulation = Simulation(build_world(scenario), hooks, seed=1, replication=0)
    began = time.process_time()
    simulation.finish()
    return simulation, time.process_time() - began


def loop_alone(scenario: Scenario) -> float:
    """Return the CPU time of the simulation loop alone (seconds)."""
    return timed(scenario)[1]


def whole_run(scenario: Scenario) -> float:
    """Return the CPU time of a run with its building, tables and metrics (seconds)."""
    began = time.process_time()
    simulate(scenario)
    return time.process_time() - began


def ratio_in_turn(measure: Callable[[Scenario], float], more: Scenario, less: Scenario, pairs: int = 7) -> float:
    """Return the measure of one scenario over that of another, the median of pairs taken in turn."""
    ratios = []
    for _ in range(pairs):
        below = measure(less)
        ratios.append(measure(more) / below)
    return statistics.median(ratios)


def checks(simulation: Simulation) -> str:
    """Return what tells equal work: fill rate, share of site-periods that serve every claim, order lines."""
    state = simulation.world.state
    fill = state.markets["filled"].sum() / state.markets["demanded"].sum()
    service = state.sites["served"].sum() / state.sites["claimed"].sum()
    return f"fill {fill:.5f}, full service {service:.4f}, {state.clock[0].order_lines:,} order lines"


def report(title: str, scenario: Scenario, periods: int) -> float:
    """Print one row: node-periods per second, per bare SimPy event, and what the work gives; return µs per period."""
    per_event = bare_simpy()
    simulation, seconds = timed(scenario)
    nodes = periods * len(scenario.sites)
    rate = f"{nodes / seconds:12,.0f} node-periods/s  ratio {nodes * per_event / seconds:6.2f}"
    print(f"{title:28s} {rate}  {checks(simulation)}", flush=True)
    return seconds / nodes * 1e6


def peak_memory(code: str) -> float:
    """Return the peak memory of a Python process that runs *code* (kB), on Linux.

    What `resource` tells would include the peak of this process, which the new one comes from. The code finds what this
    process finds, wherever it starts; what it says of its errors is not hidden.
    """
    measured = f"{code}\nprint(next(line for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    found = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [*sys.path, str(ROOT)]))}
    command = [sys.executable, "-c", measured]
    result = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=found)
    return float(result.stdout.split()[-2])


def memory_per_firm(firms: int, weeks: int) -> float:
    """Return the memory that a run of W2 needs per firm, above one with a hundred firms (kB)."""
    code = "from benchmarks.works import network; from gpnde.engine import simulate; simulate(network({}, {}))"
    return (peak_memory(code.format(firms, weeks)) - peak_memory(code.format(100, weeks))) / (firms - 100)


def startup(command: list[str]) -> float:
    """Return the median wall time of a command (seconds)."""
    times = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def main() -> None:
    """Print all measurements."""
    simulate(network(100, 2))
    for sequence in ("A", "B"):
        report(f"W1-{sequence}, 10,000 periods", serial(sequence, 10_000), 10_000)
    cost = {}
    for firms, weeks in ((100, 520), (1_000, 520), (10_000, 520), (100_000, 104)):
        cost[firms] = report(f"W2, {firms:,} firms", network(firms, weeks), weeks)
        if firms in (1_000, 10_000):
            report(f"W2, {firms:,} firms, scorecards", network(firms, weeks, scorecards=True), weeks)
    exponent = 1.0 + math.log(cost[100_000] / cost[100]) / math.log(1_000)
    print(f"cost grows with the number of firms by an exponent of {exponent:.2f} from 100 to 100,000")
    for weeks in (52, 520):
        print(f"memory per firm at 10,000 firms and {weeks} weeks: {memory_per_firm(10_000, weeks):.1f} kB")
    ratio = startup([sys.executable, "-m", "gpnde", "--help"]) / startup([sys.executable, "-c", "import click"])
    print(f"gpnde --help takes {ratio:.2f} times as long as importing click")


if __name__ == "__main__":
    main()
