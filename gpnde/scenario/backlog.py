"""Opening backlog: orders that are owed to buyers and markets when a run begins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from gpnde.scenario.model import Block
from gpnde.vocabulary import OUTSIDE

if TYPE_CHECKING:
    from gpnde.scenario.problems import Location
    from gpnde.scenario.schema import Scenario


class OwedOrder(Block):
    """An order from before day 0 of which nothing has been sent."""

    quantity: float = Field(gt=0, description="What is owed (units).")
    due_day: float = Field(0, ge=0, description="Day for which it is promised; it is sent as soon as there is stock.")


OpeningBacklog = Annotated[
    tuple[OwedOrder, ...], Field(description="Orders owed at the start, the oldest first; they go before later ones.")
]


def backlogs_can_be_owed(scenario: Scenario) -> Iterator[tuple[Location, str]]:
    """Look for orders owed by those who never owe, or to those who never wait."""
    for i, link in enumerate(scenario.links):
        if link.opening_backlog and link.supplier == OUTSIDE:
            text = f"given, but {OUTSIDE!r} sends what is ordered at once: give in_transit instead, or leave it out"
            yield ("links", i, "opening_backlog"), text
    for i, market in enumerate(scenario.markets):
        if market.opening_backlog and not market.backorders:
            text = "given, but with backorders: false nobody waits: leave one of the two out"
            yield ("markets", i, "opening_backlog"), text
