"""Hubs that links cannot pass."""

from __future__ import annotations

import pytest

from gpnde.errors import ScenarioError
from gpnde.scenario import check_scenario
from gpnde.testing import tiny_network


@pytest.mark.parametrize(
    ("via", "complaint"),
    [
        (["strait", "strait"], r"links\.park-plant<local-board-shop\.via: \['strait', 'strait'\]: name every hub once"),
        ([""], r"links\.park-plant<local-board-shop\.via: '': must not be empty"),
    ],
)
def test_hubs_that_a_link_names_have_names_and_stand_once(via: list[str], complaint: str) -> None:
    with pytest.raises(ScenarioError, match=complaint):
        check_scenario(tiny_network(**{"links.3.via": via}))


def test_goods_from_outside_pass_no_hub() -> None:
    with pytest.raises(ScenarioError, match=r"links\.local-board-shop<outside\.via: goods from 'outside' pass no hub"):
        check_scenario(
            tiny_network(**{"links.8.supplier": "outside", "links.8.product": "chip", "links.8.via": ["strait"]})
        )
