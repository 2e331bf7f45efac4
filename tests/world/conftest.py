"""A small scenario whose parts a test replaces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gpnde.scenario import Scenario, check_scenario


@pytest.fixture(scope="session")
def describe() -> Callable[..., Scenario]:
    """Return a function that makes a checked scenario: a plant turns two motors into a drive; parts can be replaced."""

    def scenario(**parts: Any) -> Scenario:
        given = {
            "name": "small",
            "products": {"drive": {"made_of": {"motor": 2}}, "motor": {}},
            "clusters": [{"name": "bangkok"}],
            "firms": [{"name": "brand", "tier": 0}, {"name": "maker", "tier": 1}],
            "sites": [
                {"name": "plant", "firm": "brand", "product": "drive", "cluster": "bangkok"},
                {"name": "motors", "firm": "maker", "product": "motor"},
            ],
            "links": [{"buyer": "plant", "supplier": "motors", "lead_time": 3}],
            "markets": [{"name": "world", "product": "drive", "served_by": ["plant"], "demand": {"law": 30}}],
        }
        made = Scenario.model_validate({**given, **parts})
        check_scenario(made)
        return made

    return scenario
