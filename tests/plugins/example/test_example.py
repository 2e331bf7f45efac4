"""A third-party plugin, installed with pip into a fresh environment: at work, and broken in every way.

Commands run in processes of their own where it is at work, and once where it is broken; most ways in which it is broken
are met in this process, by the same commands and the same files.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from gpnde.cli import commands
from gpnde.plugin.host import forget_plugins

from ...fresh import Fresh, fresh_environment

EXAMPLE = Path(__file__).resolve().parents[3] / "plugins" / "example"
OWNER = "plugin 'supplier-clubs' (gpnde-supplier-clubs 1.0.0)"
RUN = "gpnde run supplier-clubs --days 476"
CLUBS, INIT = "gpnde_supplier_clubs/clubs.py", "gpnde_supplier_clubs/__init__.py"
RETURN = "        return Transfer(\n            learner=learner,"
PAYS = "        coming = clubs_of("
METRICS = '        meetings = memory.get("meetings", 0)\n        seats'

pytestmark = pytest.mark.slow

Done = subprocess.CompletedProcess[str]
Shell = Callable[[str], Done]


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    return fresh_environment(tmp_path_factory.mktemp("fresh") / "venv")


@pytest.fixture(scope="module")
def installed(fresh: Fresh, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder into which pip has installed the example."""
    folder = tmp_path_factory.mktemp("example")
    done = fresh.run(f"pip install --no-deps --target {folder} {EXAMPLE}", folder)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def copy(installed: Path, tmp_path: Path) -> Path:
    """Return a copy of what is installed, which a test may break."""
    return Path(shutil.copytree(installed, tmp_path / "copy"))


@pytest.fixture
def shell(fresh: Fresh, copy: Path, tmp_path: Path) -> Shell:
    """Return a function that runs a command line where the copy is installed."""
    return lambda command: fresh.run(command, tmp_path, **with_path(copy))


