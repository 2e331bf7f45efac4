"""study.json tells a stranger what to repeat, and keeps another study out."""

from __future__ import annotations

import getpass
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.errors import StudyError
from gpnde.study.folder import Folder
from gpnde.study.manifest import (
    Manifest,
    claim,
    differences,
    make_manifest,
    manifest_schema,
    read_manifest,
    refuse_strangers,
    write_manifest_schema,
)
from gpnde.study.plan import Plan
from tests.small_studies import small_study

SCHEMA = Path(__file__).resolve().parents[2] / "docs" / "schema" / "study-1.json"


def manifest(**changes: Any) -> Manifest:
    return make_manifest(Plan(small_study(**changes)))


def claimed(folder: Path, made: Manifest) -> list[str]:
    told: list[str] = []
    claim(Folder(folder), made, told.append)
    return told


def test_what_is_written_follows_the_schema_that_is_published(tmp_path: Path) -> None:
    assert claimed(tmp_path, manifest()) == []
    schema = json.loads(SCHEMA.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads((tmp_path / "study.json").read_text()), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema_version": 1}, schema)


def test_published_schema_is_that_of_the_code(tmp_path: Path) -> None:
    assert json.loads(SCHEMA.read_text()) == manifest_schema(), "regenerate it with write_manifest_schema"
    assert write_manifest_schema(tmp_path).read_bytes() == SCHEMA.read_bytes()


def test_what_is_written_is_read_again_and_makes_the_same_plan(tmp_path: Path) -> None:
    made = manifest()
    claimed(tmp_path, made)
    found = read_manifest(Folder(tmp_path))
    assert found == made
    again, before = Plan(small_study().model_validate(found.study)), Plan(small_study())
    assert again.digest == before.digest == found.digest
    assert list(again.specs(range(2))) == list(before.specs(range(2)))


def test_nothing_tells_on_which_machine_it_was_written(tmp_path: Path) -> None:
    made = make_manifest(Plan(small_study()), (str(tmp_path / "tax.py"), "quota"))
    claimed(tmp_path / "out", made)
    text = (tmp_path / "out/study.json").read_text()
    assert made.plugins == ["tax.py", "quota"]
    assert str(tmp_path) not in text
    assert getpass.getuser() not in json.loads(text)["software"]


def test_title_and_replications_may_change_and_are_rewritten(tmp_path: Path) -> None:
    claimed(tmp_path, manifest())
    told = claimed(tmp_path, manifest(title="Small", replications=9))
    assert told == [
        f'{tmp_path}: the study has changed (title: "" -> "Small"; replications: 6 -> 9): runs that are done stay'
    ]
    assert read_manifest(Folder(tmp_path)).study["replications"] == 9


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"seed": 2}, "seed: 1 -> 2"),
        ({"settings": {"clock.days": 21}}, "settings.clock.days: 14 -> 21"),
        ({"measures": ["flow.fill_rate", "flow.revenue"]}, "measures: "),
        ({"arms": {"baseline": {}, "other": {}}}, "arms.other: nothing -> "),
    ],
)
def test_any_other_change_is_refused_and_named(tmp_path: Path, changes: dict[str, Any], line: str) -> None:
    claimed(tmp_path, manifest())
    before = (tmp_path / "study.json").read_bytes()
    with pytest.raises(StudyError) as caught:
        claimed(tmp_path, manifest(**changes))
    assert f"holds another study ({line}" in str(caught.value)
    assert (tmp_path / "study.json").read_bytes() == before


def test_other_software_is_told_and_the_first_one_stays_on_record(tmp_path: Path) -> None:
    made = manifest()
    older = made.model_copy(update={"software": {**made.software, "numpy": "0.1"}})
    claimed(tmp_path, older)
    told = claimed(tmp_path, made)
    version = made.software["numpy"]
    line = f'numpy: "0.1" -> "{version}" since the study was begun: results may differ from those before'
    assert told == [f"{tmp_path}: {line}"]
    assert read_manifest(Folder(tmp_path)) == older


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema_version": 7}', '{"schema_version": 1}'])
def test_damaged_manifest_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "study.json").write_text(text)
    with pytest.raises(
        StudyError, match=r"study\.json: .*: not a study of this version, name another folder$"
    ) as caught:
        read_manifest(Folder(tmp_path))
    assert "\n" not in str(caught.value)


def test_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    refuse_strangers(Folder(tmp_path / "new"))
    refuse_strangers(Folder(tmp_path))
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(StudyError, match="holds thesis.tex and no study.json"):
        refuse_strangers(Folder(tmp_path))


PLAIN = st.recursive(
    st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", min_size=1, max_size=2), inner),
    max_leaves=8,
)


@given(PLAIN, PLAIN)
def test_differences_are_found_where_and_only_where_data_differ(one: Any, other: Any) -> None:
    assert bool(list(differences(one, other))) == (one != other)
