"""Hubs that nothing closes."""

from __future__ import annotations

from gpnde.scenario.unread.entry import Entry

OF_HUBS = (
    Entry(
        "links.*.via",
        lambda facts, name, link: not facts.names_any("disruption.dated-events"),
        "no event hits a hub",
        "name disruption.dated-events with an event of the target hub",
    ),
)
