"""Checks of markets: patience against the time of delivery, generations of products, and own brands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from gpnde.errors import nearest
from gpnde.numerics.laws.table import LawTable
from gpnde.scenario.law import Law
from gpnde.scenario.network import Site
from gpnde.scenario.problems import Location
from gpnde.scenario.schema import Scenario


def buyers_wait_for_deliveries(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for buyers who would have lost patience before goods could reach them."""
    for i, market in enumerate(scenario.markets):
        if market.patience_days is None:
            continue
        delivery = market.service_days + _mean(market.lead_time)
        if market.patience_days < delivery:
            text = f"{market.patience_days:g}: below the mean delivery time, service included"
            yield ("markets", i, "patience_days"), f"{text}: must be at least {delivery:g}"


def generations_have_rivals(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for generations that no market chooses between, and for those that are given once more by a sales curve."""
    rivals = {market.product for market in scenario.markets if market.rivalry is not None}
    for name, product in scenario.products.items():
        if product.generations is not None and name not in rivals:
            text = "no market of the product has rivalry: give one a block rivalry, or leave generations out"
            yield ("products", name, "generations"), text
    for i, market in enumerate(scenario.markets):
        launched = market.rivalry is not None and scenario.products[market.product].generations is not None
        if launched and market.demand.life_cycle is not None:
            text = f"the product {market.product!r} has generations: leave one of the two out"
            yield ("markets", i, "demand", "life_cycle"), text


def own_brands_can_sell(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for own brands of sites that are not there, make something else, or belong to firms that sell already."""
    sites = {site.name: site for site in scenario.sites}
    for i, market in enumerate(scenario.markets):
        serving = {sites[name].firm for name in market.served_by if name in sites}
        named = () if market.own_brands is None else market.own_brands.sites
        for position, name in enumerate(named):
            text = "is there twice: name every site once" if name in named[:position] else ""
            text = text or _why_it_cannot_sell(name, market.product, sites, serving)
            if text:
                yield ("markets", i, "own_brands", "sites"), f"{name!r} {text}"


def _why_it_cannot_sell(name: str, product: str, sites: Mapping[str, Site], serving: Collection[str]) -> str:
    if name not in sites:
        return f"is no site{nearest(name, sites)}"
    site = sites[name]
    if site.product != product:
        return f"makes {site.product!r}: name sites that make {product!r}"
    return f"belongs to {site.firm!r}, which sells here from the start: take it out" if site.firm in serving else ""


def _mean(law: Law) -> float:
    """Return the mean of a law."""
    table = LawTable()
    return float(table.mean(table.add(*law.row())))
