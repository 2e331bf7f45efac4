"""`gpnde plugins` and `--plugin`: what a person sees of plugins, sound and broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from gpnde.cli import commands
from gpnde.plugin.added import added_names

Gpnde = Callable[..., Result]
Install = Callable[..., None]

QUOTA = '''
class Quota(Component):
    """Keep back a share of what is ordered.

    Shares are those of the first day.
    """

    name = "policy.quota"
    requires = ("policy.base",)
    share: float = param(0.5, ge=0, le=1, vary=(0.1, 0.9), source="literature, Keller (2002)", doc="Share kept back.")
    days: float = param(gt=0, unit="day", doc="Time until the quota ends.")

    @hookimpl
    def process(self, clock):
        yield clock.until(self.days)


class Base(Component):
    name = "policy.base"


@hookimpl
def gpnde_components():
    return [Quota, Base]
'''


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Drop modules that came from files of a test."""
    modules = set(sys.modules)
    yield
    assert added_names() == ()
    for name in set(sys.modules) - modules:
        if name.startswith("levies"):
            del sys.modules[name]


@pytest.fixture
def levies(tmp_path: Path) -> Path:
    """Return a file with a plugin that offers a component and a scenario which uses it."""
    head = "from gpnde.plugin import Component, ScenarioOffer, hookimpl\n"
    kind = "class Levy(Component):\n    name = 'policy.levy'\n@hookimpl\ndef gpnde_components():\n    return [Levy]\n"
    path = tmp_path / "levies.py"
    scenario = (
        f"@hookimpl\ndef gpnde_scenarios():\n    return [ScenarioOffer('levy', {str(tmp_path / 'levy.yaml')!r})]\n"
    )
    path.write_text(head + kind + scenario, encoding="utf-8")
    return path


@pytest.fixture
def levy_scenario(three_firms_text: str, tmp_path: Path) -> Path:
    """Return a scenario that uses the component of that file."""
    path = tmp_path / "levy.yaml"
    path.write_text(f"{three_firms_text}components: [{{use: policy.levy}}]\n", encoding="utf-8")
    return path


def rows(result: Result) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(result.stdout)["plugins"]
    return found


def test_plugins_that_come_with_gpnde_are_listed(gpnde: Gpnde) -> None:
    disruptions = next(row for row in rows(gpnde("plugins", "--json")) if row["name"] == "disruptions")
    assert disruptions["status"] == "ready"
    assert "disruption.site-outage" in disruptions["offers"]
    assert "disruption.site-outage" in gpnde("plugins").stdout


def test_list_is_what_the_group_does_alone(gpnde: Gpnde) -> None:
    assert gpnde("plugins").stdout == gpnde("plugins", "list").stdout == gpnde("plugins", "--all").stdout
    assert "show" in gpnde("plugins", "--help").stdout


def test_broken_plugins_come_first_and_all_fits_into_100_columns(gpnde: Gpnde, install: Install) -> None:
    install("quota", QUOTA)
    install("zombie", f"raise RuntimeError({'no licence was found ' * 12!r})")
    result = gpnde("plugins")
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["plugin", "version", "api", "status", "offers"]
    assert lines[1].startswith("zombie       gpnde-zombie 1.0  -    broken  RuntimeError: no licence was found")
    assert max(map(len, lines)) <= 100
    assert (result.exit_code, result.stderr) == (0, "")


