"""Summary: what a person reads in the terminal after a run."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.results.headline import headlines, number
from gpnde.results.run import Run
from gpnde.results.summary import WIDTH, sparkline, summary
from tests.example import example_run


@pytest.fixture(scope="module")
def run() -> Run:
    return example_run()


def test_no_line_is_wider_than_a_terminal(run: Run) -> None:
    long = dataclasses.replace(
        run, notes=("word " * 60,), scenario=run.scenario | {"title": "long " * 40}, dropouts={"score" * 5: 10**9} | {}
    )
    assert max(len(line) for line in summary(long).splitlines()) <= WIDTH


@pytest.mark.parametrize(
    "text",
    ["Fill rate", "Stock", "Backlog", "Outages", "Drop-outs", "97.", "goods 2.1e-16", "cash 3.4e-15", "score "],
)
def test_the_report_holds_course_headline_and_balances(run: Run, text: str) -> None:
    assert text in summary(run)


def test_each_target_stands_beside_its_result_and_says_what_it_is(run: Run) -> None:
    lines = {line.split()[0]: line.split() for line in summary(run).splitlines() if line.startswith("flow.")}
    assert lines["flow.fill_rate"][1:] == ["0.95", number(run.metric("flow.fill_rate")), "assumption"]


def test_a_target_of_an_earlier_day_says_which(run: Run) -> None:
    assert "space.share.employment.asia @ day 0" in summary(run)


def test_many_targets_are_cut_and_counted(run: Run) -> None:
    many = dataclasses.replace(run, scenario=run.scenario | {"targets": run.scenario["targets"] * 10})
    assert "… and 30 more in run.targets()" in summary(many)


def test_headline_numbers_that_were_not_measured_are_left_out(run: Run) -> None:
    bare = dataclasses.replace(run, tables=run.tables | {"metrics": run.metrics.head(0)})
    assert headlines(bare) == []


@given(st.lists(st.floats(-1e6, 1e6) | st.just(float("nan")), max_size=50))
def test_a_sparkline_has_one_mark_per_value_and_its_extremes(values: list[float]) -> None:
    line = sparkline(np.array(values))
    assert len(line) == len(values)
    present = [value for value in values if value == value]
    assert line.count(" ") == len(values) - len(present)
    if present and max(present) > min(present):
        assert line[values.index(max(present))] == "█"
        assert line[values.index(min(present))] == "▁"


def test_a_level_course_is_a_low_line() -> None:
    assert sparkline(np.array([5.0, 5.0])) == "▁▁"


def test_learning_is_reported_by_tier_and_in_a_sentence(run: Run) -> None:
    text = summary(run)
    assert "Capability    day 0" in text
    assert "Tier 2" in text
    words = " ".join(text.split())
    assert f"{run.metric('completion.all'):.1%} of transferred knowledge internalised" in words
    assert f"{run.metric('upgrading.events.up'):,.0f} functions taken on, 0 lost" in words
    start, end = number(run.metric("tier_gap.start")), number(run.metric("tier_gap"))
    assert f"capability gap (tier 1 − tier 2) {start} on day 0, {end} at the end" in words


def test_a_run_without_knowledge_does_not_speak_of_learning() -> None:
    text = summary(example_run(sites=12, days=91, knowledge=False))
    assert "learn" not in text
    assert "ladder" not in text


def test_what_could_not_be_measured_of_learning_is_left_out(run: Run) -> None:
    rows = run.metrics.filter(~run.metrics["metric"].str.contains("completion|tier_gap"))
    text = summary(dataclasses.replace(run, tables=run.tables | {"metrics": rows}))
    assert "functions taken on" in text
    assert "internalised" not in text
