"""Every kind of file, given to every command that takes another, is told by what it is and what to do with it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.example import example_run

Gpnde = Callable[..., Result]

COMMANDS = {
    "run": ("run", "{}", "--days", "7"),
    "check": ("check", "{}"),
    "doctor": ("doctor", "{}"),
    "batch": ("batch", "{}", "--out", "out"),
    "rerun": ("rerun", "{}"),
    "status": ("status", "{}"),
    "compare": ("compare", "{}"),
    "sensitivity": ("sensitivity", "{}"),
    "report": ("report", "{}", "--out", "out.html"),
    "charts": ("charts", "{}", "--out", "out"),
    "plugin": ("--plugin", "{}", "scenarios"),
    "plugins check": ("plugins", "check", "{}"),
    **{f"import {name}": ("import", name, "{}", "--out", "out") for name in ("willems", "tables", "mrio", "bom")},
    "import supplier-list": ("import", "supplier-list", "{}", "--out", "out"),
}
TAKES = {
    "scenario.yaml": {"run", "check", "doctor", "charts"},
    "study.yaml": {"batch"},
    "saved": {"rerun", "report", "charts"},
    "plugin.py": {"plugin"},
}
SAYS = {
    "scenario.yaml": "is a scenario",
    "study.yaml": "is a study",
    "saved": "holds a saved run",
    "saved/run.json": "is the run.json of a saved run",
    "saved/sites.parquet": "is one table of a run or study",
    "plugin.py": "is a file of Python",
    "a.csv": "is a CSV file",
    "tables": "is a folder of tables",
    "empty": "is an empty folder",
    "blank.yaml": "is an empty file",
    "pipe": "is a named pipe",
    "pipe.yaml": "is a named pipe",
    "page.html": "is a page",
}
IMPORTS = [name for name in COMMANDS if name.startswith("import")]
OWN_WORDS = {"plugin", "plugins check", *IMPORTS}
"""Commands that say what they want of a file of their own kind."""


@pytest.fixture
def place(tmp_path: Path, three_firms_text: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with one of each kind, in which the command is called."""
    monkeypatch.chdir(tmp_path)
    example_run(sites=12, days=91).save("saved")
    study = "name: s\nscenario: scenario.yaml\nmeasures: [flow.fill_rate]\n"
    texts = {"scenario.yaml": three_firms_text, "study.yaml": study, "plugin.py": "x = 1\n", "a.csv": "p,q\n1,2\n"}
    for name, text in (texts | {"blank.yaml": "", "page.html": "<html></html>", "tables/a.csv": "p,q\n1,2\n"}).items():
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    Path("empty").mkdir()
    os.mkfifo("pipe")
    os.mkfifo("pipe.yaml")
    return tmp_path


@pytest.mark.parametrize("kind", SAYS)
def test_a_file_for_another_command_is_told_by_what_it_is(gpnde: Gpnde, place: Path, kind: str) -> None:
    for name, words in COMMANDS.items():
        if name in TAKES.get(kind, ()):
            continue
        result = gpnde(*(word.format(kind) for word in words))
        assert result.exit_code == 2, (name, result.output)
        assert result.stderr.count("\n") == 1 and "unexpected" not in result.stderr
        assert not Path("out").exists(), name
        if name not in OWN_WORDS:
            assert SAYS[kind] in result.stderr, (name, result.stderr)
        assert kind in result.stderr or name in OWN_WORDS, (name, result.stderr)


@pytest.mark.parametrize("kind", ["pipe", "pipe.yaml"])
def test_a_pipe_is_told_by_every_command(gpnde: Gpnde, place: Path, kind: str) -> None:
    for words in COMMANDS.values():
        assert f"{kind}" in (stderr := gpnde(*(word.format(kind) for word in words)).stderr)
        assert "is a named pipe" in stderr


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("days: 56", "days: 10 days", "clock.days: '10 days': must be a number; write 10 without 'days'"),
        ("days: 56", "days: 2 weeks", "must be a number; write the number alone, in the unit of this key"),
        ("lead_time: 2", "lead_time: 10 days", "gamma(mean=10, cv=0.3); write 10 without 'days'"),
        ("mean=5,", "mean=5 days,", "mean='5 days': must be a number; write 5 without 'days'"),
        ("product: chip}", "product: chip, yield_rate: 95%}", "; write 0.95"),
        (
            "lead_time: 2}",
            "lead_time: 2}\n- {buyer: boards, supplier: chips, lead_time: 2}",
            "links.boards<chips#2: 'chips' to 'boards' stands twice: take this row out, or give it terms of its own",
        ),
    ],
)
def test_a_unit_or_a_row_too_much_is_told(
    gpnde: Gpnde, three_firms: Path, three_firms_text: str, right: str, wrong: str, said: str
) -> None:
    three_firms.write_text(three_firms_text.replace(right, wrong), encoding="utf-8")
    result = gpnde("check", three_firms)
    assert result.exit_code == 2 and said in result.stderr, result.output


def test_two_links_of_one_pair_may_differ(gpnde: Gpnde, three_firms: Path, three_firms_text: str) -> None:
    second = "lead_time: 2}\n- {buyer: boards, supplier: chips, lead_time: 9}"
    three_firms.write_text(three_firms_text.replace("lead_time: 2}", second), encoding="utf-8")
    assert gpnde("check", three_firms).exit_code == 0


BOMB = "name: x\na0: &a0 {x: y}\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9))
TAGS = {"!!bool x": "tag !!bool", '!!float ""': "tag !!float", '!!int ""': "tag !!int", "!!timestamp foo": "tag !!time"}


@pytest.mark.parametrize(
    "words", [("run",), ("check",), ("doctor",), ("batch", "--out", "out"), ("charts", "--out", "o")]
)
def test_a_bomb_of_aliases_is_refused_by_every_loader(gpnde: Gpnde, tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "bomb.yaml").write_text(BOMB, encoding="utf-8")
    (tmp_path / "study.yaml").write_text("scenario: bomb.yaml\nmeasures: [flow.fill_rate]\n", encoding="utf-8")
    for file in ("bomb.yaml", *(("study.yaml",) if words[0] == "batch" else ())):
        result = gpnde(words[0], tmp_path / file, *words[1:])
        assert result.exit_code == 2 and result.stderr.count("\n") == 1
        assert "aliases repeat more than 1,000,000 values" in result.stderr


@pytest.mark.parametrize(("tag", "said"), [*TAGS.items(), (BOMB, "aliases repeat"), ("[" * 5000, "maximum nesting")])
def test_settings_are_bounded_as_files_are(gpnde: Gpnde, tmp_path: Path, tag: str, said: str) -> None:
    result = gpnde("run", "beer-game", "--set", f"title={tag}")
    assert result.exit_code == 2 and result.stderr.count("\n") == 1 and said in result.stderr
    (tmp_path / "study.yaml").write_text("scenario: beer-game\nmeasures: [flow.fill_rate]\n", encoding="utf-8")
    result = gpnde("batch", tmp_path / "study.yaml", "--out", tmp_path / "out", "--set", f"clock.days={tag}")
    assert result.exit_code == 2 and result.stderr.count("\n") == 1 and "unexpected" not in result.stderr
