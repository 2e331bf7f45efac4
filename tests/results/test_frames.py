"""Frames of a run: they add up to its tables, whatever was recorded."""

from __future__ import annotations

import dataclasses
import datetime

import numpy as np
import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.results.frames import MOST_PERIODS, NO_LEVEL, NOT_OPEN, OUT, WORKS, frames_of, period_of
from gpnde.results.run import Run
from gpnde.results.tables import empty_table, make_table
from gpnde.scenario import load_scenario
from gpnde.vocabulary import KNOWLEDGE_KINDS, LADDER
from tests.example import example_run


@pytest.fixture(scope="module")
def real() -> Run:
    """Return a simulated run with orders, knowledge, outages and ended links."""
    return simulate(load_scenario("small-open-economy", {"clock.days": 364}))


@pytest.fixture(scope="module")
def made() -> Run:
    return example_run(sites=30, days=728)


def shipped(run: Run) -> dict[int, float]:
    inside = {site["name"] for site in run.network["sites"]}
    links = run.links.filter(pl.col("supplier").is_in(inside) & pl.col("buyer").is_in(inside))
    return dict(links.select("link", "shipped").iter_rows())


def without(run: Run, *tables: str) -> Run:
    return dataclasses.replace(run, tables=run.tables | {name: empty_table(name) for name in tables})


@pytest.mark.parametrize("missing", [(), ("orders",), ("orders", "sites"), ("orders", "sites", "tiers", "markets")])
def test_goods_add_up_to_what_each_link_shipped(real: Run, missing: tuple[str, ...]) -> None:
    run = without(real, *missing)
    frames = frames_of(run)
    expected = shipped(run)
    assert frames.links.tolist() == list(expected)
    assert frames.goods.sum(axis=0) == pytest.approx(list(expected.values()))
    assert (frames.goods >= 0).all()


def test_goods_leave_in_the_period_of_their_orders(real: Run) -> None:
    frames = frames_of(real)
    link = int(frames.links[frames.goods.sum(axis=0).argmax()])
    left = real.orders.filter((pl.col("link") == link) & pl.col("shipped_day").is_not_null())
    found = frames.goods[:, frames.links == link][:, 0]
    busy = np.unique(period_of(left["shipped_day"].to_numpy(), frames.ends))
    assert np.flatnonzero(found).tolist() == busy.tolist()


def test_knowledge_adds_up_to_what_firms_received_by_formal_channels(real: Run) -> None:
    frames, learners = frames_of(real), real.learners
    last = learners.filter(pl.col("day") == learners["day"].max())
    received = sum(float(last[f"transferred_formal_{kind}"].sum()) for kind in KNOWLEDGE_KINDS)
    assert received > 0
    total = frames.to_supplier.sum() + frames.to_buyer.sum() + frames.unplaced.sum()
    assert total == pytest.approx(received)


def test_knowledge_of_each_firm_comes_over_its_own_links(real: Run) -> None:
    frames, learners = frames_of(real), real.learners
    last = learners.filter(pl.col("day") == learners["day"].max())
    suppliers, buyers = frames.owner[frames.suppliers], frames.owner[frames.buyers]
    for name, codified, tacit in last.select(
        "firm", "transferred_formal_codified", "transferred_formal_tacit"
    ).iter_rows():
        firm = frames.firms.index(name)
        came = frames.to_supplier[:, suppliers == firm].sum() + frames.to_buyer[:, buyers == firm].sum()
        assert came <= codified + tacit + 1e-9
        if (suppliers == firm).any():
            assert came == pytest.approx(codified + tacit, abs=1e-9)


def test_nothing_moves_over_a_link_that_is_not_there(made: Run) -> None:
    frames = frames_of(made)
    gone = frames.closed <= frames.starts[:, None]
    assert gone.any()
    assert (frames.goods[gone] == 0).all() and (frames.to_supplier[gone] == 0).all()


def test_long_runs_have_few_periods_and_end_with_the_run() -> None:
    run = example_run(sites=12, days=7280)
    frames = frames_of(run)
    assert len(frames.ends) <= MOST_PERIODS
    assert frames.ends[-1] == run.sites["day"].max()
    assert frames.goods.sum() == pytest.approx(sum(shipped(run).values()))


def test_outages_are_those_of_the_events(real: Run) -> None:
    frames, events = frames_of(real), real.events
    failed = events.filter(pl.col("kind") == "site_failed").select("site", "day").rows()
    found = [(frames.sites[int(site)], day) for site, day, _ in frames.outages.tolist()]
    assert sorted(found) == sorted(failed)
    assert (frames.outages[:, 2] >= frames.outages[:, 1]).all()


def test_a_site_is_out_in_each_period_that_an_outage_touches() -> None:
    run = simulate("serial-chain")
    site = run.network["sites"][1]["name"]
    frames = frames_of(run)
    first, last = float(frames.starts[3]) + 1.0, float(frames.starts[5]) + 1.0
    blank = {"cause": "outage", "firm": "", "buyer": "", "component": "", "value": float("nan")}
    rows = [{"day": first, "kind": "site_failed"}, {"day": last, "kind": "site_recovered"}]
    columns = {
        name: [({**blank, "site": site} | row)[name] for row in rows]
        for name in ("day", "kind", "cause", "firm", "site", "buyer", "component", "value")
    }
    struck = dataclasses.replace(run, tables=run.tables | {"events": make_table("events", columns)})
    states = frames_of(struck).states[:, 1]
    assert states[2:7].tolist() == [WORKS, OUT, OUT, OUT, WORKS]


def test_firms_that_left_are_not_open(real: Run) -> None:
    frames = frames_of(real)
    gone = real.firms.filter((pl.col("day") == real.firms["day"].max()) & (pl.col("active") == 0))["firm"].to_list()
    for name in gone:
        own = frames.owner == frames.firms.index(name)
        assert (frames.states[-1, own] == NOT_OPEN).all()


def test_levels_are_rungs_and_those_of_the_history_at_the_end(real: Run) -> None:
    frames, history = frames_of(real), real.history
    assert history is not None
    assert frames.levels.min() >= NO_LEVEL and frames.levels.max() < len(LADDER)
    for name, level, there in zip(history.firms, history.levels[-1], history.present[-1], strict=True):
        assert frames.levels[-1, frames.firms.index(name)] == (level if there else NO_LEVEL)


def test_a_run_without_knowledge_has_no_levels_and_no_knowledge() -> None:
    frames = frames_of(example_run(sites=12, days=91, knowledge=False))
    assert (frames.levels == NO_LEVEL).all() and frames.to_supplier.sum() == 0


def test_dates_count_from_the_start_of_the_scenario(real: Run) -> None:
    frames = frames_of(real)
    assert frames.date(0) == datetime.date(2000, 1, 1)
    assert frames.date(60.5) == datetime.date(2000, 3, 1)
