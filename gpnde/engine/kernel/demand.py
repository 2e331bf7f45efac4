"""Demand: markets buy, period by period or whenever a customer arrives."""

from __future__ import annotations

import math

from gpnde.engine.kernel.batches import count_asked
from gpnde.engine.kernel.orders import book_ahead, claim_stock, place_with_site, take_note, tell_of_change
from gpnde.engine.kernel.prefetch import fetch_for_demand, fetch_for_draws
from gpnde.numerics.compiled import compiled_part, inlined_part
from gpnde.numerics.draws import draw_together, uniform
from gpnde.numerics.laws.kinds import NORMAL_SIGNED
from gpnde.numerics.laws.sampling import is_by_inversion, sample, value_of
from gpnde.world.layout import ARRIVAL, NEVER, QUANTITY, State


@compiled_part
def level_of_demand(state: State, number: int, now: int) -> float:
    """Return the factor of growth and product generation by which demand differs from its law."""
    market = state.markets[number]
    factor = 1.0
    if market.growth != 0.0:
        factor *= math.exp(market.growth * now)
    if market.curve_length > 0:
        point = now % market.curve_ticks * market.curve_length // market.curve_ticks
        factor *= state.curves[market.curve_start + point]
    return float(factor)


@compiled_part
def correlated(state: State, number: int, quantity: float) -> float:
    """Carry part of the last deviation from the mean over to this period's demand."""
    market = state.markets[number]
    market.carried = market.autocorrelation * market.carried + quantity - market.mean_quantity
    # Only the demand is cut off at 0: a deviation that was cut off would raise the mean of later periods.
    level = float(market.mean_quantity + market.carried)
    return level if state.laws.rows[market.law].kind == NORMAL_SIGNED else max(0.0, level)


@compiled_part
def draw_periods(state: State, first: int, last: int, now: int) -> int:
    """Draw together for the markets from *first* up to *last* that buy in this period; return how many these are."""
    count = 0
    for number in range(first, last):
        fetch_for_draws(state, number)
        market = state.markets[number]
        if market.next <= now and market.poisson == 0 and is_by_inversion(state.laws.rows[market.law]):
            # The dock is empty at this step, since all that is put on it has departed when supply or ordering ends.
            draw = state.dock[count]
            draw.where = number
            draw.entity = state.market_entity[number]
            # Draws are numbered by period and not by tick, since several may be drawn within one tick.
            draw.occurrence = market.periods
            count += 1
    key = state.keys[QUANTITY]
    draw_together(state.dock, count, key[0], key[1])
    return count


@inlined_part
def drawn(state: State, number: int, ahead: int) -> float:
    """Return a draw from the law of market *number*: the one made *ahead* or, if that is negative, a new one."""
    market = state.markets[number]
    if ahead >= 0:
        return float(value_of(state.laws.rows[market.law], state.dock[ahead]))
    key = state.keys[QUANTITY]
    return float(sample(state.laws, market.law, key[0], key[1], state.market_entity[number], market.periods, 0))


@inlined_part
def draw_quantity(state: State, number: int, ahead: int, now: int) -> float:
    """Draw the demand of one period, or of one customer, of market *number* (units)."""
    market = state.markets[number]
    quantity = drawn(state, number, ahead)
    market.periods += 1
    if market.varies != 0:
        if market.autocorrelation != 0.0:
            quantity = correlated(state, number, quantity)
        quantity *= level_of_demand(state, number, now)
    return float(quantity * market.factor)


@compiled_part
def next_arrival(state: State, number: int) -> None:
    """Draw when the next customer of a market with Poisson arrivals comes."""
    market = state.markets[number]
    key = state.keys[ARRIVAL]
    chance = uniform(key[0], key[1], state.market_entity[number], market.periods, 0)
    market.arrival -= math.log(chance) / market.rate
    # The arrival itself stays a fraction of a tick: rounding it each time would slow down the stream of customers.
    market.next = int(math.ceil(min(market.arrival, NEVER)))


@inlined_part
def demand_now(state: State, number: int, ahead: int, now: int) -> float:
    """Return what market *number* asks for at this instant (units), and note when it asks next."""
    market = state.markets[number]
    total = 0.0
    while market.next <= now:
        total += draw_quantity(state, number, ahead, now)
        # The draw that was made ahead is that of the first period only.
        ahead = -1
        if market.poisson != 0:
            next_arrival(state, number)
        else:
            market.next += market.every
    return total


@inlined_part
def ask(state: State, where: int, quantity: float, now: int) -> None:
    """Ask the serving site of line *where* for goods; a negative quantity is brought back to it."""
    line = state.lines[where]
    if quantity < 0.0:
        site = state.sites[line.supplier]
        site.on_hand -= quantity
        site.demanded += quantity
        site.total_demand += quantity
        state.markets[line.market].returned -= quantity
        state.clock[0].busy = 1
        tell_of_change(state, line.supplier)
    elif line.backorders != 0:
        place_with_site(state, where, quantity, now)
    # Who does not wait writes no order before it is known what can be sent.
    elif line.delay != 0:
        book_ahead(state, where, quantity, now)
    else:
        take_note(state, line.supplier, quantity)
        claim_stock(state, where, quantity)


@inlined_part
def share_out(state: State, number: int, quantity: float, customers: int, now: int) -> None:
    """Ask every site that serves market *number* for its share, on behalf of so many customers.

    What a market without suppliers asks for is lost.
    """
    market = state.markets[number]
    if market.first_line == market.last_line:
        market.lost += max(0.0, quantity)
    for position in range(market.first_line, market.last_line):
        where = state.market_lines[position]
        share = state.lines[where].share
        if share > 0.0:
            ask(state, where, quantity * share, now)
            if customers > 1:
                # Asking has counted one order already; each further customer of this tick is a batch of its own.
                count_asked(state, state.lines[where].supplier, customers - 1)


@inlined_part
def is_due_at_once(state: State, number: int) -> bool:
    """Return whether market *number* grants no service time."""
    market = state.markets[number]
    if state.clock[0].patient == 0 or market.first_line == market.last_line:
        return True
    return bool(state.lines[state.market_lines[market.first_line]].delay == 0)


@inlined_part
def buy(state: State, number: int, ahead: int, now: int) -> None:
    """Place the market's demand for this instant."""
    market = state.markets[number]
    before = market.periods
    quantity = demand_now(state, number, ahead, now)
    if quantity <= 0.0 or is_due_at_once(state, number):
        market.demanded += max(0.0, quantity)
    if quantity != 0.0:
        share_out(state, number, quantity, market.periods - before, now)


@inlined_part
def meet_demand(state: State, now: int) -> None:
    """Place the demand of every market that is due, and set the time of the next."""
    following = NEVER
    taken = count = 0
    for number in range(state.markets.shape[0]):
        if number % state.dock.shape[0] == 0:
            count = draw_periods(state, number, min(number + state.dock.shape[0], state.markets.shape[0]), now)
            taken = 0
        fetch_for_demand(state, number)
        market = state.markets[number]
        if market.next <= now:
            # Draws lie in the order of the markets, so the first that is left is of this market or of a later one.
            is_drawn = taken < count and state.dock[taken].where == number
            buy(state, number, taken if is_drawn else -1, now)
            taken += int(is_drawn)
        following = min(following, market.next)
    state.clock[0].next_demand = following
