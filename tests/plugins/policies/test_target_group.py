"""Whom a policy is for: conditions on what a site makes, and a target group without anybody."""

from __future__ import annotations

from typing import Any

import pytest
from gpnde_policies.effort_subsidy import EffortSubsidy
from gpnde_policies.fdi_attraction import FdiAttraction
from gpnde_policies.logistics import Logistics
from gpnde_policies.trade_tariff import TradeTariff

from gpnde.errors import ComponentError
from gpnde.scenario import Scenario

from .offices import FLAGSHIP, LEAD, LOWER, network, opened


def with_a_second_product() -> Scenario:
    """Return the network whose flagship makes boards, too, in the north."""
    sites = network().model_dump()["sites"]
    boards = {**sites[1], "name": "boards", "firm": "flagship", "cluster": "valley", "unlimited": True}
    products = {**network().model_dump()["products"], "part": {"type": "differentiated", "process": "flexible"}}
    return network(sites=[*sites, boards], products=products)


@pytest.mark.parametrize(
    ("conditions", "targeted"),
    [
        ({"products": ["board"]}, [FLAGSHIP, LEAD]),
        ({"products": ["board"], "group": "local"}, [LEAD]),
        ({"functions": ["assembly_test", "component_mfg"]}, [FLAGSHIP, LEAD, LOWER]),
        ({"cells": ["differentiated-flexible"]}, [LOWER]),
        ({"products": ["set"], "functions": ["system_integration"]}, [FLAGSHIP]),
    ],
)
def test_firms_are_targeted_by_what_their_sites_make(conditions: dict[str, Any], targeted: list[int]) -> None:
    policy = EffortSubsidy(**{"group": "all", **conditions})
    assert opened(policy, with_a_second_product()).programme.reached.tolist() == targeted


def test_one_site_has_to_meet_all_conditions_on_what_is_made() -> None:
    with pytest.raises(ComponentError, match=r"products = \['set'\], functions = \['assembly_test'\]"):
        opened(EffortSubsidy(group="all", products=["set"], functions=["assembly_test"]), with_a_second_product())


def test_the_site_that_is_served_stands_there_and_makes_it() -> None:
    policy = Logistics(countries=["north"], products=["board"])
    office = opened(policy, with_a_second_product())
    assert policy.site_reach(office.view, office.programme).tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("conditions", [{"tiers": [7]}, {"group": "foreign"}, {"firms": ["lead"], "tiers": [2]}])
def test_a_target_group_without_anybody_is_refused_in_one_line(conditions: dict[str, Any]) -> None:
    with pytest.raises(ComponentError) as caught:
        opened(EffortSubsidy(**conditions))
    told = str(caught.value)
    assert told.startswith("policy.effort-subsidy: no firm of the network meets ")
    assert told.endswith("widen the target group, or take the policy out")
    assert all(f"{name} = " in told for name in conditions)
    assert "\n" not in told


def test_unknown_products_are_told_with_the_nearest() -> None:
    with pytest.raises(ComponentError, match=r"policy.effort-subsidy.products.*did you mean 'board'"):
        opened(EffortSubsidy(products=["bord"]))


def test_a_duty_on_a_market_alone_needs_no_firm() -> None:
    regions = [{"name": "rich", "country": "east"}]
    market = {**network().model_dump()["markets"][0], "region": "rich"}
    policy = TradeTariff(countries=["east"])
    assert not opened(policy, network(regions=regions, markets=[market])).programme.reached.size


def test_attraction_for_a_product_promotes_no_place_for_others() -> None:
    policy = FdiAttraction(group="all", products=["board"], countries=["south"], pull=2)
    office = opened(policy)
    found = [policy.location_utility(office.view, office.programme, product) for product in range(3)]
    assert found[0] is None and found[2] is None
    assert found[1] is not None and found[1][LEAD].tolist() == [0.0, 2.0]
