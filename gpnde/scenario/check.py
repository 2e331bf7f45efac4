"""Cross-checks of a scenario: names that exist, shares that sum to 1, inputs with a supplier."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, get_args

from gpnde.errors import ScenarioError, nearest
from gpnde.ownership import INDEPENDENT, OWNERSHIP_KINDS
from gpnde.scenario.backlog import backlogs_can_be_owed
from gpnde.scenario.circles import cycle_in, goods_take_time_in_circles, products_do_not_use_themselves_up
from gpnde.scenario.economy_checks import (
    coordinators_have_suppliers,
    currencies_have_something_to_move,
    locations_have_clusters,
    price_paths_are_contracts,
    services_are_bought,
    sites_go_with_labour,
    something_costs,
)
from gpnde.scenario.hubs import hubs_lie_between_sites
from gpnde.scenario.law import Law
from gpnde.scenario.lots import lots_can_be_ordered
from gpnde.scenario.market_checks import buyers_wait_for_deliveries, generations_have_rivals, own_brands_can_sell
from gpnde.scenario.markets import Market
from gpnde.scenario.network import Link, Product, Site
from gpnde.scenario.ordering.by_input import orders_of_inputs_fit
from gpnde.scenario.plants import plants_fit
from gpnde.scenario.problems import Location, Locations, shown, summary
from gpnde.scenario.profiles import governance, profile_names
from gpnde.scenario.provenance import mark_of_text
from gpnde.scenario.rules import Selection
from gpnde.scenario.schema import Mark, Scenario
from gpnde.vocabulary import OUTSIDE, YEAR_DAYS

Problem = tuple[Location, str]
"""Where something is wrong, and what is wrong and what would be right."""

MOST_GROWTH = 1e9
"""How many times its opening demand a market may ask for at the horizon."""

SHARE_TOLERANCE = 1e-6
"""How far the sum of shares may be from 1."""


def check_scenario(scenario: Scenario, places: Locations | None = None) -> None:
    """Raise a `ScenarioError` of one line if parts of *scenario* do not fit together.

    *places* names the file and line of a part; without it the error gives its path.
    """
    names = places or Locations(scenario)
    for stage in _STAGES:
        found = list(stage(scenario))
        if found:
            location, text = found[0]
            raise ScenarioError(summary([f"{names.text(location)}: {text}", *found[1:]]))


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    return f"{name!r}: no such {kind}{nearest(name, known)}"


def _names_are_unique(scenario: Scenario) -> Iterator[Problem]:
    for table in ("countries", "regions", "clusters", "firms", "sites", "markets"):
        seen: dict[str, int] = {}
        for i, row in enumerate(getattr(scenario, table)):
            if seen.setdefault(row.name, i) != i:
                yield (table, i), f"name {row.name!r} is taken: give every one of {table} a name of its own"
    sites = {site.name for site in scenario.sites}
    for i, market in enumerate(scenario.markets):
        if market.name in sites:
            yield ("markets", i), f"name {market.name!r} is the name of a site: give the market another name"
    if OUTSIDE in sites:
        yield ("sites",), f"name {OUTSIDE!r} stands for goods from beyond the model: give the site another name"


def _named_things_exist(scenario: Scenario) -> Iterator[Problem]:
    """Look up every region, cluster, firm and product that rows other than links name."""
    known: dict[str, Mapping[str, Any]] = {
        "region": {row.name: row for row in scenario.regions},
        "cluster": {row.name: row for row in scenario.clusters},
        "firm": {row.name: row for row in scenario.firms},
        "product": scenario.products,
        "profile": dict.fromkeys(profile_names(scenario.profiles)),
    }
    for table, field, kind in (
        ("clusters", "region", "region"),
        ("firms", "owner", "firm"),
        ("firms", "home", "cluster"),
        ("firms", "profile", "profile"),
        ("sites", "firm", "firm"),
        ("sites", "product", "product"),
        ("sites", "cluster", "cluster"),
        ("markets", "product", "product"),
        ("markets", "region", "region"),
    ):
        things = known[kind]
        for i, row in enumerate(getattr(scenario, table)):
            name = getattr(row, field)
            if name is not None and name not in things:
                yield (table, i, field), _unknown(kind, name, things)


def _profiles_weigh_something(scenario: Scenario) -> Iterator[Problem]:
    """Look for profiles by which, together with what they leave to the block selection, no mark counts."""
    rules = scenario.selection or Selection()
    for name in scenario.profiles:
        weights = governance(rules, scenario.profiles, name).weights
        if weights.delivery + weights.quality + weights.price + weights.response <= 0:
            yield ("profiles", name, "weights"), "all weights are 0: give at least one above 0"


def _products_are_made_of_others(scenario: Scenario) -> Iterator[Problem]:
    for name, product in scenario.products.items():
        for part, units in product.made_of.items():
            if part not in scenario.products:
                yield ("products", name, "made_of"), _unknown("product", part, scenario.products)
            elif units <= 0:
                yield ("products", name, "made_of", part), f"{units:g}: must be above 0"


def _owners_do_not_own_each_other(scenario: Scenario) -> Iterator[Problem]:
    cycle = cycle_in({firm.name: [firm.owner] for firm in scenario.firms if firm.owner is not None})
    if cycle:
        position = next(i for i, firm in enumerate(scenario.firms) if firm.name == cycle[0])
        text = f"{' > '.join(cycle)}: a firm cannot own itself; take one of these owners out"
        yield ("firms", position, "owner"), text


def _owned_firms_say_what_they_are(scenario: Scenario) -> Iterator[Problem]:
    owned = ", ".join(kind.name for kind in OWNERSHIP_KINDS if kind.has_owner)
    for i, firm in enumerate(scenario.firms):
        if firm.owner is not None and firm.node_type == INDEPENDENT:
            yield ("firms", i, "node_type"), f"{INDEPENDENT}: it has the owner {firm.owner!r}: give one of {owned}"
        elif firm.owner is None and firm.node_type != INDEPENDENT:
            yield ("firms", i, "node_type"), f"{firm.node_type}: it has no owner: name one, or leave it out"
        elif firm.owner is None and firm.equity_share:
            yield ("firms", i, "equity_share"), f"{firm.equity_share:g}: it has no owner: name one, or leave it out"


def _links_join_known_sites(scenario: Scenario) -> Iterator[Problem]:
    sites = {site.name: site for site in scenario.sites}
    firms = {firm.name for firm in scenario.firms}
    for i, link in enumerate(scenario.links):
        if link.buyer not in sites:
            yield ("links", i, "buyer"), _unknown_site(link.buyer, sites, firms)
        elif link.supplier == link.buyer:
            yield ("links", i), f"site {link.buyer!r} supplies itself: name another supplier"
        elif link.supplier != OUTSIDE and link.supplier not in sites:
            yield ("links", i, "supplier"), _unknown_site(link.supplier, sites, firms)
        else:
            yield from _link_delivers_something_used(i, link, sites, scenario.products)


def _links_stand_once(scenario: Scenario) -> Iterator[Problem]:
    """Look for rows that say the same; two links of one pair may differ in contract, lead time or another term."""
    met: dict[tuple[str, str, str | None], list[Link]] = defaultdict(list)
    for i, link in enumerate(scenario.links):
        pair = link.buyer, link.supplier, link.product
        if link in met[pair]:
            text = f"{link.supplier!r} to {link.buyer!r} stands twice: take this row out, or give it terms of its own"
            yield ("links", i), text
        met[pair].append(link)


def _peers_join_known_firms(scenario: Scenario) -> Iterator[Problem]:
    firms = {firm.name for firm in scenario.firms}
    for i, peer in enumerate(scenario.peers):
        for field in ("first", "second"):
            name = getattr(peer, field)
            if name not in firms:
                yield ("peers", i, field), _unknown("firm", name, firms)
        if peer.first == peer.second:
            yield ("peers", i), f"firm {peer.first!r} is tied to itself: name another firm"


def _waiting_firms_have_no_trade(scenario: Scenario) -> Iterator[Problem]:
    """Look for links, sales and opening days of firms that enter later: these come with the entry."""
    waiting = {firm.name for firm in scenario.firms if firm.enters == "endogenously"}
    theirs = {site.name for site in scenario.sites if site.firm in waiting}
    for i, site in enumerate(scenario.sites):
        if site.name in theirs and site.opens_day > 0:
            yield ("sites", i, "opens_day"), f"{site.opens_day:g}: its firm enters endogenously: leave the day out"
    for i, link in enumerate(scenario.links):
        if link.supplier in theirs:
            yield ("links", i, "supplier"), f"{link.supplier!r}: its firm enters endogenously: take the link out"
    for i, market in enumerate(scenario.markets):
        for name in market.served_by:
            if name in theirs:
                yield ("markets", i, "served_by"), f"{name!r}: its firm enters endogenously: name another site"


def _clusters_lie_in_known_countries(scenario: Scenario) -> Iterator[Problem]:
    """Look up countries where the scenario lists any; elsewhere a country is but a name."""
    known = [country.name for country in scenario.countries]
    for i, cluster in enumerate(scenario.clusters):
        if known and cluster.country is not None and cluster.country not in known:
            yield ("clusters", i, "country"), _unknown("country", cluster.country, known)


def _firms_know_no_more_than_the_frontier(scenario: Scenario) -> Iterator[Problem]:
    for i, firm in enumerate(scenario.firms):
        for name, level in firm.knowledge.items():
            if not 0 <= level <= 1:
                yield ("firms", i, "knowledge", name), f"{level:g}: must be between 0 and 1, the frontier"


def _unknown_site(name: str, sites: Iterable[str], firms: Iterable[str]) -> str:
    if name in firms:
        return f"{name!r}: is a firm: name one of its sites"
    return _unknown("site", name, sites)


def _link_delivers_something_used(
    i: int, link: Link, sites: Mapping[str, Site], products: Mapping[str, Product]
) -> Iterator[Problem]:
    product = _delivered(link, sites)
    if product is None:
        yield ("links", i, "product"), f"missing: say what {OUTSIDE!r} delivers to {link.buyer!r}"
    elif product not in products:
        yield ("links", i, "product"), _unknown("product", product, products)
    elif link.supplier != OUTSIDE and product != sites[link.supplier].product:
        made = sites[link.supplier].product
        yield ("links", i, "product"), f"{product!r}: {link.supplier!r} makes {made!r}; leave it out or name that"
    elif product not in products[sites[link.buyer].product].made_of and product != sites[link.buyer].product:
        own = sites[link.buyer].product
        used = ", ".join([*products[own].made_of, own])
        yield ("links", i), f"delivers {product!r} to {link.buyer!r}, which does not use it: it uses {used}"


def _delivered(link: Link, sites: Mapping[str, Site]) -> str | None:
    if link.product is not None or link.supplier == OUTSIDE:
        return link.product
    return sites[link.supplier].product


def _inputs_are_delivered(scenario: Scenario) -> Iterator[Problem]:
    sites = {site.name: site for site in scenario.sites}
    deliveries: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for i, link in enumerate(scenario.links):
        deliveries[link.buyer][str(_delivered(link, sites))].append(i)
    yield from goods_take_time_in_circles(scenario)
    for i, site in enumerate(scenario.sites):
        got = deliveries.get(site.name, {})
        if got and site.unlimited:
            yield ("sites", i), "is unlimited and buys: an unlimited site needs no suppliers; take its links out"
        yield from _site_gets_its_inputs(i, site, got, scenario.products[site.product])
        for product, links in got.items():
            yield from _link_shares(site.name, product, links, scenario.links)


def _site_gets_its_inputs(i: int, site: Site, got: Mapping[str, Any], product: Product) -> Iterator[Problem]:
    trades = site.product in got
    if trades and len(got) > 1:
        parts = ", ".join(name for name in got if name != site.product)
        text = f"buys {site.product!r}, which it sells, and also {parts}: a site trades or makes; split it in two"
        yield ("sites", i), text
    lacking = [name for name in product.made_of if name not in got]
    if lacking and not trades and not site.unlimited:
        text = f"makes {site.product!r} but no link delivers {', '.join(lacking)}: add a link for each, from"
        yield ("sites", i), f"{text} a site or from {OUTSIDE!r}"


def _link_shares(buyer: str, product: str, numbers: list[int], links: tuple[Link, ...]) -> Iterator[Problem]:
    shares = [links[i].share for i in numbers]
    given = [share for share in shares if share is not None]
    if given and len(given) < len(shares):
        missing = numbers[shares.index(None)]
        text = f"missing: {buyer!r} has a share of {product!r} on other links; give all or none"
        yield ("links", missing, "share"), text
    elif given and abs(sum(given) - 1) > SHARE_TOLERANCE:
        text = f"shares of {product!r} for {buyer!r} sum to {sum(given):g}: must sum to 1"
        yield ("links", numbers[0], "share"), text


def _markets_are_served(scenario: Scenario) -> Iterator[Problem]:
    sites = {site.name: site for site in scenario.sites}
    firms = {firm.name for firm in scenario.firms}
    for i, market in enumerate(scenario.markets):
        where = ("markets", i, "served_by")
        if not market.served_by:
            yield where, f"empty: name at least one site that makes {market.product!r}"
            continue
        for name in market.served_by:
            if name not in sites:
                yield where, _unknown_site(name, sites, firms)
            elif sites[name].product != market.product:
                yield where, f"{name!r} makes {sites[name].product!r}: name sites that make {market.product!r}"
        yield from ((where, text) for text in _market_shares(market))


def _market_shares(market: Market) -> Iterator[str]:
    if not isinstance(market.served_by, dict):
        twice = [name for name in dict.fromkeys(market.served_by) if market.served_by.count(name) > 1]
        yield from (f"{name!r} is there twice: name every site once" for name in twice)
        return
    for name, share in market.served_by.items():
        if share < 0:
            yield f"share {share:g} of {name!r}: must be at least 0"
    total = sum(market.served_by.values())
    if abs(total - 1) > SHARE_TOLERANCE:
        yield f"shares sum to {total:g}: must sum to 1"


def _numbers_make_sense(scenario: Scenario) -> Iterator[Problem]:
    for i, site in enumerate(scenario.sites):
        yield from ((("sites", i, field), text) for field, text in _site_numbers(site))
    for i, link in enumerate(scenario.links):
        if link.lead_time.lowest() < 0:
            yield ("links", i, "lead_time"), _negative(link.lead_time, "lead time")
        for field in ("in_transit", "in_mail"):
            lowest = min(getattr(link, field), default=0)
            if lowest < 0:
                yield ("links", i, field), f"{lowest:g}: must be at least 0"
    for i, market in enumerate(scenario.markets):
        if market.lead_time.lowest() < 0:
            yield ("markets", i, "lead_time"), _negative(market.lead_time, "lead time")
        if float("-inf") < market.demand.law.lowest() < 0:
            yield ("markets", i, "demand", "law"), _negative(market.demand.law, "demand")
        yield from _periods_are_whole_ticks(i, market, scenario.clock.tick_days)
        yield from _demand_stays_within_bounds(i, market, scenario.clock.days)
    yield from _dates_step_as_the_run_does(scenario)
    if scenario.selection is not None and scenario.selection.certification.lowest() < 0:
        yield ("selection", "certification"), _negative(scenario.selection.certification, "time")


def _periods_are_whole_ticks(i: int, market: Market, tick_days: float) -> Iterator[Problem]:
    """Look at the length of the demand period, over which a law gives units."""
    ticks = (market.demand.every_days or tick_days) / tick_days
    # Relative, since the error of the division grows with the number of ticks.
    if abs(ticks - round(ticks)) > 1e-9 * ticks or ticks < 1:
        text = f"{market.demand.every_days:g}: must be a multiple of clock.tick_days, {tick_days:g}"
        yield ("markets", i, "demand", "every_days"), text


def _dates_step_as_the_run_does(scenario: Scenario) -> Iterator[Problem]:
    """Look at series with dates: the run takes a value per demand period, day of capacity, or tick."""
    tick = scenario.clock.tick_days
    for i, link in enumerate(scenario.links):
        yield from _dated_step(("links", i, "lead_time"), link.lead_time, tick)
    for i, site in enumerate(scenario.sites):
        yield from _dated_step(("sites", i, "capacity_per_day"), site.capacity_per_day, 1.0)
        for name in ("processing", "yield_rate", "yield_loss"):
            yield from _dated_step(("sites", i, name), getattr(site, name), tick)
    for i, market in enumerate(scenario.markets):
        demand = market.demand
        every = (demand.every_days or tick) if demand.arrivals == "periodic" else None
        yield from _dated_step(("markets", i, "demand", "law"), demand.law, every, "every_days")
        yield from _dated_step(("markets", i, "lead_time"), market.lead_time, tick)


def _dated_step(location: Location, law: Law | None, every: float | None, key: str = "") -> Iterator[Problem]:
    """Look at one law; *every* is the time between its values in the run (days), None where it is random."""
    origin = law.origin if law is not None else None
    if origin is None or origin.step_days is None:
        return
    if every is None or abs(origin.step_days - every) > SHARE_TOLERANCE * every:
        wanted = "a row per customer" if every is None else f"a row every {every:g} days"
        remedy = f"{key}: {origin.step_days:g}, or " if key and every is not None else ""
        text = f"the rows of {origin.file} are {origin.step_days:g} days apart, and {wanted} is needed"
        yield location, f"{text}: give {remedy}dates: none to take rows as they come"


def _demand_stays_within_bounds(i: int, market: Market, days: float) -> Iterator[Problem]:
    """Look at how many times its demand a market that grows asks for at the horizon."""
    growth = market.demand.growth_per_year
    # In logarithms, since the power itself may overflow.
    if math.log1p(growth) * days / YEAR_DAYS > math.log(MOST_GROWTH):
        text = f"{growth:g}: over {days:g} days demand grows more than {MOST_GROWTH:g} times: give a lower one"
        yield ("markets", i, "demand", "growth_per_year"), text


def _negative(law: Law, what: str) -> str:
    if law.law == "fixed":
        return f"{law.lowest():g}: must be at least 0"
    return f"{shown(law.text())[1:-1]}: the {what} can be {law.lowest():g}: must be at least 0"


def _site_numbers(site: Site) -> Iterator[tuple[str, str]]:
    if site.closes_day is not None and site.opens_day >= site.closes_day:
        yield "opens_day", f"{site.opens_day:g}: must be below closes_day, which is {site.closes_day:g}"
    if site.capacity_per_day is not None and site.capacity_per_day.lowest() < 0:
        yield "capacity_per_day", _negative(site.capacity_per_day, "capacity")
    if site.processing.lowest() < 0:
        yield "processing", _negative(site.processing, "processing time")
    if site.yield_loss.law == "empirical" and site.yield_loss.lowest() < 0:
        yield "yield_loss", _negative(site.yield_loss, "loss")
    if site.yield_rate is not None and not _is_share(site.yield_rate):
        text = shown(site.yield_rate.text())[1:-1]
        yield "yield_rate", f"{text}: must be above 0 and at most 1, such as 0.95 or beta(mean=0.95, sd=0.02)"
    if site.provenance is not None and mark_of_text(site.provenance) not in get_args(Mark):
        yield "provenance", f"{shown(site.provenance)}: must begin with {', '.join(get_args(Mark))}"


def _is_share(law: Law) -> bool:
    """Return whether all that the law draws is above 0 and at most 1; an open end at 0 is as good as above 0."""
    return law.highest() <= 1 and law.is_above_zero()


_STAGES: tuple[Callable[[Scenario], Iterator[Problem]], ...] = (
    _names_are_unique,
    _named_things_exist,
    _profiles_weigh_something,
    _products_are_made_of_others,
    products_do_not_use_themselves_up,
    _owners_do_not_own_each_other,
    _owned_firms_say_what_they_are,
    _links_join_known_sites,
    _links_stand_once,
    _peers_join_known_firms,
    _clusters_lie_in_known_countries,
    _firms_know_no_more_than_the_frontier,
    _waiting_firms_have_no_trade,
    _inputs_are_delivered,
    _markets_are_served,
    _numbers_make_sense,
    buyers_wait_for_deliveries,
    generations_have_rivals,
    own_brands_can_sell,
    sites_go_with_labour,
    currencies_have_something_to_move,
    price_paths_are_contracts,
    coordinators_have_suppliers,
    locations_have_clusters,
    services_are_bought,
    lots_can_be_ordered,
    orders_of_inputs_fit,
    plants_fit,
    backlogs_can_be_owed,
    something_costs,
    hubs_lie_between_sites,
)
"""Each stage may rely on what the stages before it found in order."""
