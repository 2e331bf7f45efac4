"""Checks of the economy: labour, plant and currencies against each other, and contracts against what they need."""

from __future__ import annotations

from collections.abc import Iterator

from gpnde.contracts import CONTRACT_TYPES, CONTRACTS, INTRA_FIRM
from gpnde.scenario.costs import SITE_RATES
from gpnde.scenario.economy import Labour
from gpnde.scenario.network import Link
from gpnde.scenario.problems import Location
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import OUTSIDE


def sites_go_with_labour(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look at sites whose product takes labour: cost is given one way, and plant is for a capacity."""
    for i, site in enumerate(scenario.sites):
        product = scenario.products[site.product]
        if product.takes_labour and site.value_added is not None:
            text = f"{site.value_added:g}: {site.product!r} takes labour_days, which give the cost: leave it out"
            yield ("sites", i, "value_added"), text
        if product.task(site.function).plant is not None and site.capacity_per_day is None:
            text = f"missing: {site.product!r} states what plant costs, which goes by capacity: say how much"
            yield ("sites", i, "capacity_per_day"), text


def currencies_have_something_to_move(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for rules of labour, currencies and quotations in them that move nothing."""
    if not scenario.takes_labour and scenario.labour != Labour():
        yield ("labour",), "given, but no product takes labour: give one labour_days, or leave it out"
    for i, country in enumerate(scenario.countries):
        if country.currency is not None and not scenario.takes_labour and scenario.finance is None:
            text = "moves wages and debt, and there are none: give a product labour_days, or finance"
            yield ("countries", i, "currency"), text
    if scenario.pricing.quoted_in == "seller" and not any(country.currency for country in scenario.countries):
        yield ("pricing", "quoted_in"), "seller: no country has a currency: give one, or leave it out"


def price_paths_are_contracts(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for prices that are to fall without a contract that holds them meanwhile."""
    for i, link in enumerate(scenario.links):
        if link.price_fall_per_year is not None and (needed := _missing_for_a_path(scenario, link)):
            yield ("links", i, "price_fall_per_year"), f"{link.price_fall_per_year:g}: {needed}, or leave it out"


def _missing_for_a_path(scenario: Scenario, link: Link) -> str:
    """Return what a link lacks for its price to follow a path; nothing if it lacks nothing."""
    if scenario.pricing.rule != "bargaining":
        return f"prices are {scenario.pricing.rule}, which follow cost: give pricing: bargaining"
    if link.supplier == OUTSIDE or link.contract == CONTRACTS[INTRA_FIRM]:
        return "nobody bargains over this price: take a link between two firms"
    return "" if link.commitment_days > 0 else "no contract holds the price: give commitment_days above 0"


def coordinators_have_suppliers(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for links that hand a supply chain over to a supplier that has none."""
    handing_over = {kind.name for kind in CONTRACT_TYPES if "sc_coordination" in (kind.earned_by or ())}
    supplied = {link.buyer for link in scenario.links if link.supplier != OUTSIDE}
    for i, link in enumerate(scenario.links):
        if link.contract in handing_over and link.supplier != OUTSIDE and link.supplier not in supplied:
            text = f"no site delivers to {link.supplier!r}, so there is no supply chain to take over"
            yield ("links", i, "contract"), f"{link.contract}: {text}: give it suppliers, or take ODM"


def something_costs(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for a table of costs in a scenario in which nothing costs anything."""
    if scenario.costs is None or scenario.finance is not None or scenario.takes_labour:
        return
    sites = [getattr(site, name) for site in scenario.sites for name in SITE_RATES]
    added = [site.value_added or scenario.products[site.product].value_added or 0.0 for site in scenario.sites]
    lines = [line for plant in scenario.plants.values() for line in plant.lines.values()]
    setups = [cost for line in lines for cost in (line.setup_cost, *line.setup_cost_after.values())]
    if not any((*scenario.costs.rates(), *sites, *added, *setups, *(link.freight for link in scenario.links))):
        yield (
            ("costs",),
            "given, but nothing costs anything: give a rate, such as holding_cost of sites, or leave it out",
        )


def services_are_bought(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for rules of services where no plant buys any, or none stands in a place that could have providers."""
    if scenario.services is None:
        return
    if scenario.cells is None or not scenario.takes_labour:
        missing = "cells" if scenario.cells is None else "a product with labour_days"
        yield ("services",), f"given, but no plant buys any: give {missing}, or leave it out"
    if not scenario.clusters:
        yield ("services",), "given, but there are no clusters for providers: add clusters, or leave it out"


def locations_have_clusters(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for a rule of location where there are no places to choose from."""
    if scenario.location is not None and not scenario.clusters:
        yield ("location",), "given, but there are no clusters to choose from: add clusters, or leave it out"
