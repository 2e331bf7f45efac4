"""Supply: sites start batches from their materials and ship to the buyers that wait, upstream sites first."""

from __future__ import annotations

import math

from gpnde.engine.kernel.batches import count_started, waiting_batches
from gpnde.engine.kernel.calendar import schedule
from gpnde.engine.kernel.orders import append_order, dust_of, place_of, tell_of_change
from gpnde.engine.kernel.prefetch import fetch_for_supply
from gpnde.engine.kernel.transport import depart, duration, send
from gpnde.mechanics.production import good_units, startable
from gpnde.mechanics.shipping import fill_share
from gpnde.numerics.compiled import compiled_part, inlined_part
from gpnde.numerics.laws.sampling import sample
from gpnde.world.layout import (
    CAPACITY,
    FIRST_COME,
    IN_PRODUCTION,
    NEVER,
    PRIORITY,
    PROCESSING,
    PROPORTIONAL,
    YIELD,
    State,
)
from gpnde.world.plant_layout import FIRST_OF_PLANTS


@inlined_part
def from_materials(state: State, number: int) -> float:
    """Return how many units site *number* could start from the inputs in its stock."""
    site = state.sites[number]
    units = math.inf
    for item in range(site.first_input, site.last_input):
        material = state.inputs[item]
        units = min(units, startable(material.stock, material.per_unit))
    return units


@inlined_part
def take_materials(state: State, number: int, units: float) -> None:
    """Take the inputs of *units* of output out of stock."""
    site = state.sites[number]
    for item in range(site.first_input, site.last_input):
        material = state.inputs[item]
        # Rounding may leave a stock just below 0, which later steps would take for a debt.
        material.stock = max(0.0, material.stock - units * material.per_unit)
        material.used += units * material.per_unit


@inlined_part
def draw_good_units(state: State, number: int, started: float, turn: int, now: int) -> float:
    """Draw the good units of a batch, which is the one of that *turn* at this instant."""
    site = state.sites[number]
    key, entity = state.keys[YIELD], state.site_entity[number]
    # Even parts are for the share and odd ones for the loss, so that no two draws are the same.
    share = sample(state.laws, site.yield_rate, key[0], key[1], entity, now, 2 * turn)
    # Most yields are whole, and raising to a power is slow.
    if site.defects != 1.0 and share != 1.0:
        share = share**site.defects
    loss = sample(state.laws, site.yield_loss, key[0], key[1], entity, now, 2 * turn + 1)
    return good_units(started, share, loss)


@inlined_part
def when_finished(state: State, number: int, turn: int, now: int) -> int:
    """Return the tick at which a batch started now is finished; a single server works batches in turn."""
    site = state.sites[number]
    ticks = duration(state, site.processing, PROCESSING, state.site_entity, number, now, 1.0, turn)
    if site.server_free < 0:
        return now + ticks
    # Capped, since batches of a very slow server would add up beyond the range of ticks.
    site.server_free = min(max(site.server_free, now) + ticks, NEVER)
    return int(site.server_free)


@compiled_part
def capacity_of_days(state: State, number: int, law: int, now: int) -> float:
    """Return what the days that this tick covers allow site *number* to start (units), each by its part in it.

    *law* is that of its capacity per day.
    """
    site = state.sites[number]
    tick_days, key = state.clock[0].tick_days, state.keys[CAPACITY]
    begin, end = now * tick_days, (now + 1) * tick_days
    total = 0.0
    for day in range(int(math.floor(begin)), int(math.ceil(end))):
        # Drawn by day and not by tick, so that ticks which share a day agree on what it allows.
        units = max(0.0, sample(state.laws, law, key[0], key[1], state.site_entity[number], day, 0))
        total += units * (min(end, day + 1.0) - max(begin, day))
    # By its mean, so that components and knowledge scale `capacity` in the same way with a law and without.
    return float(site.capacity * total / (state.laws.rows[law]["mean"] * tick_days))


@inlined_part
def capacity_now(state: State, number: int, now: int) -> float:
    """Return how much site *number* can start at most in this tick (units)."""
    site = state.sites[number]
    return float(site.capacity) if site.daily_capacity == -1 else float(varying_capacity(state, number, now))


@compiled_part
def varying_capacity(state: State, number: int, now: int) -> float:
    """Return what its law, or the plant that it is a line of, allows site *number* to start in this tick (units)."""
    law = state.sites[number].daily_capacity
    if law <= FIRST_OF_PLANTS:
        line = state.plant_lines[FIRST_OF_PLANTS - law]
        return float(line.granted * line.rate)
    return float(capacity_of_days(state, number, law, now))


@inlined_part
def start_batch(state: State, number: int, units: float, turn: int, now: int) -> int:
    """Start a batch of *units* and return the tick at which it is finished."""
    site = state.sites[number]
    take_materials(state, number, units)
    good = draw_good_units(state, number, units, turn, now)
    site.started += units
    site.produced += good
    site.scrapped += units - good
    # Scrap lowers the inventory position, which a site under continuous review has to see.
    if good < units:
        tell_of_change(state, number)
    finished = when_finished(state, number, turn, now)
    _release(state, number, good, finished, now)
    return finished


