"""Homes of firms."""

from __future__ import annotations

from typing import Any

import pytest

from gpnde.errors import ScenarioError
from gpnde.scenario.check import check_scenario
from gpnde.scenario.schema import Scenario
from gpnde.world.places import find_places

CLUSTERS = [
    {"name": "Penang", "country": "Malaysia", "latitude": 5.4, "longitude": 100.3},
    {"name": "Texas", "country": "USA", "latitude": 29.8, "longitude": -95.4},
]


def network(**firm: Any) -> Scenario:
    """Return a maker whose only plant stands in Penang."""
    return Scenario.model_validate(
        {
            "name": "maker",
            "products": {"drive": {}},
            "countries": [{"name": "USA"}, {"name": "Malaysia"}],
            "clusters": CLUSTERS,
            "firms": [{"name": "maker", **firm}],
            "sites": [{"name": "plant", "firm": "maker", "product": "drive", "cluster": "Penang"}],
            "markets": [{"name": "all", "product": "drive", "served_by": ["plant"], "demand": {"law": 1}}],
        }
    )


@pytest.mark.parametrize(("firm", "cluster", "country"), [({}, 0, 1), ({"home": "Texas"}, 1, 0)])
def test_a_firm_is_at_home_where_it_says_or_else_at_its_first_site(
    firm: dict[str, Any], cluster: int, country: int
) -> None:
    places = find_places(network(**firm))
    assert (places.cluster.tolist(), places.country.tolist()) == ([cluster], [country])


def test_a_home_that_does_not_exist_is_refused_with_the_nearest() -> None:
    with pytest.raises(ScenarioError) as caught:
        check_scenario(network(home="Texsa"))
    assert str(caught.value) == "firms.maker.home: 'Texsa': no such cluster; did you mean 'Texas'?"
