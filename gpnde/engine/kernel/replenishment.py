"""Review and ordering: forecasts are updated and orders placed, downstream sites first."""

from __future__ import annotations

import math

from gpnde.engine.kernel.batches import count_ordered
from gpnde.engine.kernel.input_rules import is_due, own_units, units_by_rule
from gpnde.engine.kernel.lead_times import level_of
from gpnde.engine.kernel.lots import allot
from gpnde.engine.kernel.orders import append_order, cancel_unshipped, dust_of, place_with_site
from gpnde.engine.kernel.prefetch import fetch_for_order
from gpnde.engine.kernel.reach import ALL, AT_WORK, OPEN, can_ship, takes_orders, weight_of_suppliers
from gpnde.engine.kernel.transport import depart, send
from gpnde.mechanics.ordering import smoothed_deviation, smoothed_forecast
from gpnde.numerics.compiled import compiled_part, inlined_part
from gpnde.world.layout import (
    EXPONENTIAL,
    FIXED,
    FIXED_QUANTITY,
    MOVING_AVERAGE,
    NEVER,
    RECALL,
    WAIT,
    State,
)


@compiled_part
def average_history(state: State, number: int, demand: float) -> None:
    """Update the moving average and the sample deviation of the demand of site *number*."""
    site = state.sites[number]
    state.history[site.history_start + site.history_next] = demand
    site.history_next = (site.history_next + 1) % site.window
    site.history_seen = min(site.history_seen + 1, site.window)
    mean = 0.0
    for position in range(site.history_seen):
        mean += state.history[site.history_start + position]
    mean /= site.history_seen
    squares = 0.0
    for position in range(site.history_seen):
        distance = state.history[site.history_start + position] - mean
        # A product, since plain Python and machine code raise to a power with different last digits.
        squares += distance * distance
    site.forecast = mean
    if site.history_seen > 1:
        site.deviation = math.sqrt(squares / (site.history_seen - 1))


@compiled_part
def foresee(state: State, number: int, demand: float) -> None:
    """Update the forecast of site *number* with the demand since its last review, and its level."""
    site = state.sites[number]
    if site.method == MOVING_AVERAGE:
        average_history(state, number, demand)
    elif site.method == EXPONENTIAL:
        # The deviation first: its error is that of the forecast made before this demand was known.
        site.deviation = smoothed_deviation(site.deviation, demand - site.forecast, site.alpha)
        site.forecast = smoothed_forecast(site.forecast, demand, site.alpha)
    else:
        raise ValueError("a method of forecasting that the flow does not know")
    site.level = level_of(state, number)


@inlined_part
def wanted(state: State, number: int, position: float) -> float:
    """Return what site *number* orders at an inventory position, in units of its output."""
    site = state.sites[number]
    return units_by_rule(
        site.rule, site.level, site.reorder_point, site.quantity, site.smoothing, site.forecast, position
    )


@inlined_part
def place_outside(state: State, where: int, quantity: float, now: int) -> None:
    """Order from outside the model: the goods leave as soon as the order is read there."""
    line = state.lines[where]
    append_order(state, where, quantity, now, now + line.delay)
    line.read += quantity
    line.shipped += quantity
    send(state, where, -1, quantity, now + line.delay, now, 1.0)


@inlined_part
def place(state: State, where: int, quantity: float, now: int) -> None:
    """Place an order of *quantity* on line *where*."""
    line = state.lines[where]
    state.inputs[line.input].on_order += quantity
    state.clock[0].order_lines += 1
    if line.supplier < 0:
        place_outside(state, where, quantity, now)
    else:
        place_with_site(state, where, quantity, now)


@inlined_part
def place_by_shares(state: State, item: int, quantity: float, weight: float, reach: int, now: int) -> int:
    """Split an order over the suppliers of an input, whose shares sum to *weight*; return how many these are."""
    material = state.inputs[item]
    count = 0
    for position in range(material.first_line, material.last_line):
        where = state.in_lines[position]
        if takes_orders(state, where, reach):
            place(state, where, quantity * state.lines[where].share / weight, now)
            count += 1
    return count


@compiled_part
def allot_full_shares(state: State, item: int, lots: float, lot: float, weight: float, reach: int) -> int:
    """Allot as many of the *lots* as whole lots fit into each supplier's share; return how many are left.

    By what is missing to its share each supplier falls further behind it.
    """
    material = state.inputs[item]
    left = lots
    for position in range(material.first_line, material.last_line):
        where = state.in_lines[position]
        line = state.lines[where]
        if takes_orders(state, where, reach):
            due = lots * line.share / weight
            # Rounding may leave a share that is a whole number of lots just below it.
            whole = math.floor(due + 1e-9)
            line.allotted = whole * lot
            line.turn += (due - whole) * lot
            left -= whole
    return int(left)