@pytest.fixture
def here(copy: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """Return a function that runs a command of gpnde in this process, for which the copy is installed meanwhile."""
    known = set(sys.modules)
    monkeypatch.syspath_prepend(copy)
    monkeypatch.delenv("GPNDE_PLUGINS", raising=False)
    forget_plugins()
    yield carried_out
    for name in set(sys.modules) - known:
        if name.partition(".")[0] in ("gpnde_supplier_clubs", "rival_clubs"):
            del sys.modules[name]
    forget_plugins()


def carried_out(command: str) -> Done:
    """Run a command of gpnde in this process; an exception that it lets through leaves no line."""
    result = CliRunner().invoke(commands, shlex.split(command)[1:], prog_name="gpnde")
    return Done(command, result.exit_code, result.stdout, result.stderr)


def with_path(*folders: Path) -> dict[str, str]:
    import os

    kept = os.environ.get("PYTHONPATH")
    return {"PYTHONPATH": os.pathsep.join([*map(str, folders), *([kept] if kept else [])])}


def edit(folder: Path, file: str, old: str, new: str) -> None:
    """Replace a piece of source, which has to be there once."""
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, old
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def listed(shell: Shell) -> dict[str, Any]:
    """Return what `gpnde plugins` says of each plugin."""
    done = shell("gpnde plugins --all --json")
    assert (done.returncode, done.stderr) == (0, "")
    rows = json.loads(done.stdout)["plugins"]
    return {row["name"]: row for row in rows}


def complaint(done: Done, code: int = 2) -> str:
    """Return the one line with which a command ended."""
    assert (done.returncode, done.stdout) == (code, ""), done.stdout + done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def assert_others_go_on(shell: Shell) -> None:
    """Expect other plugins to be ready, and a run that does not name this one to end well."""
    rows = listed(shell)
    assert rows["diffusion"]["status"] == rows["disruptions"]["status"] == "ready"
    done = shell("gpnde run serial-chain --days 28 --json")
    assert done.returncode == 0, done.stderr


@pytest.mark.thorough
def test_it_is_listed_and_its_own_scenario_runs(shell: Shell) -> None:
    row = listed(shell)["supplier-clubs"]
    assert (row["distribution"], row["version"], row["status"]) == ("gpnde-supplier-clubs", "1.0.0", "ready")
    assert row["offers"] == ["policy.supplier-clubs"]
    assert "supplier-clubs" in shell("gpnde scenarios").stdout
    done = shell(f"{RUN} --json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["metrics"]["policy.supplier-clubs.cost"] > 0


def test_it_makes_a_difference(here: Shell) -> None:
    fingerprints = [
        json.loads(here(f"{RUN} --json {setting}").stdout)["fingerprint"]
        for setting in ("", "", "--set policy.supplier-clubs.enabled=false")
    ]
    assert fingerprints[0] == fingerprints[1] != fingerprints[2]


def test_it_passes_its_own_tests_which_hold_every_check(shell: Shell) -> None:
    done = shell(f"pytest -q -p no:cacheprovider {EXAMPLE}")
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout


def test_without_it_a_scenario_that_names_it_is_refused(fresh: Fresh, copy: Path, tmp_path: Path) -> None:
    scenario = copy / "gpnde_supplier_clubs" / "supplier-clubs.yaml"
    line = complaint(fresh.run(f"gpnde run {scenario}", tmp_path))
    assert "requires gpnde-supplier-clubs>=1: gpnde-supplier-clubs is not installed" in line


@pytest.mark.thorough
def test_a_process_that_meets_it_broken_ends_in_one_line(copy: Path, shell: Shell) -> None:
    edit(copy, CLUBS, PAYS, f"        if view.day > 411:\n            raise ValueError('no room')\n{PAYS}")
    assert "in tick on day 420" in complaint(shell(f"{RUN} --set policy.supplier-clubs.start_day=0"), code=1)
    edit(copy, INIT, "import annotations\n", "import annotations\n\nraise SystemExit(3)\n")
    assert "SystemExit" in complaint(shell(f"gpnde run {copy}/gpnde_supplier_clubs/supplier-clubs.yaml"))
    assert_others_go_on(shell)


@pytest.mark.parametrize(
    ("old", "new", "status", "cause"),
    [
        ("import annotations\n", "import annotations\n\nimport no_such_module\n", "broken", "no_such_module"),
        ("import annotations\n", "import annotations\n\nraise SystemExit(3)\n", "broken", "SystemExit"),
        ("return [SupplierClubs]", "return SupplierClubs", "broken", "gpnde_components"),
        ("return [SupplierClubs]", "return [len]", "broken", "gpnde.Component"),
        ("def gpnde_components", "def gpnde_component", "broken", "gpnde_components"),
    ],
)
def test_a_plugin_that_cannot_be_imported_is_listed_and_harms_only_runs_that_need_it(
    old: str, new: str, status: str, cause: str, copy: Path, here: Shell
) -> None:
    edit(copy, INIT, old, new)
    row = listed(here)["supplier-clubs"]
    assert row["status"] == status
    assert cause in row["cause"]
    line = complaint(here(f"gpnde run {copy}/gpnde_supplier_clubs/supplier-clubs.yaml"))
    assert "policy.supplier-clubs" in line
    assert cause in line
    assert_others_go_on(here)


def test_a_component_for_another_gpnde_is_incompatible(copy: Path, here: Shell) -> None:
    edit(copy, CLUBS, '    name = "policy.supplier-clubs"\n', '    name = "policy.supplier-clubs"\n    api = 99\n')
    row = listed(here)["supplier-clubs"]
    assert row["status"] == "incompatible"
    line = complaint(here(RUN))
    assert "made for interface 99 of gpnde" in line
    assert "install another version of gpnde-supplier-clubs" in line
    assert_others_go_on(here)


def test_of_two_plugins_with_one_name_both_are_named(
    copy: Path, here: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    shutil.copytree(copy / "gpnde_supplier_clubs", other / "rival_clubs")
    edit(other, "rival_clubs/__init__.py", '"supplier-clubs"', '"rival-clubs"')
    metadata = other / "rival_clubs-2.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: rival-clubs\nVersion: 2.0\n", encoding="utf-8")
    (metadata / "entry_points.txt").write_text("[gpnde]\nrival-clubs = rival_clubs\n", encoding="utf-8")
    monkeypatch.syspath_prepend(other)
    line = complaint(here(RUN))
    assert OWNER in line
    assert "plugin 'rival-clubs' (rival-clubs 2.0)" in line
    assert {listed(here)[name]["status"] for name in ("supplier-clubs", "rival-clubs")} == {"broken"}
    assert_others_go_on(here)


@pytest.mark.parametrize(
    ("setting", "right"),
    [("size=1", "must be at least 2"), ("size=many", "must be a whole number"), ("sise=4", "did you mean 'size'")],
)
def test_a_parameter_that_is_wrong_in_the_scenario_is_named(setting: str, right: str, here: Shell) -> None:
    line = complaint(here(f"{RUN} --set policy.supplier-clubs.{setting}"))
    assert f"policy.supplier-clubs.{setting.partition('=')[0]}" in line
    assert right in line


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("def metrics(self, memory: Memory,", "def metrics(self, memry: Memory,", r"metrics\(memry, .*'memry'"),
        ("    def tick(self", "    def tik(self", r"tik: no such hook; did you mean 'tick'"),
    ],
)
def test_a_hook_that_is_declared_wrongly_is_refused_before_the_run(
    old: str, new: str, said: str, copy: Path, here: Shell
) -> None:
    edit(copy, CLUBS, old, new)
    line = complaint(here(RUN))
    assert re.search(rf"policy\.supplier-clubs.*{said}", line), line
    assert OWNER in line
    assert_others_go_on(here)


