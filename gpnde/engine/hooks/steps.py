"""Steps of components: when they act, when they are asked, and when the accounts of policies are written down."""

from __future__ import annotations

from collections.abc import Mapping

from gpnde.engine.clock import Phase
from gpnde.engine.context import Columns, RunContext, Subsystem
from gpnde.engine.hooks.metrics import reported_metrics
from gpnde.engine.hooks.modifiers import FlowModifiers
from gpnde.engine.hooks.views import RunClock
from gpnde.errors import ComponentError, Origin
from gpnde.plugin.run_hooks import StartProcess
from gpnde.plugin.spec import KnowledgeHooks, hook_names
from gpnde.vocabulary import MONTH_DAYS
from gpnde.world.layout import Integers


class Steps(Subsystem):
    """Calls the components of a run on time; with knowledge, its steps are theirs."""

    name = "components"

    def __init__(self, context: RunContext) -> None:
        """Begin with no call due."""
        super().__init__(context)
        self._is_due = False

    def start(self) -> None:
        """Ask for the terms of day 0, start processes, and plan the calls when policies start and end."""
        for day in self.context.hooks.programmes.turning_days():
            if self.timeline.tick(day) < self.timeline.ticks:
                self.plan(self.timeline.tick(day), Phase.TERMS, "renew")
        if self.world.knowledge is None and self.context.hooks.has_steps:
            self._refuse_learners()
            self.plan_steps(MONTH_DAYS, Phase.KNOWLEDGE)
        self.renew()
        self._start_processes()

    def _refuse_learners(self) -> None:
        """Refuse components that work on knowledge in a scenario that knows nothing of it."""
        on_knowledge = [name for name in hook_names(KnowledgeHooks) if self.context.hooks.fills(name)]
        if on_knowledge and self.world.scenario.knowledge is None:
            label = self.context.hooks.author(on_knowledge[0])
            given = "works on knowledge, which the scenario lacks"
            raise ComponentError(where=label, given=given, expected="add a block knowledge: {}", origin=Origin(label))

    def _start_processes(self) -> None:
        for label, begin in self.context.hooks.processes:
            self._start(label, begin)

    def extend_sites(self, numbers: Integers) -> None:
        """Start the processes of components for new sites."""
        for label, begin in self.context.hooks.growth:
            self._start(label, begin, numbers)

    def _start(self, label: str, begin: StartProcess, numbers: Integers | None = None) -> None:
        clock, given = RunClock(self.timeline, self.world.scenario.clock.start), self.context.hooks.given
        common = given(label, ("view", "act", "streams", "memory", "programme"))
        process = begin(clock, **common, numbers=numbers)
        if process is not None:
            self.timeline.start(process)

    def step(self) -> None:
        """Take a step without knowledge."""
        self.begin()
        self.end()

    def begin(self) -> None:
        """Update policy coverage, then call the hook `tick` of every component."""
        self.context.hooks.renew_targets()
        for _ in self.context.hooks.ask("tick"):
            continue

    def end(self) -> None:
        """Ask components again for the terms of the flow, and write down the accounts of policies."""
        self.context.part(FlowModifiers).renew()
        self.context.hooks.programmes.record()
        # Last, since until here components may ask for the time since their previous step.
        self.context.hooks.view.began = self.timeline.today

    def renew_soon(self) -> None:
        """Ask components again before goods flow, at the next tick if they are being asked at this one."""
        if self._is_due:
            return
        self._is_due = True
        is_over = self.timeline.phase >= Phase.TERMS
        self.plan(self.timeline.now + int(is_over), Phase.TERMS, "renew_now")

    def renew_now(self) -> None:
        """Ask as `renew_soon` has planned."""
        self._is_due = False
        self.renew()

    def renew(self) -> None:
        """Ask components for the terms of the flow."""
        self.context.part(FlowModifiers).renew()

    def finish(self) -> None:
        """Write down the accounts of policies at the horizon."""
        self.context.hooks.programmes.record()

    def tables(self) -> Mapping[str, Columns]:
        """Return the accounts of policies, if there are any."""
        accounts = self.context.hooks.programmes.columns()
        return {"policies": accounts} if accounts else {}

    def metrics(self) -> Mapping[str, float]:
        """Return what components report of their own."""
        return reported_metrics(self.context.hooks)
