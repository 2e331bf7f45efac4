"""Balances that hold in every run: goods per product, and cash by double entry (V-23)."""

from __future__ import annotations

import numpy as np

from gpnde.world.layout import Floats, State


def _per_product(products: int, numbers: Floats, quantities: Floats) -> Floats:
    sums: Floats = np.bincount(numbers.astype(np.int64), quantities, products).astype(np.float64)
    return sums


def goods_held(state: State, products: int) -> Floats:
    """Return the units of each product in stocks, in production and on the road."""
    sites, inputs, lines = state.sites, state.inputs, state.lines
    return (
        _per_product(products, sites["product"], sites["on_hand"] + sites["wip"])
        + _per_product(products, inputs["product"], inputs["stock"])
        + _per_product(products, lines["product"], lines["in_transit"])
    )


def goods_entered(state: State, products: int) -> Floats:
    """Return the units of each product made, bought outside the network, or brought back by markets."""
    sites, lines, markets = state.sites, state.lines, state.markets
    outside = np.where((lines["supplier"] < 0) & (lines["market"] < 0), lines["shipped"], 0.0)
    return (
        _per_product(products, sites["product"], sites["produced"])
        + _per_product(products, lines["product"], outside)
        + _per_product(products, markets["product"], markets["returned"])
    )


def goods_left(state: State, products: int) -> Floats:
    """Return the units of each product used up, delivered to markets or lost on the way."""
    inputs, lines, markets = state.inputs, state.lines, state.markets
    return (
        _per_product(products, inputs["product"], inputs["used"])
        + _per_product(products, lines["product"], lines["lost"])
        + _per_product(products, markets["product"], markets["delivered"])
    )


def opening_goods(state: State, products: int) -> Floats:
    """Return the units of each product at the start, without shipments from outside, which count as bought."""
    outside = np.where(state.lines["supplier"] < 0, state.lines["in_transit"], 0.0)
    return goods_held(state, products) - _per_product(products, state.lines["product"], outside)


def goods_error(state: State, opening: Floats, written_off: Floats) -> float:
    """Return the largest imbalance of a product relative to all that was ever there of it."""
    products = len(opening)
    entered = opening + goods_entered(state, products)
    left = goods_left(state, products) + written_off
    imbalance = entered - left - goods_held(state, products)
    # Below one unit the error counts in units, or the dust of rounding would loom large.
    return float(np.max(np.abs(imbalance) / np.maximum(entered, 1.0), initial=0.0))
