"""Compile a scenario into the world of one run."""

from __future__ import annotations

import math

import numpy as np

from gpnde.contracts import INTRA_FIRM
from gpnde.numerics.draws import entities, stream_key
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import ACCOUNTS
from gpnde.world import layout
from gpnde.world.allocation import TOGETHER, arrange_orders, blank, empty_calendar, empty_ledger, empty_road, window_of
from gpnde.world.columns import opening_columns
from gpnde.world.countries import country_records
from gpnde.world.entities import line_entities
from gpnde.world.expectations import (
    before_and_after_opening,
    flow_deviations,
    mean_flows,
    purchases_per_day,
    unit_costs,
)
from gpnde.world.factories import opening_factories, yield_laws
from gpnde.world.knowledge import open_knowledge
from gpnde.world.laws import LawBook
from gpnde.world.layout import Floats, Integers, Records, State
from gpnde.world.lead_moments import set_line_moments, set_work_moments
from gpnde.world.lines import line_records
from gpnde.world.names import Names
from gpnde.world.opening import set_levels, set_opening_stock
from gpnde.world.places import country_names
from gpnde.world.plants import plant_records
from gpnde.world.sales import hold_sales, sales_at_opening
from gpnde.world.sources import mark_picks, set_choices, set_standings, source_records
from gpnde.world.tables import (
    Numbers,
    bought_products,
    firm_records,
    input_records,
    market_records,
    number_all,
    passes_through,
    sees_demand_first,
    set_ordering,
    site_records,
)
from gpnde.world.terms import settlements_to_payment
from gpnde.world.topology import index_lines, upstream_first
from gpnde.world.world import CashFlows, World

USUAL_VALUE_ADDED = 1.0
"""Cost that a site adds to a unit where a scenario says nothing of it (money)."""

_STEPS = {"receive": layout.RECEIVE, "demand": layout.DEMAND, "supply": layout.SUPPLY, "order": layout.ORDER}


def build_world(scenario: Scenario, seed: int = 1, replication: int = 0) -> World:
    """Return the world that *scenario* describes, at the start of a run.

    >>> from gpnde.scenario import load_scenario
    >>> build_world(load_scenario("serial-chain")).names.sites
    ('retailer', 'wholesaler', 'distributor', 'factory')
    """
    numbers, book = number_all(scenario), LawBook()
    sites = site_records(scenario, numbers, book)
    bought = bought_products(scenario)
    inputs = input_records(scenario, numbers, sites, bought)
    _mark_pass_through(scenario, sites, inputs)
    set_ordering(scenario, sites)
    markets, curves = market_records(scenario, numbers, book)
    lines = line_records(scenario, numbers, book, inputs)
    state = _state(scenario, numbers, (seed, replication), (sites, inputs, lines, markets), curves, book)
    set_standings(_names(numbers), scenario, state)
    mark_picks(state)
    world = _furnish(scenario, numbers, state)
    # Last, since expectations need the lasting shares of sites that open later, too.
    hold_sales(world)
    return world


def _mark_pass_through(scenario: Scenario, sites: Records, inputs: Records) -> None:
    """Mark the sites through which goods pass at once."""
    for number, (site, yield_law) in enumerate(zip(scenario.sites, yield_laws(scenario), strict=True)):
        needs = inputs[sites[number].first_input : sites[number].last_input]
        sites[number].passes_through = int(passes_through(site, yield_law, needs))


def _clock(scenario: Scenario, sites: Records) -> Records:
    clock = np.zeros(1, dtype=layout.CLOCK)
    record = clock[0]
    # Rounding must not add a tick to a horizon that is a multiple of it.
    record.horizon = math.ceil(scenario.clock.days / scenario.clock.tick_days - 1e-9)
    record.tick_days = scenario.clock.tick_days
    record.keep_orders = int(scenario.record.orders)
    record.echelons = int(sites["echelon_rule"].any())
    record.observes = int(sites["lead_weight"].any())
    record.patient = int(any(market.service_days > 0 for market in scenario.markets))
    record.impatient = int(any(market.patience_days is not None for market in scenario.markets))
    record.next_loss = layout.NEVER
    record.blind = 1 - sees_demand_first(scenario)
    record.plants = len(scenario.plants)
    return clock


