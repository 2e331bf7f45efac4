"""The preset hdd-southeast-asia starts with the shares of 1990, states nothing of 1995, and can meet its demand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import gpnde.scenario
from gpnde.engine import simulate
from gpnde.scenario.files import load_scenario
from gpnde.scenario.network import Link, Site
from gpnde.scenario.presets import preset_path
from gpnde.scenario.provenance import marks
from gpnde.scenario.schema import Scenario
from gpnde.world.build import build_world
from gpnde.world.layout import Floats
from gpnde.world.world import World

from ..thorough import often

FLAGSHIP = "seagate"
LEAD_DAYS = {"cluster": 3, "region": 6, "world": 12}
SELLING = ("sales_distribution", "sc_coordination")
TRIANGLE = ("Bangkok", "Penang", "Singapore")


@cache
def preset() -> Scenario:
    return load_scenario("hdd-southeast-asia")


@cache
def world() -> World:
    return build_world(preset())


@cache
def sites() -> dict[str, Site]:
    return {site.name: site for site in preset().sites}


@cache
def region_of_cluster() -> dict[str, str | None]:
    return {cluster.name: cluster.region for cluster in preset().clusters}


def region(site: Site) -> str | None:
    return region_of_cluster()[str(site.cluster)]


def share(weights: Floats, part: Callable[[Site], bool], whole: Callable[[Site], bool]) -> float:
    """Return the share of a part of Seagate's plants in a whole of them, weights being per site."""
    own = np.array([site.firm == FLAGSHIP for site in preset().sites])
    inside, all_of = (np.array([chosen(site) for site in preset().sites]) & own for chosen in (part, whole))
    return float(weights[inside & all_of].sum() / weights[all_of].sum())


def is_asian(site: Site) -> bool:
    return region(site) == "Asia"


def anywhere(site: Site) -> bool:
    return True


@cache
def links_of_buyers() -> dict[str, dict[str, list[Link]]]:
    """Return the links of each buyer by what they deliver."""
    found: dict[str, dict[str, list[Link]]] = defaultdict(lambda: defaultdict(list))
    for link in preset().links:
        found[link.buyer][sites()[link.supplier].product].append(link)
    return found


def test_asia_has_the_shares_of_1990_on_day_0() -> None:
    plant, staff = world().factories["plant_value"], world().factories["staff"]
    assert share(plant, is_asian, anywhere) == pytest.approx(0.35, abs=0.01)
    assert share(staff, is_asian, anywhere) == pytest.approx(0.70, abs=0.03)


def test_all_of_seagates_asian_plants_of_1990_are_in_the_three_places() -> None:
    assert {site.cluster for site in preset().sites if site.firm == FLAGSHIP and is_asian(site)} == set(TRIANGLE)


def test_only_labour_intensity_of_bangkok_and_penang_is_above_average_in_asia() -> None:
    plant, staff = world().factories["plant_value"], world().factories["staff"]
    intensity = {
        name: share(staff, lambda site, name=name: site.cluster == name, is_asian)  # type: ignore[misc]
        / share(plant, lambda site, name=name: site.cluster == name, is_asian)  # type: ignore[misc]
        for name in TRIANGLE
    }
    assert min(intensity["Bangkok"], intensity["Penang"]) > 1 > intensity["Singapore"]


def test_nothing_states_which_plants_open_close_or_employ_whom() -> None:
    for site in preset().sites:
        assert not {"employment", "opens_day", "closes_day"} & site.model_fields_set, site.name
    rules = preset().location
    assert rules is not None and rules.opens_sites


def test_every_target_is_of_the_end_and_of_a_measure_that_the_chapter_reports() -> None:
    assert {target.day for target in preset().targets} == {None}
    assert all(target.value is not None and str(target.source).startswith("section 4.1") for target in preset().targets)
    assert len({target.measure for target in preset().targets}) == len(preset().targets)


def test_everything_takes_labour_and_plant_and_prices_are_negotiated() -> None:
    for product in preset().products.values():
        assert product.takes_labour and product.plant is not None
        assert all(task.plant is not None for task in product.by_function.values())
    assert preset().pricing.rule == "bargaining"
    assert preset().finance is not None and preset().knowledge is not None


def test_three_brands_are_rivals_in_every_market() -> None:
    for market in preset().markets:
        assert market.rivalry is not None
        assert {sites()[name].firm for name in market.shares()} == {FLAGSHIP, "rival-1", "rival-2"}
    assert preset().products["drive"].generations is not None


def test_singapore_assembles_drives_and_coordinates() -> None:
    functions = {site.function for site in preset().sites if site.firm == FLAGSHIP and site.cluster == "Singapore"}
    assert {"assembly_test", "sc_coordination"} <= functions


def test_size_is_what_a_reader_can_survey() -> None:
    assert 60 <= len(preset().sites) <= 90
    assert 30 <= len(preset().firms) <= 60


