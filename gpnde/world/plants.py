"""Records of plants that make several products, compiled from a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from gpnde.scenario.plants import PlantRule, SharedPlant, in_turn
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Floats, Records
from gpnde.world.plant_layout import (
    BY_PRIORITY,
    BY_SHARE,
    BY_WORK,
    CYCLE,
    FIRST_OF_PLANTS,
    LONGEST_QUEUE,
    PLANT,
    PLANT_LINE,
    RUN_OUT,
)

_RULES: Mapping[PlantRule, int] = {
    "proportional": BY_WORK,
    "shares": BY_SHARE,
    "priority": BY_PRIORITY,
    "longest-queue": LONGEST_QUEUE,
    "run-out": RUN_OUT,
    "cycle": CYCLE,
}


def plant_names(scenario: Scenario) -> list[str]:
    """Return the names of plants in the order of their records."""
    return sorted(scenario.plants)


def plant_records(scenario: Scenario, numbers: Mapping[str, int], sites: Records) -> tuple[Records, Records, Floats]:
    """Return plants, their lines, and set-ups, and have the *sites* that are lines ask their plant for capacity.

    Set-ups have shape (lines, lines of the largest plant, 2): time (ticks) and cost (money) by line, and by the place
    in its plant of the line that was made before.
    """
    chosen = [scenario.plants[name] for name in plant_names(scenario)]
    counts = [len(plant.lines) for plant in chosen]
    lines = np.zeros(sum(counts), dtype=PLANT_LINE)
    setups = np.zeros((len(lines), max(counts, default=1), 2))
    plants, tick_days, first = np.zeros(len(chosen), dtype=PLANT), scenario.clock.tick_days, 0
    for number, plant in enumerate(chosen):
        plants[number] = _plant(plant, first, tick_days)
        for place, (name, row) in enumerate(_lines(plant, tick_days)):
            item = first + place
            _fill(lines[item], {**row, "site": numbers[name], "law": sites["daily_capacity"][numbers[name]]})
            sites["daily_capacity"][numbers[name]] = FIRST_OF_PLANTS - item
            setups[item, : len(plant.lines)] = _setups(plant, name, tick_days)
        first += len(plant.lines)
    return plants, lines, setups


def _plant(plant: SharedPlant, first: int, tick_days: float) -> Any:
    """Return the record of a plant, which begins set up for its first line."""
    record = np.zeros(1, dtype=PLANT)[0]
    record.first = record.current = first
    record.last = first + len(plant.lines)
    record.rule = _RULES[plant.rule]
    record.least = record.left = plant.minimum_run_days / tick_days
    if plant.cycle_days is not None:
        record.left = plant.shares()[in_turn(plant)[0]] * plant.cycle_days / tick_days
    return record


def _lines(plant: SharedPlant, tick_days: float) -> Iterator[tuple[str, Mapping[str, float]]]:
    shares = plant.shares()
    for name in in_turn(plant):
        yield name, {"share": shares[name], "slot": shares[name] * (plant.cycle_days or 0.0) / tick_days}


def _fill(record: Any, fields: Mapping[str, float]) -> None:
    for name, value in fields.items():
        record[name] = value


def _setups(plant: SharedPlant, name: str, tick_days: float) -> Floats:
    """Return set-up time (ticks) and cost (money) of a line after each line of its plant; shape (lines, 2)."""
    after = np.array([plant.lines[name].setup_after(other) for other in in_turn(plant)])
    return np.asarray(after / np.array([tick_days, 1.0]), dtype=np.float64)
