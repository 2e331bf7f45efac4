"""Links inside a group of firms are bound by what the owned firm is to its owner."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.scenario import load_scenario
from gpnde.world.build import build_world
from gpnde.world.ownership import bonds_of, ownership_records
from gpnde.world.world import World

FIRMS = ["maker", "daughter", "venture", "stranger", "grandchild"]
GIVEN: dict[str, dict[str, Any]] = {
    "daughter": {"owner": "maker", "node_type": "subsidiary"},
    "venture": {"owner": "maker", "node_type": "joint-venture", "equity_share": 0.6},
    "grandchild": {"owner": "daughter", "node_type": "affiliate"},
}


def world_of() -> World:
    """Return a world of a maker with two firms of its own, one of which has one too."""
    firms = [{"name": name, **GIVEN.get(name, {})} for name in FIRMS]
    sites = [{"name": f"{name}-site", "firm": name, "product": "unit"} for name in FIRMS]
    settings = {
        "products": {"unit": {}},
        "firms": firms,
        "sites": sites,
        "links": [],
        "markets": [{"name": "world", "product": "unit", "served_by": ["maker-site"], "demand": {"law": 1}}],
    }
    return build_world(load_scenario("single-site", settings), 1, 0)


def test_records_say_what_each_firm_is_to_its_owner() -> None:
    world = world_of()
    records = dict(zip(world.names.firms, ownership_records(world.scenario), strict=True))
    owners = {name: int(record["owner"]) for name, record in records.items()}
    assert {name: world.names.firms[owner] for name, owner in owners.items() if owner >= 0} == {
        name: fields["owner"] for name, fields in GIVEN.items()
    }
    assert records["venture"].tolist()[1:] == (0.85, 0.7, 0.6, 728.0)
    assert records["stranger"].tolist() == (-1, 0.0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("buyer", "supplier", "control", "quarters"),
    [
        ("maker", "daughter", 1.0, 8),
        ("daughter", "maker", 1.0, 8),
        ("maker", "venture", 0.7, 8),
        ("daughter", "venture", 0.7, 8),
        ("daughter", "grandchild", 0.4, 4),
        ("maker", "grandchild", 0.0, 0),
        ("maker", "stranger", 0.0, 0),
        ("stranger", "daughter", 0.0, 0),
    ],
)
def test_bonds_are_those_of_the_firm_that_is_owned(buyer: str, supplier: str, control: float, quarters: int) -> None:
    world = world_of()
    number = world.names.firms.index
    bonds = bonds_of(world.ownership, np.array([number(buyer)]), np.array([number(supplier)]))
    assert (float(bonds.control[0]), float(bonds.notice_days[0])) == (control, 91.0 * quarters)
