"""`gpnde safety-stock`: place safety stocks by the guaranteed-service model, and simulate before and after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gpnde.cli.printing import columns, json_option, print_answer
from gpnde.cli.run import read_settings
from gpnde.cli.shell import Command

if TYPE_CHECKING:
    from gpnde.study.intervals import Interval
    from gpnde.study.safety_stock.place import Placement

_COLUMNS = {
    "site": "site",
    "stage_days": "days at stage",
    "service_days": "service time (days)",
    "covered_days": "days covered",
    "level": "base-stock level",
    "safety_stock": "safety stock",
    "cost_per_day": "cost a day",
}


@click.command("safety-stock", cls=Command)
@click.argument("scenario")
@click.option("--out", type=click.Path(path_type=Path), metavar="FILE", help="YAML file for the new scenario.")
@click.option(
    "--safety-factor",
    type=click.FloatRange(0, 10),
    default=1.645,
    show_default=True,
    help="Standard deviations covered.",
)
@click.option("--replications", type=click.IntRange(min=2), default=8, show_default=True, help="Runs of each scenario.")
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True, help="Seed of all runs.")
@click.option("--set", "settings", metavar="KEY=VALUE", multiple=True, help="Say clock.days=364.")
@json_option
def safety_stock(
    scenario: str,
    out: Path | None,
    safety_factor: float,
    replications: int,
    seed: int,
    settings: tuple[str, ...],
    as_json: bool,
) -> None:
    """Place the safety stocks of a SCENARIO where they cost the least, by the guaranteed-service model."""
    from gpnde.cli.loading import load_sound
    from gpnde.scenario.files import save_scenario
    from gpnde.study.safety_stock.place import compared, place_safety_stocks

    before = load_sound(scenario, read_settings(settings))
    found = place_safety_stocks(before, safety_factor)
    after = found.placed()
    measured = compared(before, after, seed, replications)
    if out:
        save_scenario(after, out)
    print_answer(as_json, lambda: _data(found, measured), lambda: "\n".join(_told(found, measured, replications, out)))


def _data(found: Placement, measured: dict[str, tuple[Interval, ...]]) -> dict[str, Any]:
    parts = ("before", "after", "difference")
    runs = {
        name: {part: each._asdict() for part, each in zip(parts, three, strict=True)}
        for name, three in measured.items()
    }
    return {"stages": found.rows(), "cost_per_day": found.cost_per_day, "proven": found.proven, "runs": runs}


def _told(
    found: Placement, measured: dict[str, tuple[Interval, ...]], replications: int, out: Path | None
) -> Iterator[str]:
    from gpnde.results.headline import number
    from gpnde.study.report import interval, signed

    cells = [[each[name] if name == "site" else number(each[name]) for name in _COLUMNS] for each in found.rows()]
    yield columns([list(_COLUMNS.values()), *cells])
    sure = "the least by the model" if found.proven else "a local optimum of the model: the network is no tree"
    yield f"safety stocks cost {number(found.cost_per_day)} a day, {sure}"
    yield f"simulated before and after, {replications} pairs of runs, 95 % intervals"
    head = ("metric", "before", "after", "difference", "interval")
    rows = [
        (name, number(before.mean), number(after.mean), signed(change.mean), interval(change._asdict()))
        for name, (before, after, change) in measured.items()
    ]
    yield columns([head, *rows])
    if out:
        yield f"{out}: the scenario with these levels"
