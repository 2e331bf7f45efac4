"""Who gets an order: records that say how a buyer chooses between the suppliers of an input, order by order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from gpnde.registry import Registry

ChoiceRule = Literal["shares", "first", "available", "cheapest", "fastest", "random", "ranked"]
"""How the flow chooses: by the shares of the links, or supplier by supplier in the order of a rank.

The rank is that of preference alone; whether stock is there; landed cost; lead time; chance; or what a function gives.
"""

CHOICE_RULES: tuple[ChoiceRule, ...] = get_args(ChoiceRule)


@dataclass(frozen=True, eq=False)
class SupplierChoice:
    """A rule that chooses suppliers: ``ordering: {supplier_choice: NAME}`` of a scenario, or of one of its sites.

    It is one of the rules that are compiled with the flow, or ranks suppliers by a function of its own.

    Parameters
    ----------
    name
        What scenarios call it: small letters, digits and hyphens.
    doc
        Who gets an order, in one line.
    source
        Where it comes from: author and year, or "definition".
    rule
        The rule of the flow by which it chooses; with *ranks* it is ``ranked``.
    ranks
        Ranks suppliers: it takes the `Supplies` of the sites that follow the rule and review now, and returns a number
        per link, broadcast to (n,). Who has the lowest is asked first; NaN comes last. It is called before goods move.

    Examples
    --------
    >>> largest = SupplierChoice(
    ...     "largest-share",
    ...     doc="Who has the largest share.",
    ...     source="definition",
    ...     rule="ranked",
    ...     ranks=lambda supplies: -supplies.share,
    ... )
    >>> choice_fault(largest), choice_fault(SupplierChoice("nobody", "Nobody.", "definition", rule="ranked"))
    ('', 'rule ranked: needs ranks, a function of the supplies')
    """

    name: str
    doc: str
    source: str
    rule: ChoiceRule
    ranks: Callable[..., Any] | None = None


def choice_fault(choice: SupplierChoice) -> str:
    """Return what is wrong with a record that a plugin brings and what would be right, or an empty text."""
    if choice.rule not in CHOICE_RULES:
        return f"rule {choice.rule!r}: must be one of {', '.join(CHOICE_RULES)}"
    if choice.rule == "ranked":
        return "" if callable(choice.ranks) else "rule ranked: needs ranks, a function of the supplies"
    return "" if choice.ranks is None else f"ranks: go with the rule ranked, not {choice.rule}: leave one of them out"


SUPPLIER_CHOICES: Registry[SupplierChoice] = Registry("supplier choice")
"""All rules that choose suppliers: those of `gpnde.scenario.ordering.choices`, and those that plugins bring."""
