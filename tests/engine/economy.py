"""A small economy: a brand in the north whose parts come from two makers in the south."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpnde.scenario.check import check_scenario
from gpnde.scenario.schema import Scenario

BRAND, FIRST, SECOND = range(3)
"""Sites and firms by number."""

_PLANT = {"life_days": 3640, "specific_share": 0.1}

_WORKS = {"capacity_per_day": 130, "price": 60}

_DEMAND = {"law": "normal(mean=100, cv=0.2)"}

_ECONOMY: dict[str, Any] = {
    "name": "small economy",
    "clock": {"days": 728},
    "products": {
        "device": {
            "made_of": {"part": 2},
            "labour_days": 0.5,
            "life_cycle_days": 364,
            "learning_rate": 0.15,
            "experience_carried": 0.5,
            "plant": {"cost": 200_000, "reference_per_day": 100, **_PLANT},
        },
        "part": {
            "made_of": {"raw": 1},
            "labour_days": 0.2,
            "margin": 0.3,
            "plant": {"cost": 100_000, "reference_per_day": 200, **_PLANT},
        },
        "raw": {"outside_cost": 2},
    },
    "countries": [{"name": "north"}, {"name": "south", "currency": {"volatility_per_year": 0.15}}],
    "clusters": [
        {"name": "harbour", "country": "north", "wage_per_day": 40},
        {"name": "valley", "country": "south", "wage_per_day": 10},
    ],
    "firms": [
        {"name": "brand", "role": "brand-leader", "tier": 0},
        {"name": "first", "cash_months": 3},
        {"name": "second", "cash_months": 3},
    ],
    "sites": [
        {
            "name": "works",
            "firm": "brand",
            "product": "device",
            "cluster": "harbour",
            "capacity_per_day": 130,
            "price": 60,
        },
        {"name": "first", "firm": "first", "product": "part", "cluster": "valley", "capacity_per_day": 160},
        {"name": "second", "firm": "second", "product": "part", "cluster": "valley", "capacity_per_day": 160},
    ],
    "links": [
        {"buyer": "works", "supplier": "first", "lead_time": 10, "share": 0.5, "freight": 0.2},
        {"buyer": "works", "supplier": "second", "lead_time": 10, "share": 0.5, "freight": 0.2},
        {"buyer": "first", "product": "raw", "lead_time": 3},
        {"buyer": "second", "product": "raw", "lead_time": 3},
    ],
    "markets": [
        {"name": "world", "product": "device", "served_by": ["works"], "demand": {"law": "normal(mean=100, cv=0.2)"}}
    ],
    "finance": {},
}


def economy(**changes: Any) -> Scenario:
    """Return the small economy with changes: a value by its path, parts joined by two underscores."""
    data = _copied(_ECONOMY)
    for path, value in changes.items():
        *parents, last = path.split("__")
        part = data
        for name in parents:
            part = part[int(name)] if isinstance(part, list) else part.setdefault(name, {})
        if value is None:
            del part[last]
        else:
            part[int(last) if isinstance(part, list) else last] = value
    scenario = Scenario.model_validate(data)
    check_scenario(scenario)
    return scenario


def _copied(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {name: _copied(value) for name, value in part.items()}
    return [_copied(value) for value in part] if isinstance(part, list) else part
