"""Extras: what parts of gpnde need that ``pip install gpnde`` alone does not bring."""

from __future__ import annotations

import importlib.util

from gpnde.errors import GpndeError


class MissingExtra(GpndeError):
    """An extra that is needed and not installed; the text says how to get it."""


def require_extra(extra: str, *modules: str) -> None:
    """Refuse to go on where one of *modules*, which come with an *extra*, is not installed.

    Raises
    ------
    MissingExtra
        One is missing.

    >>> require_extra("lab", "json", "no_such_module")
    Traceback (most recent call last):
    gpnde.extras.MissingExtra: lab: no_such_module is not installed: pip install "gpnde[lab]"
    """
    for module in modules:
        if importlib.util.find_spec(module) is None:
            raise MissingExtra(f'{extra}: {module} is not installed: pip install "gpnde[{extra}]"')
