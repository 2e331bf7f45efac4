"""EventQueue: the events of an instant, handed to those components that listen."""

from __future__ import annotations

from gpnde.engine.clock import Phase, Timeline
from gpnde.engine.hooks.caller import HookCaller
from gpnde.plugin.flow import Event


class EventQueue:
    """Collects events while an instant lasts and tells them at its end.

    What listeners bring about themselves they hear at the next tick, so that no instant goes on for ever.
    """

    def __init__(self, timeline: Timeline, asking: HookCaller) -> None:
        """Begin with nothing to tell."""
        self._timeline, self._asking = timeline, asking
        self._waiting: list[Event] = []

    def note(self, event: Event) -> None:
        """Keep an event until the end of the instant."""
        if not self._waiting:
            is_told = self._timeline.phase >= Phase.EVENTS
            self._timeline.call(self._timeline.now + int(is_told), Phase.EVENTS, self._tell)
        self._waiting.append(event)

    def _tell(self) -> None:
        happened, self._waiting = tuple(self._waiting), []
        for _ in self._asking.ask("events", happened=happened):
            continue
