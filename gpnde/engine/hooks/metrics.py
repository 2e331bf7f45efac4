"""What components report of their own."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from gpnde.engine.hooks.caller import HookCaller
from gpnde.engine.hooks.validator import AnswerValidator

_NAME = re.compile(r"[a-z][a-z0-9]*([-_.][a-z0-9]+)*")


def reported_metrics(asking: HookCaller) -> dict[str, float]:
    """Return what the components of a run report of their own, by the full names of the metrics."""
    found: dict[str, float] = {}
    for reader, answer in asking.ask("metrics"):
        found |= _reported(reader, answer)
    return found


def _reported(reader: AnswerValidator, answer: Any) -> dict[str, float]:
    """Return what a component reports, its name before each."""
    if not isinstance(answer, Mapping):
        raise reader.fault(f"gave {answer!r}: must be numbers by name")
    for name in answer:
        if not (isinstance(name, str) and _NAME.fullmatch(name)):
            raise reader.fault(f"metric {name!r}: must be a name such as share-of-firms")
    return {f"{reader.label}.{name}": _number(reader, name, value) for name, value in answer.items()}


def _number(reader: AnswerValidator, name: str, value: Any) -> float:
    """Return the value of a metric; NaN stands for not defined."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.inf
    if math.isinf(number):
        raise reader.fault(f"metric {name} = {value!r}: must be a number, or NaN where it is not defined")
    return number
