"""The register of what there is: records of the flow, knowledge, result tables, presets and forms of input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import ModuleType

import numpy as np

from gpnde.charts.catalogue import CHARTS, STUDY_CHARTS
from gpnde.engine.kernel import opening as start
from gpnde.plugin import knowledge as seen
from gpnde.results.columns import TABLES, Column
from gpnde.results.register import metric_kinds
from gpnde.scenario import load_scenario, preset_names
from gpnde.scenario.importers import FORMATS
from gpnde.scenario.provenance import count_marks
from gpnde.scenario.rules import MAX_DAYS, MAX_TICKS
from gpnde.scenario.tables import TABLES as ROWS
from gpnde.vocabulary import FUNCTIONS, LADDER, MONTH_DAYS, ROLES, YEAR_DAYS
from gpnde.world import knowledge, layout, opening
from gpnde.world.knowledge import KnowledgeState, usual_knowledge
from tools.odd.markdown import code, codes, section, table
from tools.odd.sources import attribute_docs, first_line, without_return

OPENING: tuple[ModuleType, ...] = (opening, start, knowledge)
"""Modules that set the state of day 0."""


def records_in_markdown() -> str:
    """Return the table of the records that the flow works on, with their variables."""
    docs = attribute_docs(layout)
    kinds = {name: kind for name, kind in vars(layout).items() if isinstance(kind, np.dtype) and kind.names}
    rows = [(_words(name), docs[name], codes(kind.names or ())) for name, kind in kinds.items()]
    return table(("Record", "What it is", "Variables"), rows)


def _words(name: str) -> str:
    return name.removesuffix("_RECORD").replace("_", " ").lower()


def knowledge_in_markdown() -> str:
    """Return what is known of the knowledge of firms, and what mechanisms see of firms, ties and peers."""
    owners = (KnowledgeState, seen.FirmFacts, seen.Ties, seen.Peers)
    return "\n\n".join(_variables(owner) for owner in owners)


def _variables(owner: type) -> str:
    docs = attribute_docs(owner)
    told = table(("Variable", "Meaning"), [(code(name), said) for name, said in docs.items() if said])
    plain = [name for name, said in docs.items() if not said]
    rest = f"And {codes(plain)}." if plain else ""
    return "\n\n".join(filter(None, (f"**{owner.__name__}.** {first_line(owner)}", told, rest)))


def scales_in_markdown() -> str:
    """Return the table of the units of time and of what bounds a run."""
    rows = [
        ("tick", "clock.tick_days, 1 day unless the scenario says otherwise; due times are rounded up to it"),
        ("month, year", f"{MONTH_DAYS:g} and {YEAR_DAYS:g} days"),
        ("horizon", f"clock.days, at most {MAX_DAYS:,} days and {MAX_TICKS:,} ticks"),
        ("place", "clusters with coordinates in countries and regions; distances are great circles"),
        ("knowledge", f"0 to 1, relative to the frontier, for each of {len(FUNCTIONS)} functions and two kinds"),
        ("money", "one currency of no name"),
    ]
    return table(("Scale", "Value"), rows)


def functions_in_markdown() -> str:
    """Return the table of functions, with what firms know of them on day 0 where the scenario does not say."""
    alike: dict[tuple[float, ...], list[str]] = {}
    for role in ROLES:
        alike.setdefault(usual_knowledge(role), []).append(role)
    rows = [
        (code(name), "ladder" if name in LADDER else "beside it", *(f"{levels[number]:g}" for levels in alike))
        for number, name in enumerate(FUNCTIONS)
    ]
    return table(("Function", "Place", *map(", ".join, alike.values())), rows)


def opening_in_markdown() -> str:
    """Return what sets the state of day 0."""
    return "\n".join(f"- {first_line(module)} {code(module.__name__.removeprefix('gpnde.'))}" for module in OPENING)


def presets_in_markdown() -> str:
    """Return the table of presets, with their sizes and where their numbers come from."""
    heads = ("Preset", "What it is", "Firms", "Days", "Knowledge", "Marks of its numbers")
    return table(heads, [_preset(name) for name in preset_names()])


def _preset(name: str) -> Sequence[str]:
    scenario = load_scenario(name)
    marks = ", ".join(f"{mark} {count}" for mark, count in count_marks(scenario).items() if count)
    learns = "yes" if scenario.learns else "no"
    return code(name), scenario.title, str(len(scenario.firms)), f"{scenario.clock.days:,g}", learns, marks


def inputs_in_markdown() -> str:
    """Return what a scenario can be read from."""
    formats = [(code(name), without_return(first_line(importer))) for name, importer in FORMATS.items()]
    rows = f"Parts that may stand in CSV files: {codes(ROWS)}."
    return "\n\n".join([rows, table(("Format of `gpnde import`", "What is read"), formats)])


def tables_in_markdown() -> str:
    """Return the columns of all result tables."""
    return "\n\n".join(section(4, f"Table {code(name)}", _columns(columns)) for name, columns in TABLES.items())


def _columns(columns: Mapping[str, Column]) -> str:
    return table(("Column", "Unit", "Meaning"), [(code(name), *each) for name, each in columns.items()])


def metrics_in_markdown() -> str:
    """Return the table of metrics by the prefix of their names."""
    rows = [
        (code(name), each.unit, each.better, each.doc, code(each.formula), each.source)
        for name, each in metric_kinds().items()
    ]
    return table(("Metric", "Unit", "Better", "Meaning", "Formula", "Source"), rows)


def charts_in_markdown() -> str:
    """Return the table of charts: what each shows, which tables it needs, and what can be chosen."""
    choices = {"day": "by_day", "firm": "by_firm"}
    rows = [
        (
            code(kind.name),
            kind.group,
            kind.doc,
            codes(kind.needs),
            codes(c for c, by in choices.items() if getattr(kind, by)),
        )
        for kind in (*CHARTS.values(), *STUDY_CHARTS.values())
    ]
    return table(("Chart", "Group", "What it shows", "Needs", "Choice"), rows)
