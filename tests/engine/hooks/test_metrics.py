"""Components report metrics of their own, and plugins measure those that a scenario names."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

import pytest

import gpnde
from gpnde.errors import ComponentError, ComponentFailure
from gpnde.plugin import Component, hookimpl
from gpnde.testing import isolated_plugins, tiny_network


class Reporter(Component):
    """Reports what a test says."""

    name = "metric.reporter"

    said: ClassVar[Any] = None

    @hookimpl
    def metrics(self) -> Any:
        return self.said


def reported(monkeypatch: pytest.MonkeyPatch, said: Any) -> gpnde.Run:
    monkeypatch.setattr(Reporter, "said", said)
    with isolated_plugins(Reporter):
        return gpnde.simulate(tiny_network(**{"clock.days": 28}, components=[{"use": "metric.reporter"}]))


def test_metrics_of_a_component_bear_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    run = reported(monkeypatch, {"share-of-firms": 0.25, "not-defined": math.nan})
    assert run.metric("metric.reporter.share-of-firms") == 0.25
    assert math.isnan(run.metric("metric.reporter.not-defined"))


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (3, "gave 3: must be numbers by name"),
        ({"Share": 1.0}, "metric 'Share': must be a name such as share-of-firms"),
        ({"share": math.inf}, "metric share = inf: must be a number, or NaN"),
        ({"share": "many"}, "metric share = 'many': must be a number"),
    ],
)
def test_what_is_no_metric_is_refused(monkeypatch: pytest.MonkeyPatch, said: Any, complaint: str) -> None:
    with pytest.raises(ComponentError, match="^metric.reporter .*failed in metrics on day 28: ") as caught:
        reported(monkeypatch, said)
    assert complaint in str(caught.value)


Install = Callable[..., None]


def with_metric(install: Install, body: str, needs: str = "()") -> gpnde.Run:
    """Return a run whose scenario names a metric of a plugin, with the body of its function."""
    declared = f"@metric('stock.peak', unit='unit', formula='max', better='lower', source='definition', needs={needs})"
    install(
        "stock", f"{declared}\ndef peak(evidence):\n    {body}\n@hookimpl\ndef gpnde_metrics():\n    return [peak]\n"
    )
    return gpnde.simulate(tiny_network(**{"clock.days": 28}, record={"metrics": ["stock.peak"]}))


def test_metric_of_a_plugin_stands_among_the_others_by_name(install: Install) -> None:
    run = with_metric(install, "return {'': 2, 'tier.1': 3.0}")
    names = run.metrics["metric"].to_list()
    assert names == sorted(names)
    assert (run.metric("stock.peak"), run.metric("stock.peak.tier.1")) == (2.0, 3.0)


def test_metric_of_a_plugin_that_is_not_defined_has_no_row(install: Install) -> None:
    assert "stock.peak" not in with_metric(install, "return float('nan')").metrics["metric"].to_list()


def test_metric_of_a_plugin_is_not_asked_where_its_tables_have_no_rows(install: Install) -> None:
    run = with_metric(install, "raise ValueError('no rows')", needs="('policies',)")
    assert "stock.peak" not in run.metrics["metric"].to_list()


def test_metric_of_a_plugin_cannot_change_the_run(install: Install) -> None:
    run = with_metric(install, "evidence.tables.clear(); evidence.scenario.clear(); return 1.0")
    assert run.name and run.tiers.height


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ("raise ValueError('no such column')", "ValueError: no such column"),
        ("return 'many'", "gave 'many': must be a number, or NaN"),
        ("return {'': float('inf')}", "gave inf: must be a number"),
        ("return {'Tier 1': 1.0}", "gave a number for 'Tier 1': must be what follows the name"),
        ("return None", "gave None: must be a number"),
    ],
)
def test_metric_of_a_plugin_that_fails_is_named_in_one_line(install: Install, body: str, complaint: str) -> None:
    with pytest.raises(ComponentFailure) as caught:
        with_metric(install, body)
    where = "metric stock.peak of plugin 'stock' (gpnde-stock 1.0) failed in gpnde_metrics on day 28: "
    assert str(caught.value).startswith(where + complaint)
