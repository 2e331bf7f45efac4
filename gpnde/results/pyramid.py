"""Metrics of linkage (E25): whether production stands on a base of domestic suppliers or is a pyramid on its point.

A site lies in the country of its cluster; sites without a country count as one country without a name. What was sent is
worth the price at the end over a link, and the mean price of the product in the markets.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.results.metric import Metric, MetricDoc, measured, ratio
from gpnde.results.names import slug
from gpnde.results.prices import mean_prices
from gpnde.results.space import countries_of_clusters
from gpnde.results.windows import sums_in_order
from gpnde.vocabulary import OUTSIDE

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]

DOC = {
    "pyramid.inverted": MetricDoc(
        "1",
        "Value that sites sell to markets over the value of goods that sites buy from sites in their own country, over "
        "all countries or in one: a large value says that the final sector stands on a thin base of support.",
        "Σ final sales / Σ domestic purchases",
        "lower",
    ),
    "pyramid.import_content": MetricDoc(
        "1",
        "Share of the goods that sites buy that comes from outside the model or from another country, over all "
        "countries or in one, by value.",
        "Σ imports / Σ purchases",
        "neither",
    ),
    "pyramid.domestic_value_share": MetricDoc(
        "1",
        "Share of what a country sells to markets and abroad that was not bought abroad; over all countries or in one. "
        "Stocks that were built up count as bought, so a short run may show a negative share.",
        "1 - Σ imports / Σ (final sales + exports)",
        "higher",
    ),
}
"""Meaning of the metrics of this module, by prefix."""


class Trade(NamedTuple):
    """Values that went out of, into and around in each country over the run (money); one entry per country."""

    countries: list[str]
    final: Floats
    """Sold to markets."""
    domestic: Floats
    """Bought from sites in the same country."""
    imports: Floats
    exports: Floats
    """Sold to sites in other countries."""


def pyramid_metrics(scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> list[Metric]:
    """Return the metrics of linkage, over all countries and for each one that has a name."""
    trade = trade_of(scenario, tables)
    metrics = list(_linkage("", *(float(values.sum()) for values in trade[1:])))
    for name, *values in zip(trade.countries, *(column.tolist() for column in trade[1:]), strict=True):
        if name:
            metrics += _linkage(f".{slug(name)}", *values)
    return measured(metrics)


def _linkage(where: str, final: float, domestic: float, imports: float, exports: float) -> Iterator[Metric]:
    yield Metric(f"pyramid.inverted{where}", ratio(final, domestic), "1")
    yield Metric(f"pyramid.import_content{where}", ratio(imports, imports + domestic), "1")
    yield Metric(f"pyramid.domestic_value_share{where}", 1.0 - ratio(imports, final + exports), "1")


def trade_of(scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> Trade:
    """Return what each country sold and bought."""
    of_cluster = countries_of_clusters(scenario)
    country = {site["name"]: of_cluster.get(site.get("cluster") or "", "") for site in scenario["sites"]}
    countries = sorted(set(country.values()))
    number = {name: countries.index(place) for name, place in country.items()}
    links = tables["links"]
    seller, buyer = (_numbers(links[column], number) for column in ("supplier", "buyer"))
    value = (links["shipped"] * links["price"]).fill_null(0.0).to_numpy()
    at_home, abroad = seller == buyer, (seller >= 0) & (seller != buyer)

    def added_up(where: NDArray[np.int64], values: Floats) -> Floats:
        return np.bincount(where, values, len(countries)).astype(np.float64)

    return Trade(
        countries=countries,
        final=added_up(np.array(list(number.values())), final_sales(scenario, tables)),
        domestic=added_up(buyer[at_home], value[at_home]),
        imports=added_up(buyer[~at_home], value[~at_home]),
        exports=added_up(seller[abroad], value[abroad]),
    )


def _numbers(sites: pl.Series, number: Mapping[str, int]) -> NDArray[np.int64]:
    """Return the number of the country of each site, -1 for the world outside."""
    import polars as pl

    return sites.replace_strict({**number, OUTSIDE: -1}, return_dtype=pl.Int64).to_numpy()


def final_sales(scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame]) -> Floats:
    """Return what each site sold to markets (money): what it sent less what it sent to other sites.

    Sites that serve no market sold nothing there.
    """
    names = [site["name"] for site in scenario["sites"]]
    serving = {name for market in scenario["markets"] for name in market["served_by"]}
    prices = mean_prices(tables["markets"], "product")
    sent = sums_in_order(tables["sites"], "site", "shipped", names)
    to_sites = sums_in_order(tables["links"], "supplier", "shipped", names)
    price = [prices.get(site["product"], 0.0) if site["name"] in serving else 0.0 for site in scenario["sites"]]
    return np.asarray(np.maximum(sent - to_sites, 0.0) * np.array(price))