@compiled_part
def furthest_behind(state: State, item: int, lot: float, reach: int) -> int:
    """Return the line that is furthest behind its share of an input, the first one among equals."""
    material = state.inputs[item]
    chosen = -1
    for position in range(material.first_line, material.last_line):
        where = state.in_lines[position]
        # Without the margin, rounding would choose between suppliers that are equally far behind.
        better = chosen < 0 or state.lines[where].turn > state.lines[chosen].turn + 1e-9 * lot
        if better and takes_orders(state, where, reach):
            chosen = where
    return chosen


@compiled_part
def place_allotted(state: State, item: int, now: int) -> int:
    """Place with each supplier of an input what it was allotted, as one order; return how many orders these are."""
    material = state.inputs[item]
    count = 0
    for position in range(material.first_line, material.last_line):
        where = state.in_lines[position]
        quantity = state.lines[where].allotted
        state.lines[where].allotted = 0.0
        if quantity > 0.0:
            place(state, where, quantity, now)
            count += 1
    return count


@compiled_part
def deal_out_lots(state: State, item: int, lots: float, lot: float, weight: float, reach: int, now: int) -> None:
    """Place whole lots with the suppliers of an input, each with the one that is furthest behind its share then.

    A supplier that gets a lot is that much less behind. So lots follow the ratio of the shares as closely as whole
    lots can; each supplier gets one order for its lots.
    """
    for _ in range(allot_full_shares(state, item, lots, lot, weight, reach)):
        line = state.lines[furthest_behind(state, item, lot, reach)]
        line.turn -= lot
        line.allotted += lot
    place_allotted(state, item, now)


@inlined_part
def split_order(state: State, item: int, quantity: float, lots: float, now: int) -> float:
    """Share an order among the suppliers of an input, in so many whole *lots* unless 0; return into how many parts.

    Where the buyer does not wait for suppliers that are down, those at work get their shares, if there are any; those
    that are down get some before those that are not open yet, or closed, for which an order may wait for years.
    """
    reach = OPEN if state.sites[state.inputs[item].site].supplier_down == WAIT else AT_WORK
    weight = weight_of_suppliers(state, item, reach)
    while weight <= 0.0:
        reach += 1
        if reach > ALL:
            return 0.0
        weight = weight_of_suppliers(state, item, reach)
    if state.inputs[item].picks != 0:
        allot(state, item, quantity, weight, reach, now)
        parts = place_allotted(state, item, now)
        return lots if lots > 0.0 else float(parts)
    if lots > 0.0:
        deal_out_lots(state, item, lots, quantity / lots, weight, reach, now)
        return lots
    return float(place_by_shares(state, item, quantity, weight, reach, now))


@compiled_part
def recall_orders(state: State, item: int, now: int) -> None:
    """Take back what suppliers that are down have not sent, so that it is ordered again from those at work.

    An order that the supplier does not know yet cannot be taken back.
    """
    # With all suppliers down, the quantity could only be ordered from the same ones again.
    if weight_of_suppliers(state, item, AT_WORK) <= 0.0:
        return
    material = state.inputs[item]
    for position in range(material.first_line, material.last_line):
        where = state.in_lines[position]
        line = state.lines[where]
        if line.tail > line.unshipped and line.delayed == 0.0 and not can_ship(state, where):
            cancel_unshipped(state, where, now)


@compiled_part
def echelon_stock(state: State, number: int) -> float:
    """Return what site *number* has and has sent that no customer has yet, less what customers are owed.

    Goods at a buyer count by the share of its need that this site supplies (Clark and Scarf, 1960, for a chain).
    """
    site = state.sites[number]
    stock = float(site.on_hand + site.wip)
    for position in range(site.first_out, site.last_out):
        line = state.lines[state.out_lines[position]]
        stock += line.in_transit
        if line.input < 0:
            stock -= line.backlog + line.delayed
        elif line.active != 0:
            material = state.inputs[line.input]
            stock += line.share * (material.stock + material.per_unit * state.sites[line.buyer].echelon)
    return stock


@inlined_part
def own_position(state: State, number: int) -> float:
    """Return the stock of site *number* in units of output, before what its inputs add to it."""
    site = state.sites[number]
    if site.echelon_rule != 0:
        return float(site.echelon)
    # What is due later lies where few sites are read, so it is looked up only where some market has a service time.
    later = site.due_later if state.clock[0].patient != 0 else 0.0
    return float(site.on_hand + site.wip - site.backlog - later)


