"""`gpnde new` and `gpnde import`: make the folder of a scenario or of a plugin."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gpnde.cli.folders import refuse_unusable
from gpnde.cli.printing import note
from gpnde.cli.shell import Command, Commands
from gpnde.errors import GpndeError, nearest

if TYPE_CHECKING:
    from gpnde.scenario import Scenario

new = Commands("new", help="Make up a scenario, or begin a plugin or a study.")


@new.command("scenario")
@click.argument("name")
@click.option("--firms", type=int, required=True, help="Number of firms, 5 to 100,000.")
@click.option("--tiers", type=int, default=4, show_default=True, help="Number of tiers.")
@click.option("--seed", type=int, default=1, show_default=True, help="Seed of the drawn network.")
def new_scenario(name: str, firms: int, tiers: int, seed: int) -> None:
    """Make up a network and write it to the new folder NAME."""
    from gpnde.scenario.generate import generate

    refuse_unusable(Path(name))
    _save(generate(Path(name).name, firms, tiers, seed), Path(name))


@new.command("plugin")
@click.argument("name")
@click.option("--kind", required=True, metavar="KIND", help="One of policy, diffusion, disruption and metric.")
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="New folder; gpnde-NAME if left out.")
def new_plugin(name: str, kind: str, out: Path | None) -> None:
    """Begin a plugin: a distribution of its own, with one component or metric that already does something.

    NAME is in small letters, digits and hyphens, such as night-shift.
    """
    from gpnde.plugin.host import plugin_host
    from gpnde.plugin.skeleton import skeleton, write_skeleton

    made = skeleton(name, kind)
    owner = plugin_host().owner(made.component)
    if owner.plugin:
        raise GpndeError(
            where=f"name {name!r}", given=f"{owner} offers {made.component} already", expected="choose another name"
        )
    folder = out or Path(made.distribution)
    refuse_unusable(folder)
    write_skeleton(made, folder)
    click.echo(f"{folder}: {made.distribution}, which offers {made.component}: begin with {folder / 'README.md'}")


@new.command("study")
@click.argument("name")
def new_study(name: str) -> None:
    """Create the folder NAME with a study of policies that runs in about a minute."""
    from gpnde.study.skeleton import write_study

    folder = Path(name)
    refuse_unusable(folder)
    write_study(folder)
    click.echo(f"{folder}: study.yaml and README.md: run it with 'gpnde batch {name} --out {name}/results'")


@click.command("import", cls=Command)
@click.argument("format_name", metavar="FORMAT")
@click.argument("files", metavar="FILES...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", required=True, help="New folder.")
def import_files(format_name: str, files: tuple[Path, ...], out: Path) -> None:
    """Turn FILES of another FORMAT into a scenario.

    FORMAT is one of willems, tables, mrio, supplier-list and bom.
    """
    from gpnde.scenario.importers import FORMATS

    if format_name not in FORMATS:
        raise GpndeError(
            where=f"format {format_name!r}",
            expected=f"unknown{nearest(format_name, FORMATS)}: one of {', '.join(FORMATS)}",
        )
    refuse_unusable(out)
    imported = FORMATS[format_name](files)
    _print_notes(imported.notes)
    _save(imported.scenario, out)


def _print_notes(notes: Iterable[str]) -> None:
    for text in notes:
        note(text)


def _save(scenario: Scenario, directory: Path) -> None:
    from gpnde.scenario import save_scenario

    save_scenario(scenario, directory)
    sizes = f"{len(scenario.firms):,} firms, {len(scenario.sites):,} sites, {len(scenario.links):,} links"
    click.echo(f"{directory}: {sizes}")
