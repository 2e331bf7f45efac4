"""Pages that say which test holds a line name files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("page", ["compared.md", "validation.md"])
def test_tests_that_a_page_names_are_there(page: str) -> None:
    named = re.findall(r"`(tests/[^`]+)`", (ROOT / "docs" / page).read_text(encoding="utf-8"))
    assert len(named) > 10
    assert [path for path in named if not (ROOT / path).exists()] == []
