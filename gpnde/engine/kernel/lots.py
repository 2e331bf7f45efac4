"""Who gets how much of an order, where suppliers take orders in lots only or are chosen order by order.

By shares, every supplier is allotted as many lots as fit into its share and what it is behind it. By any other rule one
supplier after the other is asked, by rank, for what is still needed. What is then left goes, lot by lot, to whoever
covers it at the least cost per unit covered. What nobody can take stays in the need of the buyer.
"""

from __future__ import annotations

import math

from gpnde.engine.kernel.orders import dust_of
from gpnde.engine.kernel.reach import takes_orders
from gpnde.mechanics.lots import least_lot, lot_above, lot_below
from gpnde.numerics.compiled import compiled_part, inlined_part
from gpnde.numerics.draws import uniform
from gpnde.world.layout import (
    AVAILABLE,
    CHEAPEST,
    FASTEST,
    FIRST,
    RANDOM,
    RANKED,
    SHARES,
    SUPPLIER,
    State,
)

_DUST = 1e-8
"""Part of an order that rounding to whole lots may leave over, for which nobody is asked."""


@compiled_part
def discount_on(state: State, where: int, quantity: float) -> float:
    """Return the discount (1) on an order of *quantity* over line *where*: that of the highest break it reaches."""
    source = state.sources[where]
    discount = 0.0
    for number in range(source.first_break, source.last_break):
        # Lots are multiples, whose rounding must not cost a discount.
        if quantity >= state.breaks[number].quantity * (1.0 - 1e-12):
            discount = state.breaks[number].discount
    return discount


@compiled_part
def cost_of(state: State, where: int, quantity: float) -> float:
    """Return what an order of *quantity* over line *where* costs, with duties, freight and its discount (money)."""
    source = state.sources[where]
    # A discount is on the price, and so on the duties, but not on freight.
    return float(quantity * (source.landed - source.dutiable * discount_on(state, where, quantity)))


@inlined_part
def covering(state: State, where: int, quantity: float) -> float:
    """Return the smallest order over line *where* that covers *quantity*, or the largest there is (units)."""
    source = state.sources[where]
    return lot_above(quantity, source.minimum, source.multiple, source.maximum)


@compiled_part
def in_stock(state: State, where: int) -> float:
    """Return what the supplier of line *where* could send now beside what it owes (units)."""
    supplier = state.lines[where].supplier
    if supplier < 0 or state.sites[supplier].unlimited != 0:
        return math.inf
    return float(state.sites[supplier].on_hand - state.sites[supplier].backlog)


@compiled_part
def rank_of(state: State, where: int, choice: int, quantity: float, now: int) -> float:
    """Return the rank of the supplier of line *where* for an order of *quantity*; the lowest is asked first."""
    line = state.lines[where]
    if choice == FIRST:
        return 0.0
    if choice == AVAILABLE:
        return 0.0 if in_stock(state, where) >= quantity else 1.0
    if choice == CHEAPEST:
        return float(cost_of(state, where, quantity) / quantity)
    if choice == FASTEST:
        return float(line.lead_mean + line.step_ticks)
    if choice == RANDOM:
        key = state.keys[SUPPLIER]
        # The first of several exponential times comes from each with its rate as chance.
        return float(-math.log(uniform(key[0], key[1], state.line_entity[where], now, 0)) / line.share)
    if choice == RANKED:
        return float(state.sources[where].rank)
    raise ValueError("a rule for choosing suppliers that the flow does not know")


@compiled_part
def best_ranked(state: State, item: int, quantity: float, reach: int, now: int) -> int:
    """Return the line of an input that is asked next for *quantity*, or -1 when all have been asked."""
    material = state.inputs[item]
    best, lowest = -1, math.inf
    for position in range(material.first_line, material.last_line):
        where = state.in_lines[position]
        if state.lines[where].allotted > 0.0 or not takes_orders(state, where, reach):
            continue
        rank = rank_of(state, where, material.choice, covering(state, where, quantity), now)
        if best < 0 or rank < lowest or (rank == lowest and stands_before(state, where, best)):
            best, lowest = where, rank
    return int(best)


@inlined_part
def stands_before(state: State, where: int, other: int) -> bool:
    """Return whether line *where* goes before another one that is equal otherwise."""
    return bool(state.sources[where].standing < state.sources[other].standing)


@compiled_part
def allot_by_rank(state: State, item: int, quantity: float, reach: int, now: int) -> None:
    """Allot an order to one supplier of an input after the other, each as much of the rest as its lots allow."""
    left, dust = quantity, _DUST * quantity
    where = best_ranked(state, item, left, reach, now)
    while where >= 0 and left > dust:
        state.lines[where].allotted = covering(state, where, left)
        left -= state.lines[where].allotted
        where = best_ranked(state, item, left, reach, now) if left > dust else -1


@compiled_part
def enter_claims(state: State, item: int, quantity: float, weight: float, reach: int) -> float:
    """Add to what suppliers of an input are behind their shares those in an order; return what all claim (units)."""
    material = state.inputs[item]
    total = 0.0
    for position in range(material.first_line, material.last_line):
        where = state.in_lines[position]
        line = state.lines[where]
        if takes_orders(state, where, reach):
            line.turn += quantity * line.share / weight
            total += max(0.0, line.turn)
    return total


