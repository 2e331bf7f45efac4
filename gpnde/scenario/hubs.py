"""Checks of ports and other hubs that links name."""

from __future__ import annotations

from collections.abc import Iterator

from gpnde.scenario.problems import Location
from gpnde.scenario.schema import Scenario
from gpnde.vocabulary import OUTSIDE


def hubs_lie_between_sites(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for hubs without a name, named twice, or on the way from outside, where goods leave as soon as ordered."""
    for i, link in enumerate(scenario.links):
        if link.via and link.supplier == OUTSIDE:
            yield ("links", i, "via"), f"goods from {OUTSIDE!r} pass no hub: take it out, or name a site as supplier"
        if "" in link.via:
            yield ("links", i, "via"), "'': must not be empty: name the hub"
        if len(set(link.via)) < len(link.via):
            yield ("links", i, "via"), f"{list(link.via)}: name every hub once"
