"""Bargaining over the prices of supplies (E28): offers, the buyer's outside option, and how the gain is split.

All prices are per unit. Arguments may be numbers or arrays; arrays are broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = float | NDArray[np.float64]


def fixed_cost_weight(load: Numbers, idle_load: float, load_range: float, most: float) -> NDArray[np.float64]:
    """Return how much of their fixed cost sellers ask for, by their load: none when idle, *most* when overrun.

    >>> fixed_cost_weight(np.array([0.3, 0.85, 2.0]), idle_load=0.5, load_range=0.35, most=1.6)
    array([0. , 1. , 1.6])
    """
    return np.clip((np.asarray(load) - idle_load) / load_range, 0.0, most)


def offer(variable_cost: Numbers, fixed_cost: Numbers, weight: Numbers) -> NDArray[np.float64]:
    """Return what a seller asks for at least: variable cost, and fixed cost by its weight (money).

    >>> float(offer(8.0, 2.0, 0.5))
    9.0
    """
    return np.asarray(variable_cost + np.asarray(weight) * fixed_cost)


def replacement_cost(
    offers: NDArray[np.float64], room: NDArray[np.float64], volume: NDArray[np.float64], worth: NDArray[np.float64]
) -> NDArray[np.float64]:
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
    ordered = np.arange(len(offers))[:, None], np.argsort(offers, axis=1, kind="stable")
    by_price = np.minimum(offers[ordered], worth[:, None])
    need = volume[:, None]
    by_room = np.minimum(room[ordered], need)
    reached = np.minimum(np.cumsum(by_room, axis=1), need)
    taken = reached.copy()
    taken[:, 1:] -= reached[:, :-1]
    missing = volume - reached[:, -1] if reached.shape[1] else volume
    return np.asarray(((taken * by_price).sum(axis=1) + missing * worth) / volume)


def worth_of_input(output_price: Numbers, other_cost: Numbers, materials: Numbers) -> NDArray[np.float64]:
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


def split_price(asked: Numbers, outside: Numbers, weight: Numbers, variable_cost: Numbers) -> NDArray[np.float64]:
    """Return the price that gives the seller *weight* of the gain from trade (Nash, 1950, with unequal weights).

    Where the seller asks for more than the buyer's outside option, it has to meet that, down to its variable cost.

    >>> split_price(np.array([10.0, 10.0, 10.0]), np.array([14.0, 9.0, 6.0]), 0.25, 8.0)
    array([11.,  9.,  8.])
    """
    gain = np.asarray(outside) - asked
    return np.where(gain > 0.0, asked + np.asarray(weight) * gain, np.maximum(variable_cost, outside))
