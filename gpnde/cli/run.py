"""`gpnde run` and `gpnde rerun`: simulate once, and prove that a run can be repeated."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gpnde.cli.folders import refuse_unusable
from gpnde.cli.loading import load_sound
from gpnde.cli.printing import json_option, note, print_answer
from gpnde.cli.progress import progress_bar
from gpnde.cli.shell import FAILED, GOOD, Command, debugging
from gpnde.errors import GpndeError
from gpnde.extras import MissingExtra, require_extra
from gpnde.numerics.seeds import LARGEST_SEED
from gpnde.vocabulary import COMPILING

if TYPE_CHECKING:
    from gpnde.results import Run
    from gpnde.scenario import Scenario

REPORT = "report.html"

_WHOLE = click.IntRange(min=0, max=LARGEST_SEED)


@click.command(cls=Command, debug_help="Check all balances at every tick, and show the traceback of an error.")
@click.argument("scenario")
@click.option("--seed", type=_WHOLE, default=1, show_default=True, help="Seed of all random streams.")
@click.option("--replication", type=_WHOLE, default=0, show_default=True, help="Repetition under the same seed.")
@click.option("--days", metavar="DAYS", help="Horizon in days, in place of the scenario's.")
@click.option("--set", "settings", metavar="KEY=VALUE", multiple=True, help="Say 'sites.*.stock=5'.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="New folder for tables and report.")
@json_option
def run(
    scenario: str,
    seed: int,
    replication: int,
    days: str | None,
    settings: tuple[str, ...],
    out: Path | None,
    as_json: bool,
) -> None:
    """Run a SCENARIO once.

    SCENARIO is the name of a preset, or the path of a YAML file or of a folder that holds scenario.yaml.
    """
    if out:
        # Before the run, whose results could otherwise not be saved.
        refuse_unusable(out)
    changes = read_settings(settings) | ({"clock.days": days} if days is not None else {})
    loaded = load_sound(scenario, changes)
    finished = simulate_shown(loaded, seed, replication)
    lack = _save(finished, out) if out else ""
    print_answer(as_json, finished.to_json, finished.summary)
    if out:
        note(f"tables are in {out}, without {REPORT}: {lack}" if lack else f"tables and {REPORT} are in {out}")


def read_settings(settings: Iterable[str]) -> dict[str, str]:
    """Return what ``--set`` was given as keys and values.

    >>> read_settings(["clock.days=30", "sites.tier=2.stock=5"])
    {'clock.days': '30', 'sites.tier=2.stock': '5'}

    Raises
    ------
    GpndeError
        One has no key or no equals sign.
    """
    from gpnde.scenario.address.grammar import split_setting

    pairs = [split_setting(setting) for setting in settings]
    for key, equals, value in pairs:
        if not (key.strip() and equals):
            raise GpndeError(
                where=f"--set {key + equals + value!r}", expected="must be KEY=VALUE, such as ordering.review_days=14"
            )
    return {key.strip(): value.strip() for key, _, value in pairs}


def simulate_shown(scenario: Scenario, seed: int, replication: int) -> Run:
    """Return a run of a scenario, with a progress bar on a terminal."""
    from gpnde.engine import simulate

    with progress_bar() as progress:
        return simulate(
            scenario,
            seed=seed,
            replication=replication,
            debug=debugging(),
            progress=progress,
            on_compile=lambda: note(COMPILING),
        )


def _save(finished: Run, out: Path) -> str:
    """Write tables and report to a new folder, and return why there is no report, or an empty text."""
    from gpnde.charts.report import write_report

    try:
        require_extra("pictures", "vl_convert")
    except MissingExtra as error:
        finished.save(out)
        return str(error)
    finished.save(out, also=lambda folder: write_report(finished, folder / REPORT))
    return ""


@click.command(cls=Command)
@click.argument("directory")
@click.argument("key", required=False)
@json_option
def rerun(directory: str, key: str | None, as_json: bool) -> int:
    """Repeat a saved run and compare it bit by bit.

    DIRECTORY is the folder that ``gpnde run --out`` wrote, or that of a study, of which the run KEY is repeated.
    """
    from gpnde.results import load_run

    if key is not None or is_study(directory):
        return _rerun_of_study(directory, key, as_json)
    saved = load_run(directory)
    again = simulate_shown(_scenario_of(saved, Path(directory)), saved.seed, saved.replication)
    answer = compare(saved, again)
    print_answer(as_json, lambda: answer, lambda: _verdict(answer))
    return GOOD if answer["identical"] else FAILED


def is_study(directory: str) -> bool:
    """Return whether a folder or address is that of a study, and not of a single run."""
    from gpnde.study.manifest import MANIFEST

    # Single runs lie in folders of this machine only.
    return "://" in directory or (Path(directory) / MANIFEST).is_file()


def _rerun_of_study(directory: str, key: str | None, as_json: bool) -> int:
    from gpnde.study.rerun import rerun as repeat
    from gpnde.study.results import open_study

    results = open_study(directory)
    if key is None:
        first = results.runs["key"][0]
        raise GpndeError(
            where=directory,
            expected=f"is a study: name one of its runs too, such as gpnde rerun {directory} {first}",
        )
    again = repeat(results, key)
    print_answer(as_json, again.to_json, again.text)
    if again.traceback and debugging():
        note(again.traceback)
    return GOOD if again.identical and not again.error else FAILED


def _scenario_of(saved: Run, directory: Path) -> Scenario:
    """Return the scenario of a saved run, which another version may have written."""
    from pydantic import ValidationError

    from gpnde.scenario import Scenario
    from gpnde.scenario.problems import Locations, refusal

    try:
        return Scenario.model_validate(saved.scenario)
    except ValidationError as error:
        raise GpndeError.passing_on(refusal(error, Locations(saved.scenario)), str(directory)) from None


def compare(saved: Run, again: Run) -> dict[str, Any]:
    """Return whether two runs are identical, and if not, in which tables and by which software they differ."""
    differing = tables_that_differ(saved, again)
    names = sorted({*saved.software, *again.software})
    versions = {name: [saved.software.get(name), again.software.get(name)] for name in names}
    return {
        "identical": not differing,
        "differing": differing,
        "was": saved.fingerprint,
        "is": again.fingerprint,
        "software": {name: pair for name, pair in versions.items() if pair[0] != pair[1]},
    }


def tables_that_differ(one: Run, other: Run) -> list[str]:
    """Return the names of the tables that are not equal in both runs, bit by bit."""
    from gpnde.results.fingerprint import fingerprint

    def print_of(run: Run, name: str) -> str:
        return fingerprint({name: run.tables[name]}) if name in run.tables else ""

    names = sorted({*one.tables, *other.tables})
    return [name for name in names if print_of(one, name) != print_of(other, name)]


def _verdict(answer: dict[str, Any]) -> str:
    if answer["identical"]:
        return f"identical: fingerprint {answer['is']}"
    software = "".join(f"; {name} {was} became {now}" for name, (was, now) in answer["software"].items())
    changed = f"fingerprint {answer['was']} became {answer['is']}{software}"
    return f"different: {changed}: tables {', '.join(answer['differing'])}"
