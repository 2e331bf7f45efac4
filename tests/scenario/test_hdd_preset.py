"""The preset hdd-southeast-asia holds what the chapter reports of Seagate, and a network that can meet its demand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import gpnde.scenario
from gpnde.engine import simulate
from gpnde.scenario.files import load_scenario
from gpnde.scenario.law import fixed
from gpnde.scenario.network import Link, Site
from gpnde.scenario.presets import preset_path
from gpnde.scenario.provenance import marks
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import YEAR_DAYS

from ..thorough import often

FLAGSHIP = "seagate"
START, END = 0.0, 1820.0
QUARTERS = [float(day) for day in range(0, 1821, 91)]
LEAD_DAYS = {"cluster": 3, "region": 10, "world": 30}


@cache
def preset() -> Scenario:
    return load_scenario("hdd-southeast-asia")


@cache
def sites() -> dict[str, Site]:
    return {site.name: site for site in preset().sites}


@cache
def region_of_cluster() -> dict[str, str | None]:
    return {cluster.name: cluster.region for cluster in preset().clusters}


def region(site: Site) -> str | None:
    return region_of_cluster()[str(site.cluster)]


def is_open(site: Site, day: float) -> bool:
    return site.opens_day <= day and (site.closes_day is None or day < site.closes_day)


def plants(day: float) -> list[Site]:
    """Return the flagship's own plants that are open on a day."""
    return [site for site in preset().sites if site.firm == FLAGSHIP and is_open(site, day)]


def asian_plants(day: float) -> list[Site]:
    return [site for site in plants(day) if region(site) == "Asia"]


def total(group: list[Site], measure: str) -> float:
    return float(sum(getattr(site, measure) for site in group))


def asian_share(measure: str, day: float) -> float:
    return total(asian_plants(day), measure) / total(plants(day), measure)


def cluster_share(measure: str, cluster: str) -> float:
    asia = asian_plants(END)
    return total([site for site in asia if site.cluster == cluster], measure) / total(asia, measure)


def concentration(measure: str) -> float:
    """Return the Herfindahl-Hirschman index of Asian plants over clusters."""
    return sum(cluster_share(measure, cluster) ** 2 for cluster in {str(site.cluster) for site in asian_plants(END)})


def test_fourteen_of_twenty_two_plants_are_in_asia_at_the_end() -> None:
    assert (len(asian_plants(END)), len(plants(END))) == (14, 22)


def test_plants_outside_asia_close_and_plants_in_asia_open() -> None:
    closing = [site for site in preset().sites if site.firm == FLAGSHIP and site.closes_day is not None]
    opening = [site for site in preset().sites if site.firm == FLAGSHIP and site.opens_day > 0]
    assert closing and all(region(site) != "Asia" for site in closing)
    assert opening and all(region(site) == "Asia" for site in opening)


@pytest.mark.parametrize(
    ("measure", "day", "share"),
    [
        ("floor_area", START, 0.35),
        ("floor_area", END, 0.61),
        ("employment", START, 0.70),
        ("employment", END, 0.85),
    ],
)
def test_asia_has_the_share_of_the_chapter(measure: str, day: float, share: float) -> None:
    assert asian_share(measure, day) == pytest.approx(share, abs=0.003)


def test_shares_lie_on_the_side_that_the_chapter_says() -> None:
    assert 0.61 < asian_share("floor_area", END) < 0.615
    assert asian_share("employment", END) > 0.85
    assert 0.31 < cluster_share("floor_area", "Bangkok") < 0.32
    assert 0.30 < cluster_share("floor_area", "Penang") < 0.31
    assert 0.29 < cluster_share("floor_area", "Singapore") < 0.30
    assert 0.92 < sum(cluster_share("floor_area", name) for name in ("Bangkok", "Penang", "Singapore")) < 0.925


@pytest.mark.parametrize(("cluster", "persons"), [("Bangkok", 26_000), ("Singapore", 15_000), ("Penang", 9_000)])
def test_a_cluster_employs_what_the_chapter_reports(cluster: str, persons: float) -> None:
    assert total([site for site in plants(END) if site.cluster == cluster], "employment") == persons


def test_asia_employs_55_000_of_64_700() -> None:
    assert total(asian_plants(END), "employment") == 55_000
    assert total(plants(END), "employment") == pytest.approx(55_000 / 0.85, rel=0.001)


def test_the_rest_of_asia_is_bottom_end_work_in_indonesia_and_china() -> None:
    rest = [site for site in asian_plants(END) if site.cluster not in ("Bangkok", "Penang", "Singapore")]
    assert {site.cluster for site in rest} == {"Indonesia", "China"}
    assert total(rest, "employment") == 5_000


