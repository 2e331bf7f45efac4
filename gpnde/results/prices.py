"""The value of one unit of each site and product to its buyers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gpnde.results.metric import sums_by

if TYPE_CHECKING:
    import polars as pl


def prices_of_sites(scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> dict[str, float]:
    """Return the mean price of what each site sent over its links, else that of its product in the markets (money).

    A site that neither sent anything over a link nor makes what markets buy has the price 0.
    """
    links, markets = mean_prices(tables["links"], "supplier"), mean_prices(tables["markets"], "product")
    return {site["name"]: links.get(site["name"], markets.get(site["product"], 0.0)) for site in scenario["sites"]}


def mean_prices(table: pl.DataFrame, key: str) -> dict[str, float]:
    """Return the mean price for each value of *key*, weighted by what was shipped; none where nothing was."""
    import polars as pl

    sums = sums_by(key, table.with_columns(value=pl.col("shipped") * pl.col("price")), "shipped", "value")
    return {name: value / shipped for name, shipped, value, _ in sums.iter_rows() if shipped > 0}
