"""Meta-policies: policies that serve no firm themselves, but change the target groups of other policies."""

from __future__ import annotations

from collections.abc import Sequence

from gpnde.plugin import ComponentError, Policy, PolicyFacts, Programme, View, nearest, param
from gpnde_policies.amounts import in_step, months_of_cost

META_POLICIES = ("policy.linkage-mix", "policy.targeting")
"""Policies that no meta-policy changes."""


class MetaPolicy(Policy):
    """A policy on policies: it is at work between its start and its end, and while its own budget lasts.

    Its group, countries, clusters, tiers and names say which firms it reviews, which costs money; the policies that it
    changes keep their target groups and their targeting errors.
    """

    noise: float = param(
        0.0,
        ge=0,
        le=1,
        vary=(0, 0.5),
        doc="Share of firms that an administration without expertise looks into wrongly.",
    )
    review_months: float = param(
        0.01,
        ge=0,
        le=12,
        unit="month",
        vary=(0, 0.1),
        doc="Cost a year of looking into firms, in months of their own cost.",
    )

    def policies_changed(self) -> tuple[str, ...]:
        """Return the names of the policies that are changed; empty: all."""
        raise NotImplementedError

    def check_targets(self, view: View) -> None:
        """Refuse a scenario without the policies named, in one line."""
        super().check_targets(view)
        others = _others(view)
        if not others:
            raise ComponentError(
                where=self.name, given="no other policy in the scenario", expected="add one to its components"
            )
        for name in self.policies_changed():
            if name not in others:
                hint = nearest(name, others) or f"; there are {', '.join(others)}"
                raise ComponentError(
                    where=self.name, given=repr(name), expected=f"no such policy in the scenario{hint}"
                )

    def need_knowledge(self, view: View, where: str, otherwise: str = "") -> None:
        """Refuse a scenario without knowledge, which *where* asks for, in one line; *otherwise* is another way out."""
        if not view.scenario.learns:
            raise ComponentError(
                where=where, given="the scenario has no knowledge", expected=f"add a knowledge block{otherwise}"
            )

    def changes(self, policy: PolicyFacts, programme: Programme) -> bool:
        """Return whether this policy, at work as *programme*, is on now and changes *policy*."""
        named = self.policies_changed()
        return programme.is_on and policy.name not in META_POLICIES and (not named or policy.name in named)

    def pay_review(self, view: View, programme: Programme) -> None:
        """Pay for looking into firms."""
        cost = float(programme.reach @ months_of_cost(view, self.review_months))
        programme.spend_overhead(in_step(cost, view))


def _others(view: View) -> Sequence[str]:
    """Return the policies of the scenario that a meta-policy can change."""
    names = {use.use for use in view.scenario.components if use.enabled and use.use.startswith("policy.")}
    return sorted(names - set(META_POLICIES))
