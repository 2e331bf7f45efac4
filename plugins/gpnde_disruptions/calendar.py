"""Calendars: sites start production on working days only."""

from __future__ import annotations

import datetime
import math
import re
from typing import Literal

import numpy as np
from pydantic import field_validator, model_validator

from gpnde.plugin import Act, Clock, ComponentError, Floats, Process, View, hookimpl, param
from gpnde_disruptions.choices import AmongSites

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

_WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY = re.compile(r"(\d{4}-)?\d\d-\d\d")
"""A date such as 1997-12-25, or the day of every year 12-25."""


class WorkingDays(AmongSites):
    """Sites start production on working days only, as a calendar of weekdays, holidays and shutdowns says.

    On closed days a site starts nothing. It still ships what it has, takes in what arrives, orders, and finishes what
    it has started; buyers go on ordering from it. Only sites with a ``capacity_per_day`` can keep a calendar.
    """

    name = "disruption.calendar"

    weekdays: tuple[Weekday, ...] = param(_WEEKDAYS[:5], doc="Days of the week on which is worked, as mon to sun.")
    holidays: tuple[str, ...] = param((), doc="Closed days: 1997-12-25 for one, 12-25 for that of every year.")
    shutdowns: tuple[tuple[str, str], ...] = param(
        (), doc="Closed times, each its first and last day, as dates or as days of every year."
    )

    @field_validator("holidays")
    @classmethod
    def _holidays_are_dates(cls, holidays: tuple[str, ...]) -> tuple[str, ...]:
        for day in holidays:
            _check_day(day)
        return holidays

    @field_validator("shutdowns")
    @classmethod
    def _shutdowns_are_dates(cls, shutdowns: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
        for first, last in shutdowns:
            _check_day(first)
            _check_day(last)
            if len(first) != len(last):
                raise ValueError(f"{first} to {last}: give two dates, or two days of every year")
            if len(first) > len("12-25") and first > last:
                raise ValueError(f"{first} to {last}: the last day must not be before the first")
        return shutdowns

    @model_validator(mode="after")
    def _works_some_day(self) -> WorkingDays:
        leap_year = (datetime.date(2000, 1, 1) + datetime.timedelta(days) for days in range(366))
        if not self.weekdays or all(self._is_yearly_closed(f"{day:%m-%d}") for day in leap_year):
            raise ValueError("never works: name a day of the week in weekdays, or shorten the shutdowns")
        return self

    def is_open(self, day: datetime.date) -> bool:
        """Return whether *day* is a working day."""
        if _WEEKDAYS[day.weekday()] not in self.weekdays or day.isoformat() in self.holidays:
            return False
        dated = any(first <= day.isoformat() <= last for first, last in self.shutdowns if len(first) > len("12-25"))
        return not dated and not self._is_yearly_closed(f"{day:%m-%d}")

    def _is_yearly_closed(self, day: str) -> bool:
        """Return whether a day of every year is a holiday or lies in a shutdown, which may pass the end of the year."""
        if day in self.holidays:
            return True
        yearly = [(first, last) for first, last in self.shutdowns if len(first) == len(day)]
        return any(first <= day <= last if first <= last else day >= first or day <= last for first, last in yearly)

    @hookimpl
    def process(self, clock: Clock, view: View, act: Act) -> Process | None:
        """Check the sites; return the process that follows the calendar, or None where it always works."""
        self._check_sites(view)
        if clock.tick_days > 1:
            raise ComponentError(
                where=self.name, given=f"a tick of {clock.tick_days:g} days", expected="must be at most a day"
            )
        dates = [clock.start + datetime.timedelta(day) for day in range(math.ceil(clock.days))]
        is_open = [self.is_open(date) for date in dates]
        if not any(is_open):
            raise ComponentError(
                where=self.name, given=f"{dates[0]} to {dates[-1]}", expected="no working day in the run: give one"
            )
        turns = [day for day in range(1, len(dates)) if is_open[day] != is_open[day - 1]]
        return self._follow(turns, clock, act) if turns else None

    def _check_sites(self, view: View) -> None:
        chosen = view.site_numbers(**self.choice(view))
        self.check_found(chosen, "site")
        unlimited = [site.name for site in (view.scenario.sites[i] for i in chosen) if site.capacity_per_day is None]
        if unlimited:
            raise ComponentError(
                where=self.name,
                given=f"site {unlimited[0]!r} without capacity_per_day",
                expected="give the site one, or choose others in sites",
            )

    @hookimpl
    def capacity(self, view: View) -> Floats | None:
        """Take the capacity of closed days away."""
        today = view.scenario.clock.start + datetime.timedelta(math.floor(view.day + 1e-9))
        factors = np.ones(len(view.sites))
        if not self.is_open(today):
            factors[view.site_numbers(**self.choice(view))] = 0.0
        return factors

    def _follow(self, turns: list[int], clock: Clock, act: Act) -> Process:
        for day in turns:
            yield clock.until(day)
            act.renew()


def _check_day(day: str) -> None:
    """Refuse what is no date; days of every year may be the 29th of February."""
    try:
        datetime.date.fromisoformat(day if len(day) > len("12-25") else f"2000-{day}")
    except ValueError:
        raise ValueError(f"{day!r}: must be a date such as 1997-12-25, or a day of every year such as 12-25") from None
    if not _DAY.fullmatch(day):
        raise ValueError(f"{day!r}: must be a date such as 1997-12-25, or a day of every year such as 12-25")