def test_plugins_that_are_switched_off_are_listed_on_request(
    gpnde: Gpnde, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("quota", QUOTA)
    monkeypatch.setenv("GPNDE_PLUGINS", "quota,disruptions")
    assert [row["name"] for row in rows(gpnde("plugins", "--json"))] == ["disruptions", "quota"]
    everything = rows(gpnde("plugins", "--all", "--json"))
    assert (everything[-1]["name"], everything[-1]["status"]) == ("policies", "disabled")
    assert gpnde("plugins").stderr == "2 switched off: 'gpnde plugins --all' lists them too\n"


def test_component_is_shown_with_hooks_and_parameters(gpnde: Gpnde, install: Install) -> None:
    install("quota", QUOTA, version="1.2")
    assert gpnde("plugins", "show", "policy.quota").stdout == (
        "policy.quota\n"
        "Keep back a share of what is ordered.\n"
        "\n"
        "Shares are those of the first day.\n"
        "\n"
        "from     plugin 'quota' (gpnde-quota 1.2)\n"
        "api      1; results version 1\n"
        "hooks    process\n"
        "needs    policy.base\n"
        "\n"
        "parameter  default   unit  range   try\n"
        "share      0.5       1     0 to 1  0.1 to 0.9\n"
        "    Share kept back. Source: literature, Keller (2002).\n"
        "days       required  day   > 0\n"
        "    Time until the quota ends. Source: assumption.\n"
    )


def test_component_without_anything_is_shown_too(gpnde: Gpnde, install: Install) -> None:
    install("quota", QUOTA)
    text = gpnde("plugins", "show", "policy.base").stdout
    assert text.startswith("policy.base\nNo documentation.\n")
    assert "hooks    none\n" in text
    assert text.endswith("no parameters\n")


def test_component_is_shown_to_programs(gpnde: Gpnde, install: Install) -> None:
    install("quota", QUOTA)
    shown = json.loads(gpnde("plugins", "show", "policy.quota", "--json").stdout)
    assert shown["distribution"] == "gpnde-quota"
    assert shown["hooks"] == ["process"]
    assert shown["parameters"][0] == {
        "name": "share",
        "default": "0.5",
        "range": "0 to 1",
        "unit": "1",
        "vary": "0.1 to 0.9",
        "source": "literature, Keller (2002)",
        "doc": "Share kept back.",
    }
    assert shown["schema"]["properties"]["share"]["vary"] == [0.1, 0.9]


RECORDS = '''
from gpnde import LawParameter, OrderingPolicy, law, metric, tabulated

@metric("stock.peak", unit="unit", formula="max stock", better="lower", source="definition", needs=("tiers",))
def peak_stock(evidence):
    """Return the highest stock of all tiers."""
    return 1.0

@law("power", LawParameter("high", "Largest value.", gt=0), LawParameter("exponent", "Steepness."), source="definition")
def power(high, exponent):
    """Draw between 0 and an end."""
    return tabulated(lambda chances: high * chances ** (1.0 / exponent))

@hookimpl
def gpnde_metrics():
    return [peak_stock]

@hookimpl
def gpnde_laws():
    return [power]

@hookimpl
def gpnde_ordering_policies():
    yield OrderingPolicy(
        "days-of-cover",
        doc="Up to so many days of recent demand.",
        source="definition",
        parameters={"min_days": param(3, ge=1, le=90, unit="day", vary=(2, 30), doc="Days to cover.")},
        levels=lambda review, min_days: min_days,
    )
'''


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("stock.peak", "unit     unit\nbetter   lower\nformula  max stock\nsource   definition\nneeds    tiers\n"),
        (
            "power",
            "given by high, exponent\nsource   definition\n\nparameter  range\nhigh       > 0\n    Largest value.\n"
            "exponent   number\n    Steepness.\n",
        ),
        (
            "days-of-cover",
            "orders   up to levels of its own\nsource   definition\n\nparameter  default  unit  range    try\n"
            "min_days   3        day   1 to 90  2 to 30\n    Days to cover. Source: assumption.\n",
        ),
    ],
)
def test_metric_law_and_ordering_policy_are_shown(gpnde: Gpnde, install: Install, name: str, told: str) -> None:
    install("records", RECORDS)
    shown = gpnde("plugins", "show", name).stdout
    assert shown.startswith(f"{name}\n")
    assert shown.endswith(f"from     plugin 'records' (gpnde-records 1.0)\n{told}")


def test_records_are_shown_to_programs_with_their_kind(gpnde: Gpnde, install: Install) -> None:
    install("records", RECORDS)
    names = ("stock.peak", "power", "days-of-cover")
    kinds = [json.loads(gpnde("plugins", "show", name, "--json").stdout)["kind"] for name in names]
    assert kinds == ["metric", "law", "ordering policy"]


def mistake(result: Result) -> str:
    """Return the line that ends a command which was misused."""
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    lines = result.stderr.splitlines()
    assert len(lines) == 1
    return lines[0]


def test_mistakes_at_show_are_one_line(gpnde: Gpnde, install: Install) -> None:
    install("quota", QUOTA)
    assert "no such component; did you mean 'policy.quota'?" in mistake(gpnde("plugins", "show", "policy.qota"))
    text = "'quota': a plugin: name one of its offers: policy.base, policy.quota"
    assert mistake(gpnde("plugins", "show", "quota")) == f"gpnde plugins show: {text}"
    assert "unknown command 'shew'; did you mean 'show'?" in mistake(gpnde("plugins", "shew"))


