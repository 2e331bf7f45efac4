"""Batches: what a single server works one after another, each in a time of its own.

An order for materials stands for one batch per supplier or, where it is of whole lots, per lot. Where a site makes to
order, or orders up to a level at every change, each order to it is a batch. Batches of one input are of equal size.
"""

from __future__ import annotations

import math

from gpnde.numerics.compiled import compiled_part, inlined_part
from gpnde.world.layout import ORDER_UP_TO, State

_MOST = 30_000
"""Orders that are told apart between two reviews: what a record holds."""


@inlined_part
def count_asked(state: State, number: int, orders: int) -> None:
    """Count *orders* that site *number* has read since its last review."""
    site = state.sites[number]
    site.asked = min(int(site.asked) + orders, _MOST)


@inlined_part
def count_ordered(state: State, number: int, item: int, parts: float) -> None:
    """Count the batches that an order for an input of site *number* stands for: its *parts*, for each order to it."""
    site = state.sites[number]
    if site.makes_to_order != 0 or (site.review == 0 and site.rule == ORDER_UP_TO):
        # Losses or scrap make a site order without having been asked for anything; that is one batch still.
        parts *= max(1.0, float(site.asked))
    state.inputs[item].batches += parts


@inlined_part
def take_off_order(state: State, item: int, quantity: float) -> None:
    """Note that *quantity* of an input will not come; fewer batches are then waited for."""
    material = state.inputs[item]
    # The batches stand for all that was in stock and on order before the loss.
    total = material.stock + material.on_order
    material.on_order -= quantity
    if total > 0.0:
        material.batches *= max(0.0, 1.0 - quantity / total)


@compiled_part
def waiting_batches(state: State, number: int) -> float:
    """Return how many batches the materials in the stock of site *number* make up, at least one."""
    site = state.sites[number]
    most = 1.0
    for item in range(site.first_input, site.last_input):
        material = state.inputs[item]
        total = material.stock + max(0.0, material.on_order)
        if total > 0.0:
            most = max(most, math.floor(material.batches * material.stock / total + 0.5))
    return most


@compiled_part
def count_started(state: State, number: int, units: float) -> None:
    """Take what *units* of output need off the batches of site *number*, before the materials are taken."""
    site = state.sites[number]
    for item in range(site.first_input, site.last_input):
        material = state.inputs[item]
        total = material.stock + max(0.0, material.on_order)
        if total > 0.0:
            material.batches *= max(0.0, 1.0 - units * material.per_unit / total)
