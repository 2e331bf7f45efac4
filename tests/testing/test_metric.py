"""The conformance kit checks metrics: documented, measured, harmless and repeatable."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

import gpnde
from gpnde.errors import ScenarioError
from gpnde.results.metric import MetricKind, metric
from gpnde.testing import ConformanceError, check_metric, isolated_plugins, tiny_network
from gpnde.testing.fixtures import isolated_plugins as isolated_plugins_fixture

SCENARIO = tiny_network(**{"clock.days": 14})
DECLARED: dict[str, Any] = {"unit": "1", "formula": "x", "better": "neither", "source": "definition"}
isolate = isolated_plugins_fixture


@metric("peak.stock", **{**DECLARED, "needs": ("tiers",)})
def peak(evidence: gpnde.Evidence) -> float:
    """Return the highest stock of a tier."""
    return float(evidence.tables["tiers"]["on_hand"].to_numpy().max())


def failed(kind: MetricKind[Any]) -> dict[str, str]:
    return {check.name: check.reason for check in check_metric(kind, scenario=SCENARIO).failures}


def test_good_metric_passes_and_adds_to_the_metrics_alone() -> None:
    report = check_metric(peak, scenario=SCENARIO)
    assert report.passed
    assert report.changes == ("metrics",)


def test_metric_without_words_fails() -> None:
    @metric("peak.mute", **{**DECLARED, "source": ""})
    def mute(evidence: gpnde.Evidence) -> float:
        return 1.0

    assert failed(mute) == {"documentation": "no docstring, no source"}


def test_metric_that_raises_fails_in_one_line() -> None:
    @metric("peak.broken", **DECLARED)
    def broken(evidence: gpnde.Evidence) -> float:
        """Return what is not there."""
        return float(evidence.tables["nothing"].height)

    assert list(failed(broken)) == ["run"]
    with pytest.raises(ConformanceError, match="^peak.broken: run: .*KeyError"):
        check_metric(broken, scenario=SCENARIO).raise_if_failed()


def test_metric_that_counts_its_calls_is_not_repeatable() -> None:
    calls = itertools.count()

    @metric("peak.calls", **DECLARED)
    def counted(evidence: gpnde.Evidence) -> float:
        """Return how often it was called."""
        return float(next(calls))

    assert failed(counted) == {"same-bytes": "the same seed gives other values"}


def test_metric_of_an_isolation_is_measured_where_it_is_named() -> None:
    named = tiny_network(**{"clock.days": 14, "record.metrics": ["peak.stock"]})
    with isolated_plugins(metrics=[peak]):
        assert gpnde.simulate(named).metric("peak.stock") > 0
    with isolated_plugins(), pytest.raises(ScenarioError, match="^record.metrics: 'peak.stock': no plugin offers it"):
        gpnde.simulate(named)


def test_fixture_isolates_metrics_too(isolate: Any) -> None:
    assert list(isolate(metrics=[peak]).metrics) == ["peak.stock"]
