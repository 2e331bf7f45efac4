"""Measures of the components themselves: accounts of policies, and what components report of their own."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from gpnde.engine.hooks.caller import HookCaller
from gpnde.engine.hooks.validator import AnswerValidator
from gpnde.results.metric import Metric
from gpnde.results.policies import policy_metrics

_NAME = re.compile(r"[a-z][a-z0-9]*([-_.][a-z0-9]+)*")


def own_metrics(asking: HookCaller) -> list[Metric]:
    """Return the metrics that only a run with components has, in the order of their labels."""
    found = [
        metric for label, account in asking.programmes.accounts().items() for metric in policy_metrics(label, account)
    ]
    for reader, answer in asking.ask("metrics"):
        found += _reported(reader, answer)
    return found


def _reported(reader: AnswerValidator, answer: Any) -> Iterator[Metric]:
    """Yield what a component reports, its name before each."""
    if not isinstance(answer, Mapping):
        raise reader.fault(f"gave {answer!r}", "must be numbers by name")
    for name, value in answer.items():
        if not (isinstance(name, str) and _NAME.fullmatch(name)):
            raise reader.fault(f"metric {name!r}", "must be a name such as share-of-firms")
        yield Metric(f"{reader.label}.{name}", _number(reader, name, value), "1")


def _number(reader: AnswerValidator, name: str, value: Any) -> float:
    """Return the value of a metric; NaN stands for not defined."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.inf
    if math.isinf(number):
        raise reader.fault(f"metric {name} = {value!r}", "must be a number, or NaN where it is not defined")
    return number
