"""EventQueue: the events of an instant, handed to those components that listen."""

from __future__ import annotations

from gpnde.engine.clock import Phase
from gpnde.engine.context import RunContext, Subsystem
from gpnde.plugin.flow import Event


class EventQueue(Subsystem):
    """Collects events while an instant lasts and tells them at its end.

    What listeners bring about themselves they hear at the next tick, so that no instant goes on for ever.
    """

    name = "events"

    def __init__(self, context: RunContext) -> None:
        """Begin with nothing to tell."""
        super().__init__(context)
        self._waiting: list[Event] = []

    def start(self) -> None:
        """Listen to the journal, if any component listens to events."""
        if self.context.hooks.fills("events"):
            self.context.journal.listener = self.note

    def note(self, event: Event) -> None:
        """Keep an event until the end of the instant."""
        if not self._waiting:
            is_told = self.timeline.phase >= Phase.EVENTS
            self.plan(self.timeline.now + int(is_told), Phase.EVENTS, "step")
        self._waiting.append(event)

    def step(self) -> None:
        """Hand the events of this instant to the components that listen."""
        happened, self._waiting = tuple(self._waiting), []
        for _ in self.context.hooks.ask("events", happened=happened):
            continue
