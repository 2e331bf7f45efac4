"""Tiles: differences from the baseline with arrow and word, by the direction that a measure declares."""

from __future__ import annotations

import pytest

import gpnde
from gpnde.lab.tiles import changes, tiles
from gpnde.results.run import Run


@pytest.fixture(scope="module")
def calm() -> Run:
    return gpnde.simulate(gpnde.load_scenario("beer-game", {"clock.days": 182}))


@pytest.fixture(scope="module")
def slow() -> Run:
    return gpnde.simulate(gpnde.load_scenario("beer-game", {"clock.days": 182, "ordering.review_days": 28.0}))


def test_figures_of_a_run_alone_are_levels(calm: Run) -> None:
    assert "Fill rate" in tiles(calm, None) and "baseline" not in tiles(calm, None)


def test_differences_have_the_sign_and_the_word_of_their_measure(calm: Run, slow: Run) -> None:
    found = {change.label: change for change in changes(slow, calm)}
    fill, apart = found["Fill rate"], slow.metric("flow.fill_rate") - calm.metric("flow.fill_rate")
    assert apart != 0 and fill.direction == (1 if apart > 0 else -1)
    assert fill.word == ("better" if apart > 0 else "worse")
    assert fill.apart == f"{100 * apart:+.1f} points"
    assert f"baseline {fill.before} → {fill.after}" in tiles(slow, calm)


def test_turning_the_comparison_turns_every_arrow(calm: Run, slow: Run) -> None:
    forth, back = changes(slow, calm), changes(calm, slow)
    assert all((each.before == each.after) == (each.direction == 0) for each in forth)
    assert [each.direction for each in forth] == [-each.direction for each in back]
    assert any(each.direction for each in forth)


def test_equal_runs_share_one_tile_without_arrow(calm: Run) -> None:
    said = tiles(calm, calm)
    assert said.count("gpnde-tile") == 1 and "No difference" in said and "▲" not in said and "▼" not in said