@inlined_part
def is_dust(state: State, number: int, units: float) -> bool:
    """Return whether *units* of site *number* are no more than rounding leaves over."""
    # What is not a number is dust too: a server would start it for ever.
    return not units > dust_of(state, number)


@inlined_part
def wait_for_capacity(state: State, number: int, possible: float) -> None:
    """Look again tomorrow at what is *possible* with the materials of site *number*, unless it has no capacity ever."""
    if not is_dust(state, number, possible) and state.sites[number].daily_capacity != -1:
        state.clock[0].busy = 1


@inlined_part
def produce(state: State, number: int, now: int) -> None:
    """Start what materials and capacity allow."""
    site = state.sites[number]
    if site.first_input == site.last_input:
        return
    if site.server_free >= 0:
        serve(state, number, now)
        return
    possible = from_materials(state, number)
    units = min(possible, capacity_now(state, number, now))
    if is_dust(state, number, units):
        wait_for_capacity(state, number, possible)
        return
    # What capacity held back has no due time of its own; rounding alone must not wake the flow at every tick.
    if possible > units * (1.0 + 1e-9):
        state.clock[0].busy = 1
    start_batch(state, number, units, 0, now)


@compiled_part
def serve(state: State, number: int, now: int) -> None:
    """Start the batches of a single server up to the first that takes time.

    The others wait a tick with their materials, which costs nothing since the server is busy.
    """
    left = capacity_now(state, number, now)
    finished, turn = now, 0
    while finished <= now:
        possible = from_materials(state, number)
        # Materials are split evenly among the batches that wait, since which batch they came for is not recorded.
        units = min(possible / waiting_batches(state, number), left)
        if is_dust(state, number, units):
            wait_for_capacity(state, number, possible)
            return
        if possible > units * (1.0 + 1e-9):
            state.clock[0].busy = 1
        count_started(state, number, units)
        finished = start_batch(state, number, units, turn, now)
        left -= units
        turn += 1


@inlined_part
def _release(state: State, number: int, good: float, finished: int, now: int) -> None:
    site = state.sites[number]
    if finished <= now:
        site.on_hand += good
    elif good > 0.0:
        site.wip += good
        schedule(state, finished, IN_PRODUCTION, number, good)


@compiled_part
def write_sale(state: State, where: int, quantity: float, now: int) -> None:
    """Write the order of a customer who does not wait, for what is sent."""
    append_order(state, where, quantity, now, now)
    state.lines[where].read += quantity


@inlined_part
def ship(state: State, number: int, where: int, quantity: float, now: int) -> None:
    """Ship *quantity* of the backlog of line *where* from site *number*."""
    line = state.lines[where]
    site = state.sites[number]
    # The order has to be in the book before `send` looks for those that it serves.
    if line.backorders == 0:
        write_sale(state, where, quantity, now)
    line.backlog -= quantity
    site.shipped += quantity
    line.shipped += quantity
    # A remainder of rounding would stay as an order that no shipment ever completes.
    if line.backlog <= 1e-12 * line.read:
        line.backlog = 0.0
        line.shipped = line.read
    # A site without limits has no stock: what it ships counts as made at this moment.
    if site.unlimited == 0:
        site.on_hand = max(0.0, site.on_hand - quantity)
    else:
        site.produced += quantity
    # A site's lead_time_factor lies where few sites are read, so it is looked up only where some site has one.
    lead_time_factor = site.lead_time_factor if state.clock[0].scales_lead_times != 0 else 1.0
    send(state, where, number, quantity, now, now, lead_time_factor)


@inlined_part
def proportional_share(state: State, number: int) -> float:
    """Return the share of every claim that the stock of site *number* meets."""
    site = state.sites[number]
    claimed = 0.0
    for position in range(site.first_out, site.last_out):
        line = state.lines[state.out_lines[position]]
        # What cannot leave must not lower the share of the others.
        if line.blocked == 0:
            claimed += line.backlog
    return 1.0 if site.unlimited != 0 or claimed <= 0.0 else fill_share(site.on_hand, claimed)


@compiled_part
def share_by_priority(state: State, number: int) -> None:
    """Allot the stock of site *number* line by line; out_lines holds them in order of priority."""
    site = state.sites[number]
    left = math.inf if site.unlimited != 0 else site.on_hand
    for position in range(site.first_out, site.last_out):
        line = state.lines[state.out_lines[position]]
        line.allotted = min(left, line.backlog) if line.blocked == 0 else 0.0
        left -= line.allotted


@compiled_part
def oldest_claim(state: State, number: int) -> int:
    """Return the line of site *number* whose next order not yet served is oldest, or -1."""
    site = state.sites[number]
    best, placed = -1, 0
    for position in range(site.first_out, site.last_out):
        where = state.out_lines[position]
        line = state.lines[where]
        if line.blocked != 0 or line.claim < 0:
            continue
        order = state.orders[place_of(state, where, line.claim)]
        # Of orders of the same tick the first line goes first, which is that of the highest priority.
        if best < 0 or order.placed < placed:
            best, placed = where, order.placed
    return int(best)


