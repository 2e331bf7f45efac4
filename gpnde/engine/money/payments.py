"""Payments by double entry: money enters from outside the network, moves between firms, or leaves it."""

from __future__ import annotations

import numpy as np

from gpnde.world.layout import Floats, Integers
from gpnde.world.world import World


def invest(world: World, amounts: Floats) -> None:
    """Pay for learning and new functions; the money leaves the network; shape (firms,)."""
    spend(world, np.where(world.firms["active"] == 1, amounts, 0.0))


def receive(world: World, amounts: Floats) -> None:
    """Credit firms with transfers from outside the network, which are no revenue; shape (firms,)."""
    world.firms["cash"] += amounts
    world.flows.inflow += float(amounts.sum())


def pay(world: World, amounts: Floats, to: int) -> None:
    """Pay *amounts*, shape (firms,), to the firm *to*, or to the world outside (-1)."""
    paid = np.where(world.firms["active"] == 1, amounts, 0.0)
    spend(world, paid)
    if to >= 0:
        received = float(paid.sum())
        world.firms["cash"][to] += received
        world.firms["revenue"][to] += received
        world.flows.inflow += received


def spend(world: World, amounts: Floats) -> None:
    """Charge firms with expenses that leave the network; shape (firms,)."""
    world.firms["cash"] -= amounts
    world.firms["expense"] += amounts
    world.flows.outflow += float(amounts.sum())


def per_firm(world: World, firm: Integers, amounts: Floats) -> Floats:
    """Return the sum of amounts by *firm*, without those of no firm (-1); shape (firms,)."""
    known = firm >= 0
    return np.bincount(firm[known], amounts[known], len(world.firms)).astype(np.float64)


def parties(world: World) -> tuple[Integers, Integers]:
    """Return selling and buying firm of every line; -1 where it is outside the network."""
    lines, owner = world.state.lines, world.state.sites["firm"]
    seller = np.where(lines["supplier"] >= 0, owner[lines["supplier"]], -1)
    buyer = np.where(lines["buyer"] >= 0, owner[lines["buyer"]], -1)
    return seller, buyer


def stock_value(world: World) -> Floats:
    """Return the value of the finished stock of each firm at cost (money)."""
    sites = world.state.sites
    value = sites["on_hand"] * world.plants["unit_cost"]
    return np.bincount(sites["firm"], value, len(world.firms)).astype(np.float64)
