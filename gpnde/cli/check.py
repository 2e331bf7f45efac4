"""`gpnde check` and `gpnde doctor`: whether a scenario is valid, and where its numbers come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gpnde.cli.loading import load_named, note_of_broken_plugins, note_remarks
from gpnde.cli.notes import expected_loads, notes_on
from gpnde.cli.printing import columns, json_option, note, print_answer
from gpnde.cli.shell import Command
from gpnde.cli.steady import described_steadiness, steady_answer
from gpnde.vocabulary import COMPILING

if TYPE_CHECKING:
    from gpnde.results.targets import Plausibility
    from gpnde.scenario import Scenario

BUSIEST = 10
"""Sites listed by expected utilisation."""


@click.command(cls=Command)
@click.argument("path")
@json_option
def check(path: str, as_json: bool) -> None:
    """Check that the scenario at PATH is valid, without a run."""
    scenario = load_named(path)
    if scenario.components or scenario.requires or scenario.record.metrics:
        from gpnde.engine.simulate import open_run

        open_run(scenario)
    note_of_broken_plugins()
    note_remarks(scenario)
    counted = ", ".join(f"{count:,} {table}" for table, count in sizes(scenario).items())
    answer = {"scenario": scenario.name, "valid": True, **sizes(scenario), "remarks": notes_on(scenario)}
    print_answer(as_json, lambda: answer, lambda: f"{scenario.name}: valid: {counted}")


def sizes(scenario: Scenario) -> dict[str, int]:
    """Return how many rows each table of a scenario has."""
    tables = ("products", "regions", "clusters", "firms", "sites", "links", "markets", "components")
    return {table: len(getattr(scenario, table)) for table in tables}


@click.command(cls=Command)
@click.argument("scenario")
@click.option("--steady", is_flag=True, help="Make one run, and say after how many days it is steady.")
@json_option
def doctor(scenario: str, steady: bool, as_json: bool) -> None:
    """Say where the numbers of a SCENARIO come from, and which of its inputs are without effect.

    An input is without effect where nothing reads it under the rules of this scenario. Where the scenario says in which
    range figures are plausible, it is run once to compare them. Also listed are rows of CSV
    columns that could not be used or were filled, series that end, laws that are drawn otherwise than they read, and
    how busy sites are expected to be.

    With --steady, one run tells after how many days service, stocks, backlog and costs are steady (MSER-5, White 1997),
    which is what clock.warm_up_days is for, and what they come to from then on, with intervals from batch means.
    """
    from gpnde.scenario.provenance import count_marks
    from gpnde.scenario.unread import without_effect

    loaded = load_named(scenario)
    answer = {
        "scenario": loaded.name,
        "marks": count_marks(loaded),
        "remarks": notes_on(loaded),
        "without_effect": [{**each._asdict(), "line": str(each)} for each in without_effect(loaded)],
        "plausibility": [{**each._asdict(), "holds": each.holds} for each in _plausibility(loaded)],
        "utilisation": [load._asdict() for load in expected_loads(loaded)],
        **({"steady": steady_answer(loaded)} if steady else {}),
    }
    print_answer(as_json, lambda: answer, lambda: _diagnosis(answer))


def _plausibility(scenario: Scenario) -> list[Plausibility]:
    """Run a scenario that says which figures are plausible, and compare them."""
    if not scenario.plausibility:
        return []
    from gpnde.engine.simulate import simulate

    return simulate(scenario, on_compile=lambda: note(COMPILING)).plausibility()


def _diagnosis(answer: dict[str, Any]) -> str:
    marks = answer["marks"]
    total = sum(marks.values()) or 1
    return "\n".join(
        [
            f"{answer['scenario']}: where its {sum(marks.values()):,} numbers come from",
            columns([(f"  {mark}", f"{count:,}", f"{count / total:.1%}") for mark, count in marks.items()]),
            *answer["remarks"],
            *_described_inputs(answer["without_effect"]),
            *_described_bands(answer["plausibility"]),
            *_described_loads(answer["utilisation"]),
            *described_steadiness(answer.get("steady")),
        ]
    )


def _described_inputs(found: list[dict[str, Any]]) -> list[str]:
    return ["given, but without effect here", *(f"  {each['line']}" for each in found)] if found else []


def _described_bands(bands: list[dict[str, Any]]) -> list[str]:
    if not bands:
        return []
    held = sum(band["holds"] for band in bands)
    rows = [
        (f"  {band['measure']}", f"{band['result']:.3g}", f"{band['low']:g} to {band['high']:g}", _verdict(band))
        for band in bands
    ]
    return [f"plausible in one run: {held} of {len(bands)} figures", columns(rows)]


def _verdict(band: dict[str, Any]) -> str:
    """Return whether a figure is plausible, and where its range comes from."""
    return f"{'holds' if band['holds'] else 'DOES NOT HOLD'} ({band['mark'] or 'range not marked'})"


def _described_loads(loads: list[dict[str, Any]]) -> list[str]:
    if not loads:
        return ["no site has limited capacity"]
    above = sum(load["utilisation"] > 1 for load in loads)
    left_out = len(loads) - BUSIEST
    return [
        f"expected utilisation of {len(loads):,} sites with limited capacity, {above:,} of them above 100 %",
        columns([(f"  {load['site']}", f"{load['utilisation']:.0%}") for load in loads[:BUSIEST]]),
        *([f"  and {left_out:,} more: --json lists them all"] if left_out > 0 else []),
    ]
