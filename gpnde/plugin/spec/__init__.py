"""The hooks of a run: what the components that a scenario names may do, with what they get and what they return.

Four kinds: *moments* call a component, *flow* and *knowledge* ask it for numbers that are folded with those of others,
*decisions* have one owner.
"""

from __future__ import annotations

import inspect
from typing import Any

from gpnde.plugin.spec.decisions import DecisionHooks
from gpnde.plugin.spec.flow import FlowHooks
from gpnde.plugin.spec.knowledge import KnowledgeHooks
from gpnde.plugin.spec.moments import MomentHooks

__all__ = [
    "HOOK_KINDS",
    "DecisionHooks",
    "FlowHooks",
    "KnowledgeHooks",
    "MomentHooks",
    "RunHooks",
    "hook_declared",
    "hook_names",
]

HOOK_KINDS = (MomentHooks, FlowHooks, KnowledgeHooks, DecisionHooks)
"""The kinds of hooks, in the order of the reference."""


class RunHooks(MomentHooks, FlowHooks, KnowledgeHooks, DecisionHooks):
    """All hooks of a component."""


def hook_names(kind: type = RunHooks) -> list[str]:
    """Return the names of the hooks of a kind, or of all, in their order.

    >>> hook_names(MomentHooks)
    ['process', 'new_sites', 'tick', 'events', 'metrics']
    """
    kinds = HOOK_KINDS if kind is RunHooks else (kind,)
    return [name for each in kinds for name, value in vars(each).items() if inspect.isfunction(value)]


def hook_declared(name: str) -> Any:
    """Return the declaration of a hook."""
    return getattr(RunHooks, name)
