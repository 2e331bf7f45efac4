"""`gpnde check` and `gpnde doctor`: is a scenario sound, and what are its numbers worth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from gpnde.cli.loading import load_named, load_sound
from gpnde.cli.notes import expected_loads, notes_on
from gpnde.cli.printing import columns, json_option, print_answer
from gpnde.cli.shell import Command

if TYPE_CHECKING:
    from gpnde.scenario import Scenario
    from gpnde.scenario.law import Column

BUSIEST = 10
"""Sites listed by expected utilisation."""


@click.command(cls=Command)
@click.argument("path")
@json_option
def check(path: str, as_json: bool) -> None:
    """Say whether the scenario at PATH is sound, without a run."""
    scenario = load_sound(path)
    counted = ", ".join(f"{count:,} {table}" for table, count in sizes(scenario).items())
    notes = notes_on(scenario)
    answer = {"scenario": scenario.name, "sound": True, **sizes(scenario), "notes": notes}
    print_answer(as_json, lambda: answer, lambda: "\n".join([f"{scenario.name}: sound: {counted}", *notes]))


def sizes(scenario: Scenario) -> dict[str, int]:
    """Return how many rows each table of a scenario has."""
    tables = ("products", "regions", "clusters", "firms", "sites", "links", "markets", "components")
    return {table: len(getattr(scenario, table)) for table in tables}


@click.command(cls=Command)
@click.argument("scenario")
@json_option
def doctor(scenario: str, as_json: bool) -> None:
    """Say where the numbers of a SCENARIO come from.

    Also listed are rows of CSV columns that could not be used, and how busy sites are expected to be.
    """
    from gpnde.scenario.provenance import count_marks

    loaded = load_named(scenario)
    answer = {
        "scenario": loaded.name,
        "marks": count_marks(loaded),
        "dropped_rows": [note_of_dropped_rows(place, origin) for place, origin in columns_with_dropped_rows(loaded)],
        "notes": notes_on(loaded),
        "utilisation": [load._asdict() for load in expected_loads(loaded)],
    }
    print_answer(as_json, lambda: answer, lambda: _diagnosis(answer))


def columns_with_dropped_rows(scenario: Scenario) -> Iterator[tuple[str, Column]]:
    """Yield the place of each law that was taken from a CSV column of which rows could not be used."""
    from gpnde.scenario.law import Law

    for link in scenario.links:
        yield from _dropped(f"links {link.supplier} to {link.buyer}, lead_time", link.lead_time)
    for site in scenario.sites:
        laws = {name: value for name, value in site if isinstance(value, Law)}
        yield from (found for name, law in laws.items() for found in _dropped(f"sites {site.name}, {name}", law))
    for market in scenario.markets:
        yield from _dropped(f"markets {market.name}, demand", market.demand.law)
        yield from _dropped(f"markets {market.name}, lead_time", market.lead_time)


def _dropped(place: str, law: Any) -> Iterator[tuple[str, Column]]:
    if law.origin is not None and law.origin.rows_dropped:
        yield place, law.origin


def note_of_dropped_rows(place: str, origin: Column) -> str:
    """Return one line on the rows of a CSV column that could not be used."""
    total = origin.rows_used + origin.rows_dropped
    return f"{place}: {origin.rows_dropped:,} of {total:,} rows of {origin.file}, column {origin.column}, not usable"


def _diagnosis(answer: dict[str, Any]) -> str:
    marks = answer["marks"]
    total = sum(marks.values()) or 1
    return "\n".join(
        [
            f"{answer['scenario']}: where its {sum(marks.values()):,} numbers come from",
            columns([(f"  {mark}", f"{count:,}", f"{count / total:.1%}") for mark, count in marks.items()]),
            *answer["dropped_rows"],
            *answer["notes"],
            *_described_loads(answer["utilisation"]),
        ]
    )


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