@compiled_part
def begin_claims(state: State, number: int) -> None:
    """Point every line of site *number* at its first order that is not shipped; nothing is allotted yet."""
    site = state.sites[number]
    for position in range(site.first_out, site.last_out):
        line = state.lines[state.out_lines[position]]
        line.allotted = 0.0
        line.claim = line.unshipped if line.backlog > 0.0 and line.unshipped < line.tail else -1


@compiled_part
def share_first_come(state: State, number: int) -> None:
    """Allot the stock of site *number* order by order, the oldest first."""
    site = state.sites[number]
    left = math.inf if site.unlimited != 0 else site.on_hand
    begin_claims(state, number)
    where = oldest_claim(state, number)
    while where >= 0 and left > 0.0:
        line = state.lines[where]
        order = state.orders[place_of(state, where, line.claim)]
        # Orders that are not due yet stand in the book, but are no part of the backlog.
        wanted = min(order.mark - line.shipped, line.backlog) - line.allotted
        line.allotted += min(wanted, left)
        left -= min(wanted, left)
        reached_end = line.claim + 1 == line.tail or line.allotted >= line.backlog * (1.0 - 1e-12)
        line.claim = -1 if reached_end else line.claim + 1
        where = oldest_claim(state, number)
    allot_to_the_impatient(state, number, left)


@compiled_part
def allot_to_the_impatient(state: State, number: int, left: float) -> None:
    """Allot what is left to customers who do not wait: they have come just now and have no order in the books."""
    site = state.sites[number]
    for position in range(site.first_out, site.last_out):
        line = state.lines[state.out_lines[position]]
        if line.backorders == 0 and line.blocked == 0:
            line.allotted = min(left, line.backlog)
            left -= line.allotted


@inlined_part
def allotment(state: State, where: int, share: float) -> float:
    """Return what line *where* gets: a *share* of its backlog or, if that is negative, what was allotted to it."""
    line = state.lines[where]
    if share >= 0.0:
        return float(share * line.backlog if line.blocked == 0 else 0.0)
    quantity = line.allotted
    # Orders for lots are dealt out through the same field, which has to be empty then.
    line.allotted = 0.0
    return float(quantity)


@inlined_part
def ship_from(state: State, number: int, now: int) -> None:
    """Share the stock of site *number* among its lines and ship what each was allotted."""
    site = state.sites[number]
    # Otherwise the crumbs that rounding leaves in stock would be sent, each as a shipment of its own.
    nothing_left = site.on_hand <= 1e-12 * site.backlog
    if site.backlog <= 0.0 or (nothing_left and site.unlimited == 0):
        return
    share = -1.0
    if site.rationing == PROPORTIONAL:
        share = proportional_share(state, number)
    elif site.rationing == PRIORITY:
        share_by_priority(state, number)
    elif site.rationing == FIRST_COME:
        share_first_come(state, number)
    else:
        raise ValueError("a rule of rationing that the flow does not know")
    left = 0.0
    for position in range(site.first_out, site.last_out):
        where = state.out_lines[position]
        quantity = allotment(state, where, share)
        if quantity > 0.0:
            ship(state, number, where, quantity, now)
        left += state.lines[where].backlog
    # The sum over lines, since single subtractions would let rounding errors pile up.
    site.backlog = left


@inlined_part
def count_shortage(state: State, number: int) -> None:
    """Count what was asked for since the last instant and is still owed; sales that do not wait are lost."""
    site = state.sites[number]
    # Asked before lost sales leave the backlog, which would pass for service.
    is_served = site.backlog <= 0.0
    is_asked = False
    for position in range(site.first_out, site.last_out):
        line = state.lines[state.out_lines[position]]
        if line.fresh == 0.0:
            continue
        is_asked = True
        short = min(line.fresh, line.backlog)
        site.shortage += short
        if line.market >= 0:
            state.markets[line.market].filled += line.fresh - short
            if line.backorders == 0:
                _lose_sale(state, number, line.market, short)
                line.backlog = 0.0
        line.fresh = 0.0
    if is_asked:
        site.claimed += 1
        site.served += int(is_served)


@compiled_part
def _lose_sale(state: State, number: int, market: int, short: float) -> None:
    state.sites[number].backlog = max(0.0, state.sites[number].backlog - short)
    state.markets[market].lost += short
    tell_of_change(state, number)


@inlined_part
def supply(state: State, now: int) -> None:
    """Produce and ship at every site that works, upstream sites first."""
    # Whatever is left waiting by the end of this step sets it again.
    state.clock[0].busy = 0
    for position in range(state.upstream_first.shape[0]):
        fetch_for_supply(state, position)
        number = state.upstream_first[position]
        site = state.sites[number]
        works = site.down == 0
        if works and site.passes_through == 0:
            produce(state, number, now)
        if site.backlog > 0.0:
            if works:
                ship_from(state, number, now)
            # A site that is down ships nothing, but owes or loses what it is asked for all the same.
            count_shortage(state, number)
    depart(state, now)
