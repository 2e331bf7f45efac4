"""Measure a run that a test has written down."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

import polars as pl

from gpnde.results.evidence import Evidence
from gpnde.results.register import metric_kinds


def measured(
    subject: ModuleType, scenario: Mapping[str, Any], tables: Mapping[str, pl.DataFrame], **more: Any
) -> dict[str, float]:
    """Return the metrics that the module *subject* declares, by name."""
    evidence = Evidence(scenario, tables, **more)
    kinds = [kind for kind in metric_kinds().values() if kind.__module__ == subject.__name__]
    return {metric.name: metric.value for kind in kinds for metric in kind.values(evidence)}
