"""Files that components read: the parameter ``file`` names one in the scenario's folder or the working directory."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gpnde.errors import ScenarioError, nearest
from gpnde.scenario.problems import Locations

_PARAMETER = "file"


def find_component_files(given: dict[str, Any], folder: Path, places: Locations) -> None:
    """Turn the parameter ``file`` of every component in the raw scenario *given* into a full path.

    A full path is the same wherever the scenario is saved and run again. The file is looked for in *folder*, then in
    the working directory; a component that is switched off may name one that does not exist.
    """
    uses = given.get("components")
    if isinstance(uses, list):
        given["components"] = [_found(use, folder, places.text(("components", i))) for i, use in enumerate(uses)]


def _found(use: Any, folder: Path, where: str) -> Any:
    if not isinstance(use, Mapping) or not isinstance(use.get(_PARAMETER), str):
        return use
    file = use[_PARAMETER]
    paths = [os.path.abspath(base / file) for base in (folder, Path.cwd())]
    found = next((path for path in paths if os.path.isfile(path)), None)
    if found is None and use.get("enabled", True) is not False:
        raise _missing(f"{where}.{_PARAMETER}", file, list(dict.fromkeys(map(os.path.dirname, paths))))
    return use if found is None else {**use, _PARAMETER: found}


def _missing(where: str, file: str, folders: list[str]) -> ScenarioError:
    """Return the error that names every folder tried, and the nearest name that is there."""
    tried = " and none in ".join(folders)
    there = sorted(path.name for folder in folders for path in Path(folder).glob("*") if path.is_file())
    hint = nearest(Path(file).name, there) or "; give a path from one of these, or a full one"
    return ScenarioError(where=where, given=repr(file), expected=f"no such file in {tried}{hint}")
