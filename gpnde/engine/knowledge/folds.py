"""Ask the components: every hook of a step of learning, with its answers checked and folded in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from gpnde.engine.access import RunAct, RunStreams
from gpnde.engine.knowledge.returned import Returned
from gpnde.plugin.knowledge import Creation, Entrant, Factors, Forgetting, KnowledgeView, Memory, Transfer
from gpnde.plugin.run_hooks import Hooks
from gpnde.scenario.knowledge import FUNCTIONS
from gpnde.world.layout import Floats

_ABOVE_ZERO = ("lead_time", "response_time")
"""Hooks whose factors scale a time, which stays above 0."""


class Components:
    """The components of a run as the knowledge side sees them."""

    def __init__(self, hooks: Hooks, acts: Mapping[str, RunAct], streams: Mapping[str, RunStreams]) -> None:
        """Give each component, by its label, its actions, its streams and an empty memory."""
        self._steps = hooks.steps
        self._acts, self._streams = acts, streams
        self._memory: dict[str, Memory] = {label: {} for label in acts}

    def _ask(self, hook: str, view: KnowledgeView) -> Iterator[tuple[Returned, Any]]:
        """Yield every answer to *hook* that is not None, with a reader that checks it."""
        for each in self._steps.get(hook, ()):
            given = {
                "knowledge": view,
                "memory": self._memory[each.label],
                "act": self._acts[each.label],
                "streams": self._streams[each.label],
            }
            answer = each.call(view.day, given)
            if answer is not None:
                yield Returned(each.label, hook, view.day, len(view.effort), len(FUNCTIONS), each.owner), answer

    def check(self, view: KnowledgeView) -> None:
        """Let every component refuse the network."""
        for each in self._steps.get("check_network", ()):
            each.call(view.day, {"knowledge": view})

    def transfers(self, view: KnowledgeView) -> Iterator[tuple[Returned, Transfer]]:
        """Yield all transfers of a step with their readers."""
        for reader, answer in self._ask("knowledge_transfer", view):
            for transfer in reader.several(answer, Transfer):
                yield reader, transfer

    def transfer_rate(self, view: KnowledgeView) -> Floats | None:
        """Return the product of all factors, shape (kinds, firms, functions); None where there are none."""
        factor: Floats | None = None
        for reader, answer in self._ask("transfer_rate", view):
            each = reader.per_kind(reader.instance(answer, Factors))
            factor = each if factor is None else factor * each
        return factor

    def creation(self, view: KnowledgeView) -> Floats | None:
        """Return the sum of all new knowledge, shape (kinds, firms, functions); None where there is none."""
        return self._sum_per_kind("knowledge_creation", view, Creation)

    def forgetting(self, view: KnowledgeView) -> Floats | None:
        """Return the sum of all rates of forgetting per day, shape (kinds, firms, functions); None without any."""
        return self._sum_per_kind("forgetting", view, Forgetting)

    def _sum_per_kind(self, hook: str, view: KnowledgeView, kind: type[Creation] | type[Forgetting]) -> Floats | None:
        total: Floats | None = None
        for reader, answer in self._ask(hook, view):
            each = reader.per_kind(reader.instance(answer, kind))
            total = each if total is None else total + each
        return total

    def support(self, view: KnowledgeView) -> Floats:
        """Return the sum of all help with learning; shape (firms,)."""
        total = np.zeros(len(view.effort))
        for reader, answer in self._ask("absorptive_support", view):
            total += reader.per_firm("support", answer)
        return total

    def factor(self, hook: str, view: KnowledgeView) -> Floats:
        """Return the product of all factors per firm of a hook; shape (firms,)."""
        product = np.ones(len(view.effort))
        for reader, answer in self._ask(hook, view):
            product *= reader.above_zero("factor", answer) if hook in _ABOVE_ZERO else reader.per_firm("factor", answer)
        return product

    def entrants(self, view: KnowledgeView) -> Iterator[tuple[Returned, Entrant]]:
        """Yield who enters, with a reader for what the component says of them."""
        for reader, answer in self._ask("entrants", view):
            for entrant in reader.several(answer, Entrant):
                yield reader, entrant
