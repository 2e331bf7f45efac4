"""Looking ahead: records that the next sites and lines need are fetched while the present ones are worked on.

A network has no order in which all records that belong together lie side by side. Without these hints the processor
waits for most of them, one after the other. They change no result.
"""

from __future__ import annotations

from gpnde.engine.kernel.calendar import row_of
from gpnde.engine.kernel.orders import place_of
from gpnde.numerics.compiled import fetch_ahead, inlined_part
from gpnde.world.layout import CACHE_LINE, State

_SITES = 8
"""How many sites ahead lines are fetched; what lines point to is fetched half as far ahead, when they have come."""

_MARKETS = 8
"""How many markets ahead lines are fetched; what lines point to is fetched half as far ahead."""

_LINES = 32
"""How many lines ahead arrivals are looked for."""


@inlined_part
def fetch_for_supply(state: State, position: int) -> None:
    """Fetch the lines over which the sites after *position* ship, and the next order to be sent on each."""
    count = state.upstream_first.shape[0]
    if position + _SITES < count:
        site = state.sites[state.upstream_first[position + _SITES]]
        for rank in range(site.first_out, site.last_out):
            fetch_ahead(state.lines, state.out_lines[rank], 0)
    if position + _SITES // 2 < count:
        site = state.sites[state.upstream_first[position + _SITES // 2]]
        for rank in range(site.first_out, site.last_out):
            where = state.out_lines[rank]
            fetch_ahead(state.orders, place_of(state, where, state.lines[where].unshipped), 0)
            fetch_ahead(state.line_entity, where, 0)


@inlined_part
def fetch_for_departure(state: State, where: int, first: int, due: int) -> None:
    """Fetch what arrives over line *where* at tick *due* so far, and the order *first* of those that are carried."""
    fetch_ahead(state.arrivals[row_of(state, due)], where, 0)
    fetch_ahead(state.orders, place_of(state, where, first), 0)


@inlined_part
def fetch_for_draws(state: State, number: int) -> None:
    """Fetch the market whose draw is prepared soon after that of market *number*."""
    if number + 2 * _MARKETS < state.markets.shape[0]:
        fetch_ahead(state.markets, number + 2 * _MARKETS, 0)


@inlined_part
def fetch_for_demand(state: State, number: int) -> None:
    """Fetch the markets after *number*, the first line over which each buys, and the site and order behind it."""
    count = state.markets.shape[0]
    if number + _MARKETS < count:
        market = state.markets[number + _MARKETS]
        if market.first_line < market.last_line:
            fetch_ahead(state.lines, state.market_lines[market.first_line], 0)
            fetch_ahead(state.lines, state.market_lines[market.first_line], CACHE_LINE)
    if number + _MARKETS // 2 < count:
        market = state.markets[number + _MARKETS // 2]
        if market.first_line < market.last_line:
            where = state.market_lines[market.first_line]
            fetch_ahead(state.sites, state.lines[where].supplier, 0)
            fetch_ahead(state.orders, place_of(state, where, state.lines[where].tail), 0)


@inlined_part
def fetch_for_order(state: State, turn: int, step: int) -> None:
    """Fetch the suppliers of a site that reviews soon after that whose *turn* it is, and the places of its orders."""
    later = turn + step * _SITES
    if later < 0 or later >= state.upstream_first.shape[0]:
        return
    site = state.sites[state.upstream_first[later]]
    for item in range(site.first_input, site.last_input):
        material = state.inputs[item]
        for rank in range(material.first_line, material.last_line):
            where = state.in_lines[rank]
            line = state.lines[where]
            if line.supplier >= 0:
                fetch_ahead(state.sites, line.supplier, 0)
            fetch_ahead(state.orders, place_of(state, where, line.tail), 0)


@inlined_part
def fetch_for_arrival(state: State, row: int, where: int) -> None:
    """Fetch the lines behind *where* at which goods arrive as well, and the oldest orders and the buyer of each."""
    count = state.lines.shape[0]
    if where + _LINES < count and state.arrivals[row, where + _LINES] > 0.0:
        fetch_ahead(state.lines, where + _LINES, 0)
        fetch_ahead(state.lines, where + _LINES, CACHE_LINE)
    later = where + _LINES // 2
    if later < count and state.arrivals[row, later] > 0.0:
        line = state.lines[later]
        fetch_ahead(state.orders, place_of(state, later, line.head), 0)
        fetch_ahead(state.orders, place_of(state, later, line.head), CACHE_LINE)
        if line.input >= 0:
            fetch_ahead(state.inputs, line.input, 0)
            fetch_ahead(state.sites, state.inputs[line.input].site, 0)
