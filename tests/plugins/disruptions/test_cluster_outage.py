"""Outages of whole clusters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from gpnde_disruptions.cluster_outage import ClusterOutage

from gpnde.errors import ComponentError
from gpnde.scenario import Scenario, load_scenario

Deeds = Callable[..., list[Any]]


def members(network: Scenario, cluster: str) -> list[int]:
    return [number for number, site in enumerate(network.sites) if site.cluster == cluster]


def test_all_sites_of_a_cluster_fail_together_for_the_same_time(deeds: Deeds, network: Scenario) -> None:
    done = deeds(ClusterOutage(mean_up_days=300))
    assert {deed.detail for deed in done} == {site.cluster for site in network.sites}
    for deed in done:
        assert deed.numbers == members(network, deed.detail)
        assert len(set(deed.values)) == 1


def test_only_chosen_clusters_fail(deeds: Deeds, network: Scenario) -> None:
    cluster = str(network.sites[0].cluster)
    done = deeds(ClusterOutage(mean_up_days=300, clusters=(cluster,)))
    assert {deed.detail for deed in done} == {cluster}


def test_clusters_are_chosen_by_country(deeds: Deeds, network: Scenario) -> None:
    country = str(network.clusters[0].country)
    done = deeds(ClusterOutage(mean_up_days=300, countries=(country.lower(),)))
    there = {cluster.name for cluster in network.clusters if cluster.country == country}
    assert {deed.detail for deed in done} == there


def test_clusters_that_are_not_in_the_countries_are_refused(deeds: Deeds, network: Scenario) -> None:
    here = network.clusters[0]
    elsewhere = next(cluster for cluster in network.clusters if cluster.country != here.country)
    with pytest.raises(ComponentError, match="there is none; choose others or leave one out"):
        deeds(ClusterOutage(clusters=(here.name,), countries=(str(elsewhere.country),)))


def test_network_without_clusters_is_left_alone(deeds: Deeds) -> None:
    assert deeds(ClusterOutage(mean_up_days=1), load_scenario("single-site")) == []
