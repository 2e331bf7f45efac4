"""Plants that make several products: how their lines share each tick, and the time that set-ups take of it.

Time is counted in ticks. A line that is granted part of a tick starts at most that part of its capacity.
"""

from __future__ import annotations

import math

from gpnde.engine.kernel.production import capacity_of_days, from_materials, is_dust
from gpnde.numerics.compiled import compiled_part
from gpnde.world.layout import State
from gpnde.world.plant_layout import BY_PRIORITY, BY_SHARE, BY_WORK, CYCLE, LONGEST_QUEUE, RUN_OUT

_DUST = 1e-9
"""What rounding may leave of a run, or of work (ticks)."""


@compiled_part
def share_plants(state: State, now: int) -> None:
    """Grant the lines of every plant their parts of this tick, by what waits at its start."""
    for number in range(state.plants.shape[0]):
        pass_idle_time(state, number, now)
        is_waiting = _look_at_lines(state, number, now)
        _share(state, number, is_waiting)


@compiled_part
def book_plants(state: State, now: int) -> None:
    """Count how much of what they were granted in this tick the lines of every plant have used."""
    for item in range(state.plant_lines.shape[0]):
        line = state.plant_lines[item]
        used = (state.sites[line.site].started - line.started) / line.rate if line.rate > 0.0 else 0.0
        line.busy += used
        line.idle += max(0.0, line.granted - used)
    for number in range(state.plants.shape[0]):
        state.plants[number].seen = now + 1


@compiled_part
def pass_idle_time(state: State, number: int, now: int) -> None:
    """Count the ticks up to *now* at which plant *number* was not looked at, since nothing waited there."""
    plant = state.plants[number]
    elapsed = now - plant.seen
    plant.seen = now
    if elapsed <= 0:
        return
    if not _is_side_by_side(plant.rule):
        state.plant_lines[plant.current].idle += elapsed
        return
    for item in range(plant.first, plant.last):
        state.plant_lines[item].idle += elapsed / (plant.last - plant.first)


@compiled_part
def _is_side_by_side(rule: int) -> bool:
    return bool(rule in (BY_WORK, BY_SHARE))


@compiled_part
def _look_at_lines(state: State, number: int, now: int) -> bool:
    """Write down what each line of a plant can do in this tick, and return whether any has work."""
    plant = state.plants[number]
    is_waiting = False
    for item in range(plant.first, plant.last):
        line = state.plant_lines[item]
        site = state.sites[line.site]
        line.rate = site.capacity if line.law < 0 else capacity_of_days(state, line.site, line.law, now)
        line.started = site.started
        line.granted = 0.0
        line.work = _waiting_work(state, item)
        is_waiting = is_waiting or line.work > 0.0
    return is_waiting


@compiled_part
def _waiting_work(state: State, item: int) -> float:
    """Return how long a line would work on the materials that it has (ticks)."""
    line = state.plant_lines[item]
    if state.sites[line.site].down != 0 or line.rate <= 0.0:
        return 0.0
    possible = from_materials(state, line.site)
    work = 0.0 if is_dust(state, line.site, possible) else float(possible / line.rate)
    # What rounding has left over is no reason to change over.
    return work if work > _DUST else 0.0


@compiled_part
def _share(state: State, number: int, is_waiting: bool) -> None:
    plant = state.plants[number]
    if plant.last - plant.first == 1:
        state.plant_lines[plant.first].granted = 1.0
    elif plant.rule == BY_WORK:
        _share_by_work(state, number)
    elif plant.rule == BY_SHARE:
        for item in range(plant.first, plant.last):
            state.plant_lines[item].granted = state.plant_lines[item].share
    elif not is_waiting:
        # A plant without work stands still, so that it does not matter how often it is looked at.
        state.plant_lines[plant.current].granted = 1.0
    elif plant.rule == CYCLE:
        _turn_cycle(state, number)
    else:
        _run_campaigns(state, number)


@compiled_part
def _share_by_work(state: State, number: int) -> None:
    """Divide a tick in proportion to the work that waits; without any, evenly."""
    plant = state.plants[number]
    whole = 0.0
    for item in range(plant.first, plant.last):
        whole += state.plant_lines[item].work
    for item in range(plant.first, plant.last):
        line = state.plant_lines[item]
        line.granted = line.work / whole if whole > 0.0 else 1.0 / (plant.last - plant.first)


