"""Runs that see the components of a test and no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from gpnde.errors import ComponentError, Origin
from gpnde.plugin.component import Component
from gpnde.plugin.host import Host, host_of
from gpnde.results.metric import MetricKind


@contextmanager
def isolated_plugins(*components: type[Component], metrics: Iterable[MetricKind[Any]] = ()) -> Iterator[Host]:
    """Make *components* and *metrics*, and nothing that is installed, available inside the ``with`` block.

    >>> import gpnde
    >>> from gpnde.testing import tiny_network
    >>> class Strike(gpnde.Component):
    ...     name = "disruption.strike"
    >>> with isolated_plugins(Strike) as host:
    ...     sorted(host.components)
    ['disruption.strike']

    Raises
    ------
    ComponentError
        One of them cannot be offered, such as for its name; or, inside the block, a scenario names another.
    """
    with host_of(components, metrics) as host:
        for problem in host.problems:
            origin = Origin(problem.offer, problem.owner)
            raise ComponentError(problem.cause, where=problem.where, origin=origin)
        yield host