@cache
def loads() -> dict[str, float]:
    """Return the part of its capacity that each site is expected to use on day 0."""
    needed = world().plants["mean_demand"] / world().state.sites["mean_yield"]
    return dict(zip(world().names.sites, (needed / world().state.sites["capacity"]).tolist(), strict=True))


@cache
def candidates() -> frozenset[str]:
    """Return the sites that nobody buys from on day 0."""
    selling = {name for market in preset().markets for name in market.shares()}
    return frozenset(sites()) - {link.supplier for link in preset().links} - selling


def test_all_capacity_has_the_same_room_on_day_0() -> None:
    for name, load in loads().items():
        expected = 0.0 if name in candidates() else 1 / 1.8
        assert load == pytest.approx(expected, rel=0.06), name


@cache
def bought_in() -> frozenset[str]:
    """Return the products that some supplier makes."""
    flagships = {firm.name for firm in preset().firms if firm.tier == 0}
    return frozenset(site.product for site in preset().sites if site.firm not in flagships)


def makers(product: str) -> list[Site]:
    flagships = {firm.name for firm in preset().firms if firm.tier == 0}
    return [site for site in preset().sites if site.product == product and site.firm not in flagships]


@pytest.mark.parametrize("product", sorted(bought_in()))
def test_a_bought_in_part_has_three_makers_and_a_candidate(product: str) -> None:
    assert len({site.firm for site in makers(product) if site.name not in candidates()}) >= 3
    assert sum(site.name in candidates() for site in makers(product)) == 1


def test_a_bought_in_part_has_two_sources_wherever_it_is_used() -> None:
    for buyer, inputs in links_of_buyers().items():
        for product, links in inputs.items():
            assert sum(float(link.share or 0) for link in links) == pytest.approx(1.0), (buyer, product)
            if product in bought_in():
                assert len({sites()[link.supplier].firm for link in links}) >= 2, (buyer, product)


@pytest.mark.parametrize("cluster", TRIANGLE)
def test_suppliers_of_both_tiers_are_at_home_in_each_of_the_three_places(cluster: str) -> None:
    tier = {firm.name: firm.tier for firm in preset().firms}
    assert {1, 2} <= {tier[site.firm] for site in preset().sites if site.cluster == cluster}


def test_makers_of_a_part_start_with_the_same_knowledge_wherever_they_are() -> None:
    firms = {firm.name: firm for firm in preset().firms}
    for product in bought_in():
        known = [firms[site.firm].knowledge for site in makers(product)]
        assert all(each == known[0] for each in known), product


def test_links_inside_a_firm_are_intra_firm_and_others_are_not() -> None:
    for link in preset().links:
        same = sites()[link.buyer].firm == sites()[link.supplier].firm
        assert (link.contract == "intra-firm") == same, link


def test_transport_takes_longer_the_further_apart_the_clusters_are() -> None:
    for link in preset().links:
        buyer, supplier = sites()[link.buyer], sites()[link.supplier]
        near = "region" if region(buyer) == region(supplier) else "world"
        distance = "cluster" if buyer.cluster == supplier.cluster else near
        assert (link.lead_time.law, link.lead_time.mean, link.lead_time.cv) == ("gamma", LEAD_DAYS[distance], 0.3)
        assert (link.promise_days or 0) >= LEAD_DAYS[distance] + 2


def test_lower_tier_has_less_cash_and_its_typical_roles() -> None:
    lower = [firm for firm in preset().firms if firm.tier == 2]
    assert {"price-breaker", "capacity-buffer"} <= {firm.role for firm in lower}
    months: dict[int, set[float]] = {1: set(), 2: set()}
    for firm in preset().firms:
        if firm.tier > 0 and firm.cash is None:
            months[firm.tier].add(firm.cash_months)
    assert max(months[2]) < min(months[1])


def test_candidates_have_cash_to_wait_with() -> None:
    waiting = {sites()[name].firm for name in candidates()}
    for firm in preset().firms:
        assert (firm.cash is not None) == (firm.name in waiting), firm.name


def test_only_sites_that_sell_order_otherwise_than_the_rest() -> None:
    for site in preset().sites:
        if site.ordering is not None:
            assert site.function in SELLING
            assert site.ordering.model_copy(update={"protection_days": None}) == preset().ordering


def test_all_numbers_of_sites_links_and_firms_are_called_assumptions() -> None:
    tables = ("sites.", "links.", "markets.", "firms.")
    assert {mark for path, mark in marks(preset()).items() if path.startswith(tables)} == {"assumption"}


def test_preset_is_package_data() -> None:
    assert preset_path("hdd-southeast-asia").is_relative_to(Path(gpnde.scenario.__file__).parent)


@pytest.mark.parametrize("seed", range(1, 1 + often(1, 8)))
def test_production_moves_to_asia_whatever_the_seed(seed: int) -> None:
    run = simulate(preset(), seed=seed)
    assert run.metric("flow.fill_rate") > 0.6
    for measure in ("capacity", "employment"):
        before, after = (run.metric(f"space.{when}share.{measure}.asia") for when in ("start.", ""))
        assert after > before + 0.05, measure
