"""Ordering policies of plugins: the sites that follow one, and the levels that it gives them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from gpnde.engine.hooks.validator import AnswerValidator
from gpnde.plugin.flow import Review
from gpnde.plugin.guard import Guard
from gpnde.scenario.ordering import POLICIES, Ordering, OrderingPolicy
from gpnde.scenario.schema import Scenario
from gpnde.world.layout import Floats, Integers

_HOOK = "levels"


class PolicyLevels(NamedTuple):
    """The sites that follow one policy."""

    policy: str
    function: Callable[..., Any]
    sites: Integers
    own: Mapping[str, Floats]
    """The parameters of the policy at each site."""

    def levels(self, day: float, review: Review) -> Floats:
        """Return the level of each site of a review, NaN for the one that it has.

        Raises
        ------
        ComponentFailure
            The policy fails, or gives what is no level; the error names it and its plugin.
        """
        # The sites of a policy are in rising order, and all sites of this review are among them.
        places = np.searchsorted(self.sites, review.sites)
        own = {name: values[places] for name, values in self.own.items()}
        label, owner = f"{POLICIES.kind} {self.policy}", POLICIES.owner(self.policy)
        answer = Guard(label, _HOOK, owner).call(day, self.function, review, **own)
        reader = AnswerValidator(label, _HOOK, day, firms=0, functions=0, owner=owner)
        return reader.finite_or_none("level", answer, (len(review.sites),))


def levels_by_policy(scenario: Scenario) -> list[PolicyLevels]:
    """Return the sites of each policy that gives levels by a function of its own, by the name of the policy."""
    rules = [site.ordering or scenario.ordering for site in scenario.sites]
    chosen = {rule.policy: rule.chosen for rule in rules}
    return [
        _followers(chosen[name], function, rules)
        for name in sorted(chosen)
        if (function := chosen[name].levels) is not None
    ]


def _followers(policy: OrderingPolicy, function: Callable[..., Any], rules: Sequence[Ordering]) -> PolicyLevels:
    sites = [number for number, rule in enumerate(rules) if rule.policy == policy.name]
    own = {name: np.array([rules[number].own[name] for number in sites]) for name in policy.parameters}
    return PolicyLevels(policy.name, function, np.array(sites), own)
