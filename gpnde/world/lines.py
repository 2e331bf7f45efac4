"""Lines: the links of a scenario, what raw sites buy outside, and the deliveries to markets."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from gpnde.contracts import CONTRACTS, OWN_BRAND, SALE
from gpnde.errors import ScenarioError
from gpnde.scenario.markets import Market
from gpnde.scenario.network import Link
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import OUTSIDE
from gpnde.world import layout
from gpnde.world.laws import LawBook
from gpnde.world.layout import Records
from gpnde.world.tables import Numbers, filled, line_fields, whole_ticks

_BLANK: Mapping[str, float] = {
    "supplier": -1,
    "buyer": -1,
    "input": -1,
    "market": -1,
    "active": 1,
    "backorders": 1,
    "claim": -1,
    "closed": -1,
}


def line_records(scenario: Scenario, numbers: Numbers, book: LawBook, inputs: Records) -> Records:
    """Return the records of all lines: first the links in the order of the scenario."""
    tick = scenario.clock.tick_days
    input_of = _inputs_by_site_and_product(inputs)
    links = [*scenario.links, *_bought_outside(scenario)]
    shares = _shares(scenario, links)
    rows = [
        _link_row(scenario, numbers, book, link, share, input_of) for link, share in zip(links, shares, strict=True)
    ]
    for market in scenario.markets:
        for site, share in market.shares().items():
            rows.append(_market_row(numbers, book, market, site, share, tick))
        for site in () if market.own_brands is None else market.own_brands.sites:
            waiting = {"active": 0, "contract": OWN_BRAND}
            rows.append(_market_row(numbers, book, market, site, 0.0, tick) | waiting)
    return filled(layout.LINE, rows)


def _inputs_by_site_and_product(inputs: Records) -> dict[tuple[int, int], int]:
    pairs = zip(inputs["site"].tolist(), inputs["product"].tolist(), strict=True)
    return {pair: number for number, pair in enumerate(pairs)}


def product_of(scenario: Scenario, numbers: Numbers, link: Link) -> str:
    """Return the name of what a link delivers."""
    if link.product is not None:
        return link.product
    return scenario.sites[numbers.sites[link.supplier]].product


def _bought_outside(scenario: Scenario) -> list[Link]:
    """Return a link from outside for every raw site that has no supplier."""
    supplied = {link.buyer for link in scenario.links}
    return [
        Link(buyer=site.name, supplier=OUTSIDE, product=site.product)
        for site in scenario.sites
        if site.name not in supplied and not site.unlimited and not scenario.products[site.product].made_of
    ]


def _shares(scenario: Scenario, links: list[Link]) -> list[float]:
    """Return the share of every link in its buyer's need of that product; equal shares where none is given."""
    makes = {site.name: site.product for site in scenario.sites}
    keys = [(link.buyer, link.product or makes[link.supplier]) for link in links]
    count = Counter(keys)
    return [1.0 / count[key] if link.share is None else link.share for key, link in zip(keys, links, strict=True)]


def _link_row(
    scenario: Scenario,
    numbers: Numbers,
    book: LawBook,
    link: Link,
    share: float,
    input_of: Mapping[tuple[int, int], int],
) -> dict[str, float]:
    buyer, product = numbers.sites[link.buyer], numbers.products[product_of(scenario, numbers, link)]
    if scenario.sites[buyer].unlimited:
        where = f"link from {link.supplier!r} to {link.buyer!r}"
        raise ScenarioError(
            where=where, expected="the buyer is unlimited and needs nothing: take out the link or 'unlimited'"
        )
    return {
        **_BLANK,
        **line_fields(link, scenario.clock.tick_days, book),
        "supplier": -1 if link.supplier == OUTSIDE else numbers.sites[link.supplier],
        "buyer": buyer,
        "input": input_of[buyer, product],
        "product": product,
        "share": share,
        "contract": CONTRACTS.index(link.contract),
        "price": math.nan if link.price is None else link.price,
    }


def _market_row(
    numbers: Numbers, book: LawBook, market: Market, site: str, share: float, tick_days: float
) -> dict[str, float]:
    law = book.number(market.lead_time)
    delivery = book.table.mean(law) + tick_days
    return {
        **_BLANK,
        "delay": whole_ticks(market.service_days, tick_days),
        "lead_time": law,
        "promise": whole_ticks(delivery, tick_days),
        "priority": 0,
        "commitment": 0,
        "supplier": numbers.sites[site],
        "market": numbers.markets[market.name],
        "product": numbers.products[market.product],
        "share": share,
        "contract": SALE,
        "price": math.nan if market.price is None else market.price,
        "backorders": int(market.backorders),
    }
