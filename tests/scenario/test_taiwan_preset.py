"""The preset taiwan-oem-pc has the shape that the chapter describes, and a network that lives through its years."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.plugin.host import plugin_host
from gpnde.results.run import Run
from gpnde.scenario.files import load_scenario
from gpnde.scenario.network import Firm, Link, Site
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import FLAGSHIPS
from gpnde.world.build import build_world

from ..thorough import often

END = 3640.0
SEEDS = range(1, 1 + often(1, 6))
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


@cache
def waiting() -> frozenset[str]:
    """Return the firms that enter only when somebody founds them or what they make is short."""
    return frozenset(firm.name for firm in preset().firms if firm.enters == "endogenously")


def test_size_is_what_a_reader_can_survey() -> None:
    assert 30 <= len(preset().firms) - len(waiting()) <= 60
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


def test_lower_tier_has_less_credit_and_its_typical_roles() -> None:
    lower = [firm for firm in preset().firms if firm.tier >= 2]
    assert {"price-breaker", "capacity-buffer"} <= {firm.role for firm in lower}
    assert {firm.credit_months for firm in lower} == {18}
    assert min(firm.credit_months for firm in preset().firms if firm.tier < 2) >= 24


def test_places_are_those_of_the_chapter() -> None:
    assert {"Hsinchu", "Taipei", "Silicon Valley", "Penang", "Philippines", "Mexico", "Wales"} <= {
        cluster.name for cluster in preset().clusters
    }
    suppliers = [firm.name for firm in preset().firms if firm.tier >= 1 and firm.name not in waiting()]
    assert len([name for name in suppliers if country(name) == "Taiwan"]) > len(suppliers) / 2


def test_processors_come_from_an_affiliate_two_more_from_the_us_and_entrants_from_taiwan() -> None:
    makers = {site.firm for site in preset().sites if site.product == "processor"}
    assert [name for name in makers if firms()[name].owner] == ["processor-affiliate"]
    assert {name for name in makers if country(name) == "USA"} == {f"processor-maker-{n}" for n in (1, 2, 3)}
    assert {name for name in makers if country(name) == "Taiwan"} == makers & waiting() != set()


def test_firms_wait_to_make_every_product() -> None:
    made = {site.product for site in preset().sites if site.firm in waiting()}
    assert made == set(preset().products)


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
    # People whose site was closed are for presets in which firms close sites.
    assert known - {"diffusion.released-workers"} == {
        use.use for use in preset().components if use.use.startswith("diffusion.")
    }


def test_products_with_a_life_cycle_live_for_six_months() -> None:
    assert {product.life_cycle_days for product in preset().products.values()} == {182, None}


def links_of(buyer: str) -> list[Link]:
    return [link for link in preset().links if link.buyer == buyer]


def test_four_tenths_of_capacity_are_free_on_day_0() -> None:
    world = build_world(preset())
    starts = world.plants["mean_demand"] / world.state.sites["mean_yield"]
    load = starts[starts > 0.0] / world.state.sites["capacity"][starts > 0.0]
    assert load.min() > 0.45
    assert load.max() < 0.6


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
    assert {entry.mark for entry in preset().provenance} == {"chapter", "literature", "assumption"}


@cache
def run(seed: int) -> Run:
    return simulate(preset(), seed=seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
def test_firms_upgrade_and_all_balances_whatever_the_seed(seed: int) -> None:
    assert run(seed).metric("flow.fill_rate") > 0.6
    assert run(seed).metric("upgrading.events.up") > 0
    assert all(imbalance < 1e-9 for imbalance in run(seed).conservation.values())


@pytest.mark.slow
def test_network_lives_through_its_years_in_most_runs() -> None:
    failed = [run(seed).events.filter(pl.col("kind") == "firm_failed").height for seed in SEEDS]
    filled = [run(seed).metric("flow.fill_rate") for seed in SEEDS]
    most = 2 / 3 * len(SEEDS)
    assert sum(count <= len(preset().firms) / 5 for count in failed) >= most
    assert sum(rate > 0.85 for rate in filled) >= most


@pytest.mark.slow
def test_suppliers_are_dismissed_by_score_or_tender_in_most_runs() -> None:
    dismissed = [run(seed).events.filter(pl.col("cause").is_in(["score", "tender"])).height for seed in SEEDS]
    assert sum(count > 0 for count in dismissed) > len(SEEDS) / 2


def test_metrics_of_learning_are_reported() -> None:
    run = simulate(load_scenario("taiwan-oem-pc", {"clock.days": 364}))
    named = run.tables["metrics"]["metric"].to_list()
    assert any(name.startswith("upgrading.") for name in named)
    assert any(name.startswith("completion.") for name in named)
    assert "tier_gap" in named
    assert run.conservation["knowledge"] < 1e-9
