from __future__ import annotations

from gpnde.plugin import Component, KnowledgeView, hookimpl
from gpnde.plugin.description import hooks_filled
from gpnde.plugin.spec import hook_names
from gpnde.world.layout import Floats
from tools.odd.mechanisms import hooks_in_markdown


class Centre(Component):
    """Helps."""

    name = "test.centre"

    @hookimpl
    def absorptive_support(self, knowledge: KnowledgeView) -> Floats:
        return 0.2 * knowledge.effort

    def forgetting(self) -> None:
        """Bear the name of a hook without filling it."""


def test_hooks_are_those_that_are_marked() -> None:
    assert hooks_filled(Centre) == ["absorptive_support"]


def test_every_hook_says_when_it_is_called() -> None:
    rows = [row.strip("|").split(" | ") for row in hooks_in_markdown().splitlines()[2:]]
    assert len(rows) == len(hook_names())
    assert [row[0] for row in rows if len(row[2]) < 10 or not row[2].endswith(".")] == []
