"""Columns of measurements become laws, and what cannot be used is counted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gpnde.errors import ScenarioError
from gpnde.scenario.importers.base import read_rows
from gpnde.scenario.importers.measured import demand_series, lead_time_law
from gpnde.scenario.law import Law

DIRTY = "route,days\nsea,30\nsea,\nair,3\nsea,-2\nsea,soon\nair,nan\nsea,1e400\nair,0\n"


@pytest.fixture
def dirty(tmp_path: Path) -> Path:
    path = tmp_path / "dirty.csv"
    path.write_text(DIRTY, encoding="utf-8")
    return path


def used_and_dropped(law: Law) -> tuple[int, int]:
    assert law.origin is not None
    return law.origin.rows_used, law.origin.rows_dropped


def test_cells_that_hold_no_duration_are_dropped_and_counted(dirty: Path) -> None:
    law = lead_time_law(dirty, "days")
    assert (law.law, law.values) == ("empirical", (30, 3, 0))
    assert used_and_dropped(law) == (3, 5)


def test_rows_that_do_not_match_are_neither_used_nor_dropped(dirty: Path) -> None:
    law = lead_time_law(dirty, "days", {"route": "air"})
    assert law.values == (3, 0)
    assert used_and_dropped(law) == (2, 1)


def test_law_remembers_the_column_it_comes_from(dirty: Path) -> None:
    origin = lead_time_law(dirty, "days", {"route": "sea"}).origin
    assert origin is not None
    assert (origin.file, origin.column, origin.where) == ("dirty.csv", "days", {"route": "sea"})


def test_series_keeps_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text("Date,units\n1,5\n2,1\n3,5\n", encoding="utf-8")
    law = demand_series(path, "units")
    assert (law.law, law.values) == ("series", (5, 1, 5))


def test_series_with_gaps_is_filled_as_it_was_told(tmp_path: Path) -> None:
    path = tmp_path / "sales.csv"
    path.write_text("day,units\n1,5\n2,\n4,1\n", encoding="utf-8")
    assert demand_series(path, "units", dates="day", gaps="hold", at_end="zero").values == (5, 5, 5, 1)
    with pytest.raises(ScenarioError, match="sales.csv line 3, units: '': no number"):
        demand_series(path, "units")


def test_column_that_stands_twice_is_refused_by_every_importer(tmp_path: Path) -> None:
    path = tmp_path / "stages.csv"
    path.write_text("stage,stage_cost,stage_cost\na,1,2\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="stages.csv: column 'stage_cost' stands twice"):
        read_rows(path, ("stage",))


@pytest.mark.parametrize(
    ("column", "where", "message"),
    [
        ("day", {}, "lead_time: dirty.csv: no column 'day'; did you mean 'days'?"),
        ("days", {"rout": "sea"}, "lead_time: dirty.csv: no column 'rout'; did you mean 'route'?"),
        ("days", {"route": "se"}, "lead_time: dirty.csv: no row with route 'se'; did you mean 'sea'?"),
        ("route", {}, "lead_time: dirty.csv column 'route': 8 rows but no number that can be used"),
    ],
)
def test_error_says_what_is_wrong_with_the_column(
    dirty: Path, column: str, where: dict[str, str], message: str
) -> None:
    with pytest.raises(ScenarioError, match=re.escape(message)):
        lead_time_law(dirty, column, where)


def test_real_deliveries_leave_out_blank_and_negative_lead_times(shared_data: Path) -> None:
    path = shared_data / "scms" / "deliveries.csv"
    cells = [row["lead_days"] for row in read_rows(path, ("lead_days",))]
    blank, negative = cells.count(""), sum(cell.startswith("-") for cell in cells)
    assert blank > 0 and negative > 0
    assert used_and_dropped(lead_time_law(path, "lead_days")) == (len(cells) - blank - negative, blank + negative)


def test_real_lead_times_of_a_vendor_have_the_published_mean(shared_data: Path) -> None:
    vendor = "BRISTOL-MYERS SQUIBB"
    stats = {row["vendor"]: row for row in read_rows(shared_data / "scms" / "vendor_stats.csv", ("vendor",))}
    law = lead_time_law(shared_data / "scms" / "deliveries.csv", "lead_days", {"vendor": vendor})
    values = law.values or ()
    assert len(values) == int(stats[vendor]["with_po"])
    assert sum(values) / len(values) == pytest.approx(float(stats[vendor]["mean_lead"]), abs=1e-4)


def test_real_sales_of_a_product_sum_to_the_published_total(shared_data: Path) -> None:
    totals = {row["product"]: row for row in read_rows(shared_data / "supplygraph" / "totals.csv", ("product",))}
    law = demand_series(shared_data / "supplygraph" / "sales_order_units.csv", "SOS008L02P")
    assert sum(law.values or ()) == pytest.approx(float(totals["SOS008L02P"]["sales_order"]))
