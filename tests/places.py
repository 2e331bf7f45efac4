"""A flagship in the north and a supplier that may make its part in the north or in the south, for tests of location."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from gpnde.scenario import Scenario, check_scenario

NORTH, SOUTH = range(2)
HQ, PLANT = range(2)
PLANT_COST = 100_000.0

WITHOUT_PULLS: dict[str, float] = {"agglomeration": 0, "coordination": 0, "market_distance": 0, "entry_share": 0}
"""Rules by which places differ in wages, freight and duties alone."""

_FILE = Path(__file__).parent / "liveness" / "networks" / "places.yaml"


def given() -> dict[str, Any]:
    """Return the network as it is written: ten years with a review in each."""
    blocks: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return blocks


def with_row(block: str, name: str, **changes: Any) -> list[dict[str, Any]]:
    """Return the rows of a block of the network, of which one has other values."""
    return [{**row, **changes} if row["name"] == name else row for row in given()[block]]


def part(**changes: Any) -> dict[str, Any]:
    """Return the products of the network, with other values for the part."""
    products = given()["products"]
    return {**products, "part": {**products["part"], **changes}}


def two_places(location: Mapping[str, Any] | None = None, demand: float = 95.0, **changes: Any) -> Scenario:
    """Return the network with other rules of *location* and another mean *demand*; *changes* replace blocks of it.

    A unit of the part takes a fifth of a day of labour, at 40 a day in the north and 10 in the south.
    """
    blocks = given()
    blocks["markets"][0]["demand"]["law"] = f"gamma(mean={demand:g}, cv=0.05)"
    blocks["location"] |= location or {}
    scenario = Scenario.model_validate({**blocks, **changes})
    check_scenario(scenario)
    return scenario
