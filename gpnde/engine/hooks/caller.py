"""Call component hooks: pass each one the arguments it declares and validate what it returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

import numpy as np

from gpnde.engine.clock import Timeline
from gpnde.engine.hooks.policy_accounts import PolicyAccount, PolicyAccounts
from gpnde.engine.hooks.validator import AnswerValidator
from gpnde.engine.hooks.views import RunStreams, RunView
from gpnde.errors import Owner
from gpnde.plugin.flow import PolicyFacts
from gpnde.plugin.interfaces import Act
from gpnde.plugin.knowledge import KnowledgeView, Memory
from gpnde.plugin.policy import Policy
from gpnde.plugin.run_hooks import Hooks, StartProcess, WrapHook
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.layout import Floats
from gpnde.world.world import World

Answer = TypeVar("Answer")


class HookCaller:
    """The components of a run as the engine sees them.

    What they may do (`act`) is given to them by `equip`, once the parts that carry it out are there.
    """

    def __init__(self, hooks: Hooks, world: World, timeline: Timeline, seeds: tuple[int, int]) -> None:
        """Give each component its streams, an empty memory and an account; *seeds* are seed and replication."""
        self._hooks, self.view, self._firms = hooks, RunView(world, timeline), len(world.firms)
        self.knowledge: KnowledgeView | None = None
        """What firms know, as of the last step; None without knowledge."""
        self.memory: dict[str, Memory] = {label: {} for label in hooks.labels}
        self.streams = {label: RunStreams(*seeds, label) for label in hooks.labels}
        self.programmes = PolicyAccounts(hooks, self.view, self.streams, world)
        self._acts: Mapping[str, Act] = {}

    @property
    def has_steps(self) -> bool:
        """Whether any component fills a hook, or is a policy."""
        return bool(self._hooks.steps or self._hooks.policies)

    @property
    def shared(self) -> tuple[object, ...]:
        """What copies of a run have in common: the components and their hooks."""
        return self._hooks, *self._hooks.policies.values()

    @property
    def processes(self) -> tuple[tuple[str, StartProcess], ...]:
        """The processes of components and their labels."""
        return self._hooks.processes

    @property
    def growth(self) -> tuple[tuple[str, StartProcess], ...]:
        """The processes of components for new sites and their labels."""
        return self._hooks.growth

    def author(self, hook: str) -> str:
        """Return the label of the first component that fills a hook."""
        return self._hooks.steps[hook][0].label

    def equip(self, act: Callable[[str], Act]) -> None:
        """Give each component what it may do to the run; *act* makes it from the label of a component."""
        self._acts = {label: act(label) for label in self._hooks.labels}

    def renew_targets(self) -> None:
        """Update which firms each policy reaches."""
        self.programmes.renew(self.targets)

    def fills(self, hook: str) -> bool:
        """Return whether any component fills a hook."""
        return hook in self._hooks.steps

    def decides(self, hook: str) -> bool:
        """Return whether any component makes or wraps a decision."""
        return hook in self._hooks.decisions

    def ask(self, hook: str, **more: Any) -> Iterator[tuple[AnswerValidator, Any]]:
        """Yield every answer to *hook* that is not None, with a reader for it; *more* are arguments of this hook."""
        day = self.view.day
        for each in self._hooks.steps.get(hook, ()):
            answer = each.call(day, self._given(each.label, more))
            if answer is not None:
                yield self._reader(each.label, hook, day, each.owner), answer

    def _reader(self, label: str, hook: str, day: float, owner: Owner) -> AnswerValidator:
        """Return what checks the answers of a component to a hook on a day."""
        return AnswerValidator(label, hook, day, self._firms, len(FUNCTIONS), owner)

    def given(self, label: str, names: Iterable[str]) -> dict[str, Any]:
        """Return some of the arguments of a component, by name."""
        every = self._given(label, {})
        return {name: every[name] for name in names}

    def _given(self, label: str, more: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "view": self.view,
            "knowledge": self.knowledge,
            "memory": self.memory[label],
            "act": self._acts.get(label),
            "streams": self.streams[label],
            "programme": self.programmes.of(label),
            **more,
        }

    def product(self, hook: str, count: int, *, above_zero: bool = False, **more: Any) -> Floats | None:
        """Return the product of all factors of a hook, shape (count,); None where no component gives any."""
        product: Floats | None = None
        for reader, answer in self.ask(hook, **more):
            check = reader.above_zero if above_zero else reader.numbers
            each = check("factor", answer, (count,))
            product = each if product is None else product * each
        return product

    def total(self, hook: str, count: int, **more: Any) -> Floats | None:
        """Return the sum of all numbers of a hook, of either sign, shape (count,); None where there are none."""
        total: Floats | None = None
        for reader, answer in self.ask(hook, **more):
            each = reader.finite("answer", answer, (count,))
            total = each if total is None else total + each
        return total

    def longest(self, hook: str, count: int) -> Floats | None:
        """Return the maximum of all numbers of a hook, shape (count,); None where there are none."""
        longest: Floats | None = None
        for reader, answer in self.ask(hook):
            each = reader.numbers("answer", answer, (count,))
            longest = each if longest is None else np.maximum(longest, each)
        return longest

    def decide(
        self, hook: str, default: Callable[[], Answer], check: Callable[[AnswerValidator, Any], Answer], **more: Any
    ) -> Answer:
        """Return what the owner of a decision decides, or the engine's *default*, as wrappers leave it.

        *check* validates every answer on its way, so that an error names the component at fault.
        """
        decision = self._hooks.decisions.get(hook)
        if decision is None:
            return default()

        def made() -> Answer:
            if decision.decides is None:
                return default()
            label, call, owner = decision.decides
            return check(self._reader(label, hook, self.view.day, owner), call(self.view.day, self._given(label, more)))

        decided = made
        # From the inside out, so that the first wrapper has the last word.
        for wrapper in reversed(decision.wrappers):
            decided = self._wrapped(hook, wrapper, decided, check, more)
        return decided()

    def targets(self, label: str, policy: Policy, programme: PolicyAccount) -> Floats:
        """Return how far each firm is in the target group of a policy, 0 to 1; shape (firms,)."""
        shape = (len(self.view.firms),)

        def own() -> Floats:
            rule = self._hooks.targeting[label]
            answer = rule.call(self.view.day, {"view": self.view, "knowledge": self.knowledge})
            return self._reader(label, "targeted", self.view.day, rule.owner).shares("target", answer, shape)

        facts = PolicyFacts(label, policy.name, policy.start_day, programme.cost)
        return self.decide("targets", own, lambda reader, answer: reader.shares("target", answer, shape), policy=facts)

    def _wrapped(
        self,
        hook: str,
        wrapper: WrapHook,
        inner: Callable[[], Answer],
        check: Callable[[AnswerValidator, Any], Answer],
        more: Mapping[str, Any],
    ) -> Callable[[], Answer]:
        """Return what gives a decision as *wrapper* leaves it."""
        label, call, owner = wrapper

        def decided() -> Answer:
            return check(
                self._reader(label, hook, self.view.day, owner), call(self.view.day, self._given(label, more), inner)
            )

        return decided
