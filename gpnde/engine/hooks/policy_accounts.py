"""Accounts of policies: target group, coverage, cost, revenue, beneficiaries and leakage of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from gpnde.engine.hooks.views import RunStreams, RunView, locked
from gpnde.engine.money.payments import receive
from gpnde.errors import ComponentError
from gpnde.plugin.policy import Policy
from gpnde.plugin.run_hooks import Hooks
from gpnde.vocabulary import YEAR_DAYS
from gpnde.world.layout import Flags, Floats, Integers
from gpnde.world.world import World

USUAL_EXPERTISE = 0.5
"""Expertise of the public sector where a firm has no country (assumption)."""

Amounts = Floats | float
Firms = Integers | list[int]


class PolicyAccount:
    """Runtime account of one component. Components that are not policies reach every firm, always, with no budget."""

    def __init__(self, label: str, policy: Policy | None, view: RunView, world: World) -> None:
        """Open the accounts."""
        self.label, self._policy, self._view, self._world = label, policy, view, world
        count = len(view.firms)
        self.meant: Floats = np.ones(count) if policy is None else np.zeros(count)
        self._served: Floats = self.meant
        self.cost = self.revenue = self.leakage = 0.0
        self._helped = np.zeros(count, dtype=np.bool_)

    @property
    def has_begun(self) -> bool:
        """Whether the policy has started and has not ended; it pays on its last day for the time that ends then."""
        policy = self._policy
        return policy is None or self._view.is_between(policy.start_day, _end(policy))

    @property
    def is_on(self) -> bool:
        """Whether the policy has started, has not ended and has money left."""
        return self.has_begun and self.left > 0.0

    @property
    def left(self) -> float:
        """What may still be spent (money), infinite without a budget."""
        budget = None if self._policy is None else self._policy.budget
        return np.inf if budget is None else max(0.0, budget - self.cost)

    @property
    def reach(self) -> Floats:
        """How far each firm is served now, 0 to 1; shape (firms,)."""
        return self._served if self.is_on else np.zeros(len(self._served))

    @property
    def reached(self) -> Integers:
        """The firms with a reach above 0."""
        return np.flatnonzero(self.reach > 0.0)

    @property
    def beneficiaries(self) -> int:
        """How many firms have got anything so far."""
        return int(self._helped.sum())

    def aim(self, meant: Floats, mistaken: Flags) -> None:
        """Set the target group, and the firms for which the administration errs."""
        # A copy, since the component may keep its answer and go on changing it.
        self.meant = locked(meant.copy())
        self._served = locked(np.where(mistaken, meant <= 0.0, meant).astype(np.float64))

    def grant(self, firms: Firms, amounts: Amounts) -> Floats:
        """Pay amounts to firms as far as the budget goes; return what each got."""
        numbers, paid = self._paid(firms, amounts)
        if self._world.scenario.finance is not None:
            receive(self._world, np.bincount(numbers, paid, len(self.meant)).astype(np.float64), "transfers")
        return paid

    def spend(self, firms: Firms, amounts: Amounts) -> Floats:
        """Pay others for what is done for firms as far as the budget goes; return what was spent on each."""
        return self._paid(firms, amounts)[1]

    def spend_overhead(self, amount: float) -> float:
        """Pay for what serves no firm by name as far as the budget goes; return what was paid."""
        asked = float(self._money(amount, ()))
        paid = asked * self._affordable(asked)
        self.cost += paid
        return paid

    def collect(self, amount: float) -> None:
        """Credit the account with money that firms or customers have paid."""
        self.revenue += float(self._money(amount, ()))

    def serve(self, firms: Firms) -> None:
        """Count firms as beneficiaries."""
        self._helped[self._numbers(firms)] = True

    def bill(self, amounts: Floats) -> Floats:
        """Spend amounts, shape (firms,), as far as the budget goes; return what was spent on each firm."""
        wanted = np.flatnonzero(amounts > 0.0)
        paid = np.zeros(len(amounts))
        paid[wanted] = self._paid(wanted, amounts[wanted])[1]
        return paid

    def _paid(self, firms: Firms, amounts: Amounts) -> tuple[Integers, Floats]:
        """Write payments for firms that are in the network into the accounts; return what was paid for each."""
        numbers = self._numbers(firms)
        given = self._money(amounts, numbers.shape) * (self._view.firms["active"][numbers] == 1)
        paid = given * self._affordable(float(given.sum()))
        self.cost += float(paid.sum())
        self.leakage += float(paid[self.meant[numbers] <= 0.0].sum())
        self._helped[numbers[paid > 0.0]] = True
        return numbers, paid

    def _affordable(self, wanted: float) -> float:
        """Return the share of a sum that the budget still pays."""
        if not self.has_begun or wanted <= 0.0:
            return 0.0
        return min(1.0, self.left / wanted)

    def _numbers(self, firms: Firms) -> Integers:
        given, count = np.atleast_1d(np.asarray(firms)), len(self.meant)
        if given.size and (given.dtype.kind not in "iu" or given.min() < 0 or given.max() >= count):
            raise ComponentError(
                where=self.label,
                given=f"firms {given.tolist()}",
                expected=f"must be whole numbers from 0 to {count - 1}",
            )
        return given.astype(np.int64)

    def _money(self, amounts: Amounts, shape: tuple[int, ...]) -> Floats:
        given = np.asarray(amounts, dtype=np.float64)
        if not (np.isfinite(given) & (given >= 0.0)).all():
            raise ComponentError(
                where=self.label, given=f"an amount of {given.min():g}", expected="must be finite and at least 0"
            )
        try:
            return np.broadcast_to(given, shape)
        except ValueError:
            raise ComponentError(
                where=self.label,
                given=f"amounts of shape {given.shape}",
                expected=f"must be one, or one for each of {shape} firms",
            ) from None


Targets = Callable[[str, Policy, PolicyAccount], Floats]
"""How far each firm is in the target group of a policy, by its label, parameters and account; shape (firms,)."""


class PolicyAccounts:
    """The programmes of all components of a run."""

    def __init__(self, hooks: Hooks, view: RunView, streams: Mapping[str, RunStreams], world: World) -> None:
        """Open the accounts of all components; policies are checked against the network."""
        self._view, self._streams, self._policies = view, streams, hooks.policies
        self._all = {label: PolicyAccount(label, hooks.policies.get(label), view, world) for label in hooks.labels}
        for policy in hooks.policies.values():
            policy.check_targets(view)
        self._rows: list[dict[str, Any]] = []

    def of(self, label: str) -> PolicyAccount:
        """Return the programme of a component."""
        return self._all[label]

    def turning_days(self) -> list[float]:
        """Return the days on which policies start or end, in rising order."""
        days = {day for policy in self._policies.values() for day in (policy.start_day, _end(policy))}
        return sorted(day for day in days if 0.0 < day < np.inf)

    def renew(self, targets: Targets) -> None:
        """Update the target group of each policy, by *targets*, and the firms that its administration serves."""
        for label, policy in self._policies.items():
            programme = self._all[label]
            if programme.has_begun:
                programme.aim(targets(label, policy, programme), self._mistaken(label, policy))

    def _mistaken(self, label: str, policy: Policy) -> Flags:
        """Return for which firms the administration does the contrary in this year of the policy."""
        view = self._view
        if policy.noise <= 0.0:
            return np.zeros(len(view.firms), dtype=np.bool_)
        years = (view.day - policy.start_day) / YEAR_DAYS
        # What is closed on an anniversary belongs to the year that ends.
        year = math.ceil(years) - 1 if view.is_closing else math.floor(years)
        draws = self._streams[label].uniforms("administration", view.names.firms, occurrence=year)
        lacking = 1.0 - view.places.of_firms("public_expertise", USUAL_EXPERTISE)
        known = ~view.in_group("flagship") | (policy.group in ("flagship", "all"))
        if policy.countries:
            known &= np.isin(view.firm_country_names, policy.countries)
        mistaken: Flags = (draws < policy.noise * lacking) & known & (view.firms["active"] == 1)
        return mistaken

    def administered(self) -> Flags:
        """Return which firms that are there are in the target group of a policy that is on; shape (firms,)."""
        on = [self._all[label] for label in self._policies if self._all[label].is_on]
        targeted = np.sum([account.meant for account in on], axis=0) > 0.0
        there: Flags = targeted & (self._view.firms["active"] == 1)
        return there

    def record(self) -> None:
        """Add a row for every policy, once a day."""
        if self._rows and self._rows[-1]["day"] == self._view.day:
            return
        for label in self._policies:
            self._rows.append({"day": self._view.day, "policy": label, **_account(self._all[label])})

    def columns(self) -> dict[str, list[Any]]:
        """Return the rows as the columns of a table; nothing without policies."""
        return {name: [row[name] for row in self._rows] for name in self._rows[0]} if self._rows else {}

    def accounts(self) -> dict[str, dict[str, float]]:
        """Return the last account of every policy."""
        return {label: _account(self._all[label]) for label in self._policies}


def _account(programme: PolicyAccount) -> dict[str, float]:
    return {
        "is_on": int(programme.is_on),
        "meant": int((programme.meant > 0.0).sum()) if programme.has_begun else 0,
        "reached": len(programme.reached),
        "cost": programme.cost,
        "revenue": programme.revenue,
        "beneficiaries": programme.beneficiaries,
        "leakage": programme.leakage,
    }


def _end(policy: Policy) -> float:
    return np.inf if policy.end_day is None else policy.end_day
