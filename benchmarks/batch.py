"""What a batch costs beyond its runs: cores that wait, time and memory of the parent.

Run ``python -m benchmarks.batch`` from the root of a checkout, on a machine with two cores that does nothing else. It
takes about ten minutes. Each figure is a ratio or a difference of things measured in turn.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from benchmarks.measure import peak_memory
from gpnde.engine import simulate
from gpnde.scenario import load_scenario
from gpnde.study.runner import run_study
from gpnde.study.schema import Study

TRIVIAL = {"clock.days": 1}
CORES = 2


def study_of(scenario: str, replications: int, settings: Mapping[str, float] | None = None) -> Study:
    """Return a study of replications of one scenario."""
    document = {
        "name": "benchmark",
        "scenario": scenario,
        "seed": 1,
        "replications": replications,
        "settings": dict(settings or {}),
        "measures": ["flow.fill_rate"],
    }
    return Study.model_validate(document)


def seconds(study: Study, jobs: int) -> tuple[float, float]:
    """Return the wall-clock time of a batch, start of processes and tables included, and the time within its runs."""
    folder = Path(tempfile.mkdtemp())
    try:
        began = time.perf_counter()
        run_study(study, folder, jobs=jobs)
        took = time.perf_counter() - began
        runs = pl.read_parquet(folder / "parts" / "*.parquet").unique("key")["seconds"].sum()
    finally:
        shutil.rmtree(folder)
    return took, float(runs)


def gain_of_cores(replications: int = 160, days: float = 16_000, rounds: int = 3) -> tuple[float, float]:
    """Return how much faster two processes are than this one, and how long one run takes (s)."""
    study = study_of("serial-chain", replications, {"clock.days": days})
    pairs = [(seconds(study, 1), seconds(study, CORES)) for _ in range(rounds)]
    gain = statistics.median(one[0] / two[0] for one, two in pairs)
    return gain, statistics.median(one[1] for one, _ in pairs) / replications


def overhead(replications: int = 400, rounds: int = 3) -> float:
    """Return what a batch in this process adds to each run, which does next to nothing itself (s)."""
    study = study_of("single-site", replications, TRIVIAL)
    scenario = load_scenario("single-site", TRIVIAL)
    extra = []
    for _ in range(rounds):
        batch, _runs = seconds(study, 1)
        began = time.perf_counter()
        for replication in range(replications):
            simulate(scenario, seed=1, replication=replication)
        extra.append((batch - (time.perf_counter() - began)) / replications)
    return statistics.median(extra)


def memory(replications: int) -> float:
    """Return the peak memory of a parent whose processes do runs that do next to nothing (MB)."""
    folder = tempfile.mkdtemp()
    code = (
        "from benchmarks.batch import CORES, TRIVIAL, run_study, study_of\n"
        f"study = study_of('single-site', {replications}, TRIVIAL)\n"
        f"run_study(study, {folder + '/out'!r}, jobs=CORES)"
    )
    try:
        return peak_memory(code) / 1024
    finally:
        shutil.rmtree(folder)


def busy(replications: int = 1000) -> float:
    """Return which share of the time of all cores a study of the 50-firm preset spends in its runs."""
    took, runs = seconds(study_of("hdd-southeast-asia", replications), CORES)
    return runs / (CORES * took)


def main() -> None:
    """Print all measurements."""
    simulate("single-site")
    gain, one = gain_of_cores()
    print(f"two cores: {gain:.2f} times one, runs of {one:.2f} s", flush=True)
    print(f"overhead: {overhead() * 1000:.1f} ms per run", flush=True)
    few, many = memory(100), memory(10_000)
    print(f"peak memory of the parent: {few:.0f} MB with 100 runs, {many - few:+.0f} MB with 10,000", flush=True)
    print(f"1,000 runs of hdd-southeast-asia: {busy():.1%} of the time of both cores is spent in the runs")


if __name__ == "__main__":
    main()
