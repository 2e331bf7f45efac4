"""Every fenced block of every document does what the document says."""

from __future__ import annotations

import os
import re
import shlex
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from gpnde.cli import commands
from gpnde.plugin.host import forget_plugins

from ..thorough import THOROUGH

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
CLOSE = 0.25
"""How far a number may be from the one in a document, relative to it."""
CI = ROOT / ".ci" / "run"
WRITTEN = ("odd.md", "hooks.md")
"""Pages of docs that are written when the site is built."""

_FENCE = re.compile(r"^```(\S*)[^\n]*\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_FILE_NAME = re.compile(r"# (\S+\.\S+)\n")


class Block(NamedTuple):
    """A fenced block: its language, its text and the line that it begins on."""

    language: str
    text: str
    line: int


def blocks(document: Path) -> Iterator[Block]:
    text = document.read_text(encoding="utf-8")
    for match in _FENCE.finditer(text):
        yield Block(match[1], match[2], text.count("\n", 0, match.start()) + 1)


@pytest.fixture
def environment() -> dict[str, str]:
    """Make commands available where this Python keeps them."""
    folder = Path(sys.executable).parent
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_blocks_do_what_they_say(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    """Files are written, commands and Python run, in the order of the document and in one folder."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(document):
        where = f"{document.name} line {block.line}"
        match block.language:
            case "python":
                exec(compile("\n" * block.line + block.text, str(document), "exec"), names)
            case "console":
                follow(block.text, where, environment)
            case "yaml" | "csv":
                write_file(block.text, tmp_path)
            case "sh":
                assert_is_in_ci(block.text, where)
            case language:
                assert language in ("text", "json", "mermaid"), f"{where}: name the language of the block"


def write_file(text: str, folder: Path) -> None:
    """Write a block that begins with its file name as a comment to that file."""
    if name := _FILE_NAME.match(text):
        (folder / name[1]).write_text(text, encoding="utf-8")


def assert_is_in_ci(text: str, where: str) -> None:
    """Expect every command to be one that continuous integration runs, letter by letter."""
    known = CI.read_text(encoding="utf-8").splitlines()
    for command in filter(None, text.splitlines()):
        assert f"step '{command}'" in known, f"{where}: {command!r} is not run by {CI.relative_to(ROOT)}"


def follow(text: str, where: str, environment: dict[str, str]) -> None:
    """Run each command after a dollar sign and expect the lines below it to appear in its output, in their order."""
    for step in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, expected = step.partition("\n")
        printed = output_of(command, environment)
        assert appear_in_order(expected, printed), f"{where}: {command!r} printed\n{printed}"


def output_of(command: str, environment: dict[str, str]) -> str:
    """Carry out a command line: one of gpnde alone in this process, which has imported it, if time matters."""
    if THOROUGH or not command.startswith("gpnde ") or set(command) & set("|&;<>$"):
        return subprocess.run(
            command, shell=True, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        ).stdout
    try:
        return CliRunner().invoke(commands, shlex.split(command)[1:], prog_name="gpnde").output
    finally:
        forget_plugins()


def appear_in_order(expected: str, output: str) -> bool:
    """Return whether the expected lines appear one after another, other lines between them left out."""
    printed = iter(output.splitlines())
    wanted = (line for line in expected.splitlines() if line.strip(" ."))
    return all(any(alike(line, other) for other in printed) for line in wanted)


def alike(expected: str, printed: str) -> bool:
    """Return whether a line says the same: ``...`` stands for anything, bars for bars, a number for one close to it.

    Last digits differ between kinds of machines, and a network makes more of them.
    """
    same = as_pattern(expected).search(printed)
    return same is not None and [as_number(text) for text in same.groups()] == [
        pytest.approx(as_number(text), rel=CLOSE) for text in re.findall(_NUMBER, expected)
    ]


def as_pattern(line: str) -> re.Pattern[str]:
    """Return the pattern of a printed line; its groups are the numbers."""
    parts = re.split(rf"({_NUMBER}|\.\.\.|[▁-█]+|\s+)", line.strip())
    return re.compile("".join(as_part(part) for part in parts))


def as_part(part: str) -> str:
    if re.fullmatch(_NUMBER, part):
        return f"({_NUMBER})"
    if part == "...":
        return ".*"
    return r"[▁-█\s]+" if part and not part.strip("▁▂▃▄▅▆▇█ ") else re.escape(part)


def as_number(text: str) -> float:
    return float(text.replace(",", ""))


def test_numbers_in_expected_output_may_differ_by_little() -> None:
    assert alike("fill  ▁▂▃  97.0% of 1,820 ...", "fill     ▁▇█ 96.1% of 1,820 units")
    assert not alike("fill 97.0%", "fill 60.0%")
    assert not alike("fill 97.0%", "till 97.0%")


def test_first_screen_of_the_readme_has_the_two_commands() -> None:
    first = next(blocks(ROOT / "README.md"))
    run, test = first.text.splitlines()
    assert run == "pip install . && gpnde run hdd-southeast-asia"
    assert test == 'pip install ".[test]" && pytest'
    assert first.line < 10


def test_links_of_documents_lead_to_files() -> None:
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            there = target in WRITTEN or (document.parent / target).exists()
            assert there, f"{document.name}: no {target}"


def test_tasks_of_the_contributing_guide_can_be_run() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\S+)`", text, re.MULTILINE))
    assert named == {*(f"scripts/{path.name}" for path in (ROOT / "scripts").iterdir()), ".ci/run"}
    assert all((ROOT / name).stat().st_mode & stat.S_IXUSR for name in named)