@pytest.mark.parametrize(
    "words", [("--plugin", "{file}", "run", "{scenario}"), ("run", "{scenario}", "--plugin", "{file}")]
)
def test_plugin_in_a_file_is_used_before_and_after_the_command(
    gpnde: Gpnde, levies: Path, levy_scenario: Path, words: tuple[str, ...]
) -> None:
    result = gpnde(*(word.format(file=levies, scenario=levy_scenario) for word in words))
    assert result.exit_code == 0, result.stderr
    assert "policy.levy" in mistake(gpnde("run", levy_scenario))


def test_scenario_of_a_plugin_runs_by_its_name(gpnde: Gpnde, levies: Path, levy_scenario: Path) -> None:
    for command in ("run", "check", "doctor"):
        result = gpnde("--plugin", levies, command, "levy", "--json")
        assert json.loads(result.stdout)["scenario"] == "three-firms", result.stderr
    assert "levy                [plugin 'levies' (file 0)]" in gpnde("--plugin", levies, "scenarios").stdout


def test_scenario_of_a_plugin_that_cannot_be_read_harms_no_other(gpnde: Gpnde, levies: Path, tmp_path: Path) -> None:
    (tmp_path / "levy.yaml").write_text("name: levy\n")
    result = gpnde("--plugin", levies, "scenarios")
    assert result.exit_code == 0
    assert "beer-game" in result.stdout
    assert "[plugin 'levies' (file 0)]: " in result.stdout.splitlines()[-1]


def test_what_is_not_there_is_refused_before_anything_runs(gpnde: Gpnde, levies: Path) -> None:
    line = mistake(gpnde("--plugin", levies.with_name("levis.py"), "run", "beer-game"))
    assert line.startswith("gpnde: --plugin '")
    assert f"did you mean {str(levies)!r}?" in line
    assert mistake(gpnde("run", "beer-game", "--plugin", "nowhere")).startswith("gpnde run: --plugin 'nowhere': ")


def test_run_goes_on_without_a_broken_plugin_and_says_so(
    gpnde: Gpnde, install: Install, levies: Path, levy_scenario: Path
) -> None:
    install("zombie", "raise SystemExit(3)")
    result = gpnde("run", levy_scenario, "--plugin", levies, "--json")
    assert json.loads(result.stdout)["scenario"] == "three-firms"
    assert "plugin 'zombie' (gpnde-zombie 1.0) is broken: SystemExit: 3\n" in result.stderr


def test_run_that_needs_a_broken_plugin_ends_with_the_cause(
    gpnde: Gpnde, install: Install, levy_scenario: Path
) -> None:
    install("zombie", "raise SystemExit(3)")
    line = mistake(gpnde("run", levy_scenario))
    assert line.startswith("gpnde run: 'policy.levy': no such component")
    assert line.endswith("; plugin 'zombie' (gpnde-zombie 1.0) is broken: SystemExit: 3")


def test_run_without_components_does_not_look_at_plugins(gpnde: Gpnde, install: Install, three_firms: Path) -> None:
    install("zombie", "raise SystemExit(3)")
    result = gpnde("run", three_firms)
    assert result.exit_code == 0
    assert "zombie" not in result.stderr
    assert "plugin_zombie" not in sys.modules


def test_scenario_that_requires_what_is_not_installed_ends_at_once(gpnde: Gpnde, three_firms: Path) -> None:
    line = mistake(gpnde("run", three_firms, "--set", "requires=[gpnde-gone>=1]"))
    assert line.endswith("gpnde-gone is not installed: install it with pip install 'gpnde-gone>=1'")


def test_every_command_takes_plugins() -> None:
    for command in commands.commands.values():
        if not hasattr(command, "commands"):
            assert any("--plugin" in parameter.opts for parameter in command.params)


@pytest.mark.thorough
def test_real_process_uses_the_file_and_ends_in_one_line(levies: Path, levy_scenario: Path) -> None:
    def gpnde(*words: str | Path) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "GPNDE_PLUGINS": ""}
        return subprocess.run(
            [sys.executable, "-m", "gpnde", *words], env=environment, capture_output=True, text=True, check=False
        )

    assert gpnde("--plugin", levies, "check", levy_scenario).returncode == 0
    done = gpnde("check", levy_scenario)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "; switched off by GPNDE_PLUGINS: diffusion, disruptions" in done.stderr
