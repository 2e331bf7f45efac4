"""Lanes tell what crosses a border, to sites and to markets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.engine.hooks.lanes import lanes_of_bids, lanes_of_lines
from gpnde.engine.hooks.views import RunView
from gpnde.plugin import Lanes
from gpnde.scenario import Scenario
from gpnde.world.build import build_world
from gpnde.world.world import World

from ...learners import three_firms

HQ, PLANT, SHOP = range(3)
REGIONS = [{"name": "cold", "country": "north"}, {"name": "warm", "country": "south"}, {"name": "wide"}]


def placed(*, homes: tuple[str | None, ...] = ("cold", "warm"), **changes: Any) -> Scenario:
    """Return a network that sells in every region and where none is named; *homes* are the regions of clusters."""
    first = three_firms().model_dump()["markets"][0]
    markets = [{**first, "name": region or "nowhere", "region": region} for region in ("cold", "warm", "wide", None)]
    names = (("valley", "north"), ("park", "south"))
    clusters = [{"name": n, "country": c, "region": home} for (n, c), home in zip(names, homes, strict=True)]
    return three_firms(**{"regions": REGIONS, "clusters": clusters, "markets": markets, **changes})


def world_of(**given: Any) -> World:
    return build_world(placed(**given))


def sales(lanes: Lanes) -> Any:
    return lanes.market >= 0


def test_sales_lead_to_the_country_and_region_of_their_market() -> None:
    lanes = lanes_of_lines(world_of())
    sold = sales(lanes)
    assert lanes.market[sold].tolist() == [0, 1, 2, 3]
    assert lanes.buyer[sold].tolist() == [-1] * 4
    assert lanes.destination[sold].tolist() == [0, 1, -1, -1]
    assert lanes.destination_region[sold].tolist() == [0, 1, 2, -1]
    assert lanes.origin[sold].tolist() == lanes.origin_region[sold].tolist() == [0] * 4
    assert set(lanes.market[~sold].tolist()) == {-1}


def test_exports_leave_the_country_or_where_it_is_not_known_the_region() -> None:
    lanes = lanes_of_lines(world_of())
    assert lanes.is_export[sales(lanes)].tolist() == [False, True, True, False]
    assert lanes.is_import[sales(lanes)].tolist() == [False, True, False, False]
    from_plant_to_hq = (lanes.supplier == PLANT) & (lanes.buyer == HQ)
    assert lanes.is_export[from_plant_to_hq].tolist() == lanes.is_import[from_plant_to_hq].tolist() == [True]
    from_outside = lanes.supplier < 0
    assert lanes.is_import[from_outside].tolist() == [True]
    assert lanes.is_export[from_outside].tolist() == [False]


def test_firm_without_region_exports_to_other_countries_alone() -> None:
    lanes = lanes_of_lines(world_of(homes=(None, None)))
    assert lanes.is_export[sales(lanes)].tolist() == [False, True, False, False]


def test_bids_are_for_sites() -> None:
    lanes = lanes_of_bids(world_of(), HQ, 1, np.array([PLANT, SHOP]))
    assert lanes.market.tolist() == [-1, -1]
    assert lanes.is_export.tolist() == [True, True]


@pytest.mark.parametrize(("name", "found"), [("market_country", [0, 1, -1, -1]), ("market_region", [0, 1, 2, -1])])
def test_view_tells_where_markets_are(name: str, found: list[int]) -> None:
    view = RunView(world_of())
    assert getattr(view, name).tolist() == found
    assert view.region_names == ("cold", "warm", "wide")
    assert view.site_region.tolist() == [0, 1, 1]
