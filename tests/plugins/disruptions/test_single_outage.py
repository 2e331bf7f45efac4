"""One outage of one thing on one day."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from gpnde_disruptions.single_outage import SingleOutage

from gpnde.errors import ComponentError
from gpnde.scenario import Scenario, load_scenario

Deeds = Callable[..., list[Any]]


def test_a_site_is_out_once_on_the_day_for_the_days(deeds: Deeds, network: Scenario) -> None:
    done = deeds(SingleOutage(place=network.sites[3].name, day=40, days=9, in_transit="delay"))
    assert [(deed.day, deed.what, deed.values, deed.in_transit) for deed in done] == [(40.0, "sites", [9.0], "delay")]
    assert done[0].detail == network.sites[3].name


@pytest.mark.parametrize("kind", ["cluster", "country"])
def test_all_sites_of_a_place_are_out_together(deeds: Deeds, network: Scenario, kind: str) -> None:
    cluster = next(one for one in network.clusters if one.country)
    name = cluster.name if kind == "cluster" else str(cluster.country)
    inside = {one.name for one in network.clusters if (one.name if kind == "cluster" else one.country) == name}
    (deed,) = deeds(SingleOutage(kind=kind, place=name))
    assert deed.numbers and len(deed.numbers) == sum(site.cluster in inside for site in network.sites)


def test_a_link_is_named_by_its_ends_and_product(deeds: Deeds, network: Scenario) -> None:
    link = network.links[5]
    product = next(site.product for site in network.sites if site.name == link.supplier)
    (deed,) = deeds(SingleOutage(kind="link", place=f"{link.supplier} > {link.buyer}: {product}", day=3))
    assert (deed.what, len(deed.numbers)) == ("lines", 1)


def test_an_outage_of_no_length_does_nothing(deeds: Deeds, network: Scenario) -> None:
    assert deeds(SingleOutage(place=network.sites[0].name, days=0)) == []


@pytest.mark.parametrize("kind", ["site", "link", "cluster", "country"])
def test_an_unknown_name_is_refused_with_what_it_should_be(deeds: Deeds, network: Scenario, kind: str) -> None:
    with pytest.raises(ComponentError, match=f"place, a {kind}: 'nowhere-at-all': not in the scenario|NOWHERE"):
        deeds(SingleOutage(kind=kind, place="nowhere-at-all"))


def test_the_nearest_name_is_given(deeds: Deeds) -> None:
    with pytest.raises(ComponentError, match="did you mean"):
        deeds(SingleOutage(place="shopp"), load_scenario("single-site"))
