"""A new study: a folder with a study that already runs, and a page of instructions."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from string import Template

from gpnde.errors import StudyError
from gpnde.scenario.whole_folder import write_whole_folder

_TEMPLATES = {"study.yaml": "study.yaml.in", "README.md": "README.md.in"}


def write_study(folder: Path) -> None:
    """Write a small study of policies to a new or empty folder, after which it is named.

    Raises
    ------
    StudyError
        The folder holds something already or cannot be written.
    """
    name = folder.absolute().name
    write_whole_folder(folder, {file: _text(template, name) for file, template in _TEMPLATES.items()}, StudyError)


def _text(template: str, name: str) -> str:
    text = files("gpnde.study").joinpath("template", template).read_text(encoding="utf-8")
    return Template(text).substitute(name=name)
