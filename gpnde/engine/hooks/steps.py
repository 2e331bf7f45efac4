"""Steps of components: when they act, when they are asked, and when the accounts of policies are written down."""

from __future__ import annotations

from gpnde.engine.clock import Phase, Timeline
from gpnde.engine.hooks.caller import HookCaller
from gpnde.engine.hooks.modifiers import FlowModifiers
from gpnde.vocabulary import MONTH_DAYS


class Steps:
    """Wakes the components of a run; with knowledge, its steps are theirs."""

    def __init__(self, timeline: Timeline, asking: HookCaller, conditions: FlowModifiers) -> None:
        """Plan that components are asked anew when policies start and end."""
        self._timeline, self._asking, self._conditions = timeline, asking, conditions
        self._is_due = False
        for day in asking.programmes.turning_days():
            if timeline.tick(day) < timeline.ticks:
                timeline.call(timeline.tick(day), Phase.TERMS, conditions.renew)

    def keep_time(self) -> None:
        """Take a step every 28 days, for a run without knowledge."""
        period = max(1, self._timeline.tick(MONTH_DAYS))
        self._timeline.every(period, Phase.KNOWLEDGE, self._step, period)

    def _step(self) -> None:
        self.begin()
        self.end()

    def begin(self) -> None:
        """Decide whom policies reach, and let components act."""
        self._asking.programmes.renew(self._asking)
        for _ in self._asking.ask("tick"):
            continue

    def end(self) -> None:
        """Ask components anew for the conditions of the flow, and write down the accounts of policies."""
        self._conditions.renew()
        self._asking.programmes.record()
        self._asking.view.began = self._timeline.today

    def renew_soon(self) -> None:
        """Ask components anew before goods flow, at the next tick if they are being asked at this one."""
        if self._is_due:
            return
        self._is_due = True
        is_over = self._timeline.phase >= Phase.TERMS
        self._timeline.call(self._timeline.now + int(is_over), Phase.TERMS, self._renew)

    def _renew(self) -> None:
        self._is_due = False
        self._conditions.renew()
