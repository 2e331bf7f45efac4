from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpnde.errors import ScenarioError
from gpnde.scenario.reading import read_text
from gpnde.scenario.yaml_text import MOST_BYTES, MOST_REPEATED, parse_yaml, read_yaml, write_yaml

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20))
def test_what_is_written_reads_back(data: Any) -> None:
    assert parse_yaml(write_yaml({"data": data}), "text") == {"data": data}


@pytest.mark.parametrize("text", ["NO", "on", "y", "007", "12:30", "1990-01-31", "1_000", "0x1f"])
def test_what_only_yaml_1_1_takes_for_another_type_stays_text(text: str) -> None:
    assert parse_yaml(text, "text") == text


@pytest.mark.parametrize(("text", "number"), [("1e5", 1e5), ("-3", -3), ("+.5", 0.5), ("1.", 1.0), ("0", 0)])
def test_numbers_are_numbers(text: str, number: float) -> None:
    assert parse_yaml(text, "text") == number


def test_merge_keys_work() -> None:
    assert parse_yaml("a: &a {x: 1}\nb: {<<: *a, y: 2}", "text")["b"] == {"x": 1, "y": 2}


REFUSALS = {
    "a: [1": "f.yaml line 2, column 1: did not find expected ',' or ']': fix the YAML there",
    "a: 1\n\tb: 2": "f.yaml line 2, column 1: found a tab character that violates indentation: fix the YAML there",
    "a: 1\nb: 2\na: 3": "f.yaml line 3, column 1: key 'a' is given twice: fix the YAML there",
    "a: *b": "f.yaml line 1, column 4: found undefined alias: fix the YAML there",
    "? [1]\n: 2": "f.yaml line 1, column 3: found unhashable key: fix the YAML there",
    "a: \0": "f.yaml: character '\\x00' at position 3: YAML takes printable text only",
    "a: !!python/name:os.system ": "f.yaml line 1, column 4: tag !!python/name:os.system: leave it out, the value says "
    "what it is",
    "a: !!str 5": "f.yaml line 1, column 4: tag !!str: leave it out, the value says what it is",
    "- !mine [1]": "f.yaml line 1, column 3: tag !mine: leave it out, the value says what it is",
    "a: &a {b: *a}": "f.yaml line 1, column 11: *a is a part that contains itself: write it out without the alias",
    "a: " + "1" * 5000: "f.yaml line 1, column 4: a whole number of 5,000 digits: must have at most 300",
    "[" * 101: "f.yaml line 1, column 101: more than 100 levels of lists and mappings in each other",
    "- " * 50000: "f.yaml line 1, column 201: more than 100 levels of lists and mappings in each other",
}


@pytest.mark.parametrize(("text", "line"), REFUSALS.items())
def test_broken_yaml_is_refused_with_line_and_column(text: str, line: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_yaml(text, "f.yaml")
    assert str(caught.value) == line


def bomb(levels: int) -> str:
    """Return a text whose last value holds ten times as much with every level."""
    lines = ["a0: &a0 {x: y}"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels + 1)]
    return "\n".join(lines)


def test_aliases_are_refused_before_they_are_visited_one_by_one() -> None:
    with pytest.raises(ScenarioError) as caught:
        parse_yaml(bomb(40), "f.yaml")
    assert str(caught.value) == (
        "f.yaml line 7, column 20: aliases repeat more than 1,000,000 values: write them to a CSV file"
    )


@settings(max_examples=5, deadline=None)
@given(st.integers(100, 500), st.integers(1, 20))
def test_aliases_may_repeat_as_much_as_the_bound_says(size: int, spare: int) -> None:
    values = ", ".join("0" * size)
    times = MOST_REPEATED // (size + 1)
    start = f"a: &a [{values}]\nb: ["
    assert len(parse_yaml(start + ", ".join(["*a"] * min(times, 50)) + "]", "f")["b"]) == min(times, 50)
    with pytest.raises(ScenarioError, match="aliases repeat"):
        parse_yaml(start + ", ".join(["*a"] * (times + spare)) + "]", "f")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(MOST_BYTES + 1)
    with pytest.raises(ScenarioError, match="100,000,001 bytes: must be at most 100,000,000"):
        read_yaml(path)


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(ScenarioError, match=r"pipe\.yaml: is a named pipe: give a file"):
        read_yaml(tmp_path / "pipe.yaml")


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"name: M\xfcnchen")
    with pytest.raises(ScenarioError) as caught:
        read_text(path)
    assert str(caught.value) == f"{path}: byte 7 is not UTF-8: save the file as UTF-8 text"


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = tmp_path / "windows.yaml"
    path.write_bytes(b"\xef\xbb\xbfname: x")
    assert read_text(path) == "name: x"


def test_what_yaml_cannot_hold_is_refused() -> None:
    with pytest.raises(ScenarioError) as caught:
        write_yaml({"a": 3j})
    assert str(caught.value) == "3j: cannot be written as YAML: give text, a number or a list"
