"""The lab in words: the figures of a finished run beside those of the baseline."""

from __future__ import annotations

import html

from gpnde.results.headline import headlines
from gpnde.results.run import Run


def tiles(treatment: Run, baseline: Run | None) -> str:
    """Return the main figures of a run as HTML, each with that of the baseline if there is one."""
    before = dict(headlines(baseline)) if baseline else {}
    return "".join(_tile(label, text, before.get(label)) for label, text in headlines(treatment))


def _tile(label: str, text: str, before: str | None) -> str:
    compared = f"<small>baseline {html.escape(before)}</small>" if before is not None else ""
    return f'<div class="gpnde-tile"><b>{html.escape(text)}</b><span>{html.escape(label)}</span>{compared}</div>'
