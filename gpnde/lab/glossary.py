"""The glossary: what the words of the lab mean, short enough to be read while a run goes on."""

from __future__ import annotations

import html
from typing import NamedTuple


class Entry(NamedTuple):
    """A word and what it means."""

    word: str
    meaning: str


FIRST = (
    Entry(
        "Tier",
        "How far a firm is from the market. The flagship, whose brand is sold, is tier 0; its direct suppliers are "
        "tier 1, their suppliers tier 2, and so on. Tiers from 2 on are the lower tiers.",
    ),
    Entry(
        "Capability",
        "How well a firm masters a task, such as assembly or product development, from 0 (not at all) to 1 (the "
        "world's best). It grows by knowledge that the firm takes in, and fades without use.",
    ),
    Entry(
        "Scorecard",
        "How buyers judge each supplier every quarter, from 0 to 1: delivery, quality, price and quick answers. Who "
        "stays below the threshold is dismissed.",
    ),
)
"""The words without which the charts say little."""

MORE = (
    Entry("Upgrading", "A supplier takes on a harder task, one rung up a ladder from sales and assembly to design."),
    Entry("Knowledge", "Codified, which can be written down and sent, or tacit, which is learnt by working together."),
    Entry("Internalised", "Knowledge received that became a firm's own; the rest waits or goes stale."),
    Entry("Outage", "A site stands still for some days, and works again afterwards."),
    Entry("Dismissal", "A buyer ends its link to a supplier. Where a firm closes down, that is an exit."),
    Entry("Fill rate", "Share of what was asked for that was delivered at once."),
    Entry("OTIF", "Share of orders that came on time and in full."),
    Entry("Bullwhip", "How much more orders vary than the demand that they answer; above 1 they are amplified."),
    Entry("Baseline", "The scenario as it is, under the same random numbers as the one with your changes."),
    Entry("Seed", "The number that all chance of a run comes from; the same seed gives the same run."),
)
"""Further words."""


def glossary() -> str:
    """Return the glossary as HTML: the first words in sight, the others to be opened.

    >>> "Scorecard" in glossary() and "<details>" in glossary()
    True
    """
    more = f"<details><summary>More words</summary>{_listed(MORE)}</details>"
    return f'<section aria-label="Words used here" class="gpnde-words">{_listed(FIRST)}{more}</section>'


def _listed(entries: tuple[Entry, ...]) -> str:
    items = (f"<div><dt>{html.escape(word)}</dt><dd>{html.escape(said)}</dd></div>" for word, said in entries)
    return f"<dl>{''.join(items)}</dl>"