@compiled_part
def allot_by_shares(state: State, item: int, quantity: float, weight: float, reach: int) -> float:
    """Allot the lots that fit into what each supplier of an input claims of an order; return what is left (units)."""
    material = state.inputs[item]
    claimed = enter_claims(state, item, quantity, weight, reach)
    # Together they get no more than is ordered, whoever stands first.
    part = quantity / claimed if claimed > quantity else 1.0
    left = quantity
    for position in range(material.first_line, material.last_line):
        where = state.in_lines[position]
        source = state.sources[where]
        if takes_orders(state, where, reach):
            claim = part * max(0.0, state.lines[where].turn)
            state.lines[where].allotted = lot_below(claim, source.minimum, source.multiple, source.maximum)
            left -= state.lines[where].allotted
    return left


@compiled_part
def cost_of_covering(state: State, where: int, left: float) -> float:
    """Return the cost per unit covered of raising what line *where* is allotted so that it covers what is *left*.

    It is infinite for a supplier that takes no more.
    """
    before = state.lines[where].allotted
    after = covering(state, where, before + left)
    covered = min(after - before, left)
    if covered <= 1e-12 * after:
        return math.inf
    return float((cost_of(state, where, after) - cost_of(state, where, before)) / covered)


@compiled_part
def is_cheaper(state: State, where: int, cost: float, best: int, lowest: float) -> bool:
    """Return whether line *where* covers what is left better than the best one so far.

    Among equals who is further behind its share comes first, and then who stands before the other.
    """
    if best < 0 or math.isinf(lowest):
        return True
    # Rounding must not choose between suppliers of equal cost.
    margin = 1e-9 * abs(lowest)
    if abs(cost - lowest) > margin:
        return bool(cost < lowest)
    line, other = state.lines[where], state.lines[best]
    behind = (line.turn - line.allotted) - (other.turn - other.allotted)
    margin = 1e-9 * max(abs(line.turn), abs(other.turn))
    return bool(behind > margin or (behind >= -margin and stands_before(state, where, best)))


@compiled_part
def cheapest_covering(state: State, item: int, left: float, reach: int) -> int:
    """Return the line of an input that covers what is *left* at the least cost per unit covered, -1 for none."""
    material = state.inputs[item]
    best, lowest = -1, math.inf
    for position in range(material.first_line, material.last_line):
        where = state.in_lines[position]
        if not takes_orders(state, where, reach):
            continue
        cost = cost_of_covering(state, where, left)
        if not math.isinf(cost) and is_cheaper(state, where, cost, best, lowest):
            best, lowest = where, cost
    return int(best)


@compiled_part
def cover(state: State, item: int, left: float, dust: float, reach: int) -> None:
    """Allot what is *left* of an order to whoever covers it at the least cost, until it is covered or nobody can."""
    while left > dust:
        where = cheapest_covering(state, item, left, reach)
        if where < 0:
            return
        before = state.lines[where].allotted
        state.lines[where].allotted = covering(state, where, before + left)
        left -= state.lines[where].allotted - before


@compiled_part
def keep_turns(state: State, item: int, quantity: float, weight: float, reach: int) -> None:
    """Note by how much each supplier of an input is behind its share of what was allotted, at most one lot."""
    material = state.inputs[item]
    total = largest = 0.0
    for position in range(material.first_line, material.last_line):
        where = state.in_lines[position]
        source = state.sources[where]
        total += state.lines[where].allotted
        largest = max(largest, least_lot(source.minimum, source.multiple))
    for position in range(material.first_line, material.last_line):
        where = state.in_lines[position]
        line = state.lines[where]
        if takes_orders(state, where, reach):
            # Their shares in what was ordered count, not in what was wanted.
            behind = line.turn + (total - quantity) * line.share / weight - line.allotted
            line.turn = min(max(behind, -largest), largest)


@compiled_part
def allot(state: State, item: int, quantity: float, weight: float, reach: int, now: int) -> None:
    """Allot an order of *quantity* of an input to its suppliers, whose shares sum to *weight*."""
    if state.inputs[item].choice != SHARES:
        allot_by_rank(state, item, quantity, reach, now)
    else:
        left = allot_by_shares(state, item, quantity, weight, reach)
        cover(state, item, left, _DUST * quantity + dust_of(state, state.inputs[item].site), reach)
        keep_turns(state, item, quantity, weight, reach)
    count_allotted(state, item)


@compiled_part
def count_allotted(state: State, item: int) -> None:
    """Note what an order of an input comes to, and the discounts on its parts."""
    material = state.inputs[item]
    total = 0.0
    for position in range(material.first_line, material.last_line):
        where = state.in_lines[position]
        quantity = state.lines[where].allotted
        total += quantity
        state.sources[where].rebate += quantity * discount_on(state, where, quantity)
    state.rules[item].ordered = total
