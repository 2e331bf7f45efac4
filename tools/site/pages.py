"""What is written when the site is built: pages by their path, all of them text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

from gpnde.scenario.json_schema import scenario_schema
from tools.odd import odd_page
from tools.odd.hooks import hooks_page
from tools.odd.mechanisms import mechanisms_in_markdown
from tools.odd.parameters import blocks_in_markdown
from tools.odd.state import metrics_in_markdown, tables_in_markdown
from tools.site.api import api_page
from tools.site.gallery import gallery
from tools.site.links import OF_THE_ROOT, for_the_site

ROOT = Path(__file__).resolve().parents[2]


def _page(title: str, introduction: str, body: Callable[[], str]) -> Callable[[], str]:
    return lambda: f"# {title}\n\n{introduction}\n\n{_promoted(body())}\n"


def _promoted(text: str) -> str:
    """Return a part of the ODD page as a page of its own, whose outline begins at the second level.

    >>> _promoted("#### Clock")
    '## Clock'
    """
    return re.sub(r"^#{3,5}(?= )", "##", text, flags=re.MULTILINE)


_REFERENCE: Mapping[str, Callable[[], str]] = {
    "odd.md": odd_page,
    "hooks.md": hooks_page,
    "reference/api.md": api_page,
    "reference/scenario.md": _page(
        "Scenarios",
        "Every block of a scenario with its fields, their bounds, units and provenance. Editors that know JSON Schema "
        "complete and check them with [scenario.json](scenario.json), which `gpnde schema` prints too.",
        blocks_in_markdown,
    ),
    "reference/scenario.json": lambda: json.dumps(scenario_schema(), indent=1) + "\n",
    "reference/components.md": _page(
        "Components",
        "What comes with gpnde for the block `components` of a scenario: mechanisms of diffusion, policies and shocks.",
        mechanisms_in_markdown,
    ),
    "reference/metrics.md": _page("Metrics", "What a run is measured by.", metrics_in_markdown),
    "reference/tables.md": _page("Tables", "What a run holds, table by table.", tables_in_markdown),
}
"""The reference, by page."""


def written_pages() -> dict[str, str]:
    """Return the text of every page that is written when the site is built, by its path."""
    return {**_from_the_root(), **{path: text() for path, text in _REFERENCE.items()}, **gallery()}


def _from_the_root() -> dict[str, str]:
    return {page: _as_page(ROOT / file) for file, page in OF_THE_ROOT.items()}


def _as_page(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".md":
        return for_the_site(text)
    return f"# {file.stem.capitalize()}\n\n```text\n{text}```\n"
