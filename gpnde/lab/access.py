"""Access: gives the widgets of the page names, roles and keys, where those that they come with have none."""

from __future__ import annotations

from importlib.resources import files

import anywidget
import traitlets

_STATIC = files("gpnde.lab") / "static"


class Access(anywidget.AnyWidget):
    """Watches the lab that it lies in, and completes what screen readers and keyboards need.

    Headings of groups become buttons, sliders and number boxes get the names beside them, parts of the page become
    landmarks, and a page of its own gets its title.
    """

    _esm = (_STATIC / "access.js").read_text(encoding="utf-8")
    title = traitlets.Unicode().tag(sync=True)
    """What the page is called."""
