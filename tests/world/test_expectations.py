"""Expectations: mean flows, their spread and unit costs solve the linear systems that they stand for."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from gpnde.world import layout
from gpnde.world.expectations import (
    flow_deviations,
    inside_lines,
    mean_flows,
    passed_upstream,
    unit_costs,
)
from gpnde.world.layout import Floats, Records

demands = st.floats(0.0, 1e3)


class Network(NamedTuple):
    """Sites, what they buy and the lines that bring it; a site buys from sites of higher number."""

    sites: Records
    inputs: Records
    lines: Records

    def weights(self, power: int = 1) -> Floats:
        """Return the units that each supplier (row) is asked for per unit of each buyer (column), to a power."""
        matrix = np.zeros((len(self.sites), len(self.sites)))
        for line in self.lines:
            per_unit = self.inputs[line.input].per_unit / self.sites[line.buyer].mean_yield
            matrix[line.supplier, line.buyer] += (line.share * per_unit) ** power
        return matrix


@st.composite
def networks(draw: st.DrawFn) -> Network:
    """Return a network in which every site but the last buys one or two inputs, each from up to three suppliers."""
    count = draw(st.integers(2, 6))
    inputs: list[tuple[int, float]] = []
    lines: list[tuple[int, int, int, float]] = []
    for buyer in range(count - 1):
        for per_unit in draw(st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=1, max_size=2)):
            suppliers = draw(st.lists(st.integers(buyer + 1, count - 1), min_size=1, max_size=3, unique=True))
            lines += [(supplier, buyer, len(inputs), 1.0 / len(suppliers)) for supplier in suppliers]
            inputs.append((buyer, per_unit))
    yields = draw(st.lists(st.sampled_from([0.5, 0.8, 1.0]), min_size=count, max_size=count))
    return network(yields, inputs, lines)


def network(yields: list[float], inputs: list[tuple[int, float]], lines: list[tuple[int, int, int, float]]) -> Network:
    """Return a network of sites by yield, inputs (site, units) and lines (supplier, buyer, input, share)."""
    made = Network(
        np.zeros(len(yields), dtype=layout.SITE),
        np.zeros(len(inputs), dtype=layout.INPUT),
        np.zeros(len(lines), dtype=layout.LINE),
    )
    made.sites["mean_yield"] = yields
    made.inputs["site"], made.inputs["per_unit"] = zip(*inputs, strict=True)
    for field, column in zip(("supplier", "buyer", "input", "share"), zip(*lines, strict=True), strict=True):
        made.lines[field] = column
    made.lines["market"] = -1
    made.lines["active"] = 1
    return made


def unit_of_demand(net: Network, site: int, size: float = 1.0) -> Floats:
    own = np.zeros(len(net.sites))
    own[site] = size
    return own


@given(npst.arrays(np.float64, (5, 5), elements=st.floats(0, 0.19)), npst.arrays(np.float64, 5, elements=demands))
def test_fixed_point_is_found_in_networks_with_cycles_too(weights: Floats, own: Floats) -> None:
    suppliers, buyers = np.indices((5, 5)).reshape(2, -1)
    total = passed_upstream(own, suppliers, buyers, weights.ravel())
    assert total == pytest.approx(np.linalg.solve(np.eye(5) - weights, own), rel=1e-9, abs=1e-9)


def test_own_demand_is_left_as_it_was() -> None:
    own = np.array([0.0, 10.0])
    passed_upstream(own, np.array([0]), np.array([1]), np.array([2.0]))
    assert own.tolist() == [0.0, 10.0]


@given(networks(), st.data())
def test_mean_flows_solve_the_leontief_system(net: Network, data: st.DataObject) -> None:
    own = data.draw(npst.arrays(np.float64, len(net.sites), elements=demands))
    flows = mean_flows(*net, own)
    assert flows == pytest.approx(np.linalg.solve(np.eye(len(own)) - net.weights(), own), rel=1e-9, abs=1e-9)


@given(networks(), st.data())
def test_variances_go_upstream_by_the_squares_of_the_weights(net: Network, data: st.DataObject) -> None:
    own = data.draw(npst.arrays(np.float64, len(net.sites), elements=demands))
    variances = np.linalg.solve(np.eye(len(own)) - net.weights(power=2), own**2)
    assert flow_deviations(*net, own) ** 2 == pytest.approx(variances, rel=1e-9, abs=1e-6)


def test_independent_deviations_add_by_their_squares() -> None:
    net = network([1.0, 1.0, 1.0], [(0, 1.0), (1, 1.0)], [(2, 0, 0, 1.0), (2, 1, 1, 1.0)])
    assert flow_deviations(*net, np.array([3.0, 4.0, 0.0])).tolist() == [3.0, 4.0, 5.0]


def test_yield_and_bill_of_materials_multiply_what_is_needed() -> None:
    net = network([0.5, 1.0], [(0, 3.0)], [(1, 0, 0, 1.0)])
    assert mean_flows(*net, np.array([10.0, 0.0])).tolist() == [10.0, 60.0]


def test_lines_that_are_closed_or_lead_outside_carry_nothing_inside() -> None:
    net = network([1.0] * 3, [(0, 1.0)], [(1, 0, 0, 0.5), (2, 0, 0, 0.5), (-1, 0, 0, 0.5), (0, -1, -1, 1.0)])
    net.lines["active"][1] = 0
    assert inside_lines(net.lines)["supplier"].tolist() == [1]
    assert mean_flows(*net, np.array([8.0, 0.0, 0.0])).tolist() == [8.0, 4.0, 0.0]


def without_prices(net: Network) -> Floats:
    return np.full(len(net.lines), math.nan)


def no_freight(net: Network) -> Floats:
    return np.zeros(len(net.lines))


def test_freight_enters_the_cost_of_the_buyer_and_no_price() -> None:
    net = network([1.0, 0.5], [(0, 2.0)], [(1, 0, 0, 1.0)])
    cost, prices = unit_costs(*net, np.array([1.0, 10.0]), np.zeros(1), without_prices(net), np.array([3.0]))
    assert prices.tolist() == [10.0]
    assert cost.tolist() == [1.0 + 2.0 * (10.0 + 3.0), 10.0]


@given(networks(), st.floats(0.0, 0.5), st.data())
def test_unit_costs_solve_the_price_system(net: Network, markup: float, data: st.DataObject) -> None:
    added = data.draw(npst.arrays(np.float64, len(net.sites), elements=st.floats(0.1, 100.0)))
    cost, prices = unit_costs(*net, added, np.full(len(net.lines), markup), without_prices(net), no_freight(net))
    expected = np.linalg.solve(np.eye(len(added)) - (1.0 + markup) * net.weights().T, added)
    assert cost == pytest.approx(expected, rel=1e-9)
    assert prices == pytest.approx(cost[net.lines["supplier"]] * (1.0 + markup))


@given(networks())
def test_value_of_final_demand_is_the_value_added_along_the_way(net: Network) -> None:
    """Without markups, what the customer pays is the sum of what all sites add to the flows behind it."""
    added = np.arange(1.0, len(net.sites) + 1.0)
    cost, _ = unit_costs(*net, added, np.zeros(len(net.lines)), without_prices(net), no_freight(net))
    own = unit_of_demand(net, 0, 7.0)
    assert cost @ own == pytest.approx(added @ mean_flows(*net, own))


def test_given_price_counts_in_place_of_the_cost_behind_it() -> None:
    net = network([1.0, 1.0], [(0, 2.0)], [(1, 0, 0, 0.5), (-1, 0, 0, 0.5)])
    given_prices = np.array([math.nan, 4.0])
    cost, prices = unit_costs(*net, np.array([1.0, 10.0]), np.array([0.1, 9.9]), given_prices, no_freight(net))
    assert prices.tolist() == pytest.approx([11.0, 4.0])
    assert cost.tolist() == pytest.approx([1.0 + 11.0 + 4.0, 10.0])


def test_price_to_a_market_is_cost_and_markup_but_enters_no_cost() -> None:
    net = network([1.0, 1.0], [(0, 1.0)], [(1, 0, 0, 1.0), (0, -1, -1, 1.0)])
    cost, prices = unit_costs(*net, np.array([1.0, 2.0]), np.array([0.0, 0.5]), without_prices(net), no_freight(net))
    assert cost.tolist() == [3.0, 2.0]
    assert prices.tolist() == [2.0, 4.5]
