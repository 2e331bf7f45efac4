"""A supplier that knows more gains, and twins begin where their run began to differ."""

from __future__ import annotations

import doctest
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pytest

from gpnde.engine.simulate import open_run, restore
from gpnde.results.run import Run
from gpnde.scenario import load_scenario
from gpnde.vocabulary import QUARTER_DAYS
from studies import page, twins

from .test_pages import assert_same_shape, assert_written, cells

SUPPLIERS = ("housing-maker-hub-1", "cable-maker-hub-2", "plastic-maker-hub-1")
DAYS = twins.START_DAY + 16 * QUARTER_DAYS


class Standing(NamedTuple):
    """How a supplier fared: mean score over its links and reviews, goods ordered from it, profit (money)."""

    score: float
    ordered: float
    profit: float


def standing(run: Run, firm: str) -> Standing:
    sites = [site["name"] for site in run.scenario["sites"] if site["firm"] == firm]
    links = run.links.filter(pl.col("supplier").is_in(sites))
    scores = run.learners.filter((pl.col("firm") == firm) & (pl.col("day") > twins.START_DAY))
    profits = run.accounts.filter((pl.col("firm") == firm) & (pl.col("item") == "profit"))
    return Standing(
        float(scores["score"].to_numpy().mean()),
        float(links["ordered"].to_numpy().sum()),
        float(profits["amount"].to_numpy().sum()),
    )


def gains(seed: int) -> list[Standing]:
    """Return what each supplier gains where it alone comes to know 0.2 more, and contracts are alike."""
    scenario = load_scenario("small-open-economy", {"clock.days": DAYS, "contracts": None})
    opened = open_run(scenario, seed=seed)
    opened.advance(twins.START_DAY)
    begun = opened.snapshot()
    usual, found = opened.finish(), []
    for firm in SUPPLIERS:
        twin = restore(begun)
        twins.raise_capability(twin, scenario, [firm], 0.2)
        both = zip(standing(twin.finish(), firm), standing(usual, firm), strict=True)
        found.append(Standing(*(after - before for after, before in both)))
    return found


def test_examples_hold() -> None:
    assert doctest.testmod(twins).failed == 0


def test_twin_that_knows_no_more_is_the_run_itself() -> None:
    scenario = load_scenario("small-open-economy", {"clock.days": twins.START_DAY + QUARTER_DAYS})
    opened = open_run(scenario, seed=1)
    opened.advance(twins.START_DAY)
    twin = restore(opened.snapshot())
    twins.raise_capability(twin, scenario, SUPPLIERS, 0.0)
    assert twin.finish().fingerprint == opened.finish().fingerprint


@pytest.mark.thorough
def test_most_suppliers_that_know_more_gain_score_orders_and_profit() -> None:
    found = np.array([gain for seed in (1, 2, 3) for gain in gains(seed)])
    assert np.all(np.median(found, axis=0) > 0.0)
    assert np.all((found > 0.0).mean(axis=0) > 0.7)


@pytest.mark.thorough
def test_twins_of_a_run_stand_in_the_table_of_the_page(tmp_path: Path) -> None:
    names = ("housing-maker-hub-2", *SUPPLIERS)
    outcomes = {"small-open-economy": twins.run_study("small-open-economy", 1, {"clock.days": 728.0}, names)}
    single, together = outcomes["small-open-economy"]
    assert len(single) == len(names)
    assert sum(twin.expected for twin in together) == pytest.approx(sum(twin.expected for twin in single))
    assert all(twin.expected > 0.0 != twin.realised for twin in single)
    assert_same_shape(twins.table(outcomes), page.table_of(twins.PAGE))
    assert_written(tmp_path, twins.table(outcomes), twins.chart(outcomes))


def test_page_has_rows_for_each_preset_and_a_small_picture() -> None:
    presets = [row[0] for row in cells(page.table_of(twins.PAGE))[1:]]
    assert list(dict.fromkeys(presets)) == list(twins.PRESETS)
    assert f"]({twins.PAGE.stem}.svg)" in twins.PAGE.read_text(encoding="utf-8")
    assert 0 < twins.PAGE.with_suffix(".svg").stat().st_size < 150_000
