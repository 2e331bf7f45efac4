"""Fixtures for pytest: import those that a test of a plugin asks for into its conftest.py."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from gpnde.plugin.component import Component
from gpnde.plugin.host import Host
from gpnde.results.metric import MetricKind
from gpnde.scenario import Scenario
from gpnde.testing import isolation, network

IsolatedPlugins = Callable[..., Host]
"""Takes component classes, and metrics by that name; from then on to the end of the test scenarios can use
these and no others."""

TinyNetwork = Callable[..., Scenario]
"""Takes changes by dotted path."""


@pytest.fixture
def isolated_plugins() -> Iterator[IsolatedPlugins]:
    """Return `gpnde.testing.isolated_plugins` as a function whose effect lasts to the end of the test."""
    with ExitStack() as stack:

        def isolate(*components: type[Component], metrics: Iterable[MetricKind[Any]] = ()) -> Host:
            return stack.enter_context(isolation.isolated_plugins(*components, metrics=metrics))

        yield isolate


@pytest.fixture
def tiny_network() -> TinyNetwork:
    """Return `gpnde.testing.tiny_network`."""
    return network.tiny_network
