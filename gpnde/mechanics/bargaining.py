"""Bargaining over the prices of supplies (E28): offers, the buyer's outside option, and how the gain is split.

All prices are per unit. Arguments may be numbers or arrays; arrays are broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gpnde.numerics.compiled import compiled, compiled_part

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Numbers = float | NDArray[np.float64]


def fixed_cost_weight(load: Numbers, idle_load: float, load_range: float, most: float) -> Floats:
    """Return how much of their fixed cost sellers ask for, by their load: none when idle, *most* when overrun.

    >>> fixed_cost_weight(np.array([0.3, 0.85, 2.0]), idle_load=0.5, load_range=0.35, most=1.6)
    array([0. , 1. , 1.6])
    """
    return np.clip((np.asarray(load) - idle_load) / load_range, 0.0, most)


def offer(variable_cost: Numbers, fixed_cost: Numbers, weight: Numbers) -> Floats:
    """Return what a seller asks for at least: variable cost, and fixed cost by its weight (money).

    >>> float(offer(8.0, 2.0, 0.5))
    9.0
    """
    return np.asarray(variable_cost + np.asarray(weight) * fixed_cost)


def package_price(asked: Numbers, margin: Numbers) -> Floats:
    """Return what a supplier asks for that takes a margin on the whole package, its own work and what it buys for it.

    Who asks for a margin m on cost c = a + b of own work a and bought parts b gets m (a + b): of its own work, the
    margin is m (1 + b / a), the higher the more it buys.

    >>> float(package_price(8.0, 0.25))
    10.0
    """
    return np.asarray(np.asarray(asked) * (1.0 + np.asarray(margin)))


def replacement_cost(offers: Floats, room: Floats, volume: Floats, worth: Floats) -> Floats:
    """Return the buyer's outside option: what a unit costs when rivals deliver the volume in order of their offers.

    Each rival delivers as far as it has room. What nobody can deliver, or only at more than it is worth to the buyer,
    the buyer goes without, and loses its worth. The mean over the volume falls as rivals get more room.

    Parameters
    ----------
    offers
        What each rival would cost the buyer of each link, in money per unit; shape (links, rivals).
    room
        Units that each rival can deliver beside what it sells already, infinite without limit; shape (links, rivals).
    volume
        Units that each link delivers, above 0; shape (links,).
    worth
        What a unit is worth to each buyer, in money; shape (links,).

    Examples
    --------
    >>> offers, room = np.array([[9.0, 8.0]]), np.array([[50.0, 5.0]])
    >>> replacement_cost(offers, room, np.array([10.0]), np.array([20.0]))
    array([8.5])
    """
    spent, missing = np.zeros(offers.shape), np.zeros(len(volume))
    order = np.argsort(offers[:1], axis=1, kind="stable").ravel()
    _buy_cheapest_first(offers, room, volume, worth, order, spent, missing)
    return np.asarray((spent.sum(axis=1) + missing * worth) / volume)


@compiled
def _buy_cheapest_first(
    offers: Floats,
    room: Floats,
    volume: Floats,
    worth: Floats,
    order: Integers,
    spent: Floats,
    missing: Floats,
) -> None:
    """Write what each link spends at each rival, the cheapest first, and what it gets from none.

    *order* holds the rivals as the first link has them. Each finds it as its predecessor left it, nearly in order.
    """
    for link in range(offers.shape[0]):
        _sort_by_price(offers[link], order)
        need, sum_of_room, before = volume[link], 0.0, 0.0
        for rank in range(len(order)):
            sum_of_room += min(room[link, order[rank]], need)
            reached = min(sum_of_room, need)
            spent[link, rank] = (reached - before) * min(offers[link, order[rank]], worth[link])
            before = reached
        missing[link] = need - before


@compiled_part
def _sort_by_price(price: Floats, order: Integers) -> None:
    """Sort the numbers in *order*, which nearly are, by price, and those with the same price by number."""
    for place in range(1, len(order)):
        number, free = order[place], place
        while free > 0 and _is_before(price, number, order[free - 1]):
            order[free] = order[free - 1]
            free -= 1
        order[free] = number


@compiled_part
def _is_before(price: Floats, number: int, other: int) -> bool:
    return price[number] < price[other] or (price[number] == price[other] and number < other)


def worth_of_input(output_price: Numbers, other_cost: Numbers, materials: Numbers) -> Floats:
    """Return by which factor inputs could become dearer until nothing is left of the price of the output.

    What is left is shared among inputs in proportion to what they cost. The factor is at least 1: who sells below
    cost already cannot tell its suppliers to pay for it.

    Parameters
    ----------
    output_price
        What a unit of the output sells for (money).
    other_cost
        What it costs to make without its inputs (money).
    materials
        What its inputs cost (money), above 0.

    Examples
    --------
    >>> float(worth_of_input(output_price=20.0, other_cost=8.0, materials=6.0))
    2.0
    """
    return np.maximum(1.0, (np.asarray(output_price) - other_cost) / materials)


def split_price(asked: Numbers, outside: Numbers, weight: Numbers, variable_cost: Numbers) -> Floats:
    """Return the price that gives the seller *weight* of the gain from trade (Nash, 1950, with unequal weights).

    Where the seller asks for more than the buyer's outside option, it has to meet that, down to its variable cost.

    >>> split_price(np.array([10.0, 10.0, 10.0]), np.array([14.0, 9.0, 6.0]), 0.25, 8.0)
    array([11.,  9.,  8.])
    """
    gain = np.asarray(outside) - asked
    return np.where(gain > 0.0, asked + np.asarray(weight) * gain, np.maximum(variable_cost, outside))
