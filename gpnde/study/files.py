"""Studies from and to files: a YAML file, or a folder that holds study.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gpnde.errors import ScenarioError, StudyError, nearest
from gpnde.scenario.files import read_mapping
from gpnde.scenario.kinds import what_it_is
from gpnde.scenario.problems import Locations, refusal
from gpnde.study.resolve import resolve
from gpnde.study.schema import Study

FILE = "study.yaml"
"""The file of a folder that describes a study."""

SECTION = "optimise"
"""The section of a study file that `gpnde optimise` reads."""


def load_study(path: str | Path, settings: Mapping[str, Any] | None = None) -> Study:
    """Return the study in a YAML file or in the study.yaml of a folder, with *settings* added to its own.

    The study comes resolved: its scenario, its table of points and all ranges are in it, so that it means the same
    wherever it is carried out.

    Raises
    ------
    GpndeError
        The study or what it names cannot be read, or contradicts itself; the error is one line.
    """
    given, file = read_study_file(path, settings)
    if SECTION in given:
        raise StudyError(where=f"{file.name}: {SECTION}", expected="is for another command: gpnde optimise")
    try:
        return resolve(make_study(given), file.parent)
    except (ScenarioError, StudyError) as error:
        raise StudyError.passing_on(error, file.name) from None


def read_study_file(path: str | Path, settings: Mapping[str, Any] | None = None) -> tuple[dict[str, Any], Path]:
    """Return the plain data of a study file, with *settings* added and its name filled in, and the file itself."""
    file = _find(Path(path))
    given = read_mapping(file, "study", "name, scenario and measures")
    given.setdefault("name", file.parent.resolve().name if file.name == FILE else file.stem)
    own = given.get("settings") or {}
    if settings and isinstance(own, dict):
        given["settings"] = {**own, **settings}
    return given, file


def make_study(given: Mapping[str, Any], where: str = "") -> Study:
    """Return the study that plain data describe, which lie at the key *where* of something larger.

    >>> make_study({"name": "x", "scenario": "beer-game", "measures": ["tier_gap"], "replications": 0})
    Traceback (most recent call last):
    gpnde.errors.StudyError: replications: 0: must be at least 1

    Raises
    ------
    StudyError
        The data are wrong.
    """
    try:
        return Study.model_validate(dict(given))
    except ValidationError as error:
        found = refusal(error, Locations(given, whole=""))
        # The end is pydantic's name of a reading of the key, and no part of it.
        place = ".".join(part for part in (where, found.where.removesuffix(".number")) if part)
        raise StudyError(where=place, given=found.given, expected=found.expected) from None


def _find(path: Path) -> Path:
    if path.is_dir():
        if not (path / FILE).is_file():
            told = what_it_is(path) or f"a folder without {FILE}: give a study file or the folder of one"
            raise StudyError(where=str(path), expected=told)
        return path / FILE
    if not path.is_file():
        if told := what_it_is(path):
            raise StudyError(where=str(path), expected=told)
        there = sorted(each.name for each in path.parent.glob("*.y*ml")) if path.parent.is_dir() else []
        hint = nearest(path.name, there) or "; begin one with 'gpnde new study NAME'"
        raise StudyError(where=str(path), expected=f"no such study file{hint}")
    return path
