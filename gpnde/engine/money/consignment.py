"""Consigned materials: what suppliers work on, and their buyers have paid for and own.

Buyers own the part of a supplier's materials that their contracts say, each in proportion to what it has bought of
late, and pay for it as it comes in; what they buy costs less by what they own of it, at the price that materials have
then. So buyers bear the capital that is in these materials, and the risk that they lose worth; scrap beyond the usual
is the supplier's. What each owns is counted as units of the supplier's product that could be made of it.
"""

from __future__ import annotations

import numpy as np

from gpnde.engine.money.payments import per_firm
from gpnde.world.expectations import line_flows
from gpnde.world.layout import Flags, Floats
from gpnde.world.world import World

_MEMORY = 0.8
"""Weight of what was sent before beside what was sent since the last settlement (assumption)."""


def is_consigned(world: World) -> bool:
    """Return whether under some contract buyers own materials of their suppliers."""
    return bool(world.terms["consigned_share"].any())


def open_consignment(world: World) -> None:
    """Let the buyers of day 0 own their part of what lies with their suppliers."""
    money, supplier = world.money, world.state.lines["supplier"]
    money["recent_units"] = np.where(supplier >= 0, line_flows(world.state, world.plants["mean_demand"]), 0.0)
    money["owned_units"] = _parts(world) * np.append(units_at(world, materials_per_unit(world)), 0.0)[supplier]


def _parts(world: World) -> Floats:
    """Return the part of the materials of its supplier that the buyer of each line has to do with; shape (lines,)."""
    lines, recent = world.state.lines, world.money["recent_units"]
    sold = lines["supplier"] >= 0
    # Supplier -1, outside, finds the 0 at the end.
    total = np.append(np.bincount(lines["supplier"][sold], recent[sold], len(world.state.sites)), 0.0)
    part = np.divide(recent, total[lines["supplier"]], out=np.zeros(len(lines)), where=total[lines["supplier"]] > 0.0)
    consigned = part * world.terms["consigned_share"][lines["contract"]]
    return np.where(_are_between(world) & (lines["active"] == 1), consigned, 0.0)


def _are_between(world: World) -> Flags:
    """Return which lines are between different firms; shape (lines,)."""
    seller, buyer = world.parties
    return np.asarray((seller >= 0) & (buyer >= 0) & (seller != buyer))


def materials_per_unit(world: World) -> Floats:
    """Return what the inputs of a good unit cost, landed and scrap included (money); shape (sites,)."""
    state = world.state
    used = np.flatnonzero((state.lines["input"] >= 0) & (state.lines["active"] == 1))
    item, share = state.lines["input"][used], state.lines["share"][used]
    site = state.inputs["site"][item]
    total = np.bincount(item, share, len(state.inputs))[item]
    weight = np.divide(share, total, out=np.zeros(len(share)), where=total > 0.0)
    spent = weight * world.landed_of(used) * state.inputs["per_unit"][item]
    per_site = np.bincount(site, spent, len(state.sites))
    # A site that has lost its suppliers goes by what it paid last.
    bought = np.bincount(site, minlength=len(state.sites)) > 0
    return np.where(bought, per_site / state.sites["mean_yield"], world.factories["material_cost"])


def inputs_of(world: World) -> Floats:
    """Return what the inputs of each site are worth, those on the way to it included; shape (sites,)."""
    lines, inputs, landed, sites = world.state.lines, world.state.inputs, world.landed, len(world.state.sites)
    used = np.flatnonzero((lines["input"] >= 0) & (lines["active"] == 1))
    item, share = lines["input"][used], lines["share"][used]
    value, weight = np.bincount(item, share * landed[used], len(inputs)), np.bincount(item, share, len(inputs))
    price = np.divide(value, weight, out=np.zeros(len(weight)), where=weight > 0.0)
    waiting = np.bincount(inputs["site"], inputs["stock"] * price, sites)
    owned = np.flatnonzero(lines["buyer"] >= 0)
    coming = lines["in_transit"][owned] * landed[owned]
    return np.asarray(waiting + np.bincount(lines["buyer"][owned], coming, sites))


def units_at(world: World, per_unit: Floats) -> Floats:
    """Return how many units the materials at each site amount to, in whatever they are by now; shape (sites,).

    *per_unit* is what `materials_per_unit` says.
    """
    sites = world.state.sites
    waiting = np.divide(inputs_of(world), per_unit, out=np.zeros(len(sites)), where=per_unit > 0.0)
    return np.where(per_unit > 0.0, np.maximum(waiting + sites["wip"] + sites["on_hand"], 0.0), 0.0)


def settle_materials(world: World, sent: Floats, value: Floats) -> tuple[Floats, Floats]:
    """Return by how much buyers pay less for what was *sent*, of a *value*, and what they pay for materials besides.

    Each pays at today's price for what it comes to own, its part of what is there now, and has paid for what was in the
    goods that were sent; it is paid for what it owns no longer, as when its link has ended. No line
    is lowered below zero. Shapes (lines,).
    """
    money, supplier = world.money, world.state.lines["supplier"]
    money["recent_units"] = _MEMORY * money["recent_units"] + sent
    costs = materials_per_unit(world)
    per_unit, there = (np.append(each, 0.0)[supplier] for each in (costs, units_at(world, costs)))
    used = np.where(_are_between(world), sent * world.terms["consigned_share"][world.state.lines["contract"]], 0.0)
    owned = _parts(world) * there
    back = (owned - money["owned_units"] + used) * per_unit
    money["owned_units"] = owned
    return np.minimum(used * per_unit, value), back


def give_up(world: World, firm: int) -> None:
    """Let the suppliers of a firm that fails keep what it owns there, and take from it what others own with it."""
    seller, buyer = world.parties
    world.money["owned_units"][(seller == firm) | (buyer == firm)] = 0.0


def by_owner(world: World, units: Floats, inputs: Floats | float = 0.0) -> Floats:
    """Return what goods at sites are worth to each firm (money); shape (firms,).

    *units* are of what each site makes, at cost; *inputs* is the worth of materials beside them. Shapes (sites,).
    """
    unit_cost = world.plants["unit_cost"]
    whole = per_firm(world, world.state.sites["firm"], units * unit_cost + inputs)
    if not is_consigned(world):
        return whole
    supplier, (seller, buyer), per_unit = world.state.lines["supplier"], world.parties, materials_per_unit(world)
    there, owned = np.append(units_at(world, per_unit), 0.0)[supplier], world.money["owned_units"]
    part = np.divide(owned, there, out=np.zeros(len(owned)), where=there > 0.0)
    # Materials may cost more today than the whole unit is in the books for, and nobody owns more than the unit.
    materials = units * np.minimum(per_unit, unit_cost) + inputs
    # What is there may have shrunk since the last settlement below what was owned of it then.
    consigned = np.minimum(part, 1.0) * np.append(materials, 0.0)[supplier]
    return whole - per_firm(world, seller, consigned) + per_firm(world, buyer, consigned)
