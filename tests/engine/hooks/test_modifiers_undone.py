"""What components scaled returns to what it was once they give nothing any more."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.plugin import Component, Credit, View, hookimpl
from gpnde.testing import tiny_network
from gpnde.world.layout import Floats

from ...learners import begun, let_pass


class ForAWhile(Component):
    """Scales the flow from the second step to the fourth, and says nothing before and after."""

    name = "disruption.for-a-while"

    @hookimpl
    def capacity(self, view: View) -> float | None:
        """Halve capacity."""
        return _now(view)

    @hookimpl
    def forecast_error(self, view: View) -> float | None:
        """Halve the error."""
        return _now(view)

    @hookimpl
    def demand(self, view: View) -> float | None:
        """Halve demand."""
        return _now(view)

    @hookimpl
    def credit_terms(self, view: View) -> Credit | None:
        """Halve credit."""
        factor = _now(view)
        return None if factor is None else Credit(factor=factor)


def _now(view: View) -> float | None:
    return 0.5 if 50 < view.day < 110 else None


def level(simulation: Any, what: str) -> Floats:
    """Return what a hook scales."""
    state, firms = simulation.world.state, simulation.world.firms
    found = {
        "capacity": state.sites["capacity"],
        "forecast_error": state.sites["safety"],
        "demand": state.markets["factor"],
        "credit_terms": firms["credit"],
    }
    return np.array(found[what])


@pytest.mark.parametrize("what", ["capacity", "forecast_error", "demand", "credit_terms"])
def test_what_was_scaled_returns_once_no_component_scales_it(what: str) -> None:
    steady = {"products.set.price_erosion_per_week": 0, "location": None, "knowledge": None}
    simulation = begun(tiny_network(**steady), ForAWhile())
    levels = []
    for day in (27, 57, 113):
        let_pass(simulation, day)
        levels.append(level(simulation, what))
    before, during, after = levels
    np.testing.assert_allclose(during, 0.5 * before)
    np.testing.assert_allclose(after, before)
