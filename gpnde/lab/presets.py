"""The choice of the scenario that the lab shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import ipywidgets
from traitlets import Bunch

from gpnde.lab.settings import Settings
from gpnde.lab.wording import title_of
from gpnde.plugin.host import plugin_host
from gpnde.scenario.presets import preset_names, preset_path

_UNNAMED = ""
_TITLE = re.compile(r"^title: *['\"]?(.*?)['\"]?$", re.MULTILINE)


def preset_titles() -> dict[str, str]:
    """Return the titles of the scenarios that come with gpnde, then the names of those of plugins.

    >>> preset_titles()["hdd-southeast-asia"]
    'Hard disk drives move to Southeast Asia, 1990-1995'
    """
    own = {name: _title(name) for name in preset_names()}
    return own | {name: title_of(name) for name in plugin_host().scenarios if name not in own}


def _title(name: str) -> str:
    # Only this line is wanted; to read a whole scenario takes far longer.
    found = _TITLE.search(preset_path(name).read_text(encoding="utf-8"))
    return found[1] if found and found[1] else title_of(name)


class Presets(ipywidgets.Dropdown):
    """Chooses among the scenarios by their titles; one from elsewhere is offered first."""

    def __init__(self, settings: Settings, on_choose: Callable[[Any], None]) -> None:
        """Show the scenario of the *settings*, and tell *on_choose* of another one: its name, or the scenario."""
        self._on_choose, self._is_quiet = on_choose, False
        titles = preset_titles()
        options = [(title, name) for name, title in titles.items()]
        # A scenario that lies in no file has no name by which it could be loaded again.
        self._unnamed, own = settings.base, settings.source or _UNNAMED
        if own not in titles:
            options.insert(0, (settings.base.title or settings.base.name, own))
        super().__init__(
            options=options, value=own, description="Scenario", tooltip="Scenario", layout={"width": "auto"},
            style={"description_width": "initial"},
        )  # fmt: skip
        self.observe(self._chosen, "value")
        self.add_class("gpnde-presets")

    def show(self, name: str) -> None:
        """Show that a scenario was chosen elsewhere."""
        self._is_quiet = True
        try:
            self.value = name
        finally:
            self._is_quiet = False

    def _chosen(self, change: Bunch) -> None:
        if not self._is_quiet:
            self._on_choose(self._unnamed if change.new == _UNNAMED else change.new)
