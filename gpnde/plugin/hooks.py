"""The markers of hooks, and the host hooks, which are called once per process on the module that an entry point names.

The hooks of a run stand in `gpnde.plugin.spec`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from gpnde.plugin.component import Component

PROJECT = "gpnde"
"""Name of the hooks' project and of the entry point group."""

hookspec = pluggy.HookspecMarker(PROJECT)
"""Marks the declaration of a hook; only gpnde declares hooks."""

hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function or method that fills a hook; it may leave out arguments that it does not use."""


class HostHooks:
    """Hooks of a plugin's module."""

    @hookspec
    def gpnde_components(self) -> Iterable[type[Component]]:
        """Offer components.

        When: once per process, when a scenario names a component or `gpnde plugins` is asked for.
        Returns: the component classes, in any order; each name may be offered once among all plugins.

        Examples
        --------
        >>> import gpnde
        >>> class Strike(gpnde.Component):
        ...     name = "disruption.strike"
        >>> @gpnde.hookimpl
        ... def gpnde_components():
        ...     return [Strike]
        """
        raise NotImplementedError
