"""What an ordering policy is: a record that says which numbers it takes and how it orders by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, get_args

from pydantic import create_model

from gpnde.registry import Registry
from gpnde.scenario.model import Block

if TYPE_CHECKING:
    from gpnde.scenario.ordering.blocks import Ordering

Rule = Literal["order-up-to", "smoothed", "reorder-to-level", "fixed-quantity"]
"""How the flow orders, review by review: up to a level; a share of the way there; up to it from a reorder point; in
lots of a fixed quantity."""

RULES: tuple[Rule, ...] = get_args(Rule)

SETTABLE = ("level", "reorder_point", "quantity", "smoothing")
"""Numbers of a rule that a policy may fix."""


@dataclass(frozen=True, eq=False)
class OrderingPolicy:
    """An ordering policy: ``ordering: {policy: NAME}`` of a scenario, or of one of its sites.

    It orders by one of the rules that are compiled with the flow, or gives levels by a function of its own.

    Parameters
    ----------
    name
        What scenarios call it: small letters, digits and hyphens.
    doc
        What it orders, in one line.
    source
        Where it comes from: author and year, or "definition".
    rule
        The rule of the flow by which it orders; with *levels* it is ``order-up-to``.
    needs
        Fields of `Ordering` that a scenario has to give.
    uses
        Further fields of `Ordering` that it takes. With ``forecast`` its level follows a forecast. The time between
        reviews and what is done while suppliers are down are taken by all policies.
    sets
        Numbers of the rule that it fixes (units; ``smoothing`` 1), by field.
    opens_at
        Fields of which the opening stock of a site is the sum, where the scenario gives none.
    counts_echelon
        Whether stock downstream counts as that of the site.
    makes_to_order
        Whether a site makes what is ordered, and nothing for stock.
    check
        Raises ValueError where the numbers of an `Ordering` do not fit together.
    parameters
        Numbers of its own, which stand beside the fields of `Ordering`: what `gpnde.param` declares, by name.
    levels
        Gives the level up to which each site orders (units of output). It takes the `Review` of the sites that follow
        the policy and review now, and by name an array of each of its own *parameters*, one number per site. It
        returns a level per site, broadcast to (n,); NaN leaves that of the last review. It is called before goods move.
        Before the first level, and for the opening stock where no ``level`` is taken or set, a site has the level that
        ``order-up-to`` with its defaults would have on day 0.

    Examples
    --------
    >>> two_bin = OrderingPolicy(
    ...     "two-bin",
    ...     doc="A bin whenever one is empty.",
    ...     source="definition",
    ...     rule="fixed-quantity",
    ...     sets={"reorder_point": 100.0, "quantity": 100.0},
    ...     opens_at=("reorder_point", "quantity"),
    ... )
    >>> two_bin.forecasts, two_bin.reviews_continuously
    (False, True)
    """

    name: str
    doc: str
    source: str
    rule: Rule = "order-up-to"
    needs: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    sets: Mapping[str, float] = field(default_factory=dict)
    opens_at: tuple[str, ...] = ("level",)
    counts_echelon: bool = False
    makes_to_order: bool = False
    check: Callable[[Ordering], None] = lambda ordering: None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    levels: Callable[..., Any] | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of `Ordering` that it takes and not all policies do."""
        return (*self.needs, *self.uses)

    @property
    def forecasts(self) -> bool:
        """Whether its level follows a forecast."""
        return "forecast" in self.fields

    @property
    def opens_by_demand(self) -> bool:
        """Whether the opening level follows from the expected demand and the lead times of a site."""
        return self.forecasts or self.levels is not None and "level" not in {*self.fields, *self.sets}

    @property
    def reviews_continuously(self) -> bool:
        """Whether it can order at every change; what is counted per review period cannot."""
        return not self.forecasts and self.levels is None

    @cached_property
    def own(self) -> type[Block]:
        """The block of its own parameters."""
        numbers: dict[str, Any] = {name: (float, declared) for name, declared in self.parameters.items()}
        return create_model(self.name, __base__=Block, **numbers)


POLICIES: Registry[OrderingPolicy] = Registry("ordering policy")
"""All ordering policies: those of `gpnde.scenario.ordering.catalogue`, and those that plugins bring."""