@compiled_part
def _change_over(state: State, number: int, item: int) -> None:
    """Begin to set plant *number* up for another line."""
    plant = state.plants[number]
    line = state.plant_lines[item]
    before = plant.current - plant.first
    plant.setup = state.plant_setups[item, before, 0]
    line.setup_cost += state.plant_setups[item, before, 1]
    line.changeovers += 1
    plant.current = item


@compiled_part
def _set_up(state: State, number: int, left: float) -> float:
    """Spend time on the present set-up, and return what it leaves of the tick."""
    plant = state.plants[number]
    spent = min(left, plant.setup)
    plant.setup -= spent
    state.plant_lines[plant.current].setup += spent
    return float(left - spent)


@compiled_part
def _turn_cycle(state: State, number: int) -> None:
    """Give each line its slot in turn, whether it has work or not; set-ups are part of the slots."""
    plant = state.plants[number]
    left = 1.0
    while left > 0.0:
        if plant.left <= _DUST:
            item = plant.current + 1 if plant.current + 1 < plant.last else plant.first
            _change_over(state, number, item)
            plant.left = state.plant_lines[item].slot - plant.setup
        left = _set_up(state, number, left)
        run = min(left, plant.left)
        state.plant_lines[plant.current].granted += run
        plant.left -= run
        left -= run


@compiled_part
def _run_campaigns(state: State, number: int) -> None:
    """Work on one line at a time; what nobody has work for stays with the line that the plant is set up for."""
    plant = state.plants[number]
    left = 1.0
    # Very short runs would change over again and again within a tick.
    for _ in range(2 * (plant.last - plant.first)):
        if left <= _DUST or not (_goes_on(state, number) or _choose_next(state, number)):
            break
        left = _set_up(state, number, left)
        left -= _run(state, number, left)
    state.plant_lines[plant.current].granted += left


@compiled_part
def _goes_on(state: State, number: int) -> bool:
    """Return whether the present line has work, and its set-up or least run is not over."""
    plant = state.plants[number]
    return bool(state.plant_lines[plant.current].work > 0.0 and (plant.setup > 0.0 or plant.left > _DUST))


@compiled_part
def _choose_next(state: State, number: int) -> bool:
    """Set the plant up for the line with work that comes first by the rule; return whether there is one."""
    plant = state.plants[number]
    best, lowest = -1, math.inf
    for item in range(plant.first, plant.last):
        if state.plant_lines[item].work <= 0.0:
            continue
        rank = _rank(state, item, plant.rule)
        # Among equals the line that the plant is set up for stays.
        if best < 0 or rank < lowest or (rank == lowest and item == plant.current):
            best, lowest = item, rank
    if best >= 0 and best != plant.current:
        _change_over(state, number, best)
        plant.left = plant.least
    return best >= 0


@compiled_part
def _rank(state: State, item: int, rule: int) -> float:
    """Return by what the rule compares lines, the lowest first."""
    line = state.plant_lines[item]
    if rule == BY_PRIORITY:
        return float(item)
    if rule == LONGEST_QUEUE:
        return float(-line.work)
    if rule == RUN_OUT:
        return _run_out(state, line.site)
    raise ValueError("a rule of plants that the flow does not know")


@compiled_part
def _run_out(state: State, number: int) -> float:
    """Return how long stock and work in process of site *number* last, in parts of the time that has passed."""
    site = state.sites[number]
    if site.total_demand > 0.0:
        return float((site.on_hand + site.wip - site.backlog) / site.total_demand)
    return -math.inf if site.backlog > 0.0 else math.inf


@compiled_part
def _run(state: State, number: int, left: float) -> float:
    """Work on the present line, up to its least run while that lasts; return how long."""
    plant = state.plants[number]
    line = state.plant_lines[plant.current]
    run = min(left, line.work)
    if plant.left > _DUST:
        run = min(run, plant.left)
        plant.left -= run
    line.granted += run
    line.work -= run
    return float(run)
