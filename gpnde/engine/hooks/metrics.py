"""What components report of their own, and the metrics of plugins that a scenario names."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

import numpy as np

from gpnde.engine.hooks.caller import HookCaller
from gpnde.engine.hooks.validator import AnswerValidator
from gpnde.errors import Owner, short
from gpnde.plugin.guard import Guard
from gpnde.results.evidence import Evidence
from gpnde.results.metric import Metric, MetricKind

_NAME = re.compile(r"[a-z][a-z0-9]*([-_.][a-z0-9]+)*")
_REST = re.compile(r"[a-z0-9]+([-_.][a-z0-9]+)*|")


def reported_metrics(asking: HookCaller) -> dict[str, float]:
    """Return what the components of a run report of their own, by the full names of the metrics."""
    found: dict[str, float] = {}
    for reader, answer in asking.ask("metrics"):
        found |= _reported(reader, answer)
    return found


def _reported(reader: AnswerValidator, answer: Any) -> dict[str, float]:
    """Return what a component reports, its name before each."""
    if not isinstance(answer, Mapping):
        raise reader.fault(f"gave {answer!r}", "must be numbers by name")
    for name in answer:
        if not (isinstance(name, str) and _NAME.fullmatch(name)):
            raise reader.fault(f"metric {name!r}", "must be a name such as share-of-firms")
    return {f"{reader.label}.{name}": _number(reader, name, value) for name, value in answer.items()}


def added_metrics(evidence: Evidence, kinds: Mapping[MetricKind[Any], Owner]) -> list[Metric]:
    """Return the metrics that plugins measure; *kinds* gives the owner of each.

    Raises
    ------
    ComponentFailure
        One fails, or gives what is no number; the error names metric and plugin.
    """
    return [found for kind, owner in kinds.items() for found in _added(evidence, kind, owner)]


def _added(evidence: Evidence, kind: MetricKind[Any], owner: Owner) -> list[Metric]:
    guard = Guard(f"metric {kind.name}", "gpnde_metrics", owner)
    day = evidence.horizon
    # A metric may write into what it gets, while others are still to be measured.
    given = replace(evidence, scenario=deepcopy(evidence.scenario), tables={**evidence.tables}, parts={})
    answer = guard.call(day, kind, given) if given.has(kind.needs) else {}
    for name, value in (answer if isinstance(answer, Mapping) else {"": answer}).items():
        if not (isinstance(name, str) and _REST.fullmatch(name)):
            raise guard.fault(
                day, f"gave a number for {short(repr(name))}", "must be what follows the name, or nothing"
            )
        if not isinstance(value, int | float | np.number) or math.isinf(value):
            raise guard.fault(day, f"gave {short(repr(value))}", "must be a number, or NaN where it is not defined")
    return list(kind.named(answer))


def _number(reader: AnswerValidator, name: str, value: Any) -> float:
    """Return the value of a metric; NaN stands for not defined."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.inf
    if math.isinf(number):
        raise reader.fault(f"metric {name} = {value!r}", "must be a number, or NaN where it is not defined")
    return number
