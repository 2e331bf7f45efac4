"""The screening of the drive preset and its page: the table holds what the indices say."""

from __future__ import annotations

import polars as pl
import pytest

import gpnde
from gpnde.study.measures import check_measures
from gpnde.study.plan import Plan
from studies import page, places


def cells(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()]


def test_a_cell_holds_the_mean_effect_and_that_of_absolute_values() -> None:
    rows = [
        {"measure": "flow.fill_rate", "setting": "location.spread", "index": index, "value": value}
        for index, value in (("mu", -0.125), ("mu_star", 0.25), ("sigma", 0.5))
    ]
    header, _, row = cells(places.table(pl.DataFrame(rows)))
    assert header[1:] == list(places.MEASURES.values())
    assert row == ["`location.spread`", *[places.UNKNOWN] * 5, "-0.12 (0.25)"]


def test_the_file_names_what_the_page_shows() -> None:
    study = gpnde.load_study(places.FILE)
    check_measures(Plan(study).study)
    assert set(places.MEASURES) == set(study.measures)
    header, _, *rows = cells(page.table_of(places.PAGE))
    assert header[1:] == list(places.MEASURES.values())
    assert [row[0].strip("`") for row in rows] == list(study.uncertainties)


@pytest.mark.thorough
def test_a_small_screening_has_the_table_of_its_page() -> None:
    written = cells(places.table(places.run_study(2, 91.0)))
    assert [row[0] for row in written] == [row[0] for row in cells(page.table_of(places.PAGE))]
