"""Components report metrics of their own, with their name before each."""

from __future__ import annotations

import math
from typing import Any, ClassVar

import pytest

import gpnde
from gpnde.errors import ComponentError
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
