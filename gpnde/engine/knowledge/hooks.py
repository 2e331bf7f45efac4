"""Fold what components say of knowledge: every answer of a step of learning, checked, in a fixed order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import numpy as np

from gpnde.engine.hooks.caller import HookCaller
from gpnde.engine.hooks.validator import AnswerValidator
from gpnde.plugin.knowledge import Creation, Entrant, Factors, Forgetting, KnowledgeView, Scaled, Transfer
from gpnde.world.layout import Floats


class Folds:
    """The components of a run as the knowledge side sees them."""

    def __init__(self, asking: HookCaller) -> None:
        """Ask through *asking*."""
        self._asking = asking

    def _ask(self, hook: str, view: KnowledgeView) -> Iterator[tuple[AnswerValidator, Any]]:
        return self._asking.ask(hook, knowledge=view)

    def check(self, view: KnowledgeView) -> None:
        """Call `check_network`, in which components may refuse the network."""
        # Nobody reads the answers, but components are called only as they are asked for one by one.
        for _ in self._ask("check_network", view):
            continue

    def transfers(self, view: KnowledgeView) -> Iterator[tuple[AnswerValidator, Transfer]]:
        """Yield all transfers of a step with their readers."""
        for reader, answer in self._ask("knowledge_transfer", view):
            for transfer in reader.several(answer, Transfer):
                yield reader, transfer

    def transfer_rate(self, view: KnowledgeView) -> dict[str, Floats]:
        """Return the product of the factors of each set of transfers, where any is; shape (kinds, firms, functions)."""
        found: dict[str, Floats] = {}
        for reader, answer in self._ask("transfer_rate", view):
            factors = reader.instance(answer, Factors)
            scaled, each = reader.word("of", factors.of, get_args(Scaled)), reader.per_kind(factors)
            found[scaled] = found[scaled] * each if scaled in found else each
        return found

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

    def absorptive_factor(self, view: KnowledgeView) -> Floats | None:
        """Return the product of all factors on internalisation, shape (firms, functions); None where there are none."""
        factor: Floats | None = None
        for reader, answer in self._ask("absorptive_capacity", view):
            each = reader.per_function("factor", answer)
            factor = each if factor is None else factor * each
        return factor

    def effort_cost(self, view: KnowledgeView) -> list[tuple[str, Floats]]:
        """Return the factor of each component on what effort costs, by its label; shape (firms,) each."""
        return [(reader.label, reader.per_firm("factor", answer)) for reader, answer in self._ask("effort_cost", view)]

    def entrants(self, view: KnowledgeView) -> Iterator[tuple[AnswerValidator, Entrant]]:
        """Yield the entrants of each component, with the validator of its answers."""
        for reader, answer in self._ask("entrants", view):
            for entrant in reader.several(answer, Entrant):
                yield reader, entrant