def _keys(seed: int, replication: int) -> Integers:
    return np.array([stream_key(seed, replication, "engine", purpose) for purpose in layout.PURPOSES], dtype=np.int64)


def _state(
    scenario: Scenario,
    numbers: Numbers,
    seeds: tuple[int, int],
    tables: tuple[Records, Records, Records, Records],
    curves: Floats,
    book: LawBook,
) -> State:
    """Put the records together, group the lines and find the order in which goods flow."""
    sites, inputs, lines, markets = tables
    out, into, sold = index_lines(sites, inputs, markets, lines)
    laws, clock = book.table.build(), _clock(scenario, sites)
    orders, clock[0].used_places = arrange_orders(blank(layout.ORDER_RECORD, 0), lines)
    arrivals, arriving = empty_road(window_of(lines, laws, scenario.clock.tick_days), len(lines))
    entries, buckets = empty_calendar(len(lines), len(sites))
    sites["mean_yield"] = laws.mean[sites["yield_rate"]]
    markets["mean_quantity"] = laws.mean[markets["law"]]
    names = _names(numbers)
    sources, breaks = source_records(scenario, lines)
    plants, plant_lines, plant_setups = plant_records(scenario, numbers.sites, sites)
    starts = np.cumsum([0, *sites["window"]])
    sites["history_start"] = starts[:-1]
    return State(
        clock=clock,
        steps=np.array([_STEPS[step] for step in scenario.clock.steps], dtype=np.int64),
        sites=sites,
        inputs=inputs,
        lines=lines,
        markets=markets,
        orders=orders,
        dock=np.zeros(TOGETHER, dtype=layout.LOAD),
        arrivals=arrivals,
        arriving=arriving,
        entries=entries,
        buckets=buckets,
        ledger=empty_ledger(len(lines), scenario.record.orders),
        history=np.zeros(int(starts[-1])),
        curves=curves,
        upstream_first=upstream_first(sites, lines, laws.mean),
        out_lines=out,
        in_lines=into,
        market_lines=sold,
        rules=set_choices(scenario, numbers, sites, inputs),
        sources=sources,
        breaks=breaks,
        plants=plants,
        plant_lines=plant_lines,
        plant_setups=plant_setups,
        keys=_keys(*seeds),
        site_entity=entities(names.sites).copy(),
        line_entity=line_entities(names, lines),
        market_entity=entities(names.markets).copy(),
        laws=laws,
    )


def _set_notice(scenario: Scenario, state: State, mean: Floats) -> None:
    """Set how long before it is due each site knows its demand, on average over all of its *mean* demand."""
    markets, sold = state.markets, state.lines[state.lines["market"] >= 0]
    per_day = (markets["mean_quantity"] * purchases_per_day(markets, scenario.clock.tick_days))[sold["market"]]
    booked = np.bincount(sold["supplier"], sold["share"] * per_day * sold["delay"], len(state.sites))
    state.sites["notice"] = np.divide(booked, mean, out=np.zeros(len(mean)), where=mean > 0.0)


def _market_flows(scenario: Scenario, state: State, lines: Records) -> tuple[Floats, Floats]:
    """Return mean and standard deviation of what markets ask of each site per day (units), by the shares of *lines*."""
    markets, rate = state.markets, purchases_per_day(state.markets, scenario.clock.tick_days)
    # What an autocorrelated demand carries over widens it, as in any autoregression of first order.
    spread = state.laws.sd[markets["law"]] / np.sqrt(1.0 - markets["autocorrelation"] ** 2)
    second_moment = spread**2 + np.where(markets["poisson"] == 1, markets["mean_quantity"] ** 2, 0.0)
    sold = lines[lines["market"] >= 0]
    market, share = sold["market"], sold["share"]
    mean = np.bincount(sold["supplier"], share * (markets["mean_quantity"] * rate)[market], len(state.sites))
    variance = np.bincount(sold["supplier"], share**2 * (second_moment * rate)[market], len(state.sites))
    return mean.astype(np.float64), np.sqrt(variance)


