"""The reference of hooks is what their declarations say, and leaves none out."""

from __future__ import annotations

import re

from gpnde.plugin.spec import hook_names
from tools.odd.hooks import hooks_page


def test_every_hook_has_its_section_in_the_order_of_declaration() -> None:
    hooks, _, _ = hooks_page().partition("## What hooks get")
    sections = re.findall(r"^### `(\w+)`$", hooks, re.MULTILINE)
    kinds = ("components", "scenarios", "charts", "metrics", "laws", "ordering_policies", "supplier_choices")
    assert sections == [*hook_names(), *(f"gpnde_{kind}" for kind in kinds)]
