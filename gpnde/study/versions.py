"""Versions of gpnde and components here, and the check that workers have the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gpnde
from gpnde.errors import StudyError

GPNDE = "gpnde"
_Versions = Mapping[str, Mapping[str, Any]]


def expected_versions(components: _Versions) -> dict[str, dict[str, Any]]:
    """Return the versions that workers must have: of the components of a study and of gpnde itself."""
    own = {"distribution": GPNDE, "version": gpnde.__version__}
    return {GPNDE: own, **{name: dict(each) for name, each in components.items()}}


def check_versions(expected: _Versions, components: _Versions) -> None:
    """Refuse to work where gpnde or a component has another version than where the study is planned.

    >>> planned = {"policy.tax": {"distribution": "gpnde-tax", "version": "1.0", "results_version": 1}}
    >>> check_versions(planned, {"policy.tax": {**planned["policy.tax"], "version": "1.1"}})
    Traceback (most recent call last):
    gpnde.errors.StudyError: policy.tax: gpnde-tax 1.1 at a worker and 1.0 here: install gpnde-tax==1.0 for the workers
    """
    here = expected_versions(components)
    for name, wanted in expected.items():
        found = here.get(name)
        if found != dict(wanted):
            raise StudyError(where=name, expected=_difference(wanted, found))


def _difference(wanted: Mapping[str, Any], found: Mapping[str, Any] | None) -> str:
    distribution, version = wanted["distribution"], wanted["version"]
    advice = f"install {distribution}=={version} for the workers"
    # A plugin from a file or module stands as (file) or (module) and cannot be installed.
    if str(distribution).startswith("("):
        advice = "give the workers the same file"
    if found is None:
        return f"missing at a worker: {advice}"
    there = f"{found['distribution']} {found['version']}"
    if (found["distribution"], found["version"]) == (distribution, version):
        there += f" with results of version {found.get('results_version')}"
        return f"{there} at a worker and {wanted.get('results_version')} here: {advice}"
    here = version if found["distribution"] == distribution else f"{distribution} {version}"
    return f"{there} at a worker and {here} here: {advice}"