@pytest.mark.parametrize(("measure", "index"), [("floor_area", 0.289), ("employment", 0.333)])
def test_asian_concentration_is_the_derived_one(measure: str, index: float) -> None:
    assert concentration(measure) == pytest.approx(index, abs=0.005)


def test_only_labour_intensity_of_bangkok_is_above_average() -> None:
    intensity = {
        cluster: cluster_share("employment", cluster) / cluster_share("floor_area", cluster)
        for cluster in ("Bangkok", "Singapore", "Penang")
    }
    assert intensity["Bangkok"] > 1 > intensity["Singapore"] > intensity["Penang"]


def test_singapore_tests_and_coordinates() -> None:
    functions = {site.function for site in plants(END) if site.cluster == "Singapore"}
    assert {"assembly_test", "sc_coordination"} <= functions
    assert not any(site.product == "drive" for site in plants(END) if site.cluster in ("Bangkok", "Penang"))


def test_every_target_is_of_a_measure_and_day_that_the_chapter_reports() -> None:
    days = {target.day for target in preset().targets}
    assert days == {None, START}
    figures = [target for target in preset().targets if target.value is not None]
    assert all(target.source and target.source.startswith("section 4.1") for target in figures)
    assert [target.measure for target in preset().targets if target.value is None] == ["space.hhi.sites.asia"]
    assert len({(target.measure, target.day) for target in preset().targets}) == len(preset().targets)


def test_size_is_what_a_reader_can_survey() -> None:
    assert 60 <= len(preset().sites) <= 90
    assert 30 <= len(preset().firms) <= 50


@cache
def links_of_buyers() -> dict[str, dict[str, list[Link]]]:
    """Return the links of each buyer by what they deliver."""
    found: dict[str, dict[str, list[Link]]] = defaultdict(lambda: defaultdict(list))
    for link in preset().links:
        found[link.buyer][sites()[link.supplier].product].append(link)
    return found


@cache
def buyers_first() -> tuple[str, ...]:
    graph: dict[str, set[str]] = {name: set() for name in sites()}
    for link in preset().links:
        graph[link.supplier].add(link.buyer)
    return tuple(TopologicalSorter(graph).static_order())


def mean_yield(site: Site) -> float:
    return float((site.yield_rate or fixed(1)).value or 0)


def units_per_output(site: Site, product: str) -> float:
    """Return the units of an input per unit started; a site that sells on what it buys takes one."""
    return 1.0 if product == site.product else preset().products[site.product].made_of[product]


def open_shares(links: list[Link], day: float) -> dict[str, float]:
    working = {link.supplier: float(link.share or 0) for link in links if is_open(sites()[link.supplier], day)}
    return {name: share / sum(working.values()) for name, share in working.items()}


def sales(day: float) -> dict[str, float]:
    """Return what markets are expected to ask of each site on a day (units)."""
    asked: dict[str, float] = defaultdict(float)
    for market in preset().markets:
        mean = float(market.demand.law.mean or 0) * (1 + market.demand.growth_per_year) ** (day / YEAR_DAYS)
        for name, share in market.shares().items():
            asked[name] += mean * share
    return asked


@cache
def loads(day: float) -> Mapping[str, float]:
    """Return the units that each site is expected to start on a day, shares of shut suppliers going to open ones."""
    load = sales(day)
    for buyer in buyers_first():
        load[buyer] /= mean_yield(sites()[buyer])
        for product, links in links_of_buyers()[buyer].items():
            need = load[buyer] * units_per_output(sites()[buyer], product)
            for supplier, share in open_shares(links, day).items():
                load[supplier] += need * share
    return load


def test_about_thirty_thousand_drives_a_day_are_bought_at_first() -> None:
    assert sum(sales(START).values()) == pytest.approx(30_000)


def test_markets_are_served_by_plants_that_are_open_throughout() -> None:
    for market in preset().markets:
        for name in market.shares():
            assert is_open(sites()[name], START) and is_open(sites()[name], END), name


@pytest.mark.parametrize("day", QUARTERS)
def test_capacity_exceeds_the_expected_load_by_a_fifth(day: float) -> None:
    for name, load in loads(day).items():
        assert (sites()[name].capacity_per_day or fixed(0)).lowest() >= 1.2 * load, name


@pytest.mark.parametrize("day", QUARTERS)
def test_every_input_of_an_open_site_has_an_open_supplier(day: float) -> None:
    for buyer, inputs in links_of_buyers().items():
        for product, links in inputs.items():
            if is_open(sites()[buyer], day):
                assert open_shares(links, day), (buyer, product)


def test_distribution_plants_order_as_all_sites_do_but_for_a_longer_cover() -> None:
    for site in preset().sites:
        if site.ordering is not None:
            assert site.function == "sales_distribution"
            assert site.ordering.model_copy(update={"protection_days": None}) == preset().ordering


