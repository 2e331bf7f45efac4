"""Effects of capability: levels at both ends, direction, and factors that compose."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.capability_effects import lead_time_level, productivity, response_level, yield_level

shares = st.floats(0.0, 1.0)
capabilities = st.floats(0.0, 1.2)


@given(st.floats(0.0, 1.0), capabilities, capabilities)
def test_productivity_gains_multiply(sensitivity: float, first: float, second: float) -> None:
    together = float(productivity(sensitivity, first + second))
    assert together == pytest.approx(float(productivity(sensitivity, first) * productivity(sensitivity, second)))


def test_productivity_at_known_points() -> None:
    assert productivity(np.array([0.3, 0.0, 0.3]), np.array([1.0, 1.0, 0.0])) == pytest.approx(
        np.array([1.349859, 1.0, 1.0])
    )


@given(capabilities, shares, shares, st.floats(0.0, 5.0), shares)
def test_yield_lies_between_the_lowest_and_the_highest(
    capability: float, one: float, other: float, curvature: float, complexity: float
) -> None:
    lowest, highest = sorted((one, other))
    level = float(yield_level(capability, lowest, highest, curvature, complexity))
    assert lowest - 1e-12 <= level <= highest + 1e-12


@given(shares, shares, st.floats(0.1, 5.0), shares)
def test_yield_never_falls_with_capability(one: float, other: float, curvature: float, complexity: float) -> None:
    worse, better = yield_level(np.array(sorted((one, other))), 0.7, 0.99, curvature, complexity)
    assert better >= worse - 1e-12


@pytest.mark.parametrize(
    ("capability", "curvature", "complexity", "expected"),
    [
        (0.0, 2.0, 1.0, 0.70),
        (1.0, 2.0, 1.0, 0.99),
        (1.1, 0.5, 1.0, 0.99),
        (0.5, 2.0, 1.0, 0.9175),
        (0.0, 2.0, 0.5, 0.845),
    ],
)
def test_yield_at_known_points(capability: float, curvature: float, complexity: float, expected: float) -> None:
    assert float(yield_level(capability, 0.70, 0.99, curvature, complexity)) == pytest.approx(expected)


def test_simple_product_needs_no_capability() -> None:
    assert float(yield_level(0.0, 0.70, 0.99, 1.0, 0.0)) == 0.99


@pytest.mark.parametrize(("coordination", "expected"), [(0.0, 1.0), (0.5, 0.85), (1.0, 0.7)])
def test_lead_time_falls_evenly_with_coordination(coordination: float, expected: float) -> None:
    assert float(lead_time_level(coordination, 0.3)) == pytest.approx(expected)


@given(shares, shares, st.floats(0.0, 3.0))
def test_response_time_falls_by_equal_ratios(one: float, other: float, sensitivity: float) -> None:
    ratio = float(response_level(one + other, sensitivity) / response_level(one, sensitivity))
    assert ratio == pytest.approx(np.exp(-sensitivity * other))


def test_every_level_meets_arrays_of_firms() -> None:
    capability = np.linspace(0.0, 1.0, 4)
    levels = [
        productivity(0.3, capability),
        yield_level(capability, 0.7, 0.99, 1.5, 0.5),
        lead_time_level(capability, 0.3),
        response_level(capability, 0.5),
    ]
    assert [level.shape for level in levels] == [(4,)] * 4
