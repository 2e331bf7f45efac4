"""Outages of small networks whose times and losses are known in closed form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from gpnde.errors import GpndeError, StudyError
from gpnde.scenario import Scenario
from gpnde.scenario.files import scenario_with
from gpnde.study.resilience.options import Options
from gpnde.study.resilience.run import Resilience, resilience
from gpnde.study.results import open_study

DEMAND, LEVEL, LEAD, DAYS = 10.0, 60.0, 3.0, 20.0
"""Demand a day, order-up-to level of the shop, lead time of its supplier, and length of an outage."""

COVER = (LEVEL - DEMAND) / DEMAND
"""Days of demand on hand and on the way: the last order has not been shipped when an outage begins."""

SHORT = (DAYS + LEAD - COVER) * DEMAND
"""Units that are asked for between the last goods and the first after the outage."""

Reported = Callable[..., Resilience]


def shop(suppliers: int = 1, **market: Any) -> Scenario:
    """Return a shop that some suppliers deliver to at once what it has sold, goods being *LEAD* days on their way."""
    names = [f"works-{number}" for number in range(1, suppliers + 1)]
    given = {
        "name": "shop",
        "clock": {"days": 300},
        "products": {"unit": {"made_of": {"part": 1}}, "part": {}},
        "clusters": [{"name": "town", "country": "north", "latitude": 10, "longitude": 100}],
        "firms": [{"name": "shop", "tier": 0}, *({"name": name} for name in names)],
        "sites": [
            {"name": "shop", "firm": "shop", "product": "unit", "cluster": "town", "stock": 0},
            *({"name": name, "firm": name, "product": "part", "unlimited": True} for name in names),
        ],
        "links": [{"buyer": "shop", "supplier": name, "lead_time": LEAD, "share": 1 / suppliers} for name in names],
        "markets": [
            {"name": "town", "product": "unit", "served_by": ["shop"], "price": 2, "backorders": False}
            | {"demand": {"law": DEMAND}}
            | market
        ],
        "ordering": {"policy": "base-stock", "level": LEVEL, "review_days": 1},
    }
    return scenario_with(given, {})


@pytest.fixture
def reported(tmp_path: Path) -> Reported:
    """Return a function that reports on a scenario in a folder of its own."""

    def report(scenario: Scenario, folder: str = "out", **options: Any) -> Resilience:
        asked = {"seeds": 2, "outage_days": DAYS, "kinds": ["site"], "watch_days": 60, **options}
        return resilience(scenario, tmp_path / folder, Options.model_validate(asked), jobs=1)

    return report


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Resilience:
    """Return the report on a shop of which everything is taken out in turn."""
    options = Options(seeds=2, outage_days=DAYS, watch_days=60)
    return resilience(shop(), tmp_path_factory.mktemp("closed"), options, jobs=1)


def row_of(found: Resilience, name: str) -> dict[str, Any]:
    return found.things.row(by_predicate=pl.col("name") == name, named=True)


def test_stock_and_pipeline_over_demand_is_the_time_to_survive(closed: Resilience) -> None:
    row = row_of(closed, "works-1")
    assert row["survive_days"] == COVER
    assert row["survived"] == 0


def test_service_is_back_a_lead_time_after_the_outage(closed: Resilience) -> None:
    row = row_of(closed, "works-1")
    assert row["recover_days"] == DAYS + LEAD
    assert row["not_recovered"] == 0


def test_what_is_short_is_lost_where_buyers_do_not_wait(closed: Resilience) -> None:
    row = row_of(closed, "works-1")
    assert (row["units_lost"], row["units_late"]) == (pytest.approx(SHORT), pytest.approx(0))
    assert row["revenue"] == pytest.approx(2 * SHORT)


def test_what_is_short_is_late_where_buyers_wait(reported: Reported) -> None:
    row = row_of(reported(shop(backorders=True)), "works-1")
    assert (row["units_lost"], row["units_waiting"]) == (0, pytest.approx(0))
    assert row["units_late"] == pytest.approx(SHORT)


def test_the_causes_tell_a_closed_shop_from_one_without_goods(closed: Resilience) -> None:
    causes = closed.parts.filter(pl.col("split") == "cause").select("name", "part", "units").rows()
    by_name = {(name, cause): units for name, cause, units in causes}
    assert by_name["shop", "outage"] == pytest.approx(DAYS * DEMAND)
    assert by_name["works-1", "supply"] == pytest.approx(SHORT)
    assert ("works-1", "outage") not in by_name


def test_a_second_supplier_with_room_loses_nothing(reported: Reported) -> None:
    row = row_of(reported(shop(suppliers=2)), "works-1")
    assert (row["units"], row["revenue"], row["recover_days"]) == (0, 0, 0)
    assert (row["survive_days"], row["survived"]) == (None, row["pairs"])


def test_an_outage_of_no_length_changes_no_byte(reported: Reported, tmp_path: Path) -> None:
    found = reported(shop(demand={"law": "normal(mean=10, cv=0.3)"}), outage_days=0, kinds=["site", "link"])
    assert found.things["revenue"].to_list() == [0, 0, 0] and found.things["survived"].to_list() == [2, 2, 2]
    prints = open_study(tmp_path / "out" / "outages").runs.group_by("replication").agg(pl.col("fingerprint").n_unique())
    assert prints["fingerprint"].to_list() == [1, 1]


def test_every_kind_is_taken_out_and_a_place_is_as_bad_as_its_only_site(closed: Resilience) -> None:
    assert set(closed.things["kind"]) == {"site", "link", "cluster", "country"}
    same = {row_of(closed, name)["revenue"] for name in ("shop", "town", "north")}
    assert len(same) == 1
    assert row_of(closed, "works-1 > shop")["survive_days"] == COVER


@pytest.mark.parametrize(("metric", "first"), [("revenue", "works-1"), ("time-to-survive", "shop")])
def test_the_metric_ranks(reported: Reported, metric: str, first: str) -> None:
    # The shop is back at once, its supplier a lead time later; the shop is short at once.
    found = reported(shop(), metric=metric, outage_days=60)
    ranked = found.things.sort("rank")["name"].to_list()
    assert sorted(ranked) == ["shop", "works-1"]
    by = {"revenue": "revenue", "time-to-survive": "survive_days"}[metric]
    values = found.things.sort("rank")[by].to_list()
    assert values == sorted(values, reverse=metric == "revenue")
    assert metric == "revenue" or ranked[0] == first


def test_worker_processes_change_no_byte_and_the_same_call_runs_nothing_again(tmp_path: Path) -> None:
    options = Options(seeds=2, kinds=("site",), outage_days=10)
    scenario = shop(demand={"law": "normal(mean=10, cv=0.3)"})
    one, two = (resilience(scenario, tmp_path / name, options, jobs=jobs) for name, jobs in (("one", 1), ("two", 2)))
    for name in ("things", "parts", "pairs"):
        texts = [(tmp_path / folder / f"{name}.csv").read_bytes() for folder in ("one", "two")]
        assert texts[0] == texts[1]
    assert (one.status.simulated, two.status.simulated) == (6, 6)
    assert resilience(scenario, tmp_path / "one", options, jobs=1).status.simulated == 0


def test_sampled_disruptions_give_value_at_risk(reported: Reported) -> None:
    hazard = {"use": "disruption.site-outage", "mean_up_days": 60, "mean_down_days": 30}
    found = reported(shop(), hazards=[hazard], risk_runs=12)
    assert found.losses.height == 12 and found.hazards == ("disruption.site-outage",)
    figures = {
        (row["statistic"], row["level"]): row["value"]
        for row in found.risk.to_dicts()
        if row["measure"] == "revenue lost"
    }
    assert 0 < figures["mean", None] <= figures["expected-shortfall", 0.9] <= figures["expected-shortfall", 0.99]
    assert figures["value-at-risk", 0.95] <= figures["expected-shortfall", 0.95] <= found.losses["revenue_lost"].max()


def test_disruptions_of_the_scenario_are_sampled_and_left_out_of_the_pairs_without(reported: Reported) -> None:
    scenario = shop().using("disruption.site-outage", mean_up_days=60, mean_down_days=30)
    found = reported(scenario, risk_runs=4)
    assert found.losses.select((pl.col("revenue") >= 0).all() & (pl.col("revenue") > 0).any()).item()


def test_a_scenario_without_disruptions_has_no_risk(closed: Resilience) -> None:
    assert closed.risk.is_empty() and closed.hazards == ()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"outage_days": 400}, "outage_days: 400 from day 75, and hold_days 14 after it: must end by day 300"),
        ({"kinds": ["cluster"]}, "kinds: cluster: scenario shop has none of them"),
        ({"risk_runs": 5}, "hazards: none, and scenario shop has no disruption: name one"),
        ({"hazards": [{"use": "disruption.sit-outage"}]}, "did you mean 'disruption.site-outage'"),
    ],
)
def test_what_does_not_fit_is_refused_before_any_run(
    reported: Reported, tmp_path: Path, options: dict[str, Any], told: str
) -> None:
    bare = shop()
    bare = bare.model_copy(update={"sites": tuple(one.model_copy(update={"cluster": None}) for one in bare.sites)})
    with pytest.raises(GpndeError, match=told):
        reported(bare, **options)
    assert not (tmp_path / "out").exists()


def test_a_folder_of_something_else_is_refused(reported: Reported, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letters.txt").write_text("Dear")
    with pytest.raises(StudyError, match=r"holds letters\.txt and no outages"):
        reported(shop())


WITNESSES: dict[str, Any] = {
    "kinds": ["link"],
    "outage_days": 30,
    "from_day": 100,
    "watch_days": 15,
    "seeds": 3,
    "seed": 2,
    "tolerance": 0.5,
    "hold_days": 60,
    "in_transit": "lose",
    "metric": "time-to-recover",
    "risk_runs": 3,
    "hazards": [{"use": "disruption.cluster-outage", "mean_up_days": 40}],
}
"""Another value of each option."""


def test_every_option_has_a_witness() -> None:
    assert WITNESSES.keys() == Options.model_fields.keys()


@pytest.mark.parametrize("option", WITNESSES)
def test_every_option_moves_the_report(reported: Reported, option: str) -> None:
    scenario = shop(demand={"law": "normal(mean=10, cv=0.3)"}).using("disruption.site-outage", mean_up_days=90)
    base = {"kinds": ["site"], "risk_runs": 2}
    one = reported(scenario, "one", **base)
    other = reported(scenario, "other", **base | {option: WITNESSES[option]})
    same = [table.equals(other.tables()[name]) for name, table in one.tables().items()]
    assert not all(same)
