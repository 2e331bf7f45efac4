"""Entry (E23): firms that wait enter when components say so, with the knowledge that their founders bring along."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from gpnde.engine.outages import Outages
from gpnde.errors import ComponentError
from gpnde.plugin.knowledge import Entrant
from gpnde.world.knowledge import TACIT, KnowledgeState
from gpnde.world.world import World


class Entry:
    """Admits firms to the network; from then on they bid for links."""

    def __init__(self, world: World, state: KnowledgeState, outages: Outages) -> None:
        """Note which firms wait."""
        self._world, self._state, self._outages = world, state, outages
        self._waiting = {number for number, firm in enumerate(world.scenario.firms) if firm.enters == "endogenously"}

    def admit(self, entrants: Iterable[tuple[str, Entrant]]) -> None:
        """Let firms enter, each once, on behalf of the component that named it."""
        for label, entrant in entrants:
            self._check(label, entrant)
            if entrant.firm in self._waiting:
                self._waiting.discard(entrant.firm)
                self._open(entrant, label)

    def _check(self, label: str, entrant: Entrant) -> None:
        firms = self._world.scenario.firms
        if not 0 <= entrant.firm < len(firms):
            raise ComponentError(f"{label}: entrant {entrant.firm}: must be a firm from 0 to {len(firms) - 1}")
        firm = firms[entrant.firm]
        if firm.enters != "endogenously":
            raise ComponentError(f"{label}: entrant {firm.name!r}: must be a firm that enters endogenously")
        level = np.asarray(entrant.tacit, dtype=np.float64)
        if level.shape != self._state.stock.shape[2:] or not np.all((level >= 0.0) & (level <= 1.0)):
            raise ComponentError(f"{label}: tacit knowledge of {firm.name!r}: must be 0 to 1 for every function")

    def _open(self, entrant: Entrant, label: str) -> None:
        stock = self._state.stock.copy()
        stock[TACIT, entrant.firm] = np.maximum(stock[TACIT, entrant.firm], entrant.tacit)
        self._state.stock = stock
        self._world.firms["active"][entrant.firm] = 1
        self._outages.enter_firm(entrant.firm, label)
