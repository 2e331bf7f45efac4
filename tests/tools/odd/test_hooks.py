"""The reference of hooks is what their declarations say, and leaves none out."""

from __future__ import annotations

import re
from pathlib import Path

from gpnde.plugin.spec import hook_names
from tools.odd.hooks import write_hooks_page

PUBLISHED = Path(__file__).resolve().parents[3] / "docs" / "hooks.md"


def test_the_published_page_is_the_current_one(tmp_path: Path) -> None:
    published = PUBLISHED.read_text(encoding="utf-8")
    current = write_hooks_page(tmp_path)
    assert published == current.read_text(encoding="utf-8"), "regenerate docs/hooks.md with: scripts/hooks"


def test_every_hook_has_its_section_in_the_order_of_declaration() -> None:
    hooks, _, _ = PUBLISHED.read_text(encoding="utf-8").partition("## What hooks get")
    sections = re.findall(r"^### `(\w+)`$", hooks, re.MULTILINE)
    kinds = ("components", "scenarios", "charts", "metrics", "laws", "ordering_policies")
    assert sections == [*hook_names(), *(f"gpnde_{kind}" for kind in kinds)]
