"""Every component that the host knows passes every check, in a network in which it does something."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from gpnde.plugin.host import plugin_host
from gpnde.scenario import Scenario
from gpnde.testing import CHECKS, check_component, tiny_network

pytestmark = pytest.mark.slow

PARAMETERS: Mapping[str, Mapping[str, Any]] = {
    "diffusion.imitation": {"lag_days": 28},
    "diffusion.joint-creation": {"trust_threshold": 0.1},
    "disruption.cluster-outage": {"mean_up_days": 90},
    "disruption.currency-crisis": {"start_day": 56, "passed_on": 0.5},
    "disruption.dated-events": {
        "events": [{"what": "demand", "target": "market", "name": "home", "start": 28, "days": 28, "factor": 0.5}]
    },
    "disruption.dated-outages": {"file": "floods.csv"},
    "disruption.export-control": {"start_day": 56},
    "disruption.flagship-insolvency": {"day": 56},
    "disruption.price-war": {"mean_peace_days": 60},
    "disruption.technology-discontinuity": {"day": 56},
    "policy.linkage-mix": {"stages": [{"policy": "policy.effort-subsidy", "lowest": 2}]},
}
"""Parameters without which a component cannot run, or leaves the tiny network as it is."""

BESIDE: Mapping[str, str] = {
    "diffusion.progressive-transfer": "diffusion.design-debate",
    "policy.linkage-mix": "policy.effort-subsidy",
    "policy.targeting": "policy.effort-subsidy",
}
"""Components that only work on what another one does."""


CHANGES: Mapping[str, Mapping[str, Any]] = {
    "diffusion.released-workers": {
        "products.case.value_added": None,
        "products.case.labour_days": 0.2,
        "sites.case-shed.closes_day": 60,
        "sites.case-works.cluster": "park",
        "sites.case-works.employment": 2,
        "firms.cheap-cases.cash": 100_000,
        "firms.cheap-cases.knowledge": {"component_mfg": 0.9},
    },
}
"""What else has to be in the tiny network for a component to act."""


@pytest.fixture(autouse=True)
def floods(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder with a list of floods."""
    (tmp_path / "floods.csv").write_text("date,cluster,duration_days\n2000-03-01,port,20\n")
    monkeypatch.chdir(tmp_path)


def network(name: str) -> Scenario:
    """Return the tiny network, with what a component works on."""
    beside = [{"use": BESIDE[name]}] if name in BESIDE else []
    return tiny_network(**{"components": beside, **CHANGES.get(name, {})})


@pytest.mark.sampled(8)
@pytest.mark.parametrize("name", plugin_host().components)
def test_component_conforms(name: str) -> None:
    report = check_component(plugin_host().component(name), parameters=PARAMETERS.get(name), scenario=network(name))
    report.raise_if_failed()
    assert [check.name for check in report.checks] == list(CHECKS)
    assert report.changes