def _value_added(scenario: Scenario, factories: Records) -> Floats:
    """Return what each site adds to the cost of one unit: money as given, or labour, plant and standing staff."""
    given = [
        scenario.products[s.product].value_added if s.value_added is None else s.value_added for s in scenario.sites
    ]
    money = np.array([USUAL_VALUE_ADDED if value is None else value for value in given])
    return np.where(factories["takes_labour"], factories["labour_cost"] + factories["fixed_cost"], money)


def _prices(scenario: Scenario, state: State, added: Floats) -> tuple[Floats, Floats]:
    """Return the unit cost per site, and the price on each line (money per unit), from the value *added* per site."""
    products = scenario.products
    margins = np.array([product.margin for product in products.values()])
    lines = state.lines
    outside = np.array([product.outside_cost for product in products.values()])
    site_price = np.array([math.nan if s.price is None else s.price for s in scenario.sites])
    given = np.where(lines["supplier"] >= 0, site_price[lines["supplier"]], outside[lines["product"]])
    given = np.where(np.isnan(lines["price"]), given, lines["price"])
    markup = np.where(lines["contract"] == INTRA_FIRM, 0.0, margins[lines["product"]])
    freight = np.zeros(len(lines))
    freight[: len(scenario.links)] = [link.freight for link in scenario.links]
    return unit_costs(state.sites, state.inputs, lines, added, markup, given, freight)


def _furnish(scenario: Scenario, numbers: Numbers, state: State) -> World:
    """Give the sites their levels, stocks and prices, from what is expected to flow."""
    at_first = sales_at_opening(state.sites, state.markets, state.lines)
    first_mean, first_spread = _market_flows(scenario, state, at_first)
    own_mean, own_spread = _market_flows(scenario, state, state.lines)
    parts = state.sites, state.inputs, state.lines
    mean = before_and_after_opening(mean_flows, *parts, first_mean, own_mean)
    spread = before_and_after_opening(flow_deviations, *parts, first_spread, own_spread)
    set_work_moments(state)
    set_line_moments(state, np.flatnonzero(state.lines["input"] >= 0))
    _set_notice(scenario, state, mean)
    set_levels(scenario, state, mean, spread)
    set_opening_stock(scenario, state.sites, state.inputs, state.lines)
    factories = opening_factories(scenario, state.sites, mean)
    added = _value_added(scenario, factories)
    cost, prices = _prices(scenario, state, added)
    state.lines["price"] = prices
    columns = opening_columns(scenario, state, factories, added, cost, mean)
    rules, countries = scenario.knowledge, country_records(scenario)
    return World(
        scenario=scenario,
        names=_names(numbers),
        state=state,
        firms=firm_records(scenario, state.sites, added, factories["takes_labour"], mean),
        **columns._asdict(),
        invoices=_no_invoices(scenario, len(state.lines)),
        flows=CashFlows(0.0, 0.0, np.zeros(len(scenario.products))),
        countries=countries,
        exchange_rates=np.ones(len(country_names(scenario))),
        entries=np.zeros((len(ACCOUNTS), len(scenario.firms))),
        services_nearby=np.zeros(len(scenario.clusters) + 1),
        knowledge=None if rules is None or not rules.enabled else open_knowledge(scenario, countries),
    )


def _no_invoices(scenario: Scenario, lines: int) -> Floats:
    """Return room for the invoices of as many settlements as pass until all from one of them are paid."""
    ring = 0 if scenario.finance is None else int(settlements_to_payment(scenario, scenario.finance).max())
    return np.zeros((ring, lines))


def _names(numbers: Numbers) -> Names:
    return Names(
        sites=tuple(numbers.sites),
        firms=tuple(numbers.firms),
        products=tuple(numbers.products),
        clusters=tuple(numbers.clusters),
        markets=tuple(numbers.markets),
    )
