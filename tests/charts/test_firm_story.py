"""Rows behind the chart of a firm's story."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable

import polars as pl
import pytest

from gpnde.charts.firm_story import (
    MOST_TOLD,
    _ticks,
    firm_story,
    knowledge_rows,
    mark_rows,
    order_rows,
    outage_rows,
    piled_up,
    score_rows,
    told_in_chart,
    track_of,
)
from gpnde.errors import ResultsError
from gpnde.results.run import Run
from gpnde.results.stories import Sentence, story_of

Rows = Callable[..., pl.DataFrame]


def sentence(day: float, kind: str = "link_opened", side: str = "supplies") -> Sentence:
    return Sentence(day, datetime.date(2000, 1, 1), f"{kind} on {day}", kind, "events", int(day), side)  # type: ignore[arg-type]


def test_what_matters_most_is_told_and_equals_lie_evenly() -> None:
    many = [sentence(float(day), "site_failed") for day in range(100)]
    told = told_in_chart([*many, sentence(50.5, "firm_failed"), sentence(3.5, "bid_placed")])
    assert len(told) == MOST_TOLD
    assert sum(one.kind == "firm_failed" for one in told) == 1
    assert not any(one.kind == "bid_placed" for one in told)
    days = [one.day for one in told]
    assert days == sorted(days) and days[0] < 10 and days[-1] > 85


def test_few_sentences_are_all_told() -> None:
    few = [sentence(float(day)) for day in range(3)]
    assert told_in_chart(few) == few
    assert told_in_chart([]) == []


def test_marks_of_what_is_good_or_bad_lie_over_the_others() -> None:
    rows = mark_rows([sentence(1.0), sentence(2.0, side="buys"), sentence(3.0, "bid_placed")])
    assert rows.select("tone", "track").rows() == [("neutral", "suppliers"), ("good", "customers")]
    assert track_of(sentence(1.0, "site_failed")) == "plants"
    assert track_of(sentence(1.0, "upgrade")) == "functions"


def test_orders_and_shipments_add_up_to_those_of_the_sites(run: Run) -> None:
    firm = run.scenario["firms"][1]["name"]
    rows = order_rows(run, firm)
    assert set(rows["what"]) == {"ordered", "shipped"}
    own = run.sites.filter((pl.col("firm") == firm) & (pl.col("day") > 0))
    shipped = rows.filter(pl.col("what") == "shipped")
    spans = [one - other for one, other in zip(shipped["day"], [0.0, *shipped["day"][:-1]], strict=True)]
    total = sum(rate * span for rate, span in zip(shipped["rate"], spans, strict=True))
    assert total == pytest.approx(own["shipped"].sum(), rel=1e-6)


def test_knowledge_by_source_adds_up_to_the_books(run: Run) -> None:
    firm = run.learners["firm"][0]
    rows = knowledge_rows(run, firm)
    total = ((rows["end"] - rows["start"]) / 91 * rows["rate"]).sum()
    own = run.learners.filter(pl.col("firm") == firm).sort("day")
    books = [name for name in own.columns if name.startswith(("transferred_", "created_"))]
    expected = sum(own[name][-1] - own[name][0] for name in books)
    assert total == pytest.approx(expected)
    piles = piled_up(rows)
    tops = piles.group_by("day").agg(pl.col("high").max(), pl.col("rate").sum(), pl.col("low").min())
    assert tops["high"].to_list() == pytest.approx(tops["rate"].to_list()) and (tops["low"].abs() < 1e-12).all()


def test_scores_are_shown_only_while_others_buy(full_run: Run) -> None:
    firm = next(site["firm"] for site in full_run.network["sites"] if site["name"] in set(full_run.links["supplier"]))
    rows = score_rows(full_run, firm)
    assert rows.height and rows["day"].min() > 0  # type: ignore[operator]
    ended = full_run.links.with_columns(closed_day=pl.lit(100.0))
    run = dataclasses.replace(full_run, tables=full_run.tables | {"links": ended})
    assert score_rows(run, firm)["day"].max() <= 100  # type: ignore[operator]


def test_outages_are_bars_of_the_firm_alone(run: Run) -> None:
    failed = run.events.filter(pl.col("kind") == "site_failed")
    firm = failed["firm"][0]
    assert outage_rows(run, firm).height == failed.filter(pl.col("firm") == firm).height
    assert (outage_rows(run, firm)["end"] >= outage_rows(run, firm)["day"]).all()


def test_sentences_of_the_chart_are_those_of_the_story(full_run: Run) -> None:
    firm = full_run.events["firm"][0]
    spec = firm_story(full_run, firm=firm).to_dict()
    texts = {row["text"] for rows in spec["datasets"].values() for row in rows if "text" in row}
    assert texts and texts <= {one.text for one in story_of(full_run, firm)}
    assert f"{firm}, " in spec["title"]["subtitle"]


def test_a_firm_that_there_is_not_is_refused(run: Run) -> None:
    with pytest.raises(ResultsError, match="firm: 'firm-x': no such firm"):
        firm_story(run, firm="firm-x")


@pytest.mark.parametrize("days, least, most", [(91, 1, 4), (728, 4, 9), (1820, 8, 11), (3640, 9, 11), (36400, 90, 101)])
def test_dates_are_first_days_of_months_or_years(days: float, least: int, most: int) -> None:
    start = datetime.date(1990, 3, 10)
    ticks = _ticks(start, days)
    assert least <= len(ticks) <= most
    dates = [start + datetime.timedelta(days=tick) for tick in ticks]
    assert all(date.day == 1 for date in dates) and all(0 <= tick <= days for tick in ticks)
