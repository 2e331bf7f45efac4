"""Laws from measurements: a lead time from past deliveries, a demand from past sales."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gpnde.scenario.columns import Columns
from gpnde.scenario.law import Law, LawName
from gpnde.scenario.problems import Places

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


def demand_series(path: Path, column: str, where: Mapping[str, str] = EVERY_ROW) -> Law:
    """Return the law that repeats the quantities (units) of a CSV column in the order of the file.

    Only rows count whose other columns hold the texts of *where*. Of these, rows without a number are left out; the
    law's origin says how many.

    Raises
    ------
    ScenarioError
        The file or a column is missing, or no number is left.
    """
    return _law("demand", "series", path, column, where)


def _law(use: str, law: LawName, path: Path, column: str, where: Mapping[str, str]) -> Law:
    given = {use: {"law": law, "file": path.name, "column": column, "where": dict(where)}}
    return Law.model_validate(Columns(path.parent, Places(given)).resolve(given)[use])
