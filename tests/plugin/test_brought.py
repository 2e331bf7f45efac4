"""What plugins bring to a run besides components is on record: who brought it, and in which version."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gpnde import simulate
from gpnde.plugin.brought import brought
from gpnde.plugin.host import forget_plugins
from gpnde.scenario import Scenario, load_scenario
from gpnde.scenario.ordering import POLICIES
from gpnde.study.plan import Plan
from gpnde.study.schema import Study

Install = Callable[..., None]

SOURCES = {
    "peaks": '''
@metric("stock.peak", unit="unit", formula="max stock", better="lower", source="definition", needs=("tiers",))
def peak(evidence):
    """Return the highest stock of all tiers in a record."""
    return evidence.tables["tiers"]["on_hand"].max()

@hookimpl
def gpnde_metrics():
    return [peak]
''',
    "laws": '''
from gpnde.plugin import LawParameter, law, tabulated

@law("power", LawParameter("high", "Largest value.", gt=0), source="definition")
def power(high):
    """Draw from 0 to an end."""
    return tabulated(lambda chances: high * chances**0.5)

@hookimpl
def gpnde_laws():
    return [power]
''',
    "bins": """
from gpnde.plugin import OrderingPolicy

@hookimpl
def gpnde_ordering_policies():
    yield OrderingPolicy(
        "two-bin", doc="Two bins.", source="definition", rule="fixed-quantity",
        sets={"reorder_point": 10.0, "quantity": 20.0},
    )
""",
}

SETTINGS: dict[str, dict[str, Any]] = {
    "peaks": {"record.metrics": ["stock.peak"]},
    "laws": {"links.0.lead_time": "power(high=3)"},
    "bins": {"ordering": {"policy": "two-bin"}},
}


def scenario(name: str) -> Scenario:
    return load_scenario("serial-chain", {"clock.days": 14, **SETTINGS[name]})


@pytest.mark.parametrize("name", SOURCES)
def test_run_says_which_version_of_a_plugin_it_used(install: Install, name: str) -> None:
    install(name, SOURCES[name], version="2.5")
    assert simulate(scenario(name)).software[f"gpnde-{name}"] == "2.5"
    assert f"gpnde-{name}" not in simulate(load_scenario("serial-chain", {"clock.days": 14})).software


def digest_of(name: str) -> str:
    """Return what tells runs of a study apart from those of another."""
    given = {"name": "one", "scenario": "serial-chain", "measures": ["flow.fill_rate"]}
    study = Study.model_validate({**given, "settings": {"clock.days": 14, **SETTINGS[name]}})
    return Plan(study).scenario_digest("baseline", 0)


@pytest.mark.parametrize("name", SOURCES)
def test_other_version_of_a_plugin_makes_other_runs_of_a_study(install: Install, tmp_path: Path, name: str) -> None:
    install(name, SOURCES[name], version="1.0")
    first = digest_of(name)
    for info in (tmp_path / "site-packages").glob("*.dist-info"):
        shutil.rmtree(info)
    install(name, SOURCES[name], version="2.0")
    assert digest_of(name) != first


def test_records_of_a_plugin_go_with_it(install: Install) -> None:
    install("bins", SOURCES["bins"])
    assert [name for name, _ in brought(scenario("bins"))] == ["two-bin"]
    forget_plugins()
    assert "two-bin" not in POLICIES


def test_interrupted_import_of_plugins_is_made_up_for(install: Install, tmp_path: Path) -> None:
    install("bins", "raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        scenario("bins")
    module = tmp_path / "site-packages" / "plugin_bins.py"
    module.write_text("from gpnde.plugin import hookimpl\n" + SOURCES["bins"] + "\n", encoding="utf-8")
    assert scenario("bins").ordering.policy == "two-bin"
