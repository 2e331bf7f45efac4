"""What a metric is, and the few steps that all metrics share."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    import polars as pl


class Metric(NamedTuple):
    """A measured value; its name begins with its subject, and dots separate the parts."""

    name: str
    value: float
    unit: str


Better = Literal["higher", "lower", "neither"]
"""Which values of a metric are better, all else equal."""


class MetricDoc(NamedTuple):
    """Meaning of all metrics whose name begins with a prefix."""

    unit: str
    doc: str
    formula: str
    better: Better


def ratio(part: float | None, whole: float | None) -> float:
    """Return part / whole, or NaN where either is missing or the whole is 0.

    >>> ratio(1.0, 4.0)
    0.25
    """
    return part / whole if part is not None and whole else math.nan


def total(table: pl.DataFrame, column: str) -> float:
    """Return the sum of a column of numbers, missing ones being 0.

    It does not depend on the number of threads, as sums by polars do in their last digits.
    """
    return float(table[column].fill_null(0).to_numpy().sum())


def sums_by(key: str, table: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Return the sums of *columns* for each value of the column *key*, in its order, and how many rows each has.

    The sums do not depend on the number of threads, as those by polars do in their last digits.

    >>> import polars as pl
    >>> sums_by("tier", pl.DataFrame({"tier": [1, 0, 1], "cash": [2.0, 3.0, 4.0]}), "cash").rows()
    [(0, 3.0, 1), (1, 6.0, 2)]
    """
    groups = table[key].unique().sort()
    place = table[key].rank("dense").to_numpy().astype(np.int64) - 1
    weights = {column: table[column].fill_null(0).to_numpy() for column in columns}
    sums = {column: np.bincount(place, values, len(groups)) for column, values in weights.items()}
    return groups.to_frame().with_columns(**sums, rows=np.bincount(place, minlength=len(groups)))


def measured(metrics: Iterable[Metric]) -> list[Metric]:
    """Return the metrics that have a finite value: one that a run does not define is left out."""
    return [metric for metric in metrics if math.isfinite(metric.value)]


def horizon_of(scenario: Mapping[str, Any]) -> float:
    """Return the length of the run (days)."""
    return float(scenario["clock"]["days"])


def sites_of(scenario: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the sites of a scenario by name."""
    return {site["name"]: site for site in scenario["sites"]}


def firms_of(scenario: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return the firms of a scenario by name."""
    return {firm["name"]: firm for firm in scenario["firms"]}


def is_open(site: Mapping[str, Any], day: float) -> bool:
    """Return whether a site is open on a day: from the day it opens until the day before it closes.

    >>> is_open({"opens_day": 10, "closes_day": None}, 10)
    True
    """
    closes = site.get("closes_day")
    return bool((site.get("opens_day") or 0) <= day and (closes is None or day < closes))


def value_added_of(scenario: Mapping[str, Any]) -> dict[str, float]:
    """Return the cost that each site adds to one unit (money), its product's where it states none."""
    return {name: _value_added(site, scenario["products"]) for name, site in sites_of(scenario).items()}


def _value_added(site: Mapping[str, Any], products: Mapping[str, Any]) -> float:
    own = site.get("value_added")
    return float(products[site["product"]].get("value_added", 1) if own is None else own)


def by_tier(prefix: str, unit: str, values: pl.DataFrame) -> Iterator[Metric]:
    """Yield one metric per row of a table with the columns tier and value, named ``prefix.tier.<tier>``."""
    for tier, value in values.select("tier", "value").sort("tier").iter_rows():
        yield Metric(f"{prefix}.tier.{tier}", math.nan if value is None else float(value), unit)


def quotient(part: str, whole: str) -> pl.Expr:
    """Return the expression part / whole under the name value, null where the whole is 0."""
    import polars as pl

    return pl.when(pl.col(whole) != 0).then(pl.col(part) / pl.col(whole)).alias("value")
