"""Inputs about cells of specialisation that may be unread."""

from __future__ import annotations

from typing import Any

from gpnde.cells import CELLS, cell_number
from gpnde.scenario.unread.entry import GIVE_KNOWLEDGE, NO_KNOWLEDGE, Entry, learns_not
from gpnde.scenario.unread.facts import Facts


def _is_empty(facts: Facts, name: str, row: Any) -> bool:
    """Return whether nothing is made in a cell, and no firm can come to make anything there."""
    products = facts.scenario.products.values()
    made = {CELLS[cell_number(product.type, product.process)].name for product in products}
    return name not in made and _shifts_nobody(facts, name, row)


def _shifts_nobody(facts: Facts, name: str, row: Any) -> bool:
    """Return whether no firm can move into the cell."""
    rules = facts.scenario.knowledge
    shifts = rules is not None and rules.enabled and rules.specialisation is not None
    return not (shifts and name.startswith("differentiated"))


OF_CELLS = (
    Entry("cells.*.*", _is_empty, "nothing is made in this cell", "give a product its type and process"),
    Entry(
        "cells.*.entry_years|minimum_scale",
        _shifts_nobody,
        "no firm moves into this cell",
        "give knowledge.specialisation, by which firms move into cells of differentiated products",
    ),
    Entry("cells.*.attainable|learning|churn_per_year", learns_not, NO_KNOWLEDGE, GIVE_KNOWLEDGE),
    Entry(
        "cells.*.services_share|changeover_share",
        lambda facts, name, row: not facts.scenario.takes_labour,
        "no product takes labour and plant",
        "give products labour_days",
    ),
    Entry(
        "cells.*.price_sensitivity",
        lambda facts, name, row: all(market.rivalry is None for market in facts.scenario.markets),
        "no market has rivals",
        "give one a block rivalry",
    ),
    Entry(
        "cells.*.quality_weight",
        lambda facts, name, row: not facts.bargains or not facts.scenario.learns,
        "nobody bargains over what firms are capable of",
        "set pricing: bargaining, with a block knowledge",
    ),
)
