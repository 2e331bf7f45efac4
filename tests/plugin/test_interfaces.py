"""The engine keeps the promises of the interfaces."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest

from gpnde.engine.clock import Timeline
from gpnde.engine.hooks.acts import RunAct
from gpnde.engine.hooks.views import RunClock, RunStreams, RunView
from gpnde.plugin import Act, Clock, Streams, View
from gpnde.scenario import load_scenario
from gpnde.world.build import build_world


@pytest.fixture
def view() -> View:
    return RunView(build_world(load_scenario("hdd-southeast-asia")))


def acts_like_the_interface(act: RunAct) -> Act:
    """Hold the type checker to the promise."""
    return act


def test_waiting_is_rounded_up_to_the_tick() -> None:
    timeline = Timeline(0.5, 100)
    clock: Clock = RunClock(timeline, datetime.date(1990, 1, 1))
    days = []

    def process() -> object:
        yield clock.wait(0.2)
        days.append(clock.now)
        yield clock.until(3.1)
        days.append(clock.now)
        yield clock.until(1.0)
        days.append(clock.now)

    timeline.start(process())
    timeline.run()
    assert days == [0.5, 3.5, 3.5]
    assert (clock.days, clock.tick_days, clock.start) == (50.0, 0.5, datetime.date(1990, 1, 1))


def test_view_cannot_be_written(view: View) -> None:
    for records in (view.sites, view.inputs, view.lines, view.markets, view.firms):
        with pytest.raises(ValueError, match="read-only"):
            records[:1] = 0


def test_all_sites_meet_no_condition(view: View) -> None:
    assert view.site_numbers().tolist() == list(range(len(view.sites)))


def test_sites_meet_every_condition_by_any_of_its_entries(view: View) -> None:
    tiers = view.sites["tier"]
    by_tier = view.site_numbers(tiers=[0, 2])
    assert by_tier.tolist() == np.flatnonzero(np.isin(tiers, [0, 2])).tolist()
    thai = view.site_numbers(countries=["THAILAND"])
    both = view.site_numbers(countries=["thailand"], tiers=[0, 2])
    assert 0 < len(both) < len(thai)
    assert both.tolist() == sorted(set(thai.tolist()) & set(by_tier.tolist()))


def test_links_have_their_supplier_among_the_sites(view: View) -> None:
    suppliers = view.site_numbers(tiers=[1])
    lines = view.line_numbers(tiers=[1])
    assert len(lines)
    assert set(view.lines["supplier"][lines].tolist()) <= set(suppliers.tolist())
    assert (view.lines["market"][view.line_numbers()] <= 0).all()


def test_streams_depend_on_their_words_alone() -> None:
    def draw(streams: Streams, purpose: str, entity: str = "") -> float:
        return streams.generator(purpose, entity).random()

    first, again = RunStreams(1, 0, "policy.a"), RunStreams(1, 0, "policy.a")
    draw(again, "other")
    assert draw(first, "up") == draw(again, "up")
    words = [("up", ""), ("down", ""), ("up", "penang")]
    others = [RunStreams(2, 0, "policy.a"), RunStreams(1, 1, "policy.a"), RunStreams(1, 0, "policy.b")]
    drawn = [draw(first, *each) for each in words] + [draw(each, "up") for each in others]
    assert len(set(drawn)) == len(drawn)


def test_a_number_for_each_name_depends_on_no_other_name() -> None:
    streams = RunStreams(1, 0, "policy.a")
    few, many = ("penang", "osaka"), ("cavite", "osaka", "johor", "penang")
    for draw in (streams.uniforms, streams.normals):
        alone, among = (dict(zip(names, draw("lot", names, day=28.0).tolist(), strict=True)) for names in (few, many))
        assert alone == {name: among[name] for name in few}
        pairs = draw("lot", many, few)
        assert pairs.shape == (4, 2)
        assert draw("lot", few[:1], few)[0].tolist() == pairs[3].tolist()
        assert pairs[3, 1] != pairs[1, 0]


def test_numbers_of_names_differ_by_purpose_day_and_occurrence() -> None:
    def draw(streams: RunStreams, purpose: str = "lot", **when: Any) -> float:
        return float(streams.uniforms(purpose, ("osaka",), **when)[0])

    streams = RunStreams(1, 0, "policy.a")
    drawn = [draw(streams), draw(streams, "seat"), draw(streams, day=28.0), draw(streams, occurrence=1)]
    drawn += [
        draw(RunStreams(2, 0, "policy.a")),
        draw(RunStreams(1, 1, "policy.a")),
        draw(RunStreams(1, 0, "policy.b")),
    ]
    assert len(set(drawn)) == len(drawn)
    assert all(0.0 < each < 1.0 for each in drawn)
