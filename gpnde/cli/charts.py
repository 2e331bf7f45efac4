"""`gpnde charts`: which charts there are, and files of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

import click

from gpnde.cli.folders import refuse_unusable
from gpnde.cli.loading import load_sound, note_of_broken_plugins
from gpnde.cli.printing import json_option, note, print_answer, wrapped_columns
from gpnde.cli.run import is_study, simulate_shown
from gpnde.cli.shell import Command
from gpnde.errors import GpndeError, nearest
from gpnde.vocabulary import Grouping

if TYPE_CHECKING:
    from gpnde.results import Run
    from gpnde.results.chart import ChartKind

ENDINGS = ("svg", "png", "html", "json")
OURS = "gpnde"
_LONGEST = 300
"""Characters of an error that are shown."""

_WHOLE = click.IntRange(min=0)


class Offered(NamedTuple):
    """A chart that can be drawn, and its plugin."""

    kind: ChartKind[...]
    owner: str


@click.command(cls=Command)
@click.argument("sources", metavar="[SCENARIO|RUN|STUDY]...", nargs=-1)
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="New folder for the files.")
@click.option("--only", "names", metavar="NAME", multiple=True, help="Draw this chart; may be given more than once.")
@click.option("--format", "ending", type=click.Choice(ENDINGS), default="svg", show_default=True, help="Kind of file.")
@click.option("--day", type=float, metavar="DAY", help="Day of the state that some charts show; else the last one.")
@click.option("--firm", metavar="NAME", help="Firm that some charts show; else the one that sold most.")
@click.option("--by", type=click.Choice(get_args(Grouping)), help="What some charts group by; else what each does.")
@click.option("--seed", type=_WHOLE, default=1, show_default=True, help="Seed, where a scenario is to be run.")
@click.option("--days", metavar="DAYS", help="Horizon in days, where a scenario is to be run.")
@json_option
def charts(
    sources: tuple[str, ...],
    out: Path | None,
    names: tuple[str, ...],
    ending: str,
    day: float | None,
    firm: str | None,
    by: Grouping | None,
    seed: int,
    days: str | None,
    as_json: bool,
) -> None:
    """List the charts, or draw those of scenarios, saved runs and studies.

    Each SCENARIO is run once; a RUN is the folder that ``gpnde run --out`` wrote, a STUDY the one of ``gpnde batch``.
    """
    from gpnde.charts.export import refuse_without_pictures

    chosen = _chosen(offered_charts(), names)
    if sources:
        folder = _usable(out, sources[0])
        refuse_without_pictures(ending)
        how = Options(seed, days, ending, day, firm, by)
        places = zip(_folders(sources), sources, strict=True)
        drawn = [file for name, source in places for file in _draw_source(source, chosen, folder / name, how)]
        print_answer(as_json, lambda: {"files": drawn}, lambda: "\n".join(one["file"] for one in drawn))
        return
    if out:
        raise GpndeError(
            where=f"--out {out}",
            expected="nothing to draw: name a scenario, or the folder of a run or study, before it",
        )
    print_answer(as_json, lambda: {"charts": [_row(one) for one in chosen.values()]}, lambda: _table(chosen))


def _usable(out: Path | None, source: str) -> Path:
    """Return the folder for the files, after it was found usable."""
    if not out:
        raise GpndeError(where=source, expected="nowhere to draw it: add --out DIR, a new folder for the files")
    refuse_unusable(out)
    return out


class Options(NamedTuple):
    """How charts are drawn."""

    seed: int
    days: str | None
    ending: str
    day: float | None
    firm: str | None
    by: Grouping | None


def _draw_source(source: str, chosen: Mapping[str, Offered], folder: Path, how: Options) -> Iterator[dict[str, str]]:
    """Draw the charts of a scenario, a run or a study that were chosen, and yield what each file is."""
    is_of_study = is_study(source)
    fitting = {name: one for name, one in chosen.items() if (one.kind.group == "study") == is_of_study}
    if not fitting:
        what, other = ("a study", "a run") if is_of_study else ("a run", "a study")
        raise GpndeError(
            where=source,
            expected=f"is {what}, and {next(iter(chosen))} is a chart of {other}: name a source of its kind",
        )
    if is_of_study:
        return _draw_study(source, fitting, folder, how)
    return draw_all(_run_of(source, how.seed, how.days), fitting, folder, how)


def _draw_study(source: str, chosen: Mapping[str, Offered], folder: Path, how: Options) -> Iterator[dict[str, str]]:
    """Draw the charts of a study for which it has results, one file each, and yield what each file is."""
    from gpnde.charts.export import write_chart
    from gpnde.study.report import study_charts
    from gpnde.study.results import open_study

    results = open_study(source)
    found = {name: chart for name, chart in study_charts(results).items() if name in chosen}
    if not found:
        raise GpndeError(
            where=source,
            expected=f"nothing to draw for {', '.join(chosen)}: 'gpnde charts' says what each chart shows",
        )
    folder.mkdir(parents=True, exist_ok=True)
    for name, chart in found.items():
        yield {
            "run": results.study.name,
            "chart": name,
            "file": str(write_chart(chart, folder / f"{name}.{how.ending}")),
        }


def offered_charts() -> dict[str, Offered]:
    """Return the charts of gpnde and those of plugins by name; where a plugin takes a name of ours, ours stays."""
    from gpnde.charts.catalogue import CHARTS, STUDY_CHARTS
    from gpnde.plugin.host import plugin_host

    found = {name: Offered(kind, OURS) for name, kind in (CHARTS | STUDY_CHARTS).items()}
    for plugin in plugin_host().plugins:
        for name, kind in sorted(plugin.charts.items()):
            if name in found:
                note(f"chart {name!r} of {plugin.owner} is left out: gpnde has one of that name")
                continue
            found[name] = Offered(kind, str(plugin.owner))
    note_of_broken_plugins()
    return found


def _chosen(offered: Mapping[str, Offered], names: Iterable[str]) -> dict[str, Offered]:
    """Return the charts that were named, or all where none was."""
    wanted = list(names)
    for name in wanted:
        if name not in offered:
            raise GpndeError(
                where=f"--only {name!r}", expected=f"no such chart{nearest(name, offered)}: 'gpnde charts' lists them"
            )
    return {name: offered[name] for name in wanted} if wanted else dict(offered)


def _row(one: Offered) -> dict[str, Any]:
    kind = one.kind
    return {
        "name": kind.name,
        "title": kind.title,
        "doc": kind.doc,
        "group": kind.group,
        "needs": list(kind.needs),
        "by_day": kind.by_day,
        "by_firm": kind.by_firm,
        "by_group": kind.by_group,
        "owner": one.owner,
    }


def _table(chosen: Mapping[str, Offered]) -> str:
    rows = [(one.kind.name, one.kind.group, _said(one)) for one in chosen.values()]
    return wrapped_columns([("chart", "group", "what it shows"), *rows])


def _said(one: Offered) -> str:
    return one.kind.doc if one.owner == OURS else f"{one.kind.doc} [{one.owner}]"


def _folders(sources: Sequence[str]) -> list[str]:
    """Return the folder of each source inside that of the files: none where there is one source.

    >>> _folders(["runs/one", "two.yaml", "more/one"])
    ['one', 'two', 'one-2']
    >>> _folders(["runs/one"])
    ['']
    """
    if len(sources) == 1:
        return [""]
    folders: list[str] = []
    for source in sources:
        name = Path(source).stem if source.endswith((".yaml", ".yml")) else Path(source).absolute().name
        same = sum(folder == name or folder.startswith(f"{name}-") for folder in folders)
        folders.append(f"{name}-{same + 1}" if same else name)
    return folders


def _run_of(source: str, seed: int, days: str | None) -> Run:
    """Return the run in a folder, or a new one of the scenario that was named."""
    from gpnde.results import load_run
    from gpnde.results.storage import MANIFEST

    if (Path(source) / MANIFEST).is_file():
        return load_run(source)
    return simulate_shown(load_sound(source, {"clock.days": days} if days is not None else {}), seed, 0)


def draw_all(run: Run, chosen: Mapping[str, Offered], folder: Path, how: Options) -> Iterator[dict[str, str]]:
    """Draw charts of a run, one file each, and yield what each file is; charts without data say so and are drawn."""
    from gpnde.charts.export import write_chart

    folder.mkdir(parents=True, exist_ok=True)
    for name, one in chosen.items():
        path = write_chart(_drawn(one, run, how), folder / f"{name}.{how.ending}")
        yield {"run": run.name, "chart": name, "file": str(path)}


def _drawn(one: Offered, run: Run, how: Options) -> Any:
    """Return a chart of a run; whatever a plugin raises ends in one line that names it."""
    kind = one.kind
    choices = (("day", how.day, kind.by_day), ("firm", how.firm, kind.by_firm), ("by", how.by, kind.by_group))
    given = {name: value for name, value, can_be_chosen in choices if can_be_chosen and value is not None}
    if one.owner == OURS:
        return one.kind(run, **given)
    try:
        chart = one.kind(run, **given)
        # Altair finds some mistakes only when a chart is written out.
        chart.to_dict()
    except Exception as error:
        said = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        raise GpndeError(
            where=f"chart {one.kind.name!r} of {one.owner}",
            given=" ".join(said.split())[:300],
            expected="report it",
        ) from error
    return chart
