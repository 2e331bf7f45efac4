from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gpnde.scenario import Scenario
from gpnde.scenario.columns import Columns
from gpnde.scenario.law import Law
from gpnde.scenario.problems import Locations

Raw = dict[str, Any]
Load = Callable[..., Scenario]

DELIVERIES = """vendor,date,lead_days
X,2006-01-01,30
Y,2006-01-02,10
X,2006-01-03,
X,2006-01-04,-4
X,2006-01-05,unknown
X,2006-01-06,nan
X,2006-01-07,20
"""


@pytest.fixture
def with_lead_time(raw: Raw, tmp_path: Path) -> Callable[..., Raw]:
    """Return a function that takes the lead time of the first link from a column of deliveries.csv."""
    (tmp_path / "deliveries.csv").write_text(DELIVERIES, encoding="utf-8")

    def point(**keys: object) -> Raw:
        law = {"law": "empirical", "file": "deliveries.csv", "column": "lead_days", **keys}
        raw["links"][0]["lead_time"] = {key: value for key, value in law.items() if value is not None}
        return raw

    return point


def test_usable_rows_are_taken_in_order_and_the_others_counted(with_lead_time: Callable[..., Raw], load: Load) -> None:
    law = load(with_lead_time(where={"vendor": "X"})).links[0].lead_time
    assert law.law == "empirical"
    assert law.values == (30, 20)
    assert law.origin is not None
    assert law.origin.model_dump() == {
        "file": "deliveries.csv",
        "column": "lead_days",
        "where": {"vendor": "X"},
        "rows_used": 2,
        "rows_dropped": 4,
        "dates": None,
        "step_days": None,
        "gaps": "refuse",
        "cells_filled": 0,
        "dates_filled": 0,
    }


def test_all_rows_are_taken_without_a_condition(with_lead_time: Callable[..., Raw], load: Load) -> None:
    assert load(with_lead_time()).links[0].lead_time.values == (30, 10, 20)


def test_a_series_keeps_its_negative_values(
    with_lead_time: Callable[..., Raw], complaint: Callable[..., str], tmp_path: Path
) -> None:
    law = with_lead_time(law="series")
    (tmp_path / "deliveries.csv").write_text("lead_days\n30\n10\n-4\n20\n", encoding="utf-8")
    line = "links.teparuk<rangsit.lead_time: series(values=30 10 -4 20): the lead time can be -4: must be at least 0"
    assert complaint(law) == line


def test_a_number_to_the_eye_alone_is_not_dropped(
    with_lead_time: Callable[..., Raw], complaint: Callable[..., str], tmp_path: Path
) -> None:
    law = with_lead_time()
    (tmp_path / "deliveries.csv").write_text('lead_days\n30\n"1,200"\nsoon\n', encoding="utf-8")
    line = "deliveries.csv line 3, lead_days: '1,200': must be a number, without separators of thousands"
    assert complaint(law) == line


def test_columns_that_are_not_separated_by_commas_are_refused_as_such(
    with_lead_time: Callable[..., Raw], complaint: Callable[..., str], tmp_path: Path
) -> None:
    law = with_lead_time()
    (tmp_path / "deliveries.csv").write_text("lead_days;vendor\n30;X\n", encoding="utf-8")
    line = "deliveries.csv: 'lead_days;vendor': must be columns that are separated by commas"
    assert complaint(law) == line


def test_a_named_pipe_is_called_one_and_not_waited_for(
    with_lead_time: Callable[..., Raw], complaint: Callable[..., str], tmp_path: Path
) -> None:
    law = with_lead_time()
    (tmp_path / "deliveries.csv").unlink(missing_ok=True)
    os.mkfifo(tmp_path / "deliveries.csv")
    assert complaint(law).endswith("deliveries.csv: is a named pipe: give a file")


def test_a_cell_of_a_csv_file_may_point_to_a_column_of_another(
    with_lead_time: Callable[..., Raw], load: Load, tmp_path: Path
) -> None:
    text = 'buyer,supplier,lead_time\nteparuk,rangsit,"{""law"": ""empirical"", ""file"": ""deliveries.csv"", '
    (tmp_path / "links.csv").write_text(text + '""column"": ""lead_days""}"\n', encoding="utf-8")
    assert load({**with_lead_time(), "links": "links.csv"}).links[0].lead_time.values == (30, 10, 20)


REFUSALS: dict[str, tuple[dict[str, object], str]] = {
    "unknown column": ({"column": "lead"}, "deliveries.csv: no column 'lead'; did you mean 'lead_days'?"),
    "unknown condition": ({"where": {"vendr": "X"}}, "deliveries.csv: no column 'vendr'; did you mean 'vendor'?"),
    "no row": ({"where": {"vendor": "x"}}, "deliveries.csv: no row with vendor 'x'"),
    "no number": (
        {"column": "date"},
        "deliveries.csv column 'date': 7 rows but no number that can be used",
    ),
    "missing file": ({"file": "delivery.csv"}, "'delivery.csv': no such file in {}; did you mean 'deliveries.csv'?"),
    "extra key": ({"mean": 3}, "unknown key 'mean': a law from a column takes law, file, column, where"),
}


@pytest.mark.parametrize(("keys", "line"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_column_that_cannot_be_used_is_refused(
    with_lead_time: Callable[..., Raw],
    complaint: Callable[..., str],
    tmp_path: Path,
    keys: dict[str, object],
    line: str,
) -> None:
    assert complaint(with_lead_time(**keys)) == f"links.teparuk<rangsit.lead_time: {line.format(tmp_path)}"


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ({"law": "gamma"}, ".law: 'gamma': values from a column make a law empirical or series"),
        ({"dates": "date"}, ".dates: only a series takes it: leave it out, or say law: series"),
        ({"column": None}, ".column: None: name the CSV file and its column"),
        ({"where": "X"}, ".where: 'X': must be a mapping of columns to texts"),
    ],
)
def test_a_pointer_that_is_incomplete_is_refused(
    with_lead_time: Callable[..., Raw], complaint: Callable[..., str], keys: dict[str, object], line: str
) -> None:
    assert complaint(with_lead_time(**keys)) == f"links.teparuk<rangsit.lead_time{line}"


def test_real_deliveries_are_read_and_bad_rows_counted(shared_data: Path) -> None:
    pointer = {"law": "empirical", "file": "deliveries.csv", "column": "lead_days"}
    law = Law.model_validate(Columns(shared_data / "scms", Locations({})).resolve(pointer))
    assert law.origin is not None
    assert law.origin.rows_used + law.origin.rows_dropped == 5261
    assert law.origin.rows_dropped > 0
    assert law.lowest() >= 0


def test_a_real_demand_series_keeps_the_order_of_its_days(shared_data: Path) -> None:
    folder = shared_data / "supplygraph"
    header, first, *_ = (folder / "delivery_units.csv").read_text(encoding="utf-8-sig").splitlines()
    product = header.split(",")[1]
    pointer = {"law": "series", "file": "delivery_units.csv", "column": product}
    law = Law.model_validate(Columns(folder, Locations({})).resolve(pointer))
    assert law.values is not None
    assert law.values[0] == float(first.split(",")[1])
