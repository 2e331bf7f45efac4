"""What was given in place of what is wanted is named, with the command that takes it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from gpnde.scenario.kinds import what_it_is

CONTENTS = {
    "a.yaml": ("name: x\nproducts: {p: {}}", "is a scenario: run it with 'gpnde run {}'"),
    "b.yaml": ("scenario: beer-game\nmeasures: [tier_gap]", "is a study: carry it out with 'gpnde batch {} --out DIR'"),
    "c.yaml": ("a: 1", ""),
    "d.yaml": ("a: [", ""),
    "e.yaml": ("", "is an empty file: give one that holds something"),
    "run.json": (json.dumps({"fingerprint": "x", "tables": {}}), "is the run.json of a saved run: name its folder, "),
    "study.json": (json.dumps({"study": {}, "digest": "x"}), "is the study.json of a study: name its folder, "),
    "f.csv": ("a,b\n", "is a CSV file: make a scenario of it with 'gpnde import FORMAT {} --out DIR'"),
    "g.py": ("x = 1", "is a file of Python: if it is a plugin, add --plugin {}"),
    "h": ("PAR1", "is one table of a run or study: name the folder that it lies in"),
    "i": ("PK\x03\x04", "is a spreadsheet or an archive: save each table in it as a CSV file"),
    "j": ("<!DOCTYPE html>", "is a page: open it in a browser"),
    "k": ('{"cells": [], "nbformat": 4}', "is a notebook: open it with 'jupyter lab {}'"),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_a_file_is_told_by_its_contents(tmp_path: Path, name: str) -> None:
    text, said = CONTENTS[name]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert what_it_is(path).startswith(said.format(path))
    assert bool(said) == bool(what_it_is(path))


@pytest.mark.parametrize(
    ("holds", "said"),
    [
        ("run.json", "holds a saved run"),
        ("study.json", "holds the results of a study"),
        ("scenario.yaml", "is a scenario"),
        ("study.yaml", "is a study"),
        ("__init__.py", "is a package of Python"),
        ("x.CSV", "is a folder of tables"),
    ],
)
def test_a_folder_is_told_by_what_it_holds(tmp_path: Path, holds: str, said: str) -> None:
    assert what_it_is(tmp_path) == "is an empty folder: name one that holds something"
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    assert what_it_is(tmp_path) == ""
    (tmp_path / holds).write_text("x", encoding="utf-8")
    assert what_it_is(tmp_path).startswith(said)


def test_what_is_no_file_is_told_and_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert what_it_is(tmp_path / "pipe") == "is a named pipe: write what comes out of it to a file, and give that"
    assert what_it_is(os.devnull).startswith("is a device")
    assert what_it_is(tmp_path / "nowhere") == ""
