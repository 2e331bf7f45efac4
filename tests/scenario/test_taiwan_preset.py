"""The preset taiwan-oem-pc has the shape that the chapter describes, and a network that lives through its years."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from graphlib import TopologicalSorter

import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.plugin.host import plugin_host
from gpnde.scenario.files import load_scenario
from gpnde.scenario.law import fixed
from gpnde.scenario.network import Firm, Link, Site
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import FLAGSHIPS, YEAR_DAYS

END = 3640.0
LEAD_DAYS = {"cluster": 3, "region": 10, "world": 30}


@cache
def preset() -> Scenario:
    return load_scenario("taiwan-oem-pc")


@cache
def sites() -> dict[str, Site]:
    return {site.name: site for site in preset().sites}


@cache
def firms() -> dict[str, Firm]:
    return {firm.name: firm for firm in preset().firms}


def firm_of(site: str) -> Firm:
    return firms()[sites()[site].firm]


def country(firm: str) -> str | None:
    """Return the country that a firm is at home in."""
    home = next(site.cluster for site in preset().sites if site.firm == firm)
    return next(cluster.country for cluster in preset().clusters if cluster.name == home)


def test_size_is_what_a_reader_can_survey() -> None:
    assert 30 <= len(preset().firms) <= 60
    assert preset().clock.days == END


def test_flagships_are_american_brand_leaders_and_a_contract_manufacturer() -> None:
    flagships = [firm for firm in preset().firms if firm.tier == 0]
    assert sorted(firm.role for firm in flagships) == ["brand-leader"] * 3 + ["contract-manufacturer"]
    assert {country(firm.name) for firm in flagships} == {"USA"}


def test_computers_are_made_by_taiwanese_lead_suppliers_and_the_contract_manufacturer() -> None:
    makers = {site.firm for site in preset().sites if site.product == "desktop" and site.function == "assembly_test"}
    local = {name for name in makers if firms()[name].role not in FLAGSHIPS}
    assert len(local) >= 4
    assert {(firms()[name].role, country(name)) for name in local} == {("lead-supplier", "Taiwan")}


def test_oem_odm_and_turnkey_contracts_stand_side_by_side() -> None:
    of_firm: dict[str, set[str]] = defaultdict(set)
    for link in preset().links:
        if firm_of(link.buyer).role == "brand-leader":
            of_firm[sites()[link.supplier].firm].add(link.contract)
    assert {"OEM", "ODM", "turnkey"} <= set().union(*of_firm.values())
    assert any(len(contracts) > 1 for contracts in of_firm.values())


def test_brand_leaders_buy_from_tier_one_and_from_each_other_s_contract_manufacturer_only() -> None:
    for link in preset().links:
        if firm_of(link.buyer).role == "brand-leader":
            assert firm_of(link.supplier).role in ("lead-supplier", "contract-manufacturer"), link


def test_lower_tier_has_less_cash_and_its_typical_roles() -> None:
    lower = [firm for firm in preset().firms if firm.tier >= 2]
    assert {"price-breaker", "capacity-buffer"} <= {firm.role for firm in lower}
    assert {firm.cash_months for firm in lower if firm.cash is None} == {2}
    assert min(firm.cash_months for firm in preset().firms if firm.tier < 2) >= 6


def test_places_are_those_of_the_chapter() -> None:
    assert {"Hsinchu", "Taipei", "Silicon Valley", "Penang", "Philippines", "Mexico", "Wales"} <= {
        cluster.name for cluster in preset().clusters
    }
    taiwanese = [firm for firm in preset().firms if firm.tier >= 1 and country(firm.name) == "Taiwan"]
    assert len(taiwanese) > len([firm for firm in preset().firms if firm.tier >= 1]) / 2


def test_processors_come_from_an_affiliate_two_more_from_the_us_and_an_entrant_from_taiwan() -> None:
    makers = {site.firm for site in preset().sites if site.product == "processor"}
    assert [name for name in makers if firms()[name].owner] == ["processor-affiliate"]
    assert {name for name in makers if country(name) == "USA"} == {f"processor-maker-{n}" for n in (1, 2, 3)}
    assert [name for name in makers if country(name) == "Taiwan"] == ["processor-entrant"]
    assert firms()["processor-entrant"].enters == "endogenously"


def test_complexity_rises_from_assembly_over_peripherals_to_processors() -> None:
    complexity = {name: product.complexity for name, product in preset().products.items()}
    assert complexity["desktop"] < complexity["display"] < complexity["processor"] == max(complexity.values())
    assert max(complexity[name] for name in ("keyboard", "power-supply", "circuit-board")) < complexity["display"]


def test_peers_join_taiwan_and_silicon_valley() -> None:
    assert preset().peers
    for peer in preset().peers:
        assert (country(peer.first), country(peer.second)) == ("Taiwan", "USA"), peer


def test_institutions_of_taiwan_are_on() -> None:
    institutions = {each.name: each.institutions for each in preset().countries}
    assert institutions["Taiwan"] == max(institutions.values()) > 0


def test_every_mechanism_of_diffusion_is_named() -> None:
    known = {name for name in plugin_host().components if name.startswith("diffusion.")}
    assert len(known) == 14
    assert known == {use.use for use in preset().components if use.use.startswith("diffusion.")}


def test_products_with_a_life_cycle_live_for_six_months() -> None:
    assert {product.life_cycle_days for product in preset().products.values()} == {182, None}


@cache
def expected_load() -> Mapping[str, float]:
    """Return the units that each site is expected to start on the last day."""
    load: dict[str, float] = defaultdict(float)
    for market in preset().markets:
        grown = (1 + market.demand.growth_per_year) ** (END / YEAR_DAYS)
        for name, share in market.shares().items():
            load[name] += float(market.demand.law.mean or 0) * share * grown
    for buyer in buyers_first():
        load[buyer] /= float((sites()[buyer].yield_rate or fixed(1)).value or 0)
        for link in links_of(buyer):
            load[link.supplier] += load[buyer] * float(link.share or 0) * units_of(link)
    return load


@cache
def buyers_first() -> tuple[str, ...]:
    graph: dict[str, set[str]] = {name: set() for name in sites()}
    for link in preset().links:
        graph[link.supplier].add(link.buyer)
    return tuple(TopologicalSorter(graph).static_order())


def links_of(buyer: str) -> list[Link]:
    return [link for link in preset().links if link.buyer == buyer]


def units_of(link: Link) -> float:
    """Return the units delivered per unit that the buyer starts; who sells on takes one."""
    product, made = sites()[link.supplier].product, sites()[link.buyer].product
    return 1.0 if product == made else preset().products[made].made_of[product]


def test_capacity_exceeds_the_load_at_the_end_by_half() -> None:
    for name, load in expected_load().items():
        assert (sites()[name].capacity_per_day or fixed(0)).lowest() >= 1.5 * load, name


def test_a_part_has_two_sources_wherever_it_is_used() -> None:
    for name in sites():
        sources: dict[str, set[str]] = defaultdict(set)
        for link in links_of(name):
            if link.contract != "intra-firm":
                sources[sites()[link.supplier].product].add(sites()[link.supplier].firm)
        assert all(len(makers) >= 2 for makers in sources.values()), name


def test_transport_takes_longer_the_further_apart_the_clusters_are() -> None:
    region = {cluster.name: cluster.region for cluster in preset().clusters}
    for link in preset().links:
        here, there = str(sites()[link.buyer].cluster), str(sites()[link.supplier].cluster)
        distance = "cluster" if here == there else "region" if region[here] == region[there] else "world"
        assert (link.lead_time.law, link.lead_time.mean) == ("gamma", LEAD_DAYS[distance]), link


def test_firm_without_buyers_yet_has_cash_to_wait_with() -> None:
    busy = {sites()[link.supplier].firm for link in preset().links}
    busy |= {sites()[name].firm for market in preset().markets for name in market.shares()}
    for firm in preset().firms:
        assert (firm.cash is not None) == (firm.name not in busy), firm.name


def test_the_chapter_s_numbers_are_the_life_cycle_and_the_quarter() -> None:
    paths = [entry.path for entry in preset().provenance if entry.mark == "chapter"]
    assert paths == ["products.*.life_cycle_days", "selection.review_days"]
    assert {entry.mark for entry in preset().provenance} == {"chapter", "assumption"}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 9))
def test_network_lives_through_its_years_whatever_the_seed(seed: int) -> None:
    run = simulate(preset(), seed=seed)
    assert run.metric("flow.fill_rate.us") > 0.85
    assert run.metric("flow.fill_rate.europe") > 0.85
    assert run.metric("upgrading.events.up") > 0
    assert 0 < run.metric("selection.dropouts.score") < 50
    assert all(imbalance < 1e-9 for imbalance in run.conservation.values())
    failed = run.tables["events"].filter(pl.col("kind") == "firm_failed")
    assert failed.height <= len(preset().firms) / 10


def test_metrics_of_learning_are_reported() -> None:
    run = simulate(load_scenario("taiwan-oem-pc", {"clock.days": 364}))
    named = run.tables["metrics"]["metric"].to_list()
    assert any(name.startswith("upgrading.") for name in named)
    assert any(name.startswith("completion.") for name in named)
    assert "tier_gap" in named
    assert run.conservation["knowledge"] < 1e-9
