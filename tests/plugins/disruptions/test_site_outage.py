"""Outages of single sites."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from gpnde_disruptions.site_outage import SiteOutage

from gpnde.errors import ComponentError
from gpnde.scenario import Scenario

Deeds = Callable[..., list[Any]]


def hit(done: list[Any]) -> set[int]:
    return {number for deed in done for number in deed.numbers}


def test_every_site_fails_sooner_or_later(deeds: Deeds, network: Scenario) -> None:
    done = deeds(SiteOutage(mean_up_days=200))
    assert hit(done) == set(range(len(network.sites)))
    assert {deed.what for deed in done} == {"sites"}


def test_outages_come_on_their_days(deeds: Deeds) -> None:
    days = [deed.day for deed in deeds(SiteOutage(mean_up_days=200))]
    assert days == sorted(set(days))
    assert all(0 < day < 3640 for day in days)


def test_only_sites_that_meet_every_condition_fail(deeds: Deeds, network: Scenario) -> None:
    tier = {firm.name: firm.tier for firm in network.firms}
    cluster = network.sites[-1].cluster
    done = deeds(SiteOutage(mean_up_days=50, tiers=(3,), clusters=(str(cluster),)))
    chosen = [n for n, site in enumerate(network.sites) if site.cluster == cluster and tier[site.firm] == 3]
    assert hit(done) == set(chosen)


def test_narrower_choice_changes_nothing_for_the_chosen(deeds: Deeds, network: Scenario) -> None:
    """Common random numbers: the outages of one site are the same whether or not others fail too."""
    everyone = deeds(SiteOutage(mean_up_days=100))
    one = deeds(SiteOutage(mean_up_days=100, sites=(network.sites[7].name,)))
    mine = [(deed.day, deed.values[deed.numbers.index(7)]) for deed in everyone if 7 in deed.numbers]
    assert [(deed.day, deed.values[0]) for deed in one] == mine


@pytest.mark.parametrize("fate", ["none", "delay", "lose"])
def test_fate_of_goods_in_transit_is_passed_on(deeds: Deeds, fate: Any) -> None:
    assert {deed.in_transit for deed in deeds(SiteOutage(in_transit=fate))} == {fate}


def test_choice_that_matches_no_site_is_refused(deeds: Deeds) -> None:
    with pytest.raises(ComponentError, match=r"^disruption.site-outage: tiers \[99\]: no site is all of that"):
        deeds(SiteOutage(tiers=(99,)))
