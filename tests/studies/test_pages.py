"""A small version of each study runs, and the pages hold what the commands write."""

from __future__ import annotations

import doctest
import math
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.plugin.host import plugin_host
from gpnde.scenario import load_scenario
from studies import absorption, economy, page, pressure

if TYPE_CHECKING:
    from gpnde.results.chart import Chart

DAYS = 364.0
LIMIT = 150_000


def cells(table: str) -> list[list[str]]:
    """Return the cells of a table, row by row, without the line below the header."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return [rows[0], *rows[2:]]


def assert_same_shape(written: str, published: str) -> None:
    """Expect the same header and as many cells in every row."""
    new, old = cells(written), cells(published)
    assert new[0] == old[0]
    assert {len(row) for row in new[1:]} == {len(row) for row in old[1:]} == {len(new[0])}


def assert_written(folder: Path, table: str, chart: Chart) -> None:
    """Expect the command's writer to replace what stands between the markers, and nothing else."""
    document = folder / "study.md"
    document.write_text(f"# Title\n{page.BEGIN}\nold\n{page.END}\nrest\n", encoding="utf-8")
    page.write_page(document, table, chart)
    assert document.read_text(encoding="utf-8") == f"# Title\n{page.BEGIN}\n{table}\n{page.END}\nrest\n"
    assert (folder / "study.svg").read_text(encoding="utf-8").startswith("<svg")


def test_examples_hold() -> None:
    assert doctest.testmod(page).failed == 0


@pytest.mark.thorough
def test_a_small_study_of_pressure_has_the_table_of_its_page(tmp_path: Path) -> None:
    outcomes = pressure.run_study(2, (0.5, 0.9), DAYS)
    assert_same_shape(pressure.table(outcomes), page.table_of(pressure.PAGE))
    assert_written(tmp_path, pressure.table(outcomes), pressure.chart(outcomes))


def test_runs_without_a_supplier_left_do_not_count_in_its_capability(tmp_path: Path) -> None:
    alive, dead = (pressure.Outcome(level, 0.5, 0.0, 0.0, 0.0, 1.0) for level in (0.25, math.nan))
    outcomes = {0.3: [alive] * 3, 0.8: [alive, alive, dead], 0.9: [dead] * 3}
    lower = [row[1:3] for row in cells(pressure.table(outcomes))[1:]]
    assert lower == [["0.250 [0.250, 0.250]", "–"], ["0.250 [0.250, 0.250]", "+0.000 [+0.000, +0.000]"], ["–", "–"]]
    assert_written(tmp_path, pressure.table(outcomes), pressure.chart(outcomes))


@pytest.mark.thorough
def test_a_small_study_of_absorption_has_the_table_of_its_page(tmp_path: Path) -> None:
    outcomes = absorption.run_study(2, (0.3, 8.0), DAYS)
    assert_same_shape(absorption.table(outcomes), page.table_of(absorption.PAGE))
    assert_written(tmp_path, absorption.table(outcomes), absorption.chart(outcomes))
    assert all(absorption.ratio(pairs, "transferred").low > 1.0 for pairs in outcomes.values())


def test_pages_have_a_row_for_every_case() -> None:
    tables = (
        (page.table_of(pressure.PAGE), pressure.THRESHOLDS),
        (page.table_of(absorption.PAGE), absorption.SENSITIVITIES),
    )
    for table, cases in tables:
        assert [row[0] for row in cells(table)[1:]] == [f"{case:g}" for case in cases]


@pytest.mark.parametrize("document", [pressure.PAGE, absorption.PAGE], ids=lambda path: path.stem)
def test_a_page_shows_its_picture_which_is_small(document: Path) -> None:
    picture = document.with_suffix(".svg")
    assert f"]({picture.name})" in document.read_text(encoding="utf-8")
    assert 0 < picture.stat().st_size < LIMIT


def test_rates_of_transfer_are_those_that_mechanisms_declare_per_time() -> None:
    components = {each.name: each for each in plugin_host().build(load_scenario(absorption.PRESET).components)}
    assert set(absorption.RATES) <= set(components)
    twice = absorption.doubled_rates()
    for name, parameters in absorption.RATES.items():
        for parameter in parameters:
            assert twice[f"{name}.{parameter}"] == 2 * getattr(components[name], parameter) > 0


def test_a_page_without_markers_is_refused(tmp_path: Path) -> None:
    document = tmp_path / "bare.md"
    document.write_text("nothing\n", encoding="utf-8")
    with pytest.raises(ValueError, match="^bare.md: markers .* must each stand there once$"):
        page.table_of(document)


@pytest.mark.thorough
def test_a_short_economy_has_the_table_of_its_page(tmp_path: Path) -> None:
    run = simulate(load_scenario(economy.PRESET, {"clock.days": 728}))
    assert_same_shape(economy.table(run), page.table_of(economy.PAGE))
    assert_written(tmp_path, economy.table(run), economy.chart(run))
    first, second = economy.years(run, "housing-maker-local-1")
    booked = run.accounts.filter((pl.col("firm") == first.firm) & (pl.col("item") == "profit"))
    assert first.profit + second.profit == pytest.approx(booked["amount"].to_numpy().sum() / 1e3)
    assert 0.0 < first.capability < second.capability
    assert first.jobs > 0
