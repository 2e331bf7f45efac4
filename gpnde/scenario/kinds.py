"""What a file or folder is that was given where another is wanted, and which command takes it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gpnde.errors import ScenarioError
from gpnde.scenario.reading import other_than_file
from gpnde.scenario.yaml_text import read_yaml

_SCENARIO = "is a scenario: run it with 'gpnde run {path}'"
_STUDY = "is a study: carry it out with 'gpnde batch {path} --out DIR'"
_RUN = "holds a saved run: read it with 'gpnde report {path}', repeat it with 'gpnde rerun {path}'"
_RESULTS = "holds the results of a study: see them with 'gpnde compare {path}' or 'gpnde report {path}'"
_CSV = "is a CSV file: make a scenario of it with 'gpnde import FORMAT {path} --out DIR'"
_BOOK = "is a spreadsheet or an archive: save each table in it as a CSV file"
_PYTHON = "is a file of Python: if it is a plugin, add --plugin {path}"

_IN_FOLDER = (
    ("run.json", _RUN),
    ("study.json", _RESULTS),
    ("scenario.yaml", _SCENARIO),
    ("study.yaml", _STUDY),
    ("__init__.py", "is a package of Python: if it is a plugin, add --plugin {path}"),
)
_ENDINGS = {
    **dict.fromkeys((".csv", ".tsv"), _CSV),
    ".py": _PYTHON,
    ".ipynb": "is a notebook: open it with 'jupyter lab {path}'",
    **dict.fromkeys((".html", ".htm"), "is a page: open it in a browser"),
    ".parquet": "is one table of a run or study: name the folder that it lies in",
    **dict.fromkeys((".xlsx", ".xls", ".ods", ".zip"), _BOOK),
    **dict.fromkeys((".png", ".svg", ".jpg", ".pdf"), "is a picture: open it in a viewer"),
}
_BEGINNINGS = {
    b"PAR1": _ENDINGS[".parquet"],
    b"PK\x03\x04": _BOOK,
    b"\x89PNG": _ENDINGS[".png"],
    b"%PDF": _ENDINGS[".pdf"],
    b"<!doctype": _ENDINGS[".html"],
    b"<html": _ENDINGS[".html"],
}
_WANTED = {"scenario": _SCENARIO, "study": _STUDY}
_OF_STUDIES = frozenset({"scenario", "measures", "arms", "design", "uncertainties", "replications"})
_OF_SCENARIOS = frozenset({"products", "firms", "sites", "links", "markets", "clock"})


def what_it_is(path: str | Path) -> str:
    """Return what lies at *path* and which command takes it, or an empty text if unknown.

    >>> what_it_is("/nowhere")
    ''
    """
    place = Path(path)
    kind = other_than_file(place)
    if kind == "a folder":
        return _of_folder(place).format(path=path)
    if kind:
        return f"is {kind}: write what comes out of it to a file, and give that"
    return _of_file(place).format(path=path, folder=place.parent) if place.is_file() else ""


def what_it_says(given: Any) -> str:
    """Return what a file is by the *given* contents, with ``{path}`` and ``{folder}`` for its place; or nothing.

    >>> what_it_says({"name": "x", "scenario": "beer-game"})
    "is a study: carry it out with 'gpnde batch {path} --out DIR'"
    """
    keys = set(given) if isinstance(given, Mapping) else set()
    for marks, text in (
        ({"fingerprint", "tables"}, "is the run.json of a saved run: name its folder, {folder}"),
        ({"study", "digest"}, "is the study.json of a study: name its folder, {folder}"),
        ({"cells", "nbformat"}, _ENDINGS[".ipynb"]),
    ):
        if marks <= keys:
            return text
    # With keys of both, or of neither, it cannot be told which one it is.
    if bool(keys & _OF_SCENARIOS) == bool(keys & _OF_STUDIES):
        return ""
    return _SCENARIO if keys & _OF_SCENARIOS else _STUDY


def other_kind(path: Path, given: Any, wanted: str) -> str:
    """Return what the file at *path* is by its contents, unless it is *wanted*: ``scenario`` or ``study``."""
    said = what_it_says(given)
    return "" if said == _WANTED[wanted] else said.format(path=path, folder=path.parent)


def _of_folder(path: Path) -> str:
    names = {one.name for one in path.iterdir()}
    found = next((text for name, text in _IN_FOLDER if name in names), "")
    if found or not names:
        return found or "is an empty folder: name one that holds something"
    tables = any(name.lower().endswith((".csv", ".tsv")) for name in names)
    return "is a folder of tables: make a scenario of it with 'gpnde import FORMAT {path} --out DIR'" if tables else ""


def _of_file(path: Path) -> str:
    if path.suffix.lower() in _ENDINGS:
        return _ENDINGS[path.suffix.lower()]
    with path.open("rb") as stream:
        start = stream.read(16)
    if not start:
        return "is an empty file: give one that holds something"
    for beginning, text in _BEGINNINGS.items():
        if start.lower().startswith(beginning.lower()):
            return text
    return _by_contents(path)


def _by_contents(path: Path) -> str:
    try:
        return what_it_says(read_yaml(path))
    except ScenarioError:
        return ""
