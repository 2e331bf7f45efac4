"""Patience: buyers of a market who have waited too long for their goods give up, the longest waiting first."""

from __future__ import annotations

from gpnde.engine.kernel.orders import cut_off, end_order, mark_received, place_of, reaches, take_out, tell_of_change
from gpnde.numerics.compiled import compiled_part
from gpnde.world.layout import CANCELLED, NEVER, State


@compiled_part
def give_up(state: State, now: int) -> None:
    """Lose what markets have waited for as long as they do, and set when the next of them has."""
    following = NEVER
    for number in range(state.markets.shape[0]):
        market = state.markets[number]
        if market.patience == 0:
            continue
        for position in range(market.first_line, market.last_line):
            where = state.market_lines[position]
            _lose_overdue(state, where, now - market.patience, now)
            line = state.lines[where]
            if line.unshipped < line.tail:
                oldest = state.orders[place_of(state, where, line.unshipped)].placed
                following = min(following, oldest + market.patience)
    state.clock[0].next_loss = following


@compiled_part
def _lose_overdue(state: State, where: int, latest: int, now: int) -> None:
    """Take back the orders of line *where* that were placed at tick *latest* or before, as far as they wait."""
    line = state.lines[where]
    behind = _behind_overdue(state, where, latest)
    if behind == line.unshipped:
        return
    # Before `cut_off`, which may lower the mark of just this order.
    lost = float(state.orders[place_of(state, where, behind - 1)].mark - line.shipped)
    cut_off(state, where)
    for number in range(line.unshipped, behind):
        end_order(state, where, place_of(state, where, number), now, CANCELLED)
        # This moves the orders on the road up by one place, so that in the end they stand just before *behind*.
        take_out(state, where, number)
    line.unshipped = behind
    for number in range(behind, line.tail):
        # Those who still wait come up by what is no longer wanted before them.
        state.orders[place_of(state, where, number)].mark -= lost
    _forget(state, where, lost)
    mark_received(state, where, now)


@compiled_part
def _behind_overdue(state: State, where: int, latest: int) -> int:
    """Return the number behind the last order of line *where* that is due, not wholly sent, and placed by *latest*."""
    line = state.lines[where]
    behind = int(line.unshipped)
    while behind < line.tail:
        order = state.orders[place_of(state, where, behind)]
        if order.placed > latest or not reaches(line.read, order.mark):
            break
        behind += 1
    return behind


@compiled_part
def _forget(state: State, where: int, lost: float) -> None:
    """Take a quantity that the market of line *where* no longer waits for out of the totals."""
    line = state.lines[where]
    left = line.backlog - lost
    if left <= 1e-12 * line.read:
        left = 0.0
    site = state.sites[line.supplier]
    site.backlog = max(0.0, site.backlog - (line.backlog - left))
    line.backlog = left
    line.placed -= lost
    line.read -= lost
    line.cancelled += lost
    state.markets[line.market].lost += lost
    tell_of_change(state, line.supplier)
