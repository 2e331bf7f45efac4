"""What a scenario requires to be installed: distributions and their versions."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable

from packaging.requirements import Requirement
from packaging.version import InvalidVersion, Version

from gpnde.errors import ScenarioError
from gpnde.scenario.problems import summary


def check_installed(requires: Iterable[str]) -> None:
    """Check that distributions are installed in the versions required, such as ``gpnde-x>=1``; nothing is imported.

    Raises
    ------
    ScenarioError
        One is missing or has another version; the text says what is installed and how to install what is required.

    Examples
    --------
    >>> check_installed(["pydantic>=2"])
    >>> check_installed(["pydantic>=1000"])
    Traceback (most recent call last):
    gpnde.errors.ScenarioError: requires pydantic>=1000: ... is installed: install it with pip install 'pydantic>=1000'
    """
    faults = {required: _fault(Requirement(required)) for required in requires}
    faults = {required: fault for required, fault in faults.items() if fault}
    if faults:
        command = " ".join(["pip", "install", *(f"'{required}'" for required in faults)])
        lines = [f"requires {required}: {fault}" for required, fault in faults.items()]
        raise ScenarioError(given=summary(lines), expected=f"install it with {command}")


def _fault(required: Requirement) -> str:
    """Return what is installed instead, or an empty text."""
    installed = _installed_version(required.name)
    if installed is None:
        return f"{required.name} is not installed"
    try:
        # A range leaves pre-releases out when versions are looked for; one that is installed counts.
        fits = required.specifier.contains(Version(installed), prereleases=True)
    except InvalidVersion:
        # A version that cannot be read fits only where any version does.
        fits = not required.specifier
    return "" if fits else f"{required.name} {installed} is installed"


def _installed_version(name: str) -> str | None:
    try:
        return str(importlib.metadata.version(name))
    except (importlib.metadata.PackageNotFoundError, KeyError, TypeError):
        return None
