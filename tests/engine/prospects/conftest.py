"""A plant that buys its part from a shop, both of which know something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from gpnde.engine.run import Simulation

from ..conftest import Network, Start

Pair = Callable[..., Simulation]

PLANT, SHOP = range(2)
"""Sites and firms by number."""

EFFECTS = {"productivity": 0.3, "cost_passed_on": 0.4}


@pytest.fixture(scope="session")
def pair(network: Network, start: Start) -> Pair:
    """Return a starter of a plant that sells 10 units a day, each made of a part of a shop that costs 5.

    Products are not complex, so that yields do not follow what firms know. *others* are more suppliers by name; *site*
    and *link* say more about all suppliers and what leads from them.
    """

    def begin(
        *,
        others: tuple[str, ...] = (),
        site: Mapping[str, Any] | None = None,
        link: Mapping[str, Any] | None = None,
        **blocks: Any,
    ) -> Simulation:
        parts = {name: {"product": "part", **(site or {})} for name in ("shop", *others)}
        terms = {"share": 1.0 / len(parts)}
        links = [{"buyer": "plant", "supplier": name, **terms, **(link or {})} for name in parts]
        products = {
            "unit": {"made_of": {"part": 1}, "complexity": 0},
            "part": {"value_added": 5, "outside_cost": 0, "margin": 0.2, "complexity": 0},
        }
        given = {"knowledge": {"effects": EFFECTS}, "products": products, **blocks}
        return start(network({"plant": {}, **parts}, links, **given))

    return begin
