"""What mechanisms need of a network, and which functions they are about."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gpnde.errors import ComponentError
from gpnde.plugin import KnowledgeView
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.layout import Flags


def need_ties(name: str, knowledge: KnowledgeView) -> None:
    """Refuse a network in which no firm delivers to another one; *name* is the component that asks."""
    if not len(knowledge.ties.teacher):
        raise ComponentError(f"{name}: no firm delivers to another firm: add links between sites of different firms")


def function_flags(functions: Sequence[str]) -> Flags:
    """Return for each function whether it is among *functions*; shape (functions,).

    >>> function_flags(["engineering", "product_dev"]).nonzero()[0]
    array([3, 4])
    """
    return np.array([name in functions for name in FUNCTIONS])
