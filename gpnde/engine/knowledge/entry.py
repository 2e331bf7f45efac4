"""Entry (E23): firms that wait enter when components say so, with the knowledge that their founders bring along."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gpnde.engine.capacity.entrants import Entrants
from gpnde.engine.context import RunContext
from gpnde.engine.hooks.validator import AnswerValidator
from gpnde.plugin.knowledge import Entrant
from gpnde.vocabulary import TACIT
from gpnde.world.knowledge import KnowledgeState
from gpnde.world.layout import Floats


class Entry:
    """Admits firms to the network; from then on they bid for links."""

    def __init__(self, context: RunContext, state: KnowledgeState) -> None:
        """Bring what founders know into the *state* of knowledge."""
        self._context, self._state = context, state

    def admit(self, entrants: Iterable[tuple[AnswerValidator, Entrant]]) -> None:
        """Admit firms, each once, on behalf of the component that named it."""
        for reader, entrant in entrants:
            number = self._number(reader, entrant)
            tacit = reader.levels("tacit knowledge of an entrant", entrant.tacit, self._state.stock.shape[2:])
            if self._context.part(Entrants).waits(number):
                self._open(number, tacit, reader.label)

    def _number(self, reader: AnswerValidator, entrant: Entrant) -> int:
        """Return the number of a firm that may enter."""
        number = reader.firm_number("entrant", entrant.firm)
        firm = self._context.world.scenario.firms[number]
        if firm.enters != "endogenously":
            raise reader.fault(f"entrant {firm.name!r}", "must be a firm that enters endogenously")
        return number

    def _open(self, number: int, tacit: Floats, label: str) -> None:
        # Replaced and not written into: what is known of an array of knowledge holds as long as it stays the same one.
        stock = self._state.stock.copy()
        # Founders who know less than their firm take nothing away from it.
        stock[TACIT, number] = np.maximum(stock[TACIT, number], tacit)
        self._state.stock = stock
        self._context.part(Entrants).enter(number, label)
