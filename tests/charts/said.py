"""The words above a chart."""

from __future__ import annotations

from typing import Any


def heading_of(spec: dict[str, Any]) -> str:
    """Return title and subtitle of a chart in Vega-Lite, in one line each."""
    words = (spec["title"][key] for key in ("text", "subtitle") if key in spec["title"])
    return "\n".join(each if isinstance(each, str) else " ".join(each) for each in words)
