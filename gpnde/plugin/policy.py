"""Policies: components with start, end, target group, budget, and an administration with targeting error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, Self

import numpy as np
from pydantic import model_validator

from gpnde.cells import CELLS, CellName
from gpnde.errors import ComponentError, check_names
from gpnde.plugin.component import Component
from gpnde.plugin.parameters import param
from gpnde.vocabulary import FUNCTIONS, Function

if TYPE_CHECKING:
    from gpnde.plugin.interfaces import View
    from gpnde.plugin.knowledge import KnowledgeView
    from gpnde.world.layout import Flags, Floats, Integers

Group = Literal["local", "foreign", "flagship", "all"]
"""local: neither a flagship nor owned from another country; foreign: owned from another country."""

_CONDITIONS = ("group", "countries", "clusters", "tiers", "firms", "products", "functions", "cells")


class Policy(Component):
    """A component that serves some firms for some time, at a cost.

    The target group are the firms that meet every condition that is given; conditions on what is made are met by one
    site together. The administration makes targeting errors:
    it serves firms outside the group and misses firms inside, each with a probability of *noise* times the lack of
    expertise of the public sector of the firm's country (`gpnde.scenario.knowledge.Country.public_expertise`).

    >>> from gpnde.plugin import Policy, param
    >>> class Voucher(Policy):
    ...     name = "policy.voucher"
    ...     worth: float = param(100.0, ge=0, unit="money", doc="Money per firm and step.")
    >>> Voucher(start_day=364, tiers=[1, 2]).tiers
    (1, 2)
    """

    start_day: float = param(0.0, ge=0, le=1e6, unit="day", vary=(0, 1820), doc="Day on which the policy starts.")
    end_day: float | None = param(None, ge=0, unit="day", doc="Day on which it ends; left out: never.")
    group: Group = param("local", doc="Target group: local, foreign, flagship or all.")
    countries: tuple[str, ...] = param((), doc="Countries whose firms are targeted; empty: all.")
    clusters: tuple[str, ...] = param((), doc="Home clusters of the target group; empty: all.")
    tiers: tuple[int, ...] = param((), doc="Tiers of the target group; empty: all.")
    firms: tuple[str, ...] = param((), doc="Names of the firms that are targeted; empty: all.")
    products: tuple[str, ...] = param((), doc="Products that sites of the target group make; empty: all.")
    functions: tuple[Function, ...] = param((), doc="Functions that these sites perform; empty: all.")
    cells: tuple[CellName, ...] = param((), doc="Cells of specialisation in which these sites work now; empty: all.")
    budget: float | None = param(None, ge=0, unit="money", doc="Most that it may cost; left out: no limit.")
    noise: float = param(
        0.2, ge=0, le=1, vary=(0, 0.5), doc="Share of firms that an administration without expertise serves wrongly."
    )

    @model_validator(mode="after")
    def _ends_after_its_start(self) -> Self:
        if self.end_day is not None and self.end_day <= self.start_day:
            raise ValueError(f"end_day {self.end_day:g}: must be after start_day {self.start_day:g}")
        return self

    def check_targets(self, view: View) -> None:
        """Refuse names that the network does not have, and a target group without any firm, in one line."""
        check_names(f"{self.name}.countries", self.countries, view.country_names)
        check_names(f"{self.name}.clusters", self.clusters, view.names.clusters)
        check_names(f"{self.name}.firms", self.firms, view.names.firms)
        check_names(f"{self.name}.products", self.products, view.names.products)
        if not self.concerns(view):
            raise ComponentError(
                where=self.name,
                given=f"no firm of the network meets {self._conditions()}",
                expected="widen the target group, or take the policy out",
            )

    def concerns(self, view: View) -> bool:
        """Return whether there is anybody whom the policy is for; policies that reach others than firms override it."""
        return bool(self.meets(view).any())

    def _conditions(self) -> str:
        """Return the conditions of the target group that are given, in words."""
        given = {name: getattr(self, name) for name in _CONDITIONS}
        return ", ".join(
            f"{name} = {list(value) if isinstance(value, tuple) else value}"
            for name, value in given.items()
            if value != ()
        )

    def targeted(self, view: View, knowledge: KnowledgeView | None) -> Floats | Flags:
        """Return how far each firm is targeted, 0 to 1; shape (firms,). Policies with their own rule override it."""
        return np.asarray(self.meets(view) & (view.firms["active"] == 1))

    def meets(self, view: View) -> Flags:
        """Return which firms meet all conditions, whether they are in the network now or not; shape (firms,)."""
        chosen = view.in_group(self.group).copy()
        if self.tiers:
            chosen &= np.isin(view.firms["tier"], self.tiers)
        if self.countries:
            chosen &= np.isin(view.firm_country_names, self.countries)
        if self.clusters:
            chosen &= np.isin(view.firm_cluster_names, self.clusters)
        if self.firms:
            chosen &= np.isin(np.array(view.names.firms), self.firms)
        if self.products or self.functions or self.cells:
            chosen &= np.bincount(view.sites["firm"], self.makes(view), len(chosen)) > 0
        return chosen

    def makes(self, view: View) -> Flags:
        """Return whether each site makes what the policy is for, with its functions and cells; shape (sites,)."""
        chosen = np.ones(len(view.sites), dtype=np.bool_)
        if self.products:
            chosen &= np.isin(np.array(view.names.products)[view.sites["product"]], self.products)
        if self.functions:
            chosen &= np.isin(view.site_function, [FUNCTIONS.index(name) for name in self.functions])
        if self.cells:
            chosen &= np.isin(view.site_cell, [i for i, cell in enumerate(CELLS) if cell.name in self.cells])
        return chosen


class Programme(Protocol):
    """A policy at work: the firms that it reaches now, its remaining budget, and its accounts.

    Components that are not policies have one too: it reaches every firm of the network, always, with no budget.
    Money that it pays comes from outside the network; without finance in the scenario its cost is counted all the same.
    """

    @property
    def is_on(self) -> bool:
        """Whether the policy has started, has not ended and has money left."""

    @property
    def reach(self) -> Floats:
        """How far each firm is served now, 0 to 1; 0 for all while the policy is off; shape (firms,)."""

    @property
    def reached(self) -> Integers:
        """The firms with a reach above 0, in rising order."""

    @property
    def meant(self) -> Floats:
        """How far each firm is targeted, before targeting errors; shape (firms,)."""

    @property
    def left(self) -> float:
        """What may still be spent (money), infinite without a budget."""

    @property
    def cost(self) -> float:
        """What has been spent so far, less nothing (money)."""

    @property
    def revenue(self) -> float:
        """What has been collected so far (money)."""

    def grant(self, firms: Integers | list[int], amounts: Floats | float) -> Floats:
        """Pay *amounts* to firms, all cut alike where the budget does not suffice; return what they got."""

    def spend(self, firms: Integers | list[int], amounts: Floats | float) -> Floats:
        """Pay others for what is done for firms, such as teachers; return what was spent on each."""

    def spend_overhead(self, amount: float) -> float:
        """Pay for what serves no firm by name, such as an office; return what the budget paid."""

    def collect(self, amount: float) -> None:
        """Take in money, such as fees, that the firms have paid with `Act.pay`."""

    def serve(self, firms: Integers | list[int]) -> None:
        """Count firms as beneficiaries of what cost nothing."""
