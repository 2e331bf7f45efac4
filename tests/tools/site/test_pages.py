"""What the site of documentation is made of: whole, true to the code, and with links that lead somewhere."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

from gpnde.charts.catalogue import CHARTS, STUDY_CHARTS
from tests.checkout import ROOT
from tools.site import gallery, pages
from tools.site.api import api_page
from tools.site.examples import fenced
from tools.site.links import OF_THE_ROOT, for_the_site

_LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)[^)]*\)")


@cache
def written() -> dict[str, str]:
    """Return the pages that are written, without drawing the gallery."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pages, "gallery", lambda: {"gallery.md": "# Gallery\n"})
        return pages.written_pages()


def all_pages() -> dict[str, str]:
    docs = ROOT / "docs"
    standing = {path.relative_to(docs).as_posix(): path for path in docs.rglob("*") if path.is_file()}
    texts = {name: path.read_text(encoding="utf-8") for name, path in standing.items() if path.suffix == ".md"}
    return {**dict.fromkeys(standing, ""), **texts, **written()}


def _in_navigation(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
        return
    for below in part if isinstance(part, list) else part.values():  # type: ignore[attr-defined]
        yield from _in_navigation(below)


def test_every_page_has_its_place_in_the_navigation() -> None:
    navigation = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    assert sorted(_in_navigation(navigation)) == sorted(name for name in all_pages() if name.endswith(".md"))


def test_every_link_between_pages_leads_to_one() -> None:
    known = all_pages()
    for name, text in known.items():
        for target in _LINK.findall(re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)):
            place = Path(ROOT / "docs" / name).parent / target
            assert place.resolve().relative_to(ROOT / "docs").as_posix() in known, f"{name}: {target}"


def test_documents_of_the_root_link_to_what_is_there() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md"):
        for target in _LINK.findall((ROOT / name).read_text(encoding="utf-8")):
            assert (ROOT / target).exists(), f"{name}: {target}"


def test_links_of_the_root_are_those_of_the_site() -> None:
    assert for_the_site("[a](docs/lab.md) [b](LICENSE) [c](#part)") == "[a](lab.md) [b](licence.md) [c](#part)"
    assert all((ROOT / file).is_file() for file in OF_THE_ROOT)


def test_the_reference_of_python_names_every_public_class_and_function() -> None:
    page = api_page()
    for room in ("gpnde", "gpnde.plugin"):
        module = importlib.import_module(room)
        for name in module.__all__:
            thing = getattr(module, name)
            if callable(thing) and getattr(thing, "__module__", "").startswith("gpnde."):
                assert re.search(rf"^::: {thing.__module__}\.{thing.__qualname__}$", page, re.MULTILINE), name


@pytest.mark.parametrize("page", ["scenario", "components", "metrics", "tables"])
def test_pages_of_the_reference_have_an_outline(page: str) -> None:
    text = written()[f"reference/{page}.md"]
    assert text.startswith("# ")
    assert re.search(r"^\|.*\|$", text, re.MULTILINE)
    assert not re.search(r"^#{3,} ", text, re.MULTILINE)


def test_examples_of_docstrings_become_blocks_of_code() -> None:
    text = "Add.\n\n>>> one = 1\n>>> one + 1\n2\n\nAnd more."
    assert fenced(text) == "Add.\n\n```pycon\n>>> one = 1\n>>> one + 1\n2\n```\n\nAnd more."


@pytest.mark.thorough
def test_the_gallery_shows_every_chart() -> None:
    found = gallery.gallery()
    for name in (*CHARTS, *STUDY_CHARTS):
        assert f"gallery/{name}.svg" in found["gallery.md"]
        assert found[f"gallery/{name}.svg"].startswith("<svg")
