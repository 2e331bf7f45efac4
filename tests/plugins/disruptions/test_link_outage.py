"""Outages of single links."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from gpnde_disruptions.link_outage import LinkOutage

from gpnde.errors import ComponentError
from gpnde.scenario import Scenario, load_scenario

Deeds = Callable[..., list[Any]]


def test_links_fail_and_sales_to_markets_do_not(deeds: Deeds, network: Scenario) -> None:
    done = deeds(LinkOutage(mean_up_days=100))
    assert {deed.what for deed in done} == {"lines"}
    assert {number for deed in done for number in deed.numbers} == set(range(len(network.links)))


def test_conditions_choose_the_suppliers(deeds: Deeds, network: Scenario) -> None:
    supplier = network.links[0].supplier
    done = deeds(LinkOutage(mean_up_days=100, sites=(supplier,), in_transit="lose"))
    expected = {n for n, link in enumerate(network.links) if link.supplier == supplier}
    assert {number for deed in done for number in deed.numbers} == expected
    assert {deed.in_transit for deed in done} == {"lose"}


def test_site_that_supplies_no_site_is_refused(deeds: Deeds, network: Scenario) -> None:
    suppliers = {link.supplier for link in network.links}
    flagship = next(site.name for site in network.sites if site.name not in suppliers)
    with pytest.raises(ComponentError, match="no supplier of a link is all of that"):
        deeds(LinkOutage(sites=(flagship,)))


def test_network_without_links_is_left_alone(deeds: Deeds) -> None:
    assert deeds(LinkOutage(mean_up_days=1), load_scenario("single-site")) == []
