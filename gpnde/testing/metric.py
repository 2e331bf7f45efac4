"""The conformance check of one metric, which a plugin offers as a record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gpnde.engine.simulate import simulate
from gpnde.errors import GpndeError
from gpnde.results.fingerprint import fingerprint
from gpnde.results.metric import MetricKind
from gpnde.scenario.schema import Scenario
from gpnde.testing.isolation import isolated_plugins
from gpnde.testing.network import tiny_network
from gpnde.testing.report import Check, Report
from gpnde.testing.runs import SEED, Fingerprints, differing

_METRICS = "metrics"


def check_metric(metric: MetricKind[Any], *, scenario: Scenario | None = None) -> Report:
    """Check a metric against what a run relies on: it says what it is, can be measured, and leaves the run as it is.

    Makes three short runs of *scenario*, by default `gpnde.testing.tiny_network`, with seed 1.

    Examples
    --------
    In a test of a plugin::

        def test_my_metric_conforms():
            check_metric(my_metric).raise_if_failed()

    Raises
    ------
    GpndeError
        The network cannot be run without the metric either.
    """
    network = scenario or tiny_network()
    absent = _tables(network, metric, is_named=False)
    checks = [Check("documentation", not (missing := ", ".join(_missing(metric))), missing or "all is documented")]
    try:
        first, second = (_tables(network, metric, is_named=True) for _ in range(2))
    except GpndeError as error:
        return Report(metric.name, (*checks, Check("run", False, str(error))))
    others = tuple(name for name in differing(absent, first) if name != _METRICS)
    checks += [
        Check("run", True, "is measured"),
        Check("read-only", not others, f"changes {', '.join(others)}" if others else "leaves the run as it is"),
        Check(
            "same-bytes", first == second, f"the same seed gives {'the same' if first == second else 'other'} values"
        ),
    ]
    return Report(metric.name, tuple(checks), differing(absent, first))


def _missing(metric: MetricKind[Any]) -> Iterator[str]:
    """Yield what a metric does not say of itself."""
    said = {"docstring": metric.doc, "unit": metric.unit, "formula": metric.formula, "source": metric.source}
    yield from (f"no {part}" for part, text in said.items() if not text.strip())


def _tables(network: Scenario, metric: MetricKind[Any], is_named: bool) -> Fingerprints:
    """Return the fingerprints of a run's tables, in which the metric is measured if the scenario names it."""
    record = network.record.model_copy(update={"metrics": (metric.name,) if is_named else ()})
    with isolated_plugins(metrics=[metric]):
        run = simulate(network.model_copy(update={"record": record}, deep=True), seed=SEED)
    return {name: fingerprint({name: table}) for name, table in run.tables.items()}
