"""Records of plants: lines in turn, set-ups in ticks, and sites that ask their plant for capacity."""

from __future__ import annotations

from typing import Any

import numpy as np

from gpnde.world.build import build_world
from gpnde.world.plant_layout import CYCLE, FIRST_OF_PLANTS

from ..plants import works

LINES: dict[str, dict[str, Any]] = {
    "a": {"setup_days": 1, "setup_cost": 5, "setup_days_after": {"c": 0.5}},
    "b": {"priority": -1, "setup_days": 2, "setup_cost": 7},
    "c": {"setup_days": 3, "setup_cost_after": {"b": 9}},
}


def test_lines_stand_in_turn_with_their_set_ups_in_ticks() -> None:
    state = build_world(works(LINES, rule="run-out", clock={"days": 28, "tick_days": 0.5})).state
    names = [("a", "b", "c")[number] for number in state.plant_lines["site"]]
    assert names == ["b", "a", "c"]
    np.testing.assert_array_equal(state.plant_setups[:, :, 0], [[4, 4, 4], [2, 2, 1], [6, 6, 6]])
    np.testing.assert_array_equal(state.plant_setups[:, :, 1], [[7, 7, 7], [5, 5, 5], [9, 0, 0]])


def test_a_cycle_begins_with_the_slot_of_its_first_line() -> None:
    lines = {"a": {"share": 0.75}, "b": {"share": 0.25}}
    state = build_world(works(lines, rule="cycle", cycle_days=8)).state
    assert state.plant_lines["slot"].tolist() == [6.0, 2.0]
    assert (state.plants[0].rule, state.plants[0].left, state.plants[0].current) == (CYCLE, 6.0, 0)


def test_lines_ask_their_plant_and_keep_the_law_of_their_capacity() -> None:
    state = build_world(works({"a": {}, "b": {}}, capacity={"a": 50, "b": "uniform(low=10, high=20)"})).state
    assert state.sites["daily_capacity"].tolist() == [FIRST_OF_PLANTS, FIRST_OF_PLANTS - 1]
    assert state.plant_lines["law"][0] == -1 < state.plant_lines["law"][1]


def test_without_plants_there_are_no_records_and_no_flag() -> None:
    state = build_world(works({"a": {}}, is_shared=False)).state
    assert len(state.plants) == len(state.plant_lines) == state.clock[0].plants == 0
    assert state.sites["daily_capacity"].tolist() == [-1]
