"""Charts of a resilience report: what is drawn is what the tables say."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from gpnde.charts.page import shows_nothing
from gpnde.charts.resilience import (
    MOST_THINGS,
    distribution_of_losses,
    exceedance_rows,
    losses_by_outage,
    risk_marks,
    shown_things,
    time_to_recover,
)
from gpnde.charts.resilience_map import map_of_losses


def things(count: int = 3, **more: Any) -> pl.DataFrame:
    rows = [
        {
            "rank": rank, "kind": "site", "name": f"works-{rank}", "pairs": 5, "survived": 0, "not_recovered": 0,
            "revenue": 100.0 / rank, "revenue_low": 90.0 / rank, "revenue_high": 110.0 / rank,
            "revenue_lost": 60.0 / rank, "revenue_late": 40.0 / rank, "revenue_waiting": 0.0,
            "survive_days": 4.0, "recover_days": 30.0 + rank, "recover_days_low": 28.0, "recover_days_high": 36.0,
            **more,
        }
        for rank in range(1, count + 1)
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def rows_of(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for rows in spec["datasets"].values() for row in rows]


def test_fates_of_an_outage_sum_to_its_bar() -> None:
    spec = losses_by_outage(things()).to_dict()
    first = [row for row in rows_of(spec) if row.get("thing") == "site works-1" and "fate" in row]
    assert sum(row["revenue"] for row in first) == pytest.approx(100)


def test_the_worst_outages_are_drawn_and_the_others_counted() -> None:
    many = things(MOST_THINGS + 7)
    assert shown_things(many)["rank"].to_list() == list(range(1, MOST_THINGS + 1))
    assert "7 further outages in" in str(losses_by_outage(many).to_dict()["title"])


def test_a_run_that_ends_before_service_is_back_is_marked() -> None:
    assert "days or more" in str(time_to_recover(things(not_recovered=2)).to_dict()["title"])
    assert "or more" not in str(time_to_recover(things()).to_dict()["title"])


def test_nothing_lost_is_said() -> None:
    calm = things(revenue=0.0, survive_days=None)
    assert shows_nothing(losses_by_outage(calm).to_dict())
    assert shows_nothing(time_to_recover(calm.with_columns(pl.col("survive_days").cast(float))).to_dict())
    assert shows_nothing(distribution_of_losses(pl.DataFrame({"revenue": [0.0, 0.0]})).to_dict())


def test_the_curve_of_losses_falls_from_all_to_none() -> None:
    rows = exceedance_rows(pl.DataFrame({"revenue": [4.0, 1.0, 2.0, 3.0]}))
    assert rows["revenue"].is_sorted() and rows["share"].is_sorted(descending=True)
    assert (rows["share"][0], rows["share"][-1]) == (1.0, 0.0)


def test_value_at_risk_is_marked_where_so_few_runs_lose_more() -> None:
    losses = pl.DataFrame({"revenue": [float(each) for each in range(1, 101)]})
    marks = dict(risk_marks(losses).select("said", "revenue").iter_rows())
    assert marks == {"mean": 50.5, "VaR 90 %": 90.0, "VaR 95 %": 95.0, "VaR 99 %": 99.0}


def test_points_of_the_map_are_larger_where_more_is_lost() -> None:
    places = pl.DataFrame(
        {
            "cluster": ["Penang", "Osaka", "Penang"], "to": ["", "", "Osaka"], "worst": ["site a", "site b", "link"],
            "revenue": [9.0, 0.0, 4.0], "longitude": [100.3, 135.5, 100.3], "latitude": [5.4, 34.7, 5.4],
        }
    )  # fmt: skip
    spec = map_of_losses(places).to_dict()
    areas = {row["cluster"]: row["area"] for row in rows_of(spec) if "area" in row}
    assert areas["Penang"] > 10 * areas["Osaka"]
    assert {row["quantity"] for row in rows_of(spec) if "quantity" in row} == {4.0}
    assert "Most is at stake in Penang" in spec["title"]["text"]


def test_without_a_place_there_is_no_map() -> None:
    schema = {"cluster": str, "to": str, "worst": str, "revenue": float, "longitude": float, "latitude": float}
    assert shows_nothing(map_of_losses(pl.DataFrame(schema=schema)).to_dict())
