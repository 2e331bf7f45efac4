"""What a metric is, how one is declared, and the few steps that all metrics share."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar, get_args

import numpy as np

from gpnde.results.declared import Declared, prose_of
from gpnde.results.evidence import Evidence

if TYPE_CHECKING:
    import polars as pl


class Metric(NamedTuple):
    """A measured value; its name begins with its subject, and dots separate the parts."""

    name: str
    value: float
    unit: str


Better = Literal["higher", "lower", "neither"]
"""Which values of a metric are better, all else equal."""

DIRECTIONS: tuple[Better, ...] = get_args(Better)

Measured = float | Mapping[str, float]
"""What a metric comes to: a number, or numbers by what follows the name of the metric (nothing for the whole)."""

_Result = TypeVar("_Result", bound=Measured, covariant=True)


@dataclass(frozen=True, eq=False)
class MetricKind(Declared[[Evidence], _Result]):
    """All metrics whose name begins with a prefix: how they are measured, and what they mean.

    In a name with an asterisk, the beginning up to it stands for what the function gives the numbers by.
    """

    unit: str
    doc: str
    formula: str
    better: Better
    source: str
    needs: tuple[str, ...] = ()
    """Tables without rows of which there is nothing to measure."""
    shows_undefined: bool = False
    """Whether a value that a run does not define has a row, which says so; else it is left out."""

    def values(self, evidence: Evidence) -> Iterator[Metric]:
        """Yield the metrics of this kind that a run defines."""
        if evidence.has(self.needs):
            yield from self.named(self(evidence))

    def named(self, measured: Measured) -> Iterator[Metric]:
        """Yield what the function returned under full names.

        >>> from gpnde.results.metrics.flow import fill_rate
        >>> [metric.name for metric in fill_rate.named({"": 0.9, "asia": 0.8, "europe": math.nan})]
        ['flow.fill_rate', 'flow.fill_rate.asia']
        """
        numbers = measured if isinstance(measured, Mapping) else {"": measured}
        for key, number in numbers.items():
            if math.isfinite(number) or self.shows_undefined:
                yield Metric(self._full_name(key), float(number), self.unit)

    def _full_name(self, key: str) -> str:
        if "*" in self.name:
            return key + self.name.partition("*")[2]
        return f"{self.name}.{key}" if key else self.name


def metric(
    name: str,
    *,
    unit: str,
    formula: str,
    better: Better,
    source: str,
    needs: tuple[str, ...] = (),
    shows_undefined: bool = False,
) -> Callable[[Callable[[Evidence], _Result]], MetricKind[_Result]]:
    """Declare the function below to measure a metric, or all those whose names begin with *name*.

    The function takes the `Evidence` of a run and returns a number, or numbers by what follows the name. Its docstring
    says what they mean; "Return the" before it is left out. NaN stands for what a run does not define. The function
    is not called where a table that it *needs* has no rows.

    >>> @metric("stock.end", unit="unit", formula="Σ stock", better="lower", source="definition")
    ... def stock_at_end(evidence):
    ...     '''Return the stock of all tiers at the end.'''
    ...     tiers = evidence.tables["tiers"]
    ...     return total(tiers.filter(tiers["day"] == tiers["day"].max()), "on_hand")
    >>> stock_at_end.name, stock_at_end.doc
    ('stock.end', 'Stock of all tiers at the end.')
    """

    def declare(function: Callable[[Evidence], _Result]) -> MetricKind[_Result]:
        doc = prose_of(function, "Return the", "Return")
        return MetricKind(name, function, unit, doc, formula, better, source, needs, shows_undefined)

    return declare


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


def value_added_of(scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> dict[str, float]:
    """Return the cost that each site adds to one unit (money): as given, or labour and standing cost on day 0."""
    observed = _labour_and_standing(tables["plants"]) if "plants" in tables else {}
    sites = sites_of(scenario)
    return {name: observed.get(name, _given_value_added(site, scenario["products"])) for name, site in sites.items()}


def _labour_and_standing(plants: pl.DataFrame) -> dict[str, float]:
    """Return what labour and standing cost add to a unit of each site in its first row."""
    first = plants.unique("site", keep="first", maintain_order=True)
    return dict(zip(first["site"].to_list(), (first["labour"] + first["fixed"]).to_list(), strict=True))


def _given_value_added(site: Mapping[str, Any], products: Mapping[str, Any]) -> float:
    own = site.get("value_added")
    given = products[site["product"]].get("value_added") if own is None else own
    return 1.0 if given is None else float(given)


def by_tier(values: pl.DataFrame) -> dict[str, float]:
    """Return the column value of a table by ``tier.`` with the column tier.

    >>> import polars as pl
    >>> by_tier(pl.DataFrame({"tier": [0, 1], "value": [0.5, None]}))
    {'tier.0': 0.5, 'tier.1': nan}
    """
    rows = values.select("tier", "value").iter_rows()
    return {f"tier.{tier}": math.nan if value is None else float(value) for tier, value in rows}


def quotient(part: str, whole: str) -> pl.Expr:
    """Return the expression part / whole under the name value, null where the whole is 0."""
    import polars as pl

    return pl.when(pl.col(whole) != 0).then(pl.col(part) / pl.col(whole)).alias("value")
