"""Laws from measurements: a lead time from past deliveries, a demand from past sales."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gpnde.scenario.columns import Columns
from gpnde.scenario.law import AtEnd, Gaps, Law
from gpnde.scenario.problems import Locations

EVERY_ROW: Mapping[str, str] = {}
"""The condition that every row meets."""


def lead_time_law(path: Path, column: str, where: Mapping[str, str] = EVERY_ROW) -> Law:
    """Return the law that draws one of the durations (days) of a CSV column, each with equal chance.

    Only rows count whose other columns hold the texts of *where*. Of these, rows without a number of 0 or more are
    left out; the law's origin says how many.

    Raises
    ------
    ScenarioError
        The file or a column is missing, or no number is left.
    """
    return _law("lead_time", "empirical", path, column, where)


def demand_series(
    path: Path,
    column: str,
    where: Mapping[str, str] = EVERY_ROW,
    *,
    dates: str | None = None,
    gaps: Gaps = "refuse",
    at_end: AtEnd = "repeat",
) -> Law:
    """Return the law that repeats the quantities (units) of a CSV column in the order of the file.

    Only rows count whose other columns hold the texts of *where*. Every row keeps its place: a column of *dates* must
    rise by equal steps, and a blank cell or a date that is left out is refused, or filled as *gaps* says; the law's
    origin says how many were. *at_end* says what follows the last value.

    Raises
    ------
    ScenarioError
        The file or a column is missing, a row has no number, or a date is out of order.
    """
    more = {"gaps": gaps, "at_end": at_end, **({} if dates is None else {"dates": dates})}
    return _law("demand", "series", path, column, where, more)


def _law(
    use: str, law: str, path: Path, column: str, where: Mapping[str, str], more: Mapping[str, str] | None = None
) -> Law:
    given = {use: {"law": law, "file": path.name, "column": column, "where": dict(where), **(more or {})}}
    return Law.model_validate(Columns(path.parent, Locations(given)).resolve(given)[use])
