from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gpnde.charts.vega import library_source


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the user's cache folder, which is empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    library_source.cache_clear()
    yield tmp_path
    library_source.cache_clear()


def test_script_is_kept_and_read_again(cache: Path) -> None:
    source = library_source()
    (kept,) = (cache / "gpnde").iterdir()
    assert kept.read_text(encoding="utf-8") == source
    kept.write_text("changed", encoding="utf-8")
    library_source.cache_clear()
    assert library_source() == "changed"


@pytest.mark.thorough
def test_script_is_made_where_nothing_can_be_kept(cache: Path) -> None:
    (cache / "gpnde").write_text("a file where the folder should be", encoding="utf-8")
    assert library_source().endswith("};")
