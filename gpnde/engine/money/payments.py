"""Payments by double entry: money enters from outside the network, moves between firms, or leaves it."""

from __future__ import annotations

import numpy as np

from gpnde.vocabulary import ACCOUNTS, Account, CostKind
from gpnde.world.layout import Floats, Integers
from gpnde.world.world import Booked, CostOwner, World


def enter(world: World, account: Account, amounts: Floats) -> None:
    """Enter income, or expense below 0, in an account of every firm; shape (firms,)."""
    world.entries[ACCOUNTS.index(account)] += amounts


def invest(world: World, amounts: Floats, account: Account) -> None:
    """Pay for learning and new functions; the money leaves the network; shape (firms,)."""
    spend(world, np.where(world.firms["active"] == 1, amounts, 0.0), account)


def buy_plant(world: World, amounts: Floats) -> None:
    """Pay for plant, which is no expense before it wears; the money leaves the network; shape (firms,)."""
    world.firms["cash"] -= amounts
    world.flows.outflow += float(amounts.sum())
    enter(world, "investment", -amounts)


def means(world: World) -> Floats:
    """Return what each firm can invest at most, a share of its cash and of the credit that banks give for this.

    The rest is what it pays its bills with until its customers have paid. Shape (firms,).
    """
    rules, part = world.scenario.finance, world.places.of_firms("credit", 1.0)
    share = 1.0 if rules is None else rules.means_share
    available: Floats = share * np.maximum(world.firms["cash"] + part * world.firms["credit"], 0.0)
    return available


def receive(world: World, amounts: Floats, account: Account) -> None:
    """Credit firms with money from outside the network that is no revenue; shape (firms,)."""
    world.firms["cash"] += amounts
    world.flows.inflow += float(amounts.sum())
    enter(world, account, amounts)


def pay(world: World, amounts: Floats, to: int, account: Account) -> None:
    """Pay *amounts*, shape (firms,), to the firm *to*, or to the world outside (-1)."""
    paid = np.where(world.firms["active"] == 1, amounts, 0.0)
    spend(world, paid, account)
    if to >= 0:
        received = np.zeros(len(paid))
        received[to] = paid.sum()
        world.firms["revenue"] += received
        # `spend` has let the money out of the network; here it comes back in.
        receive(world, received, account)


def spend(world: World, amounts: Floats, account: Account) -> None:
    """Charge firms with expenses that leave the network; shape (firms,)."""
    world.firms["cash"] -= amounts
    world.firms["expense"] += amounts
    world.flows.outflow += float(amounts.sum())
    enter(world, account, -amounts)


def note_cost(world: World, kind: CostKind, owner: CostOwner, amounts: Floats) -> None:
    """Note what was paid for every firm, site or line, where somebody keeps costs (money)."""
    if world.booked is not None:
        # A copy, since what is booked is read only later, when the caller may have gone on writing into its array.
        world.booked.append(Booked(kind, owner, amounts.copy()))


def per_firm(world: World, firm: Integers, amounts: Floats) -> Floats:
    """Return the sum of amounts by *firm*, without those of no firm (-1); shape (firms,)."""
    # What belongs to no firm comes first, and is left out at the end: quicker than to pick out all the rest.
    sums = np.bincount(firm + 1, amounts, len(world.firms) + 1)[1:]
    return np.asarray(sums, dtype=np.float64)
