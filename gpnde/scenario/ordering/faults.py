"""What may be wrong with the record of an ordering policy that a plugin brings."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic.fields import FieldInfo

from gpnde.errors import nearest
from gpnde.scenario.ordering.blocks import Ordering
from gpnde.scenario.ordering.policy import RULES, SETTABLE, OrderingPolicy


def ordering_fault(policy: OrderingPolicy) -> str:
    """Return what is wrong with a record and what would be right, or an empty text.

    >>> ordering_fault(OrderingPolicy("two-bin", doc="A bin.", source="definition", needs=("quantitty",)))
    "'quantitty': no such field of ordering; did you mean 'quantity'?"
    """
    return next(filter(None, _faults(policy)), "")


def _faults(policy: OrderingPolicy) -> Iterator[str]:
    known = Ordering.model_fields
    fields = (*policy.fields, *policy.opens_at)
    yield from (f"{name!r}: no such field of ordering{nearest(name, known)}" for name in fields if name not in known)
    if policy.rule not in RULES:
        yield f"rule {policy.rule!r}: must be one of {', '.join(RULES)}"
    wrong = [name for name in (*policy.sets, *policy.opens_at) if name not in SETTABLE]
    yield from (f"{name!r}: no number of a rule: must be one of {', '.join(SETTABLE)}" for name in wrong)
    yield from _faults_of_levels(policy)
    yield from (_fault_of_parameter(name, declared) for name, declared in policy.parameters.items())


def _faults_of_levels(policy: OrderingPolicy) -> Iterator[str]:
    if policy.levels is None:
        if policy.parameters:
            yield "parameters without levels: give levels, a function that takes them"
    elif not callable(policy.levels):
        yield f"levels = {policy.levels!r}: must be a function of a review"
    elif policy.rule != "order-up-to" or policy.forecasts:
        yield "levels: go with the rule order-up-to and without a forecast: leave one of them out"


def _fault_of_parameter(name: str, declared: object) -> str:
    if not isinstance(declared, FieldInfo):
        return f"parameter {name!r}: must be what gpnde.param(...) declares"
    if not name.isidentifier() or name.startswith("_") or name in Ordering.model_fields:
        return f"parameter {name!r}: must be a name that no field of ordering has"
    return ""
