"""The pages of the presets hold the tables that the command writes, and its numbers are those of runs."""

from __future__ import annotations

import doctest
import math
import re

import pytest

from gpnde.engine import simulate
from gpnde.results.run import Run
from gpnde.scenario import load_scenario
from gpnde.scenario.presets import preset_path
from studies import page, presets
from studies.presets import ALIKE, COUNT, HEADER, SHARE, TABLES, Row, measured, own_brands_given_up, run_study, table

DAYS = 364.0


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(load_scenario("taiwan-oem-pc", {"clock.days": 1456}))


def row_of(name: str, label: str) -> Row:
    (row,) = (row for row in TABLES[name] if row.label == label)
    return row


def cells(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]


def test_examples_hold() -> None:
    assert doctest.testmod(presets).failed == 0


@pytest.mark.parametrize("name", TABLES)
def test_a_page_has_exactly_the_rows_that_its_command_writes(name: str) -> None:
    header, _, *rows = cells(page.table_of(presets.page_of(name)))
    assert header == list(HEADER)
    assert [row[0] for row in rows] == [row.label for row in TABLES[name]]


@pytest.mark.parametrize("name", TABLES)
def test_numbers_of_a_page_have_the_form_that_its_command_gives_them(name: str) -> None:
    for row, (_, mean, ends) in zip(TABLES[name], cells(page.table_of(presets.page_of(name)))[2:], strict=True):
        assert re.fullmatch(rf"-?\d+\.\d{{{row.form.decimals}}}{row.form.unit}", mean), row.label
        low, _, high = ends.partition(" to ")
        assert ends == ALIKE or float(low) <= float(mean.removesuffix(row.form.unit)) <= float(high), row.label


@pytest.mark.parametrize("name", TABLES)
def test_a_page_of_results_is_that_of_a_preset(name: str) -> None:
    assert preset_path(name).exists()
    assert f"# Preset `{name}`" in presets.page_of(name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TABLES)
def test_metrics_that_a_page_names_are_those_of_a_run(name: str) -> None:
    short = simulate(load_scenario(name, {"clock.days": DAYS}))
    found = dict(zip(short.metrics["metric"], short.metrics["value"], strict=True))
    for row in TABLES[name]:
        for metric in re.findall(r"`(.+)`", row.label):
            assert row.measure(short) == found[metric]
        assert math.isfinite(row.measure(short)), row.label


def test_rows_are_what_the_run_says(run: Run) -> None:
    upgrades = run.tables["upgrades"].to_dicts()
    brands = [row for row in upgrades if row["function"] == "strategic_marketing"]
    assert row_of("taiwan-oem-pc", "Functions taken on").measure(run) == sum(
        row["kind"] == "upgrade" for row in upgrades
    )
    assert own_brands_given_up(run) == sum(row["kind"] == "downgrade" for row in brands)
    us = [row for row in run.tables["markets"].to_dicts() if row["market"] == "US"]
    share = sum(row["filled"] for row in us) / sum(row["demanded"] for row in us)
    assert row_of("taiwan-oem-pc", "Fill rate in the US").measure(run) == pytest.approx(share)


def test_firms_that_entered_are_counted() -> None:
    short = simulate(load_scenario("small-open-economy", {"clock.days": 728}))
    entered = sum(event["kind"] == "firm_entered" for event in short.tables["events"].to_dicts())
    assert row_of("small-open-economy", "Firms that entered").measure(short) == entered > 0


def test_a_study_runs_each_preset_with_each_seed_in_order() -> None:
    found = run_study(2, days=56)
    assert {name: len(runs) for name, runs in found.items()} == dict.fromkeys(TABLES, 2)
    assert found["taiwan-oem-pc"][1] == measured("taiwan-oem-pc", 2, 56) != found["taiwan-oem-pc"][0]
    for name, runs in found.items():
        assert [row[0] for row in cells(table(name, runs))[2:]] == [row.label for row in TABLES[name]]


def test_a_mean_stands_with_the_lowest_and_the_highest_run() -> None:
    assert SHARE.cells([0.5, 1.0, 0.9]) == ["80.0 %", "50.0 to 100.0"]
    assert COUNT.cells([3.0, 3.0]) == ["3.0", ALIKE]