def test_plants_are_not_built_idle() -> None:
    for site in preset().sites:
        peak = max(loads(day)[site.name] for day in QUARTERS)
        assert peak == 0 or peak > 0.7 * (site.capacity_per_day or fixed(0)).lowest(), site.name


@cache
def bought_in() -> frozenset[str]:
    """Return the products that some independent firm makes."""
    return frozenset(site.product for site in preset().sites if site.firm != FLAGSHIP)


@cache
def suppliers_with_buyers() -> frozenset[str]:
    return frozenset(link.supplier for link in preset().links)


@pytest.mark.parametrize("product", sorted(bought_in()))
def test_a_bought_in_part_has_three_makers_and_a_candidate_among_them(product: str) -> None:
    makers = [site for site in preset().sites if site.product == product and site.firm != FLAGSHIP]
    assert len({site.firm for site in makers}) >= 3
    assert any(site.name not in suppliers_with_buyers() for site in makers)


def test_a_bought_in_part_has_two_sources_wherever_it_is_used() -> None:
    for buyer, inputs in links_of_buyers().items():
        for product, links in inputs.items():
            if product in bought_in():
                assert len({sites()[link.supplier].firm for link in links}) >= 2, (buyer, product)


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
    assert {firm.cash_months for firm in lower if firm.cash is None} == {2}
    assert {firm.cash_months for firm in preset().firms if firm.tier < 2 and firm.cash is None} == {6}


def test_candidates_have_cash_to_wait_with() -> None:
    linked = {sites()[name].firm for name in suppliers_with_buyers()}
    for firm in preset().firms:
        assert (firm.cash is not None) == (firm.name not in linked), firm.name


def test_the_simplest_part_is_made_in_more_clusters_than_the_most_complex() -> None:
    complexity = {name: preset().products[name].complexity for name in bought_in()}
    places = {name: {site.cluster for site in preset().sites if site.product == name} for name in bought_in()}
    simplest, hardest = min(complexity, key=complexity.__getitem__), max(complexity, key=complexity.__getitem__)
    assert len(places[simplest]) > len(places[hardest])


@cache
def unit_cost(name: str) -> float:
    """Return the cost of a unit: own value added and inputs, which sites of one firm hand over at cost."""
    site = sites()[name]
    product = preset().products[site.product]
    cost = value_added(site)
    inputs = links_of_buyers()[name]
    if not inputs:
        return cost + product.outside_cost / mean_yield(site)
    for part, links in inputs.items():
        price = sum(float(link.share or 0) * price_on(link) for link in links)
        cost += price * units_per_output(site, part) / mean_yield(site)
    return cost


def value_added(site: Site) -> float:
    own = preset().products[site.product].value_added if site.value_added is None else site.value_added
    assert own is not None
    return own


def price_on(link: Link) -> float:
    markup = 0.0 if link.contract == "intra-firm" else preset().products[sites()[link.supplier].product].margin
    return unit_cost(link.supplier) * (1 + markup)


def profit(firm: str, day: float) -> float:
    """Return margin less what scrap and idle capacity cost on a day (money)."""
    finance = preset().finance
    assert finance is not None
    gain = 0.0
    for site in (site for site in preset().sites if site.firm == firm and is_open(site, day)):
        product = preset().products[site.product]
        added = value_added(site)
        started = loads(day)[site.name]
        scrapped, idle = started * (1 - mean_yield(site)), (site.capacity_per_day or fixed(0)).lowest() - started
        sold = sales(day)[site.name] if firm == FLAGSHIP else started - scrapped
        gain += sold * unit_cost(site.name) * product.margin - (scrapped + idle * finance.fixed_cost_share) * added
    return gain


@pytest.mark.parametrize("day", QUARTERS)
def test_every_firm_with_buyers_has_a_positive_margin(day: float) -> None:
    busy = {site.firm for site in preset().sites if loads(day)[site.name] > 0}
    for firm in sorted(busy):
        assert profit(firm, day) > 0, firm


def test_what_the_chapter_gives_is_not_called_an_assumption() -> None:
    marked = marks(preset())
    for site in plants(END):
        assert marked[f"sites.{site.name}.employment"] == "derived"
        assert marked[f"sites.{site.name}.floor_area"] == "derived"
    assert {mark for path, mark in marked.items() if path.startswith(("links.", "markets.", "firms."))} == {
        "assumption"
    }


def test_preset_is_package_data() -> None:
    assert preset_path("hdd-southeast-asia").is_relative_to(Path(gpnde.scenario.__file__).parent)


@pytest.mark.parametrize("seed", range(1, 1 + often(2, 8)))
def test_network_lives_through_its_outages_whatever_the_seed(seed: int) -> None:
    run = simulate(preset(), seed=seed)
    assert run.metric("flow.fill_rate") > 0.9
    assert run.metric("space.share.sites.asia") == pytest.approx(14 / 22)
