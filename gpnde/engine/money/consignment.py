"""Consigned materials: what suppliers work on, and their buyers have paid for and own.

What a supplier pays for its materials its buyers pay back at once, in the part that their contracts say; what it sells
to them costs less by that part of the materials in it, at what they cost then. So buyers bear the capital that is in
these materials, and the risk that they lose worth.
"""

from __future__ import annotations

import numpy as np

from gpnde.engine.money.payments import parties, per_firm
from gpnde.world.layout import Floats
from gpnde.world.world import World


def is_consigned(world: World) -> bool:
    """Return whether under some contract buyers own materials of their suppliers."""
    return bool(world.terms["consigned_share"].any())


def consigned_shares(world: World) -> Floats:
    """Return the part of its supplier's materials that the buyer of each line owns (1); shape (lines,).

    Each buyer has to do with as much of the materials as it has bought of what is made from them, so far.
    """
    lines, sites = world.state.lines, len(world.state.sites)
    seller, buyer = parties(world)
    sold = np.flatnonzero((lines["supplier"] >= 0) & (lines["active"] == 1))
    supplier, bought = lines["supplier"][sold], lines["shipped"][sold]
    total = np.bincount(supplier, bought, sites)[supplier]
    equal = 1.0 / np.bincount(supplier, minlength=sites)[supplier]
    part = np.divide(bought, total, out=equal, where=total > 0.0)
    found = np.zeros(len(lines))
    found[sold] = part * world.terms_of(sold)["consigned_share"] * (seller != buyer)[sold] * (buyer >= 0)[sold]
    return found


def materials_per_unit(world: World) -> Floats:
    """Return what the inputs of a good unit cost, landed and scrap included (money); shape (sites,)."""
    state = world.state
    used = np.flatnonzero((state.lines["input"] >= 0) & (state.lines["active"] == 1))
    item = state.lines["input"][used]
    share = state.lines["share"][used]
    total = np.bincount(item, share, len(state.inputs))[item]
    weight = np.divide(share, total, out=np.zeros(len(share)), where=total > 0.0)
    spent = weight * world.landed[used] * state.inputs["per_unit"][item]
    per_site = np.bincount(state.inputs["site"][item], spent, len(state.sites))
    # A site that has lost its suppliers goes by what it paid last.
    bought = np.bincount(state.inputs["site"][item], minlength=len(state.sites)) > 0
    return np.where(bought, per_site / state.sites["mean_yield"], world.factories["material_cost"])


def paid_back(world: World, sent: Floats) -> Floats:
    """Return what the buyer of each line pays back of the materials that its supplier was *sent*; shape (lines,)."""
    lines, landed = world.state.lines, world.landed
    bought = lines["buyer"] >= 0
    paid = np.bincount(lines["buyer"][bought], (sent * landed)[bought], len(world.state.sites))
    return np.where(lines["supplier"] >= 0, consigned_shares(world) * paid[lines["supplier"]], 0.0)


def deducted(world: World, sent: Floats, value: Floats) -> Floats:
    """Return by how much the *value* of what was *sent* is lowered, as its buyers own materials in it; shape (lines,).

    No line is lowered below zero.
    """
    lines = world.state.lines
    seller, buyer = parties(world)
    between = (seller >= 0) & (buyer >= 0) & (seller != buyer)
    per_unit = np.where(between, world.terms_of(np.arange(len(lines)))["consigned_share"], 0.0)
    return np.minimum(sent * per_unit * np.append(materials_per_unit(world), 0.0)[lines["supplier"]], value)


def by_owner(world: World, values: Floats, materials: Floats) -> Floats:
    """Return what goods at sites are worth to each firm (money); shape (firms,).

    *values* are those of all goods at each site, *materials* what of them materials are worth; shapes (sites,).
    """
    owned = per_firm(world, world.state.sites["firm"], values)
    if not is_consigned(world):
        return owned
    supplier, (seller, buyer) = world.state.lines["supplier"], parties(world)
    consigned = consigned_shares(world) * np.append(materials, 0.0)[supplier]
    return owned - per_firm(world, seller, consigned) + per_firm(world, buyer, consigned)
