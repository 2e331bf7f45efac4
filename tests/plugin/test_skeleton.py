"""What a new plugin consists of, and what it may be called."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

import gpnde
from gpnde.errors import ComponentError
from gpnde.plugin.skeleton import PLUGIN_KINDS, Skeleton, skeleton, write_skeleton

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def test_names_follow_from_the_name_and_the_kind() -> None:
    made = skeleton("night-shift", "policy")
    assert (made.distribution, made.package) == ("gpnde-night-shift", "gpnde_night_shift")
    assert (made.component, made.class_name) == ("policy.night-shift", "NightShift")


@pytest.mark.parametrize("name", ["policy", "view", "mapping", "act"])
def test_a_class_hides_nothing_that_its_module_imports(name: str) -> None:
    assert skeleton(name, "policy").class_name == f"{name.capitalize()}Policy"


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("Night Shift", "such as 'night-shift'"),
        ("2nd-shift", "such as 'nd-shift'"),
        ("", "such as 'tax'"),
        ("-a", "such as 'a'"),
        ("a--b", "such as 'a-b'"),
        ("../up", "such as 'up'"),
        ("gpnde-tax", "must be without, such as 'tax'"),
        ("policies", "belongs to gpnde itself"),
        ("a" * 41, "must be at most 40"),
    ],
)
def test_a_name_that_will_not_do_is_refused_in_one_line(name: str, right: str) -> None:
    with pytest.raises(ComponentError) as caught:
        skeleton(name, "policy")
    assert str(caught.value).startswith(f"name {name!r}: ")
    assert right in str(caught.value)


def test_an_unknown_kind_is_refused_with_the_nearest() -> None:
    with pytest.raises(ComponentError, match=r"^kind 'polcy': unknown; did you mean 'policy'\?: one of policy, diff"):
        skeleton("tax", "polcy")


@pytest.mark.parametrize("kind", PLUGIN_KINDS)
def test_every_file_is_filled_in_and_can_be_read(kind: str) -> None:
    texts = Skeleton("night-shift", kind).texts()
    assert not [path for path, text in texts.items() if "{{ " in text or " }}" in text]
    for path, text in texts.items():
        if path.endswith(".py"):
            ast.parse(text)
    project = tomllib.loads(texts["pyproject.toml"])
    assert project["project"]["name"] == "gpnde-night-shift"
    assert project["project"]["entry-points"]["gpnde"] == {"night-shift": "gpnde_night_shift"}
    assert project["project"]["dependencies"] == [f"gpnde>={gpnde.__version__}"]


def test_style_and_types_are_held_to_the_settings_of_gpnde() -> None:
    ours = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]
    theirs = tomllib.loads(Skeleton("tax", "policy").texts()["pyproject.toml"])["tool"]
    assert theirs["ruff"]["lint"]["select"] == ours["ruff"]["lint"]["select"]
    assert theirs["ruff"]["line-length"] == ours["ruff"]["line-length"]
    assert theirs["mypy"]["strict"] is ours["mypy"]["strict"] is True


def test_an_empty_folder_is_filled_and_a_full_one_is_left_alone(tmp_path: Path) -> None:
    made = skeleton("tax", "metric")
    folder = tmp_path / "tax"
    folder.mkdir()
    write_skeleton(made, folder)
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == set(made.texts())
    (folder / "README.md").write_text("mine")
    with pytest.raises(ComponentError, match="exists and is not an empty folder: give another name"):
        write_skeleton(made, folder)
    assert (folder / "README.md").read_text() == "mine"


def test_nothing_half_written_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = skeleton("tax", "metric")
    # The second of these is below a file, where nothing can be written.
    monkeypatch.setattr(Skeleton, "texts", lambda _: {"a": "1", "a/b": "2"})
    with pytest.raises(ComponentError, match="give a folder that can be written"):
        write_skeleton(made, tmp_path / "tax")
    assert list(tmp_path.iterdir()) == []


def test_a_metric_is_a_record_named_for_its_subject() -> None:
    made = skeleton("night-shift", "metric")
    assert (made.component, made.function_name) == ("night-shift.share", "night_shift_share")
    texts = made.texts()
    assert '@metric(\n    "night-shift.share",' in texts["gpnde_night_shift/__init__.py"]
    assert "record: {metrics: [night-shift.share]}" in texts["scenario.yaml"]


@pytest.mark.parametrize("family", ["policy", "metric"])
def test_a_metric_is_not_named_like_those_of_components(family: str) -> None:
    with pytest.raises(ComponentError, match="belongs to gpnde itself: choose another name"):
        skeleton(family, "metric")