@pytest.mark.parametrize(
    ("old", "new", "hook", "day", "said"),
    [
        (RETURN, f"        learner = learner[:1]\n{RETURN}", "knowledge_transfer", 28, "give one for each"),
        (RETURN, f"        openness = openness * np.nan\n{RETURN}", "knowledge_transfer", 28, "nan|finite"),
        (RETURN, f"        return 7\n{RETURN}", "knowledge_transfer", 28, "7"),
        (PAYS, f"        if view.day > 411:\n            raise ValueError('no room')\n{PAYS}", "tick", 420, "no room"),
        (PAYS, f"        view.firms['cash'][0] = 9.0\n{PAYS}", "tick", 28, "may only read: copy it first"),
        (METRICS, f"        return {{'meetings': 'many'}}\n{METRICS}", "metrics", 476, "many"),
    ],
    ids=["shape", "nan", "kind", "exception", "write", "metrics"],
)
def test_what_goes_wrong_inside_a_run_names_plugin_hook_and_day(
    old: str, new: str, hook: str, day: int, said: str, copy: Path, here: Shell
) -> None:
    edit(copy, CLUBS, old, new)
    line = complaint(here(f"{RUN} --set policy.supplier-clubs.start_day=0"), code=1)
    assert line.startswith("gpnde run: policy.supplier-clubs")
    assert OWNER in line
    assert f" in {hook} on day {day}" in line
    assert re.search(said, line, re.IGNORECASE), line
    assert_others_go_on(here)


def test_an_exception_on_day_412_names_that_day(copy: Path, here: Shell) -> None:
    process = "\n".join(
        [
            "    @hookimpl",
            "    def process(self, clock):",
            "        yield clock.until(412)",
            "        raise KeyError('chair')",
            "",
            "    @hookimpl\n    def check_network",
        ]
    )
    edit(copy, CLUBS, "    @hookimpl\n    def check_network", process)
    line = complaint(here(RUN), code=1)
    assert line == f"gpnde run: policy.supplier-clubs of {OWNER} failed in process on day 412: KeyError: 'chair'"
    assert_others_go_on(here)
