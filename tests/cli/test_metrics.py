"""`gpnde metrics`: the register of metrics, and those that plugins add to it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import Result

from gpnde.results.register import metric_kinds

Gpnde = Callable[..., Result]
Install = Callable[..., None]

PLUGIN = """
@metric("stock.peak", unit="unit", formula="max stock", better="lower", source="definition", needs=("tiers",))
def peak(evidence):
    '''Return the highest stock of all tiers in a record, in all or in one tier.'''
    tiers = evidence.tables["tiers"]
    each = {f"tier.{tier}": rows["on_hand"].max() for (tier,), rows in tiers.group_by("tier")}
    return {"": tiers.group_by("day").sum()["on_hand"].max(), **each}

@hookimpl
def gpnde_metrics():
    return [peak]
"""

STUDY = """
name: peaks
scenario: {scenario}
settings: {{clock.days: 28}}
arms: {{baseline: {{}}, slow: {{settings: {{ordering.review_days: 14}}}}}}
measures: [stock.peak, stock.peak.tier.1]
replications: 2
"""


@pytest.fixture
def with_peak(install: Install, gpnde: Gpnde) -> Gpnde:
    """Return the command where a plugin is installed that offers the metric ``stock.peak``."""
    install("stock", PLUGIN)
    return gpnde


def rows(listed: Result) -> dict[str, dict[str, object]]:
    return {row["name"]: row for row in json.loads(listed.stdout)["metrics"]}


def test_every_metric_is_listed_with_unit_direction_formula_and_source(gpnde: Gpnde) -> None:
    found = rows(gpnde("metrics", "--json"))
    assert list(found) == [*metric_kinds(), "capability"]
    assert all(row[key] for row in found.values() for key in ("unit", "doc", "formula", "better", "source", "owner"))
    assert all(f"{name} " in gpnde("metrics").stdout for name in ("flow.fill_rate", "theil.tier"))


def test_metric_that_is_named_is_told_alone(gpnde: Gpnde) -> None:
    assert list(rows(gpnde("metrics", "flow.fill_rate.asia", "--json"))) == ["flow.fill_rate"]


def test_unknown_metric_gets_the_nearest_name(with_peak: Gpnde) -> None:
    done = with_peak("metrics", "stock.peek")
    assert done.exit_code == 2
    assert "metric 'stock.peek': unknown; did you mean 'stock.peak'?" in done.stderr


def test_metric_of_a_plugin_is_listed_with_its_owner(with_peak: Gpnde) -> None:
    row = rows(with_peak("metrics", "--json"))["stock.peak"]
    assert row["doc"] == "Highest stock of all tiers in a record, in all or in one tier."
    assert (row["unit"], row["owner"]) == ("unit", "plugin 'stock' (gpnde-stock 1.0)")
    assert "Highest stock of all tiers" in with_peak("metrics").stdout
    assert "metric stock.peak" in with_peak("plugins").stdout


def test_schema_takes_the_metrics_that_plugins_offer_and_no_others(with_peak: Gpnde, three_firms_text: str) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(with_peak("schema").stdout))
    scenario = yaml.safe_load(three_firms_text)
    assert validator.is_valid({**scenario, "record": {"metrics": ["stock.peak"]}})
    assert not validator.is_valid({**scenario, "record": {"metrics": ["stock.peek"]}})


def test_run_measures_what_its_scenario_names_and_nothing_else(with_peak: Gpnde, three_firms: Path) -> None:
    without = json.loads(with_peak("run", three_firms, "--json").stdout)
    named = json.loads(with_peak("run", three_firms, "--set", "record.metrics=[stock.peak]", "--json").stdout)
    more = named["metrics"].keys() - without["metrics"].keys()
    assert more == {"stock.peak", "stock.peak.tier.0", "stock.peak.tier.1", "stock.peak.tier.2"}
    assert named["metrics"]["stock.peak"] > 0
    assert without["metrics"].items() <= named["metrics"].items()


@pytest.mark.parametrize("command", ["run", "check"])
def test_unknown_metric_is_refused_before_the_run(
    with_peak: Gpnde, three_firms_text: str, tmp_path: Path, command: str
) -> None:
    path = tmp_path / "scenario.yaml"
    path.write_text(f"{three_firms_text}record: {{metrics: [stock.peek]}}\n", encoding="utf-8")
    done = with_peak(command, path)
    assert done.exit_code == 2
    assert "record.metrics: 'stock.peek': no plugin offers it; did you mean 'stock.peak'?" in done.stderr


def test_study_measures_the_metric_that_it_names(with_peak: Gpnde, three_firms: Path, tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    path.write_text(STUDY.format(scenario=three_firms), encoding="utf-8")
    assert with_peak("batch", path, "--out", tmp_path / "out", "--jobs", 1).exit_code == 0
    compared = json.loads(with_peak("compare", tmp_path / "out", "--json").stdout)["effects"]
    assert {row["measure"] for row in compared} == {"stock.peak", "stock.peak.tier.1"}
    assert {(row["unit"], row["better"], row["pairs"]) for row in compared} == {("unit", "lower", 2)}
