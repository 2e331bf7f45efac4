"""`gpnde resilience`: take each site, link, hub, cluster and country out in turn, and report what that costs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from gpnde.cli.batch import progress_bar, resumable
from gpnde.cli.loading import load_sound
from gpnde.cli.printing import columns, json_option, print_answer
from gpnde.cli.run import read_settings
from gpnde.cli.shell import FAILED, GOOD, Command
from gpnde.errors import GpndeError
from gpnde.numerics.seeds import LARGEST_SEED

if TYPE_CHECKING:
    from gpnde.study.resilience.options import Options
    from gpnde.study.resilience.run import Resilience

_MOST_TOLD = 10
_FROM_0, _FROM_1 = click.IntRange(min=0), click.IntRange(min=1)
_RANKINGS = ("revenue", "units", "time-to-recover", "time-to-survive")


@click.command(cls=Command)
@click.argument("scenario")
@click.option("--out", required=True, metavar="DIR", help="Folder for runs, tables and report.")
@click.option("--kinds", metavar="KIND,...", help="What is taken out; left out: site,link,hub,cluster,country.")
@click.option("--outage-days", type=float, default=28.0, show_default=True, help="Length of each outage.")
@click.option("--from-day", type=float, metavar="DAY", help="Day of the outages; left out: after the warm-up.")
@click.option("--watch-days", type=float, default=182.0, show_default=True, help="Time watched after an outage.")
@click.option("--seeds", type=_FROM_1, default=5, show_default=True, help="Pairs of runs of each outage.")
@click.option("--seed", type=click.IntRange(0, LARGEST_SEED), default=1, show_default=True, help="Seed of all runs.")
@click.option("--metric", type=click.Choice(_RANKINGS), default="revenue", show_default=True, help="What ranks.")
@click.option("--tolerance", type=float, default=0.01, show_default=True, help="Share of demand that may be missed.")
@click.option("--hold-days", type=float, default=14.0, show_default=True, help="Time that service must be back.")
@click.option("--in-transit", type=click.Choice(["none", "delay", "lose"]), default="none", help="Goods on their way.")
@click.option("--risk-runs", type=_FROM_0, metavar="N", help="Pairs with sampled disruptions; left out: 100.")
@click.option("--hazard", "hazards", metavar="NAME[:KEY=VALUE,...]", multiple=True, help="Disruption to sample.")
@click.option("--jobs", type=_FROM_1, metavar="N", help="Processes on this machine; left out: one per core.")
@click.option("--retry-failed", is_flag=True, help="Do runs again that failed before.")
@click.option("--set", "settings", metavar="KEY=VALUE", multiple=True, help="Say clock.days=364, for all runs.")
@json_option
def resilience(
    scenario: str,
    out: str,
    kinds: str | None,
    hazards: tuple[str, ...],
    jobs: int | None,
    retry_failed: bool,
    settings: tuple[str, ...],
    as_json: bool,
    **given: Any,
) -> int:
    """Report how a SCENARIO gets through outages: time to survive, time to recover, losses by cause, value at risk.

    Each thing is taken out in turn, in runs that share their random numbers with one in which nothing is out. The
    disruptions of the scenario, or each --hazard, are sampled beside that. The same command resumes after an
    interruption.
    """
    from gpnde.study.resilience.run import resilience as reported

    options = _options({**given, **_listed(kinds), "hazards": [read_hazard(text) for text in hazards]})
    loaded = load_sound(scenario, read_settings(settings))
    with resumable("gpnde resilience", out), progress_bar() as (progress, say):
        found = reported(
            loaded,
            out,
            options,
            jobs=jobs,
            retry_failed=retry_failed,
            progress=progress,
            on_failure=lambda failure: say(failure.text()),
            tell=say,
        )
    print_answer(as_json, found.to_json, lambda: _told(found, out))
    return FAILED if found.status.failed or found.status.missing else GOOD


def _listed(kinds: str | None) -> dict[str, list[str]]:
    return {} if kinds is None else {"kinds": [kind.strip() for kind in kinds.split(",") if kind.strip()]}


def read_hazard(text: str) -> dict[str, Any]:
    """Return a disruption that is written as its name, and its parameters behind a colon.

    >>> read_hazard("disruption.site-outage:mean_up_days=90,tiers=[1]")
    {'use': 'disruption.site-outage', 'mean_up_days': 90, 'tiers': [1]}

    Raises
    ------
    GpndeError
        A parameter has no name or no value.
    """
    from gpnde.scenario.yaml_text import parse_yaml

    name, _, rest = text.partition(":")
    pairs = [each.partition("=") for each in _split(rest)]
    for key, equals, value in pairs:
        if not (key.strip() and equals and value.strip()):
            raise GpndeError(
                where=f"--hazard {text!r}",
                given=repr(key + equals + value),
                expected="must be KEY=VALUE, such as disruption.site-outage:mean_up_days=365",
            )
    where = f"--hazard {text!r}"
    return {"use": name.strip(), **{key.strip(): parse_yaml(value, where) for key, _, value in pairs}}


def _split(text: str) -> list[str]:
    """Return what commas part, those in brackets left alone."""
    import re

    return [part for part in re.split(r",(?![^\[]*\])", text) if part.strip()]


def _options(given: Mapping[str, Any]) -> Options:
    """Return the options, or refuse them in one line that names them as they were typed."""
    from pydantic import ValidationError

    from gpnde.scenario.problems import Locations, refusal
    from gpnde.study.resilience.options import Options

    try:
        return Options.model_validate(given)
    except ValidationError as error:
        found = refusal(error, Locations(given, whole=""))
        raise GpndeError(where=_typed(found.where), given=found.given, expected=found.expected) from None


def _typed(where: str) -> str:
    name = where.partition(".")[0].replace("_", "-")
    return f"--{'hazard' if name == 'hazards' else name}" if name else ""


def _told(found: Resilience, out: str) -> str:
    from gpnde.study.resilience.report import asked, findings

    parts = [f"{found.scenario.name}: {found.status.text()}", asked(found), _ranking(found)]
    return "\n".join([*parts, *findings(found), f"report.html and tables are in {out}"])


def _ranking(found: Resilience) -> str:
    from gpnde.results.headline import number
    from gpnde.study.resilience.report import recovers, survives

    head = ("rank", "kind", "out", "survives (days)", "recovers (days)", "units lost or late", "revenue lost or late")
    rows: Iterable[Mapping[str, Any]] = found.things.head(_MOST_TOLD).to_dicts()
    cells = [
        (f"{row['rank']}", row["kind"], row["name"], survives(row), recovers(row), number(row["units"]))
        + (number(row["revenue"]),)
        for row in rows
    ]
    more = found.things.height - len(cells)
    lines = columns([head, *cells])
    return f"{lines}\nand {more} more in things.csv" if more else lines
