"""Calendars: sites that start production on working days only."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest
from gpnde_disruptions.calendar import WorkingDays

from gpnde.errors import GpndeError

from .test_dated_events import DAYS, run, same_flow

PLANT: dict[str, Any] = {"use": "disruption.calendar", "sites": ["plant"]}


def made(result: Any) -> np.ndarray:
    """Return what the plant made on each day."""
    rows = result.tables["sites"]
    return np.asarray(rows.filter(rows["site"] == "plant")["produced"])[1:]


def test_five_of_seven_days_make_five_sevenths_of_the_capacity() -> None:
    # Customers take 70 a week, which is what a plant that makes 14 a day comes to in five days.
    weeks = made(run({**PLANT, "weekdays": ["mon", "wed", "fri"]}))[: DAYS // 7 * 7].reshape(-1, 7)
    assert weeks[2:].sum(axis=1) == pytest.approx(np.full(len(weeks) - 2, 3 * 14.0))
    assert not weeks[:, [1, 3, 5, 6]].any()
    working = made(run(PLANT))[: DAYS // 7 * 7].reshape(-1, 7)
    assert not working[:, 5:].any()
    assert working[2:].sum(axis=1) == pytest.approx(np.full(len(working) - 2, 5 * 14.0))


def test_a_calendar_that_always_works_changes_nothing() -> None:
    always = {**PLANT, "weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}
    assert same_flow(run(), run(always))


def test_holidays_and_shutdowns_close_single_days_and_days_of_every_year() -> None:
    calendar = WorkingDays(
        holidays=("05-01", "2001-03-05"), shutdowns=(("12-24", "01-02"), ("2002-08-05", "2002-08-16"))
    )
    closed = ["2001-05-01", "2002-05-01", "2001-03-05", "2001-12-31", "2002-01-02", "2002-08-05", "2002-08-16"]
    open_ = ["2001-05-02", "2002-03-05", "2001-12-21", "2002-01-03", "2001-08-06", "2002-08-19"]
    assert not any(calendar.is_open(datetime.date.fromisoformat(day)) for day in closed)
    assert all(calendar.is_open(datetime.date.fromisoformat(day)) for day in open_)


def test_a_shutdown_stops_production_in_a_run() -> None:
    days = made(run({**PLANT, "weekdays": list(WorkingDays().weekdays), "shutdowns": [["2001-02-05", "2001-02-16"]]}))
    assert not days[35:47].any()
    assert days[47:].any()


@pytest.mark.parametrize(
    ("given", "complaint"),
    [
        ({"weekdays": []}, "never works"),
        ({"shutdowns": [["01-01", "12-31"]]}, "never works"),
        ({"shutdowns": [["2000-01-01", "2009-12-31"]]}, "no working day in the run"),
        ({"holidays": ["31.12."]}, "must be a date such as 1997-12-25"),
        ({"shutdowns": [["2001-03-01", "2001-02-01"]]}, "the last day must not be before the first"),
        ({"shutdowns": [["2001-03-01", "04-01"]]}, "give two dates, or two days of every year"),
        ({"sites": ["shop"]}, "site 'shop' without capacity_per_day"),
    ],
)
def test_a_calendar_that_cannot_be_kept_is_refused_in_one_line(given: dict[str, Any], complaint: str) -> None:
    with pytest.raises(GpndeError) as caught:
        run({**PLANT, **given})
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_tick_of_more_than_a_day_is_refused() -> None:
    with pytest.raises(GpndeError, match="must be at most a day"):
        run(PLANT, tick_days=7)
