"""`gpnde optimise`: find good settings of a scenario, or resume the search."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from gpnde.cli.batch import progress_bar, resumable
from gpnde.cli.printing import columns, json_option, print_answer
from gpnde.cli.run import read_settings
from gpnde.cli.shell import FAILED, GOOD, Command

if TYPE_CHECKING:
    from gpnde.study.optimise.outcome import Outcome
    from gpnde.study.optimise.trials import Trial

_FROM_1 = click.IntRange(min=1)


@click.command(cls=Command)
@click.argument("study")
@click.option("--out", required=True, metavar="DIR", help="Folder for trials, chart and the best scenario.")
@click.option("--jobs", type=_FROM_1, metavar="N", help="Processes on this machine; left out: one per core.")
@click.option("--retry-failed", is_flag=True, help="Do runs again that failed before.")
@click.option("--set", "settings", metavar="KEY=VALUE", multiple=True, help="Say clock.days=364, for all runs.")
@json_option
def optimise(
    study: str, out: str, jobs: int | None, retry_failed: bool, settings: tuple[str, ...], as_json: bool
) -> int:
    """Search good settings: do the trials of a STUDY with a section ``optimise``.

    STUDY is a YAML file. The same command resumes it after an interruption, with the same results in the end.
    """
    from gpnde.study.optimise.files import load_optimisation
    from gpnde.study.optimise.run import run_optimisation

    loaded = load_optimisation(study, read_settings(settings))
    with resumable("gpnde optimise", out), progress_bar() as (progress, say):
        outcome = run_optimisation(
            loaded,
            out,
            jobs=jobs,
            retry_failed=retry_failed,
            progress=progress,
            on_failure=lambda failure: say(f"run {failure.key} failed: {failure.error}"),
            tell=say,
        )
    print_answer(as_json, outcome.to_json, lambda: "\n".join(_told(outcome, out)))
    return GOOD if outcome.best else FAILED


def _told(outcome: Outcome, out: str) -> Iterator[str]:
    """Yield how the search ended, what is best, and what to do next."""
    counts = outcome.to_json()["trials"]
    first = outcome.search.first
    yield (
        f"{outcome.optimisation.study.name}: {counts['all']} trials, {counts['complete']} complete, "
        f"{counts['dropped']} dropped after {first} replications, {counts['failed']} failed; tables are in {out}"
    )
    best = outcome.best
    if best is None:
        yield f"no trial keeps the constraints: {_limits(outcome)}: allow more, or widen the bounds"
        return
    yield f"best: trial {best.number} of {len(outcome.finalists)} {_finalists(outcome)}"
    yield columns([("setting", "value"), *((path, _text(value)) for path, value in best.settings.items())])
    seeds = outcome.search.confirm
    yield f"over {seeds} fresh seeds, mean and 95 % interval, and difference from the scenario as it stands"
    yield columns([("metric", "mean", "interval", "difference", "interval", "verdict"), *_metrics(outcome, best)])
    yield f"next: gpnde run {shlex.quote(out)}/best.yaml, or open {out}/frontier.html"


def _finalists(outcome: Outcome) -> str:
    return "that are not dominated" if len(outcome.search.objectives) > 1 else "finalists"


def _limits(outcome: Outcome) -> str:
    return ", ".join(f"{name} {limit}" for name, limit in outcome.search.constraints.items())


def _metrics(outcome: Outcome, best: Trial) -> Iterator[tuple[str, ...]]:
    from gpnde.results.headline import number
    from gpnde.study.optimise.judge import kept
    from gpnde.study.report import interval, signed

    for name in outcome.search.metrics:
        found, change = outcome.interval(best, name), outcome.change(best, name)
        limit = outcome.search.constraints.get(name)
        verdict = f"{limit}: {kept(found, limit)}" if limit else outcome.search.objectives[name]
        ends = (signed(change.mean), interval(change._asdict())) if change else ("-", "-")
        yield name, number(found.mean), interval(found._asdict(), ""), *ends, verdict


def _text(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else str(value)
