"""Copy a scenario with the files that it cites, as they were written, so that it can be edited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from gpnde.errors import ScenarioError
from gpnde.scenario.files import FILE, find_file
from gpnde.scenario.reading import read_text
from gpnde.scenario.tables import TABLES
from gpnde.scenario.whole_folder import write_whole_folder
from gpnde.scenario.yaml_text import read_yaml


def copy_scenario(source: str | Path, target: Path) -> list[str]:
    """Write the scenario *source* and each file that it cites to the new folder *target*, and return their names.

    *source* is a preset name, a file or a folder, as for `load_scenario`. Comments stay, and the copy gives the same
    run. Files cited by their full path are not copied, since the copy finds them there, too.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     copy_scenario("small-open-economy", Path(folder) / "mine")
    ['scenario.yaml', 'clusters.csv', 'firms.csv', 'links.csv', 'sites.csv']

    Raises
    ------
    ScenarioError
        There is no such scenario, it cites a file outside of its folder, or *target* holds something already.
    """
    file = find_file(source)
    texts = {FILE: read_text(file)}
    for cited in sorted(set(_cited(read_yaml(file)))):
        _refuse_outside(cited, source)
        # A component that is switched off may name a file that does not exist.
        if not Path(cited).is_absolute() and (file.parent / cited).is_file():
            texts[cited] = read_text(file.parent / cited)
    write_whole_folder(target, texts, ScenarioError)
    return list(texts)


def _cited(given: Any) -> Iterator[str]:
    """Yield the files that a raw scenario names: tables, columns of laws, and what components read."""
    if isinstance(given, Mapping):
        yield from (given[name] for name in TABLES if isinstance(given.get(name), str))
    yield from _files_below(given)


def _files_below(given: Any) -> Iterator[str]:
    if isinstance(given, Mapping):
        if isinstance(given.get("file"), str):
            yield given["file"]
        for item in given.values():
            yield from _files_below(item)
    elif isinstance(given, list):
        for item in given:
            yield from _files_below(item)


def _refuse_outside(cited: str, source: str | Path) -> None:
    if ".." in PurePosixPath(cited.replace("\\", "/")).parts:
        raise ScenarioError(
            where=str(source), given=repr(cited), expected="lies outside of its folder: copy both by hand"
        )
