"""Run: its tables, metrics and units are at hand, and it turns into plain data and text."""

from __future__ import annotations

import dataclasses
import json
import math

import polars as pl
import pytest

from gpnde.errors import ResultsError
from gpnde.results.columns import TABLES
from gpnde.results.run import Run
from gpnde.results.tables import empty_table
from tests.example import example_run


@pytest.fixture(scope="module")
def run() -> Run:
    return example_run()


@pytest.mark.parametrize("name", list(TABLES))
def test_every_table_is_an_attribute(run: Run, name: str) -> None:
    assert getattr(run, name) is run.tables[name]


def test_an_unknown_table_is_refused_with_the_nearest_name(run: Run) -> None:
    with pytest.raises(ResultsError, match="'firm': unknown; did you mean 'firms'"):
        run.table("firm")


def test_a_metric_is_found_by_name(run: Run) -> None:
    expected = run.metrics.filter(pl.col("metric") == "flow.fill_rate")["value"].item()
    assert run.metric("flow.fill_rate") == expected
    assert run.metric("Flow.Fill_Rate") == expected


def test_an_unknown_metric_is_refused_with_the_nearest_name(run: Run) -> None:
    with pytest.raises(ResultsError, match=r"did you mean 'flow\.fill_rate'"):
        run.metric("flow.filrate")


def test_units_reach_pandas_and_arrow(run: Run) -> None:
    assert run.to_pandas("markets").attrs["units"] == run.units("markets")
    field = run.to_arrow("markets").schema.field("price")
    assert field.metadata[b"unit"] == b"money"
    assert field.metadata[b"doc"]


def test_values_survive_pandas_and_arrow(run: Run) -> None:
    assert run.to_pandas("links")["supplier"].tolist() == run.links["supplier"].to_list()
    assert run.to_arrow("links").column("share").to_pylist() == run.links["share"].to_list()


def test_the_fingerprint_does_not_see_time_spent_or_versions(run: Run) -> None:
    other = dataclasses.replace(run, seconds={"build": 99.0}, software={"gpnde": "another"})
    assert other.fingerprint == run.fingerprint


def test_the_fingerprint_sees_a_changed_number(run: Run) -> None:
    changed = run.markets.with_columns(pl.col("price") + 1e-12)
    assert dataclasses.replace(run, tables=run.tables | {"markets": changed}).fingerprint != run.fingerprint


def test_json_has_the_keys_that_scripts_rely_on(run: Run) -> None:
    data = run.to_json()
    keys = "scenario seed replication days firms sites links orders fingerprint conservation dropouts metrics"
    assert list(data) == [*keys.split(), "targets", "seconds"]
    assert data["metrics"]["flow.fill_rate"] == run.metric("flow.fill_rate")
    assert data["conservation"] == run.conservation


def test_json_has_null_for_what_is_not_finite(run: Run) -> None:
    unchecked = dataclasses.replace(run, conservation={"goods": math.nan, "cash": 0.0})
    data = json.loads(json.dumps(unchecked.to_json(), allow_nan=False))
    assert data["conservation"] == {"goods": None, "cash": 0.0}


def test_a_run_is_shown_in_one_line(run: Run) -> None:
    assert repr(run) == f"<Run of 'example': seed 1, replication 0, {run.fingerprint}>"


def test_a_notebook_shows_a_table_without_raw_markup(run: Run) -> None:
    named = dataclasses.replace(run, scenario=run.scenario | {"title": "<b>&"})
    assert "&lt;b&gt;&amp;" in named._repr_html_()
    assert run.fingerprint in run._repr_html_()


def test_a_run_without_any_rows_can_be_read(run: Run) -> None:
    bare = dataclasses.replace(run, tables={name: empty_table(name) for name in TABLES}, dropouts={}, seconds={})
    assert "Outages: 0. Drop-outs by cause: none" in bare.summary()
    assert bare.to_json()["metrics"] == {}
    assert bare.fingerprint in bare._repr_html_()
