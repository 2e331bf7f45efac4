"""The sites of a run: those of its scenario and those that firms built, with the days on which they open and close."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

CHANGES = "site_changes"
"""The table of sites that were built or closed."""


def with_changes(scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> Mapping[str, Any]:
    """Return a scenario, as plain data, in which the sites stand that firms built, and those that they closed close.

    A site that was not ready by the end opens never.
    """
    changes = tables.get(CHANGES)
    if changes is None or changes.is_empty():
        return scenario
    known = {site["name"]: site for site in scenario["sites"]}
    for row in changes.iter_rows(named=True):
        known[row["site"]] = _changed(known[row["like"]], row)
    return {**scenario, "sites": [*known.values()]}


def _changed(like: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a site that is like another one but for where it stands, and when it opened and closed."""
    closes = row["closed_day"] if row["closed_day"] is not None else like.get("closes_day")
    if row["like"] == row["site"]:
        return {**like, "closes_day": closes}
    opens = math.inf if row["opened_day"] is None else row["opened_day"]
    own = {"name": row["site"], "firm": row["firm"], "cluster": row["cluster"] or None}
    return {**like, **own, "employment": None, "opens_day": opens, "closes_day": row["closed_day"]}
