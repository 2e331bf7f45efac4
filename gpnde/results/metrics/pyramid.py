"""Metrics of linkage (E25): whether production stands on a base of domestic suppliers or is a pyramid on its point.

A site lies in the country of its cluster; sites without a country count as one country without a name. What was sent is
worth the price at the end over a link, and the mean price of the product in the markets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from gpnde.results.evidence import Evidence
from gpnde.results.history import KNOWLEDGE
from gpnde.results.metric import metric, ratio
from gpnde.results.metrics.space import countries_of_clusters
from gpnde.results.names import slug
from gpnde.results.prices import mean_prices
from gpnde.results.windows import sums_in_order
from gpnde.vocabulary import OUTSIDE

if TYPE_CHECKING:
    import polars as pl

Floats = NDArray[np.float64]


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


class _Flows(NamedTuple):
    """The values of `Trade` of one country, or of all together."""

    final: float
    domestic: float
    imports: float
    exports: float


def _flows(evidence: Evidence) -> dict[str, _Flows]:
    """Return what went out of, into and around all countries together, and each that has a name."""
    trade = trade_of(evidence.scenario, evidence.tables)
    found = {"": _Flows(*(float(values.sum()) for values in trade[1:]))}
    for name, *values in zip(trade.countries, *(column.tolist() for column in trade[1:]), strict=True):
        if name:
            found[slug(name)] = _Flows(*values)
    return found


@metric(
    "pyramid.inverted",
    unit="1",
    formula="Σ final sales / Σ domestic purchases",
    better="lower",
    source="chapter (E25)",
    needs=KNOWLEDGE,
)
def inverted_pyramid(evidence: Evidence) -> dict[str, float]:
    """Return the value that sites sell to markets over the value of goods that sites buy in their own country.

    It is taken over all countries or in one: a large value says that the final sector stands on a thin base of support.
    """
    return {where: ratio(flows.final, flows.domestic) for where, flows in evidence.part(_flows).items()}


@metric(
    "pyramid.import_content",
    unit="1",
    formula="Σ imports / Σ purchases",
    better="neither",
    source="chapter (E25)",
    needs=KNOWLEDGE,
)
def import_content(evidence: Evidence) -> dict[str, float]:
    """Return the share of the goods that sites buy that comes from outside the model or from another country.

    It is taken over all countries or in one, by value.
    """
    rows = evidence.part(_flows).items()
    return {where: ratio(flows.imports, flows.imports + flows.domestic) for where, flows in rows}


@metric(
    "pyramid.domestic_value_share",
    unit="1",
    formula="1 - Σ imports / Σ (final sales + exports)",
    better="higher",
    source="chapter (E25)",
    needs=KNOWLEDGE,
)
def domestic_value_share(evidence: Evidence) -> dict[str, float]:
    """Return the share of what a country sells to markets and abroad that was not bought abroad.

    It is taken over all countries or in one. Stocks that were built up count as bought, so a short run may show a
    negative share.
    """
    rows = evidence.part(_flows).items()
    return {where: 1.0 - ratio(flows.imports, flows.final + flows.exports) for where, flows in rows}


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
