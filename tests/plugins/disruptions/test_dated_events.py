"""Dated events against what they must come to in a chain of two sites with a steady demand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from gpnde_disruptions.dated_events import DatedEvent
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import gpnde
from gpnde.errors import GpndeError
from gpnde.scenario import Scenario, check_scenario
from gpnde.scenario.as_data import as_data

DAYS = 120
LEAD = 6


def chain(*components: dict[str, Any], **clock: Any) -> Scenario:
    """Return a plant that ships 10 units a day through a strait to a shop, whose customers take as many."""
    scenario = Scenario.model_validate(
        {
            "name": "strait",
            "clock": {"start": "2001-01-01", "days": DAYS, **clock},
            "products": {"toy": {"made_of": {"wood": 1}}, "wood": {}},
            "countries": [{"name": "north"}, {"name": "south"}],
            "clusters": [{"name": "here", "country": "north"}, {"name": "there", "country": "south"}],
            "firms": [{"name": "maker"}, {"name": "seller", "role": "brand-leader", "tier": 0}],
            "sites": [
                {
                    "name": "plant",
                    "firm": "maker",
                    "product": "toy",
                    "cluster": "here",
                    "capacity_per_day": {"law": "fixed", "value": 14},
                },
                {"name": "shop", "firm": "seller", "product": "toy", "cluster": "there"},
            ],
            "links": [
                {"buyer": "plant", "supplier": "outside", "product": "wood"},
                {"buyer": "shop", "supplier": "plant", "lead_time": {"law": "fixed", "value": LEAD}, "via": ["strait"]},
            ],
            "markets": [
                {
                    "name": "homes",
                    "product": "toy",
                    "served_by": ["shop"],
                    "demand": {"law": {"law": "fixed", "value": 10}},
                }
            ],
            "ordering": {"policy": "base-stock", "level": 100, "review_days": 1},
            "components": components,
            "record": {"every_days": 1},
        }
    )
    check_scenario(scenario)
    return scenario


def events(*rows: dict[str, Any]) -> dict[str, Any]:
    return {"use": "disruption.dated-events", "events": list(rows)}


def event(what: str, target: str, name: str, **more: Any) -> dict[str, Any]:
    return {"what": what, "target": target, "name": name, "start": 40, "days": 21, **more}


def run(*components: dict[str, Any], **clock: Any) -> gpnde.Run:
    return gpnde.simulate(chain(*components, **clock))


def same_flow(one: gpnde.Run, other: gpnde.Run) -> bool:
    """Return whether all tables of two runs hold the same but for the accounts of components."""
    return all(one.tables[name].equals(other.tables[name]) for name in ("orders", "sales", "sites", "markets", "links"))


def orders(result: gpnde.Run) -> pl.DataFrame:
    """Return the orders of the shop by the day on which they were placed."""
    return result.tables["orders"].filter(pl.col("supplier") == "plant").sort("placed_day")


def between(table: pl.DataFrame, column: str, name: str) -> np.ndarray:
    """Return a column of the rows that tell of days 40 to 60."""
    kind = "site" if "site" in table.columns else "market"
    rows = table.filter((pl.col(kind) == name) & (pl.col("day") > 40) & (pl.col("day") <= 61))
    return rows[column].to_numpy()


@pytest.mark.parametrize(
    ("target", "name"),
    [("hub", "strait"), ("link", "plant > shop"), ("lane", "here > there"), ("lane", "north > south")],
)
def test_a_closed_way_holds_what_would_have_left_until_it_opens(target: str, name: str) -> None:
    before, after = orders(run()), orders(run(events(event("close", target, name))))
    left, leaves = before["shipped_day"].to_numpy(), after["shipped_day"].to_numpy()
    count = min(len(left), len(leaves))
    left, leaves = left[:count], leaves[:count]
    held = (left >= 40) & (left < 61)
    assert held.sum() == 21
    assert (leaves[left < 40] == left[left < 40]).all()
    assert (leaves[held] >= 61).all()
    assert leaves[left == 40] == 61


def test_goods_on_their_way_through_a_closed_hub_wait_as_long_as_it_is_closed() -> None:
    before, after = orders(run()), orders(run(events(event("close", "hub", "strait", in_transit="delay"))))
    under_way = (before["shipped_day"] < 40) & (before["received_day"] > 40)
    late = after.head(len(before)).filter(under_way)["received_day"] - before.filter(under_way)["received_day"]
    assert set(late) == {21.0}


@pytest.mark.parametrize(("target", "name"), [("site", "plant"), ("cluster", "here"), ("country", "north")])
def test_a_closed_site_makes_and_ships_nothing(target: str, name: str) -> None:
    sites = run(events(event("close", target, name))).tables["sites"]
    assert between(sites, "produced", "plant").sum() == 0
    assert between(sites, "shipped", "plant").sum() == 0


def test_nothing_leaves_for_a_closed_market() -> None:
    sites = run(events(event("close", "market", "homes"))).tables["sites"]
    assert between(sites, "shipped", "shop").sum() == 0


def test_capacity_by_a_factor_gives_that_throughput() -> None:
    sites = run(events(event("cap", "site", "plant", factor=0.5, days=60))).tables["sites"]
    assert between(sites, "produced", "plant") == pytest.approx(np.full(21, 7.0))


def test_slow_deliveries_take_as_many_times_as_long() -> None:
    after = orders(run(events(event("slow", "site", "plant", factor=2))))
    sent = after.filter((pl.col("shipped_day") >= 40) & (pl.col("shipped_day") < 61))
    rest = after.filter((pl.col("shipped_day") < 40) & (pl.col("shipped_day") >= 0))
    assert set(sent["received_day"] - sent["shipped_day"]) == {2.0 * LEAD}
    assert set(rest["received_day"] - rest["shipped_day"]) == {float(LEAD)}


@pytest.mark.parametrize(("target", "name"), [("market", "homes")])
def test_demand_is_scaled_for_the_days_of_an_event(target: str, name: str) -> None:
    markets = run(events(event("demand", target, name, factor=0.5))).tables["markets"]
    assert between(markets, "demanded", "homes") == pytest.approx(np.full(21, 5.0))
    assert markets["demanded"].sum() == pytest.approx(10 * DAYS - 5 * 21)


def test_factors_of_events_that_overlap_are_multiplied() -> None:
    both = events(*[event("demand", "market", "homes", factor=0.5)] * 2)
    assert between(run(both).tables["markets"], "demanded", "homes") == pytest.approx(np.full(21, 2.5))


def test_a_price_is_scaled_while_an_event_lasts_and_is_as_before_after_it() -> None:
    before = run().tables["links"]["price"].to_list()
    during = run(events(event("price", "hub", "strait", factor=2, days=999))).tables["links"]["price"].to_list()
    after = run(events(event("price", "hub", "strait", factor=2))).tables["links"]["price"].to_list()
    assert during[1] == pytest.approx(2 * before[1])
    assert during[0] == before[0]
    assert after == pytest.approx(before)


def test_dates_and_days_mean_the_same() -> None:
    by_day = run(events(event("close", "hub", "strait")))
    by_date = run(events(event("close", "hub", "strait", start="2001-02-10")))
    assert same_flow(by_day, by_date)


@pytest.mark.parametrize("what", [("slow", "site", "plant"), ("cap", "site", "plant"), ("demand", "market", "homes")])
def test_an_event_of_factor_1_or_before_day_0_or_after_the_horizon_changes_nothing(what: tuple[str, str, str]) -> None:
    plain = run()
    assert same_flow(plain, run(events(event(*what, factor=1))))
    assert same_flow(plain, run(events(event(*what, factor=0.5, start=-30))))
    assert same_flow(plain, run(events(event(*what, factor=0.5, start=DAYS + 1))))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([("close", "site", "plant"), ("close", "hub", "strait"), ("cap", "country", "north")]),
            st.integers(-20, 130),
            st.integers(1, 60),
            st.sampled_from(["none", "delay", "lose"]),
        ),
        max_size=4,
    )
)
def test_goods_balance_whatever_happens(drawn: list[tuple[tuple[str, str, str], int, int, str]]) -> None:
    rows = [
        event(*what, start=start, days=days, in_transit=to) for what, start, days, to in drawn if what[0] == "close"
    ]
    rows += [event(*what, start=start, days=days, factor=0.3) for what, start, days, _ in drawn if what[0] == "cap"]
    # A run whose goods do not balance ends with an error.
    markets = run(events(*rows)).tables["markets"]
    assert markets["demanded"].sum() == pytest.approx(10 * DAYS)


def written(tmp_path: Path, *lines: str) -> dict[str, Any]:
    (tmp_path / "events.csv").write_text("\n".join(lines), encoding="utf-8")
    return {"use": "disruption.dated-events", "file": str(tmp_path / "events.csv")}


def test_events_of_a_file_act_as_those_of_a_list(tmp_path: Path) -> None:
    file = written(tmp_path, "what,target,name,start,days,factor", "close,hub,strait,2001-02-10,21,")
    assert same_flow(run(file), run(events(event("close", "hub", "strait"))))


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("close,hub,strat,40,21,", "line 2, name: 'strat': no link passes such a hub; did you mean 'strait'"),
        ("close,hob,strait,40,21,", "line 2, target: 'hob': no such kind of target; did you mean 'hub'"),
        ("close,site,plnt,40,21,", "line 2, name: 'plnt': no such site in the scenario; did you mean 'plant'"),
        ("close,hub,strait,40,0,", "line 2, days: must be greater than 0"),
        ("slow,hub,strait,40,9,2", "line 2: target hub: slow acts on sites: choose one of site, cluster, country"),
        ("close,hub,strait,40,9,2", "line 2: factor 2: what is closed has no factor"),
        ("price,hub,strait,40,9,0", "line 2: factor 0: that of price must be above 0"),
        ("close,market,Homes,40,9,", "line 2, name: 'Homes': no such market in the scenario; did you mean 'homes'"),
        ("close,link,outside > plant,40,9,", "line 2, name: 'outside > plant': no such link in the scenario"),
        ("close,link,plant,40,9,", "line 2, name: 'plant': no such link in the scenario"),
    ],
)
def test_a_wrong_row_is_refused_in_one_line_with_its_place(tmp_path: Path, row: str, complaint: str) -> None:
    with pytest.raises(GpndeError) as caught:
        run(written(tmp_path, "what,target,name,start,days,factor", row))
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GpndeError, match="unknown column 'day'; did you mean 'days'"):
        run(written(tmp_path, "what,target,name,start,day", "close,hub,strait,40,21"))


@pytest.mark.parametrize("what", ["slow", "cap", "demand", "price"])
def test_a_change_without_its_factor_is_refused(what: str) -> None:
    with pytest.raises(ValidationError, match=f"{what} without a factor: give the one by which it multiplies"):
        DatedEvent(what=what, target="country", name="north", start=1, days=2)


@pytest.mark.parametrize(("target", "name"), [("link", "a > b > shop"), ("lane", "x > y > there")])
def test_names_may_hold_arrows_themselves(target: str, name: str) -> None:
    plain = json.dumps(as_data(chain()), default=str)
    renamed = json.loads(plain.replace('"plant"', '"a > b"').replace('"here"', '"x > y"'))
    closed = Scenario.model_validate({**renamed, "components": [events(event("close", target, name))]})
    expected = orders(run(events(event("close", "hub", "strait"))))["shipped_day"]
    found = gpnde.simulate(closed).tables["orders"].filter(pl.col("supplier") == "a > b").sort("placed_day")
    assert found["shipped_day"].to_list() == expected.to_list()
