"""Targeted or neutral: how much of a policy goes to the firms that a rule picks, and how much to all alike (Q15)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal

import numpy as np

from gpnde.plugin import Flags, Floats, KnowledgeView, Memory, PolicyFacts, Programme, View, hookimpl, param
from gpnde_policies.meta_policy import MetaPolicy
from gpnde_policies.target_rules import are_above, are_exporters, are_young, improvement

Rule = Literal["capable", "lagging", "higher-tier", "lower-tier", "exporters", "young", "improving"]


class Targeting(MetaPolicy):
    """A share of the intensity of other policies goes to the firms that a rule picks; the rest stays neutral.

    Policies for single sectors or firms presuppose a public sector that knows enough (Ernst, section C): the offices
    of the policies still make targeting errors, by their noise and the expertise of their country.

    A policy that serves all firms in full has nothing left to give to its favourites. The comparison is therefore
    between policies that can serve their whole target group with a part of full service, the *intensity*. Neutral
    (*share* 0) means that every firm gets this part. With a share above 0 it is taken from all firms alike and goes to
    favourites, as far as they can take it: no firm is served more than in full. What they cannot take goes to the
    others. The sum over firms is thus the same for every share and rule, exactly, before targeting errors.
    Equal intensity is not equal money where firms differ in size; a budget on the policies makes money equal too.
    """

    name = "policy.targeting"

    policies: tuple[str, ...] = param((), doc="Names of the policies that are targeted; empty: all others.")
    rule: Rule = param("capable", doc="Who is favoured.")
    share: float = param(0.5, ge=0, le=1, vary=(0, 1), doc="Share of the intensity that goes to favourites.")
    intensity: float = param(
        0.5,
        ge=0,
        le=1,
        vary=(0.1, 1),
        doc="Part of full service that the policies can give to all firms of their targets.",
    )
    quantile: float = param(
        0.5, ge=0, le=1, vary=(0.1, 0.9), doc="Quantile that divides favourites from others: capable, improving."
    )
    highest_tier: int = param(1, ge=0, le=100, vary=(1, 3), doc="Lowest of the higher tiers: higher-tier, lower-tier.")
    young_days: float = param(
        1092.0, gt=0, unit="day", vary=(364, 1820), doc="Time for which a firm that has entered is young."
    )

    def policies_changed(self) -> tuple[str, ...]:
        """Return the policies that are targeted."""
        return self.policies

    def check_targets(self, view: View) -> None:
        """Refuse a scenario without the policies named, or without the inputs of the rule, in one line."""
        super().check_targets(view)
        if self.rule in ("capable", "lagging"):
            self.need_knowledge(view, f"{self.name}.rule = {self.rule!r}", " or choose another rule")

    @hookimpl
    def tick(self, view: View, memory: Memory, programme: Programme) -> None:
        """Pay for the review of firms, and track entries and changes of scores."""
        self.pay_review(view, programme)
        if self.rule == "young":
            are_young(view, memory, self.young_days)
        if self.rule == "improving":
            improvement(view, memory)

    @hookimpl(wrapper=True)
    def targets(
        self,
        policy: PolicyFacts,
        view: View,
        knowledge: KnowledgeView | None,
        memory: Memory,
        programme: Programme,
    ) -> Generator[None, Floats, Floats]:
        """Move intensity to favourites."""
        targeted = yield
        favoured = self._favoured(targeted > 0.0, view, knowledge, memory)
        if not self.changes(policy, programme):
            return targeted
        return shifted(targeted, favoured, self.share, self.intensity)

    def _favoured(self, targeted: Flags, view: View, knowledge: KnowledgeView | None, memory: Memory) -> Flags:
        """Return the firms that the rule favours; shape (firms,)."""
        match self.rule:
            case "higher-tier":
                return np.asarray(view.firms["tier"] <= self.highest_tier)
            case "lower-tier":
                return np.asarray(view.firms["tier"] > self.highest_tier)
            case "exporters":
                return are_exporters(view)
            case "young":
                return are_young(view, memory, self.young_days)
            case "improving":
                return are_above(improvement(view, memory), targeted, self.quantile)
        if knowledge is None:
            return np.zeros_like(targeted)
        sign = 1.0 if self.rule == "capable" else -1.0
        # The sign is turned for the least capable, and so is the share that lies below the quantile.
        quantile = self.quantile if self.rule == "capable" else 1.0 - self.quantile
        return are_above(sign * knowledge.mean_capability, targeted, quantile)


def shifted(targeted: Floats, favoured: Flags, share: float, intensity: float) -> Floats:
    """Return how far each firm is served if a *share* of all service goes to the favoured ones, with the sum kept.

    >>> shifted(np.ones(4), np.array([True, False, False, False]), 0.2, 0.5)
    array([0.8, 0.4, 0.4, 0.4])
    >>> shifted(np.ones(4), np.array([True, False, False, False]), 0.8, 0.5).round(3)
    array([1.   , 0.333, 0.333, 0.333])
    """
    neutral = (1.0 - share) * intensity
    left = share * intensity * float(targeted.sum())
    served = neutral * targeted
    for group in (targeted * favoured, targeted * ~favoured):
        room = (1.0 - neutral) * float(group.sum())
        given = min(1.0, left / room) if room > 0.0 else 0.0
        served = served + given * (1.0 - neutral) * group
        # Rounding must not leave less than nothing.
        left = max(0.0, left - given * room)
    return served
