"""The owner of the award of functions decides on upgrading."""

from __future__ import annotations

import numpy as np

import gpnde
from gpnde.plugin import Component, Flags, KnowledgeView, hookimpl
from gpnde.testing import isolated_plugins, tiny_network


class NobodyRises(Component):
    """Awards nothing."""

    name = "test.nobody-rises"

    @hookimpl
    def award(self, able: Flags) -> Flags:
        return np.zeros_like(able)


class EverybodyRises(Component):
    """Awards every function within reach, whatever was decided."""

    name = "test.everybody-rises"

    @hookimpl
    def award(self, able: Flags, knowledge: KnowledgeView) -> Flags:
        assert able.shape == knowledge.active.shape
        return able


def functions_taken_on(*components: type[Component]) -> float:
    uses = [{"use": each.name} for each in components]
    with isolated_plugins(*components):
        return gpnde.simulate(tiny_network(components=uses)).metric("upgrading.events.up")


def test_no_firm_moves_up_where_nothing_is_awarded() -> None:
    assert functions_taken_on(NobodyRises) == 0


def test_more_move_up_where_all_that_is_within_reach_is_awarded() -> None:
    assert functions_taken_on(EverybodyRises) > functions_taken_on()
