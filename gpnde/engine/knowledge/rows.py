"""What is recorded of knowledge: a table of every firm and function over time, and the events of upgrading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from gpnde.engine.knowledge.receipts import Receipts
from gpnde.engine.knowledge.upgrading import Upgrade
from gpnde.results.tables import Coded
from gpnde.vocabulary import CHANNELS, CODIFIED, FUNCTIONS, KNOWLEDGE_KINDS, ROLES, TACIT
from gpnde.world.knowledge import KnowledgeState
from gpnde.world.layout import Floats
from gpnde.world.world import World


class KnowledgeRows:
    """Keeps rows of knowledge at recorded times."""

    def __init__(self, world: World, state: KnowledgeState, receipts: Receipts) -> None:
        """Begin without rows."""
        self._world, self._state, self._receipts = world, state, receipts
        self._days: list[float] = []
        self._rows: list[dict[str, Floats]] = []
        self._learners: list[dict[str, Floats]] = []

    def holds(self, day: float) -> bool:
        """Return whether the last rows are those of a day."""
        return bool(self._days) and self._days[-1] == day

    def record(self, day: float, capability: Floats, absorptive: Floats, scores: Floats) -> None:
        """Add a row for every firm and function, and one for every firm."""
        state = self._state
        self._days.append(day)
        self._rows.append(
            {
                "codified": state.stock[CODIFIED].copy(),
                "tacit": state.stock[TACIT].copy(),
                "waiting": state.waiting.sum(axis=(0, 1)),
                "internalised": self._receipts.gained,
                "capability": capability.copy(),
                "performed": state.active.astype(np.int64),
            }
        )
        self._learners.append(
            {
                "present": (self._world.firms["active"] == 1).astype(np.int64),
                "effort": state.effort.copy(),
                "absorptive_capacity": absorptive.copy(),
                "score": scores.copy(),
                **self._books(),
            }
        )

    def _books(self) -> dict[str, Floats]:
        """Return the running totals of receipts per firm, by what became of them, channel and kind."""
        books = self._receipts
        found = {}
        for name, totals in (
            ("transferred", books.transferred),
            ("internalised", books.internalised),
            ("stale", books.stale),
        ):
            for channel, channel_name in enumerate(CHANNELS):
                for kind, kind_name in enumerate(KNOWLEDGE_KINDS):
                    found[f"{name}_{channel_name}_{kind_name}"] = totals[channel, kind].copy()
        created = books.created
        for kind, kind_name in enumerate(KNOWLEDGE_KINDS):
            found[f"created_{kind_name}"] = created[kind].copy()
        return found

    def knowledge_columns(self) -> Mapping[str, Any]:
        """Return the columns of the table ``knowledge``."""
        names, firms, functions = self._world.names, len(self._world.firms), len(FUNCTIONS)
        times = len(self._days)
        columns: dict[str, Any] = {
            "day": np.repeat(np.array(self._days), firms * functions),
            "firm": Coded(np.tile(np.repeat(np.arange(firms), functions), times), names.firms),
            "tier": np.tile(np.repeat(self._world.firms["tier"], functions), times),
            "function": Coded(np.tile(np.arange(functions), firms * times), FUNCTIONS),
        }
        columns.update({name: _stacked(self._rows, name) for name in self._rows[0]})
        return columns

    def learner_columns(self) -> Mapping[str, Any]:
        """Return the columns of the table ``learners``."""
        names, firms, times = self._world.names, len(self._world.firms), len(self._days)
        columns: dict[str, Any] = {
            "day": np.repeat(np.array(self._days), firms),
            "firm": Coded(np.tile(np.arange(firms), times), names.firms),
            "tier": np.tile(self._world.firms["tier"], times),
            "role": Coded(np.tile(self._world.firms["role"], times), ROLES),
            "cluster": Coded(np.tile(self._state.places.cluster, times), names.clusters),
        }
        columns.update({name: _stacked(self._learners, name) for name in self._learners[0]})
        return columns

    def upgrade_columns(self, events: list[Upgrade]) -> Mapping[str, Any]:
        """Return the columns of the table ``upgrades``."""
        names = self._world.names.firms
        return {
            "day": [event.day for event in events],
            "firm": [names[event.firm] for event in events],
            "tier": self._world.firms["tier"][[event.firm for event in events]].tolist(),
            "kind": [event.kind for event in events],
            "function": [event.function for event in events],
            "reason": [event.reason for event in events],
            "capability": [event.capability for event in events],
            "contract": [event.contract for event in events],
        }


def _stacked(rows: list[dict[str, Floats]], name: str) -> Floats:
    return np.concatenate([row[name].ravel() for row in rows])
