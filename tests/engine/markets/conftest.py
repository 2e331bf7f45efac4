"""Three flagships that sell drives against each other, made of heads from two suppliers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from gpnde.scenario.check import check_scenario
from gpnde.scenario.schema import Scenario

Rivals = Callable[..., Scenario]

MAKERS = ("alpha", "beta", "gamma")
"""The flagships; each has a plant of its own name."""


def _rivals(
    *,
    makers: Mapping[str, float] | None = None,
    rivalry: Mapping[str, Any] | None = None,
    generations: Mapping[str, Any] | None = None,
    product: Mapping[str, Any] | None = None,
    market: Mapping[str, Any] | None = None,
    sites: Mapping[str, Mapping[str, Any]] | None = None,
    links: Mapping[str, Mapping[str, Any]] | None = None,
    money: float = 1.0,
    **blocks: Any,
) -> Scenario:
    """Return a checked scenario; *makers* are flagships with their capability in product development.

    *sites* and *links* change plants and what they buy, by flagship; *money* is the unit that all costs count in.
    """
    able = dict.fromkeys(MAKERS, 0.9) if makers is None else makers
    drive = {"made_of": {"head": 1}, "uncertainty": 0.2, "value_added": 40 * money, "generations": generations or {}}
    plants = [
        {"name": name, "firm": name, "product": "drive", "function": "assembly_test", **(sites or {}).get(name, {})}
        for name in able
    ]
    sold = {
        "name": "world",
        "product": "drive",
        "served_by": list(able),
        "demand": {"law": "gamma(mean=100, cv=0.1)", "every_days": 1},
        "rivalry": {"price_sensitivity": 0.05 / money, **(rivalry or {})},
        **(market or {}),
    }
    bought = [{"buyer": name, "supplier": "heads", "lead_time": 3, **(links or {}).get(name, {})} for name in able]
    scenario = Scenario.model_validate(
        {
            "name": "rivals",
            "clock": {"days": 728},
            "products": {
                "head": {"value_added": 10 * money, "outside_cost": 20 * money},
                "drive": {**drive, **(product or {})},
            },
            "firms": [
                *(
                    {"name": name, "role": "brand-leader", "tier": 0, "knowledge": {"product_dev": k}}
                    for name, k in able.items()
                ),
                {"name": "heads", "role": "lead-supplier", "knowledge": {"product_dev": 0.3}},
            ],
            "sites": [*plants, {"name": "heads", "firm": "heads", "product": "head"}],
            "links": [*bought, {"buyer": "heads", "supplier": "outside", "product": "head"}],
            "markets": [sold],
            "ordering": {"review_days": 7},
            **blocks,
        }
    )
    check_scenario(scenario)
    return scenario


@pytest.fixture(scope="session")
def rivals() -> Rivals:
    """Return a maker of scenarios in which three flagships are rivals."""
    return _rivals
