"""A plant that makes several products from one material, with a market for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gpnde.scenario.check import check_scenario
from gpnde.scenario.schema import Scenario


def works(
    lines: Mapping[str, Mapping[str, Any]],
    *,
    capacity: Any = 100,
    demand: Any = 60,
    days: float = 280,
    stock: float = 0,
    is_shared: bool = True,
    **rest: Any,
) -> Scenario:
    """Return a checked scenario in which the plant ``works`` has these *lines*, each a product and a market.

    Lines make *capacity* units a day each, and markets ask for *demand* every day. Keys of *rest* that a plant has are
    those of the plant, all others are blocks of the scenario.
    """
    names = list(lines)
    of_plant = {key: rest.pop(key) for key in ("rule", "minimum_run_days", "cycle_days") if key in rest}
    products: dict[str, Any] = {"steel": {}, **{name: {"made_of": {"steel": 1}} for name in names}}
    order = {"policy": "make-to-order", "review_days": 1}
    data: dict[str, Any] = {
        "name": "works",
        "clock": {"days": days},
        "products": products,
        "firms": [{"name": "maker", "tier": 0}],
        "sites": [_site(name, capacity, stock) for name in names],
        "links": [{"buyer": name, "supplier": "outside", "product": "steel"} for name in names],
        "markets": [_market(name, demand) for name in names],
        "ordering": order,
        "plants": {"works": {"lines": dict(lines), **of_plant}} if is_shared else {},
    }
    scenario = Scenario.model_validate({**data, **rest})
    check_scenario(scenario)
    return scenario


def _site(name: str, capacity: Any, stock: float) -> dict[str, Any]:
    per_day = capacity[name] if isinstance(capacity, Mapping) else capacity
    return {"name": name, "firm": "maker", "product": name, "capacity_per_day": per_day, "stock": stock}


def _market(name: str, demand: Any) -> dict[str, Any]:
    law = demand[name] if isinstance(demand, Mapping) else demand
    return {"name": f"{name} buyers", "product": name, "served_by": [name], "demand": {"law": law, "every_days": 1}}