@inlined_part
def whole_lots(state: State, number: int, item: int, units: float) -> float:
    """Return how many lots of a fixed quantity make up an order of *units* of output, 0 under other rules."""
    # Quantities lie where nothing else of an order is read, so they are looked up where they count only.
    if state.inputs[item].own != 0:
        own = state.rules[item]
        return rounded_lots(units, own.quantity) if own.rule == FIXED_QUANTITY else 0.0
    site = state.sites[number]
    return rounded_lots(units, site.quantity) if site.rule == FIXED_QUANTITY else 0.0


@inlined_part
def rounded_lots(units: float, quantity: float) -> float:
    """Return how many times a *quantity* goes into *units* of which it is a part; rounding takes away the error."""
    return math.floor(units / quantity + 0.5)


@inlined_part
def order_inputs(state: State, number: int, now: int) -> float:
    """Order every input of site *number* by its own position; return the order for the first (units of output)."""
    site = state.sites[number]
    base = own_position(state, number)
    first = 0.0
    for item in range(site.first_input, site.last_input):
        material = state.inputs[item]
        if material.own != 0 and not is_due(state, item):
            continue
        if site.supplier_down == RECALL:
            recall_orders(state, item, now)
        per_output = material.per_unit / site.mean_yield
        position = base + (material.stock + material.on_order) / per_output
        units = wanted(state, number, position) if material.own == 0 else own_units(state, number, item, position)
        lots = whole_lots(state, number, item, units)
        parts = 0.0
        # Rounding leaves the position a trifle below the level, which is no reason to order.
        if units > 1e-9 * abs(site.level) + dust_of(state, number):
            parts = split_order(state, item, units * per_output, lots, now)
        if parts > 0.0:
            material.orders += 1
            count_ordered(state, number, item, parts)
            if item == site.first_input:
                # Lots may have made another quantity of what was wanted.
                first = units if material.picks == 0 else state.rules[item].ordered / per_output
    return first


@inlined_part
def keep_sums(state: State, number: int, ordered: float, demand: float) -> None:
    """Add the order and the demand of one review period to the sums that the bullwhip ratio needs."""
    site = state.sites[number]
    site.order_sum += ordered
    site.order_squares += ordered * ordered
    site.demand_sum += demand
    site.demand_squares += demand * demand


@inlined_part
def review(state: State, number: int, now: int) -> None:
    """Review site *number*: look at demand, foresee and order.

    The first review tells nothing of demand per period where another time than one period lies behind it.
    """
    site = state.sites[number]
    demand = site.demanded
    site.demanded = 0.0
    site.reviews += 1
    # The count begins at -1 where the first review sees more or less than one period of demand.
    whole_period = site.reviews > 0
    if whole_period and site.method != FIXED:
        foresee(state, number, demand)
    ordered = order_inputs(state, number, now)
    site.ordered += ordered
    # Only after ordering, which makes one batch of each order that was read.
    site.asked = 0
    if whole_period:
        keep_sums(state, number, ordered, demand)


@compiled_part
def weigh_echelons(state: State) -> None:
    """Bring the echelon stock of every site up to date, downstream sites first."""
    count = state.upstream_first.shape[0]
    for position in range(count):
        number = state.upstream_first[count - 1 - position]
        state.sites[number].echelon = echelon_stock(state, number)


@inlined_part
def order(state: State, now: int) -> None:
    """Review every site whose time has come; continuous review looks at every instant.

    Downstream sites order first, so that suppliers see it; where orders precede demand, no site sees what others
    order at the same instant. The clock is told when the next review is due.
    """
    clock = state.clock[0]
    following = NEVER
    if clock.blind != 0:
        # Before the loop: what is ordered in it is seen at the next instant only, and has to stay marked until then.
        clock.unseen = 0
    if clock.echelons != 0:
        weigh_echelons(state)
    count = state.upstream_first.shape[0]
    for position in range(count):
        step = 1 if clock.blind != 0 else -1
        # Upstream sites first means that none has read the orders of its buyers when it orders itself.
        turn = position if clock.blind != 0 else count - 1 - position
        fetch_for_order(state, turn, step)
        number = state.upstream_first[turn]
        site = state.sites[number]
        if site.review == 0:
            review(state, number, now)
            continue
        if site.next_review <= now:
            site.next_review += site.review
            review(state, number, now)
        following = min(following, site.next_review)
    depart(state, now)
    clock.next_review = following
    if clock.blind == 0:
        clock.unseen = 0
