"""`gpnde check` and `gpnde doctor`: whether a scenario is valid, and where its numbers come from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gpnde.cli.loading import load_named, note_of_broken_plugins, note_remarks
from gpnde.cli.notes import expected_loads, notes_on
from gpnde.cli.printing import columns, json_option, print_answer
from gpnde.cli.shell import Command

if TYPE_CHECKING:
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
@json_option
def doctor(scenario: str, as_json: bool) -> None:
    """Say where the numbers of a SCENARIO come from, and which of its inputs are without effect.

    An input is without effect where nothing reads it under the rules of this scenario. Also listed are rows of CSV
    columns that could not be used or were filled, series that end, laws that are drawn otherwise than they read, and
    how busy sites are expected to be.
    """
    from gpnde.scenario.provenance import count_marks
    from gpnde.scenario.unread import without_effect

    loaded = load_named(scenario)
    answer = {
        "scenario": loaded.name,
        "marks": count_marks(loaded),
        "remarks": notes_on(loaded),
        "without_effect": [{**each._asdict(), "line": str(each)} for each in without_effect(loaded)],
        "utilisation": [load._asdict() for load in expected_loads(loaded)],
    }
    print_answer(as_json, lambda: answer, lambda: _diagnosis(answer))


def _diagnosis(answer: dict[str, Any]) -> str:
    marks = answer["marks"]
    total = sum(marks.values()) or 1
    return "\n".join(
        [
            f"{answer['scenario']}: where its {sum(marks.values()):,} numbers come from",
            columns([(f"  {mark}", f"{count:,}", f"{count / total:.1%}") for mark, count in marks.items()]),
            *answer["remarks"],
            *_described_inputs(answer["without_effect"]),
            *_described_loads(answer["utilisation"]),
        ]
    )


def _described_inputs(found: list[dict[str, Any]]) -> list[str]:
    return ["given, but without effect here", *(f"  {each['line']}" for each in found)] if found else []


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
