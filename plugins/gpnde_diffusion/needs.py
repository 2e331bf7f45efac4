"""What mechanisms need of a network, and which functions they are about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gpnde.plugin import FUNCTIONS, ComponentError, Flags, KnowledgeView


def need_ties(name: str, knowledge: KnowledgeView) -> None:
    """Refuse a network in which no firm delivers to another one; *name* is the component that asks."""
    if not len(knowledge.ties.teacher):
        raise ComponentError(
            where=name, given="no firm delivers to another firm", expected="add links between sites of different firms"
        )


def function_flags(functions: Sequence[str]) -> Flags:
    """Return for each function whether it is among *functions*; shape (functions,).

    >>> function_flags(["engineering", "product_dev"]).nonzero()[0]
    array([3, 4])
    """
    return np.array([name in functions for name in FUNCTIONS])
