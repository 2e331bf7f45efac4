"""From the rows of a scenario to records: sites with their inputs, lines, markets, firms."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from gpnde.mechanics.demand import bass_rate, rescale_bass
from gpnde.scenario.law import Law
from gpnde.scenario.markets import Market
from gpnde.scenario.network import Link, Site
from gpnde.scenario.ordering import Ordering
from gpnde.scenario.ordering.policy import Rule
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import MONTH_DAYS, ROLES, YEAR_DAYS
from gpnde.world import layout
from gpnde.world.allocation import blank
from gpnde.world.factories import yield_laws
from gpnde.world.laws import LawBook
from gpnde.world.layout import Flags, Floats, Records

_RULES: dict[Rule, int] = {
    "order-up-to": layout.ORDER_UP_TO,
    "smoothed": layout.SMOOTHED,
    "reorder-to-level": layout.REORDER_TO_LEVEL,
    "fixed-quantity": layout.FIXED_QUANTITY,
}
_WITHOUT = {"level": 0.0, "reorder_point": 0.0, "quantity": 1.0, "smoothing": 1.0}
"""The numbers of a rule, and what stands in a record where neither scenario nor policy gives one."""

_METHODS = {
    "fixed": layout.FIXED,
    "moving-average": layout.MOVING_AVERAGE,
    "exponential-smoothing": layout.EXPONENTIAL,
}
_RATIONING = {"proportional": layout.PROPORTIONAL, "priority": layout.PRIORITY, "first-come": layout.FIRST_COME}
_SUPPLIER_DOWN = {"wait": layout.WAIT, "elsewhere": layout.ELSEWHERE, "recall": layout.RECALL}


class Numbers(NamedTuple):
    """The number of every name."""

    sites: Mapping[str, int]
    firms: Mapping[str, int]
    products: Mapping[str, int]
    clusters: Mapping[str, int]
    markets: Mapping[str, int]


def numbered(names: Iterable[str]) -> dict[str, int]:
    """Return each name with its position.

    >>> numbered(["a", "b"])
    {'a': 0, 'b': 1}
    """
    return {name: number for number, name in enumerate(names)}


def number_all(scenario: Scenario) -> Numbers:
    """Give everything that has a name a number."""
    return Numbers(
        sites=numbered(site.name for site in scenario.sites),
        firms=numbered(firm.name for firm in scenario.firms),
        products=numbered(scenario.products),
        clusters=numbered(cluster.name for cluster in scenario.clusters),
        markets=numbered(market.name for market in scenario.markets),
    )


def filled(dtype: np.dtype[np.void], rows: Sequence[Mapping[str, float]]) -> Records:
    """Return records with the given fields; fields that no row names are 0."""
    records = blank(dtype, len(rows))
    for name in rows[0] if rows else ():
        records[name] = [row[name] for row in rows]
    return records


def site_records(scenario: Scenario, numbers: Numbers, book: LawBook) -> Records:
    """Return the records of all sites, still without inputs, lines and levels."""
    tick = scenario.clock.tick_days
    tier = {firm.name: firm.tier for firm in scenario.firms}
    waiting = {firm.name for firm in scenario.firms if firm.enters == "endogenously"}
    rows = [
        {
            "firm": numbers.firms[site.firm],
            "cluster": numbers.clusters.get(site.cluster or "", -1),
            "product": numbers.products[site.product],
            "tier": tier[site.firm],
            **capacity_fields(site, tick, book),
            "unlimited": int(site.unlimited),
            "rationing": _RATIONING[site.rationing],
            "processing": book.number(site.processing),
            "yield_rate": book.number(yield_law),
            "yield_loss": book.number(site.yield_loss),
            "defects": 1.0,
            "lead_time_factor": 1.0,
            "server_free": -1 if site.servers is None else 0,
            "down": int(site.opens_day > 0 or site.firm in waiting),
            "shut": int(site.opens_day > 0 or site.firm in waiting),
        }
        for site, yield_law in zip(scenario.sites, yield_laws(scenario), strict=True)
    ]
    return filled(layout.SITE, rows)


def capacity_fields(site: Site, tick_days: float, book: LawBook) -> dict[str, float]:
    """Return the fields of a site record that say how much it starts: the mean, and the law of one that varies."""
    if site.capacity_per_day is None:
        return {"capacity": math.inf, "daily_capacity": -1}
    law = book.number(site.capacity_per_day)
    mean = book.table.mean(law)
    # Draws are scaled by the mean of their law; with a mean of 0 there is nothing to scale, or to start.
    varies = site.capacity_per_day.law != "fixed" and mean > 0.0
    return {"capacity": mean * tick_days, "daily_capacity": law if varies else -1}


def whole_ticks(days: float, tick_days: float) -> int:
    """Return a time in whole ticks, rounded up, or `gpnde.world.layout.LATEST` for one that no run reaches.

    >>> whole_ticks(10, 7), whole_ticks(14, 7), whole_ticks(1e30, 7) == layout.LATEST
    (2, 2, True)
    """
    return math.ceil(min(days / tick_days - 1e-9, layout.LATEST))


def ordering_fields(rule: Ordering, tick_days: float) -> dict[str, float]:
    """Return the fields of a site record that its ordering rule sets."""
    policy = rule.chosen
    forecasts = policy.forecasts
    return {
        "rule": _RULES[policy.rule],
        "review": 0 if rule.review_days == 0 else max(1, whole_ticks(rule.review_days, tick_days)),
        "next_review": whole_ticks(rule.first_review_day, tick_days),
        "method": _METHODS[rule.forecast.method] if forecasts else layout.FIXED,
        "window": rule.forecast.window,
        "alpha": rule.forecast.alpha,
        "lead_weight": rule.forecast.lead_time_alpha if forecasts and rule.forecast.method != "fixed" else 0.0,
        "safety": rule.safety_factor,
        **_numbers_of(rule),
        "echelon_rule": int(policy.counts_echelon),
        "makes_to_order": int(policy.makes_to_order),
        "supplier_down": _SUPPLIER_DOWN[rule.supplier_down],
    }


def _numbers_of(rule: Ordering) -> dict[str, float]:
    """Return the numbers by which a rule orders: as its policy fixes them, else as the scenario gives them."""
    given = {name: getattr(rule, name) for name in _WITHOUT}
    return {name: _WITHOUT[name] if value is None else value for name, value in {**given, **rule.chosen.sets}.items()}


def set_ordering(scenario: Scenario, sites: Records) -> None:
    """Write the ordering rule of every site into its record; a site that opens later is not reviewed before."""
    tick = scenario.clock.tick_days
    common = ordering_fields(scenario.ordering, tick)
    for name, value in common.items():
        sites[name] = value
    for number, site in enumerate(scenario.sites):
        if site.ordering is not None:
            for name, value in ordering_fields(site.ordering, tick).items():
                sites[name][number] = value
    # Who ships from nothing makes nothing.
    sites["makes_to_order"] *= sites["unlimited"] == 0
    opens = [whole_ticks(site.opens_day, tick) for site in scenario.sites]
    sites["next_review"] = np.maximum(sites["next_review"], opens)
    # A first review that has seen more or less than one period of demand is not counted.
    seen = sites["next_review"] + sees_demand_first(scenario)
    sites["reviews"] = np.where((sites["review"] > 0) & (seen != sites["review"]), -1, 0)


def sees_demand_first(scenario: Scenario) -> int:
    """Return 1 where a review sees the demand of its own tick, else 0."""
    return int(scenario.clock.steps.index("demand") < scenario.clock.steps.index("order"))


def bought_products(scenario: Scenario) -> list[dict[str, float]]:
    """Return for every site the products that it buys with the units needed per unit of output.

    A site that buys its own product distributes it. A site without links and without materials buys its product
    outside the model.
    """
    makes = {site.name: site.product for site in scenario.sites}
    delivered: dict[str, set[str]] = {}
    for link in scenario.links:
        delivered.setdefault(link.buyer, set()).add(link.product or makes.get(link.supplier, ""))
    return [
        {site.product: 1.0}
        if not scenario.products[site.product].made_of or site.product in delivered.get(site.name, ())
        else dict(scenario.products[site.product].made_of)
        for site in scenario.sites
    ]


def input_records(scenario: Scenario, numbers: Numbers, sites: Records, bought: list[dict[str, float]]) -> Records:
    """Return the records of all inputs and write their bounds into the sites; unlimited sites need none."""
    rows: list[dict[str, float]] = []
    for number, needs in enumerate(bought):
        sites[number].first_input = len(rows)
        if not scenario.sites[number].unlimited:
            rows += [
                {"site": number, "product": numbers.products[name], "per_unit": per_unit}
                for name, per_unit in needs.items()
            ]
        sites[number].last_input = len(rows)
    return filled(layout.INPUT, rows)


def passes_through(site: Site, yield_law: Law, needs: Records) -> bool:
    """Return whether a site turns one of the inputs *needs* into the same quantity at once: goods go to stock."""
    plain = site.capacity_per_day is None and site.servers is None
    laws = (site.processing, yield_law, site.yield_loss)
    exact = all(law.law == "fixed" for law in laws) and tuple(law.value for law in laws) == (0, 1, 0)
    return bool(len(needs) == 1 and needs["per_unit"][0] == 1.0 and plain and exact)


def line_fields(link: Link, tick_days: float, book: LawBook) -> dict[str, float]:
    """Return the fields of a line record that a link sets by itself."""
    mean = book_mean(book, link)
    promise = link.promise_days if link.promise_days is not None else mean + tick_days
    return {
        "delay": whole_ticks(link.order_delay_days, tick_days),
        "lead_time": book.number(link.lead_time),
        "promise": whole_ticks(promise, tick_days),
        "priority": link.priority,
        "commitment": whole_ticks(link.commitment_days, tick_days),
    }


def book_mean(book: LawBook, link: Link) -> float:
    """Return the mean of the lead-time law of a link (days)."""
    return float(book.table.mean(book.number(link.lead_time)))


def curve_of(market: Market, tick_days: float) -> tuple[Floats, int]:
    """Return the sales curve of a product generation, with mean 1, at equal steps, and its length in ticks."""
    cycle = market.demand.life_cycle
    if cycle is None:
        return np.zeros(0), 1
    ticks = max(1, round(cycle.days / tick_days))
    points = min(ticks, max(8, round(cycle.days / 7.0)))
    times = (np.arange(points) + 0.5) * cycle.days / points
    innovation, imitation = rescale_bass(cycle.innovation, cycle.imitation, cycle.days)
    rate = bass_rate(times, innovation, imitation)
    return rate / rate.mean(), ticks


def market_records(scenario: Scenario, numbers: Numbers, book: LawBook) -> tuple[Records, Floats]:
    """Return the records of all markets and the sales curves that they point to."""
    tick = scenario.clock.tick_days
    curves = [curve_of(market, tick) for market in scenario.markets]
    starts = np.cumsum([0, *(len(curve) for curve, _ in curves)])
    rows: list[dict[str, float]] = [
        {
            "product": numbers.products[market.product],
            "law": book.number(market.demand.law),
            # Cut, since ticks have 32 bits and a period may be longer than any run.
            "every": max(1, round(min(layout.LATEST, (market.demand.every_days or tick) / tick))),
            "next": whole_ticks(market.demand.start_day, tick),
            "poisson": int(market.demand.arrivals == "poisson"),
            "rate": (market.demand.arrivals_per_day or 0.0) * tick,
            "growth": math.log1p(market.demand.growth_per_year) / YEAR_DAYS * tick,
            "autocorrelation": market.demand.autocorrelation,
            "factor": 1.0,
            "curve_start": int(starts[number]),
            "curve_length": len(curves[number][0]),
            "curve_ticks": curves[number][1],
            "patience": 0 if market.patience_days is None else whole_ticks(market.patience_days, tick),
        }
        for number, market in enumerate(scenario.markets)
    ]
    for row in rows:
        row["varies"] = int(any(row[name] != 0 for name in ("growth", "autocorrelation", "curve_length")))
    return filled(layout.MARKET, rows), np.concatenate([curve for curve, _ in curves] or [np.zeros(0)])


def firm_records(
    scenario: Scenario, sites: Records, value_added: Floats, takes_labour: Flags, mean_demand: Floats
) -> Records:
    """Return the records of all firms with their opening cash and credit.

    The monthly cost that cash and credit are counted in is the value added to the expected flow in 28 days. A share of
    it is fixed, but for sites whose products take labour, which pay for staff and plant themselves.
    """
    monthly = value_added * mean_demand * MONTH_DAYS
    cost = np.bincount(sites["firm"], monthly, len(scenario.firms))
    fixed = 0.0 if scenario.finance is None else scenario.finance.fixed_cost_share
    fixed_cost = fixed * np.bincount(sites["firm"], np.where(takes_labour, 0.0, monthly), len(scenario.firms))
    rows = [
        {
            "cash": firm.cash_months * month if firm.cash is None else firm.cash,
            "credit": firm.credit_months * month,
            "monthly_cost": month,
            "fixed_per_day": paid_anyway / MONTH_DAYS,
            "response_hours": firm.response_hours or 0.0,
            "response_factor": 1.0,
            "active": int(firm.enters == "at-start"),
            "tier": firm.tier,
            "role": ROLES.index(firm.role),
        }
        for firm, month, paid_anyway in zip(scenario.firms, cost.tolist(), fixed_cost.tolist(), strict=True)
    ]
    firms = filled(layout.FIRM, rows)
    firms["opening"] = firms["cash"]
    return firms
