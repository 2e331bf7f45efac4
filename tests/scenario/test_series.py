"""A series from a column keeps every row in its place in time, or is refused with file, row and value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gpnde.errors import ScenarioError
from gpnde.scenario import Scenario
from gpnde.scenario.law import Column, Law
from gpnde.scenario.remarks import remarks

Raw = dict[str, Any]
Demand = Callable[..., Raw]
Load = Callable[..., Scenario]
Complaint = Callable[..., str]

GAPS = """date,qty
2024-01-01,5
2024-01-02,
2024-01-05,7
2024-01-06,NA
2024-01-07,1200
2024-01-08,0
2024-01-09,4
"""


@pytest.fixture
def demand(raw: Raw, tmp_path: Path) -> Demand:
    """Return a function that takes the demand of the small scenario from a column of sales.csv."""

    def point(text: str, every_days: float = 1, **keys: object) -> Raw:
        (tmp_path / "sales.csv").write_text(text, encoding="utf-8")
        law = {"law": "series", "file": "sales.csv", "column": "qty", **keys}
        raw["markets"]["world"]["demand"] = {"law": law, "every_days": every_days}
        return raw

    return point


def law_of(scenario: Scenario) -> Law:
    return scenario.markets[0].demand.law


def origin_of(scenario: Scenario) -> Column:
    origin = law_of(scenario).origin
    assert origin is not None
    return origin


FILLED = [("zero", (5, 0, 0, 0, 7, 0, 1200, 0, 4)), ("hold", (5, 5, 5, 5, 7, 7, 1200, 0, 4))]


@pytest.mark.parametrize(("gaps", "values"), FILLED)
def test_blank_cells_and_missing_dates_are_filled_in_their_place(
    demand: Demand, load: Load, gaps: str, values: tuple[float, ...]
) -> None:
    scenario = load(demand(GAPS, gaps=gaps))
    origin = origin_of(scenario)
    assert law_of(scenario).values == values
    assert (origin.rows_used, origin.cells_filled, origin.dates_filled) == (5, 2, 2)
    assert (origin.dates, origin.step_days, origin.gaps) == ("date", 1.0, gaps)


def test_a_filled_series_is_saved_with_what_it_was_filled_with(demand: Demand, load: Load, tmp_path: Path) -> None:
    from gpnde.scenario import load_scenario, save_scenario

    scenario = load(demand(GAPS, gaps="hold", at_end="hold"))
    save_scenario(scenario, tmp_path / "again.yaml")
    assert load_scenario(tmp_path / "again.yaml") == scenario


REFUSED: dict[str, tuple[str, dict[str, object], str]] = {
    "blank": (
        GAPS,
        {},
        "sales.csv line 3, qty: '': no number: give it, or say gaps: zero or gaps: hold, the value before",
    ),
    "missing dates": (
        GAPS.replace("02,\n", "02,6\n"),
        {},
        "sales.csv line 4, date: '2024-01-05': 2 dates are missing before it: give them, or say gaps: zero or "
        "gaps: hold, the value before",
    ),
    "thousands": (
        GAPS.replace("1200", '"1,200"'),
        {"gaps": "zero"},
        "sales.csv line 6, qty: '1,200': must be a number, without separators of thousands, or blank",
    ),
    "a word": (
        GAPS.replace("1200", "many"),
        {"gaps": "zero"},
        "sales.csv line 6, qty: 'many': must be a number, or blank",
    ),
    "infinity": (
        GAPS.replace("1200", "inf"),
        {"gaps": "zero"},
        "sales.csv line 6, qty: 'inf': must be a number, or blank",
    ),
    "a date twice": (
        "date,qty\n2024-01-01,1\n2024-01-02,2\n2024-01-02,3\n",
        {},
        "sales.csv line 4, date: '2024-01-02': stands twice",
    ),
    "out of order": (
        "date,qty\n2024-01-02,1\n2024-01-01,2\n",
        {},
        "sales.csv line 3, date: '2024-01-01': must come after the row before: sort the rows by date",
    ),
    "unequal steps": (
        "date,qty\n2024-01-31,1\n2024-02-29,2\n2024-03-31,3\n",
        {},
        "sales.csv line 4, date: '2024-03-31': must be whole steps of 29 days from the first; dates: none takes rows "
        "as they come",
    ),
    "no date": (
        "date,qty\n31/01/2024,1\n",
        {},
        "sales.csv line 2, date: '31/01/2024': must be a date such as 2024-01-31; dates: none takes rows as they come",
    ),
    "another step": (
        "date,qty\n2024-01-01,1\n2024-01-08,2\n",
        {},
        "markets.world.demand.law: the rows of sales.csv are 7 days apart, and a row every 1 days is needed: give "
        "every_days: 7, or dates: none to take rows as they come",
    ),
    "two columns of dates": (
        "from,to,qty\n2024-01-01,2024-01-02,1\n",
        {},
        "markets.world.demand.law: columns 'from' and 'to' of sales.csv both hold dates: name one, such as dates: from",
    ),
    "nothing to hold": (
        "qty,x\n,1\n3,2\n",
        {"gaps": "hold"},
        "markets.world.demand.law: sales.csv column 'qty': blank at first: nothing to hold there",
    ),
    "no rows": (
        "date,qty\n",
        {},
        "markets.world.demand.law: sales.csv: no rows below the names of the columns: give at least one",
    ),
    "a column twice": (
        "qty,qty\n1,100\n",
        {},
        "sales.csv: column 'qty' stands twice: give every column a name of its own",
    ),
    "unknown column of dates": (
        GAPS,
        {"dates": "dat"},
        "markets.world.demand.law: sales.csv: no column 'dat'; did you mean 'date'?",
    ),
    "unknown filling": (GAPS, {"gaps": "mean"}, "markets.world.demand.law.gaps: 'mean': must be refuse, zero, hold"),
    "unknown end": (GAPS, {"at_end": "stop"}, "markets.world.demand.law.at_end: 'stop': must be repeat, zero, hold"),
    "step of nothing": (
        GAPS,
        {"step_days": 0},
        "markets.world.demand.law.step_days: 0: must be a number of days above 0",
    ),
    "too far": (
        "date,qty\n0001-01-01,1\n0001-01-01T00:00:01,2\n9999-01-01,3\n",
        {},
        "sales.csv line 4, date: 3.16e+11 steps of 1.15741e-05 days: at most 10,000,000",
    ),
}


@pytest.mark.parametrize(("text", "keys", "line"), REFUSED.values(), ids=REFUSED.keys())
def test_what_has_no_place_is_refused_with_file_row_and_value(
    demand: Demand, complaint: Complaint, text: str, keys: dict[str, object], line: str
) -> None:
    assert complaint(demand(text, **keys)) == line


def test_rows_are_taken_as_they_come_where_that_is_said(demand: Demand, load: Load) -> None:
    text = "date,qty\n2024-03-01,1\n2024-01-31,2\n,3\n"
    scenario = load(demand(text, dates="none"))
    assert law_of(scenario).values == (1, 2, 3)
    assert origin_of(scenario).step_days is None


def test_weekly_rows_fit_a_weekly_demand(demand: Demand, load: Load) -> None:
    text = "week of,qty\n2024-01-01,1\n2024-01-08,2\n2024-01-15,3\n"
    assert origin_of(load(demand(text, every_days=7))).step_days == 7.0


def test_a_step_that_is_said_finds_days_that_no_two_rows_show(demand: Demand, load: Load) -> None:
    text = "date,qty\n2024-01-01,1\n2024-01-03,2\n2024-01-05,3\n"
    assert law_of(load(demand(text, gaps="zero", step_days=1))).values == (1, 0, 2, 0, 3)


def test_numbers_of_days_and_hours_may_stand_for_dates(demand: Demand, load: Load) -> None:
    assert law_of(load(demand("day,qty\n3,1\n5,2\n", gaps="zero", dates="day", step_days=1))).values == (1, 0, 2)
    raw = demand("date,qty\n2024-01-01T00:00,1\n2024-01-01T12:00,2\n2024-01-02T12:00,3\n", 0.5, gaps="zero")
    assert law_of(load({**raw, "clock": {"tick_days": 0.5}})).values == (1, 2, 0, 3)


def test_a_lead_time_with_dates_steps_by_the_tick(demand: Demand, complaint: Complaint, load: Load) -> None:
    raw = demand("date,qty\n2024-01-01,1\n2024-01-08,2\n", every_days=7)
    raw["links"][0]["lead_time"] = raw["markets"]["world"]["demand"]["law"]
    line = (
        "links.teparuk<rangsit.lead_time: the rows of sales.csv are 7 days apart, and a row every 1 days is needed: "
        "give dates: none"
    )
    assert complaint(raw).startswith(line)
    raw["clock"] = {"tick_days": 7}
    assert load(raw).links[0].lead_time.values == (1, 2)


def test_customers_that_come_at_random_have_no_dates(demand: Demand, complaint: Complaint) -> None:
    raw = demand("date,qty\n2024-01-01,1\n2024-01-02,2\n")
    law = raw["markets"]["world"]["demand"]["law"]
    raw["markets"]["world"]["demand"] = {"law": law, "arrivals": "poisson", "arrivals_per_day": 2}
    assert "a row per customer is needed: give dates: none" in complaint(raw)


def test_what_was_filled_and_what_follows_is_told(demand: Demand, load: Load) -> None:
    place = "markets.world.demand.law"
    filled = f"{place}: 2 blank cells and 2 missing dates of sales.csv, column qty, filled with 0"
    raw = demand(GAPS, gaps="zero") | {"clock": {"days": 20}}
    assert remarks(load(raw)) == [filled, f"{place}: series of 9 values ends on day 9 and starts again"]
    raw["markets"]["world"]["demand"]["law"]["at_end"] = "zero"
    assert remarks(load(raw))[1] == f"{place}: series of 9 values ends on day 9 and is 0 from then on"
    raw["markets"]["world"]["demand"]["start_day"] = 4
    assert remarks(load(raw))[1] == f"{place}: series of 9 values ends on day 13 and is 0 from then on"
    raw["clock"]["days"] = 13
    assert remarks(load(raw)) == [filled]


@pytest.mark.parametrize(("column", "rows", "every_days"), [("day", (0, 1, 3), 1), ("Week", (1, 2, 4), 7)])
def test_a_number_that_is_left_out_in_a_column_that_counts_time_is_a_gap(
    demand: Demand, load: Load, column: str, rows: tuple[int, ...], every_days: float
) -> None:
    text = f"{column},qty\n" + "".join(f"{row},{5 + row}\n" for row in rows)
    with pytest.raises(ScenarioError, match=f"sales.csv line 4, {column}: '{rows[2]}': 1 dates are missing before it"):
        load(demand(text, every_days))
    assert law_of(load(demand(text, every_days, gaps="zero"))).values == (5 + rows[0], 5 + rows[1], 0, 5 + rows[2])


def test_a_column_that_counts_no_time_leaves_rows_as_they_come(demand: Demand, load: Load) -> None:
    assert law_of(load(demand("year,qty\n2020,5\n2020,6\n2021,8\n"))).values == (5, 6, 8)
