"""What the lab needs besides gpnde itself."""

from __future__ import annotations

import importlib.util

from gpnde.errors import GpndeError


def refuse_without_extra(*modules: str) -> None:
    """Refuse to go on where one of *modules* is not installed.

    Raises
    ------
    GpndeError
        One is missing; the error says how to get it.

    >>> refuse_without_extra("json", "no_such_module")
    Traceback (most recent call last):
    gpnde.errors.GpndeError: lab: no_such_module is not installed: pip install 'gpnde[lab]'
    """
    for module in modules:
        if importlib.util.find_spec(module) is None:
            raise GpndeError(f"lab: {module} is not installed: pip install 'gpnde[lab]'")
