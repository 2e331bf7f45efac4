"""Components hear events once per instant, with all that happened, and what they cause comes later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pytest

from gpnde.plugin import Act, Clock, Component, Event, Process, View, hookimpl

from ...learners import simulated, three_firms


class Mishap(Component):
    """Stops two sites on day 30 and ends a link on day 50."""

    name = "disruption.mishap"

    @hookimpl
    def process(self, clock: Clock, act: Act) -> Process:
        yield clock.until(30)
        act.disrupt_sites(np.array([1, 2]), 5)
        yield clock.until(50)
        act.end_links(np.array([1]), cause_detail="ban")


class Listener(Component):
    """Writes down what it hears; with *answers* it stops a site when another one recovers."""

    name = "test.listener"

    heard: ClassVar[list[tuple[float, list[Event]]]] = []

    @hookimpl
    def events(self, happened: Sequence[Event], view: View, act: Act) -> None:
        self.heard.append((view.day, list(happened)))
        if any(event.kind == "site_recovered" for event in happened) and view.day < 40:
            act.disrupt_sites(np.array([0]), 1)


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, list[Event]]]:
    told: list[tuple[float, list[Event]]] = []
    monkeypatch.setattr(Listener, "heard", told)
    simulated(three_firms(clock={"days": 60}, knowledge=None), Mishap(), Listener())
    return told


def test_all_events_of_an_instant_come_at_once(heard: list[tuple[float, list[Event]]]) -> None:
    batch = dict(heard)[30.0]
    assert [(event.kind, event.site, event.cause) for event in batch] == [
        ("site_failed", 1, "outage"),
        ("site_failed", 2, "outage"),
    ]
    assert {event.component for event in batch} == {"disruption.mishap"}
    assert [day for day, _ in heard] == sorted(day for day, _ in heard)


def test_what_a_listener_causes_it_hears_at_the_next_instant(heard: list[tuple[float, list[Event]]]) -> None:
    told = dict(heard)
    assert [event.site for event in told[35.0]] == [1, 2]
    assert (told[36.0][0].kind, told[36.0][0].site) == ("site_failed", 0)
    assert told[36.0][0].day == 35.0


def test_a_link_that_a_component_ends_has_the_cause_policy(heard: list[tuple[float, list[Event]]]) -> None:
    dropped = [event for event in dict(heard)[50.0] if event.kind == "link_dropped"]
    assert [(event.cause, event.component) for event in dropped] == [("policy", "disruption.mishap: ban")]
