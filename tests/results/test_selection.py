"""Selection: drop-outs, tenure, bids and the price breakers' share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from gpnde.results.metrics import selection
from gpnde.results.series import count_dropouts
from tests.results.measuring import measured

Rows = Callable[..., pl.DataFrame]
Tables = dict[str, pl.DataFrame]


def values(scenario: dict[str, Any], tables: Tables) -> dict[str, float]:
    return measured(selection, scenario, tables, dropouts=count_dropouts(tables["events"]))


def test_dropouts_are_counted_by_cause(scenario: dict[str, Any], no_rows: Tables, rows: Rows) -> None:
    events = rows(
        "events",
        {"kind": "link_dropped", "cause": "score"},
        {"kind": "link_dropped", "cause": "score"},
        {"kind": "firm_exited", "cause": "finance"},
        {"kind": "site_failed", "cause": "outage"},
        {"kind": "site_recovered"},
        {"kind": "supplier_scored", "cause": "score"},
    )
    found = values(scenario, no_rows | {"events": events})
    assert {name: value for name, value in found.items() if name.startswith("selection.dropouts")} == {
        "selection.dropouts": 4,
        "selection.dropouts.finance": 1,
        "selection.dropouts.outage": 1,
        "selection.dropouts.score": 2,
    }


def test_tenure_counts_open_relations_up_to_the_end(scenario: dict[str, Any], no_rows: Tables, rows: Rows) -> None:
    links = rows(
        "links",
        {"supplier": "S", "opened_day": 0, "closed_day": 40},
        {"supplier": "S", "opened_day": 20, "closed_day": None},
        {"supplier": "outside", "opened_day": 0, "closed_day": None},
    )
    found = values(scenario, no_rows | {"links": links})
    assert found["selection.tenure"] == pytest.approx((40 + 80) / 2)
    assert found["selection.tenure.ended"] == 40


def test_a_reentry_needs_the_same_parties_and_an_earlier_end(
    scenario: dict[str, Any], no_rows: Tables, rows: Rows
) -> None:
    def reentries(*links: dict[str, Any]) -> float:
        return values(scenario, no_rows | {"links": rows("links", *links)})["selection.reentries"]

    first = {"supplier": "S", "buyer": "A", "product": "wheel", "opened_day": 0, "closed_day": 40}
    later = first | {"opened_day": 60, "closed_day": None}
    assert reentries(first, later) == 1
    assert reentries(first, later | {"buyer": "B"}) == 0
    assert reentries(first, later | {"opened_day": 30}) == 0


def test_win_rate_is_awards_over_bids_by_tier_of_the_bidder(
    scenario: dict[str, Any], no_rows: Tables, rows: Rows
) -> None:
    events = rows(
        "events",
        *[{"kind": "bid_placed", "firm": "helper"}] * 4,
        {"kind": "bid_awarded", "firm": "helper"},
        {"kind": "bid_placed", "firm": "maker"},
    )
    found = values(scenario, no_rows | {"events": events})
    assert found["selection.win_rate"] == pytest.approx(0.2)
    assert found["selection.win_rate.tier.1"] == 0.25
    assert found["selection.win_rate.tier.0"] == 0


def test_price_breakers_share_is_taken_of_what_other_firms_sell(
    scenario: dict[str, Any], no_rows: Tables, rows: Rows
) -> None:
    scenario["firms"].append({"name": "cheap", "tier": 2, "role": "price-breaker"})
    scenario["sites"].append({"name": "P", "firm": "cheap", "product": "wheel"})
    scenario["sites"].append({"name": "A2", "firm": "maker", "product": "wheel"})
    links = rows(
        "links",
        {"supplier": "S", "buyer": "A", "ordered": 30},
        {"supplier": "P", "buyer": "A", "ordered": 10},
        {"supplier": "A2", "buyer": "A", "ordered": 500},
        {"supplier": "outside", "buyer": "S", "ordered": 500},
    )
    assert values(scenario, no_rows | {"links": links})["selection.price_breaker_share"] == pytest.approx(0.25)


def test_without_price_breakers_there_is_no_share(scenario: dict[str, Any], no_rows: Tables, rows: Rows) -> None:
    links = rows("links", {"supplier": "S", "buyer": "A", "ordered": 1})
    assert "selection.price_breaker_share" not in values(scenario, no_rows | {"links": links})
