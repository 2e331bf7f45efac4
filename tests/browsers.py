"""Which browser tests drive."""

from __future__ import annotations

import os
import shutil


def found_browser() -> str | None:
    """Return the program of the browser, or None where there is none."""
    return os.environ.get("GPNDE_BROWSER") or shutil.which("chromium") or shutil.which("google-chrome")
