"""The first page of the report of a study: what was asked, what was found, how sure it is, and what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gpnde.charts.page import finding_of, safe
from gpnde.charts.words import counted
from gpnde.results.headline import number
from gpnde.study.compare import WORSE, Comparison

if TYPE_CHECKING:
    from gpnde.study.results import StudyResults

MOST_FINDINGS = 8
_LEVEL = 0.05
"""Share of intervals of 95 % that leave out the true value."""


def asked(results: StudyResults) -> str:
    """Return the question of a study as HTML: its description, arms and measures."""
    study = results.study
    arms = ", ".join(study.arms)
    said = f"{counted(len(study.arms), 'arm')} ({arms}) at {counted(results.points, 'point')}, judged by "
    return f"<p>{safe(said + ', '.join(results.measures) if results.measures else said + 'no measure')}.</p>"


def found(comparison: Comparison, charts: Mapping[str, Mapping[str, Any]], numbers: Mapping[str, int]) -> list[str]:
    """Return what the arms differ in, what cannot be told from chance, and what the charts found."""
    rows = [row for row in comparison.effects.to_dicts() if row["difference"] is not None and row["low"] is not None]
    decided = [row for row in rows if row["low"] > 0 or row["high"] < 0]
    said = [effect_sentence(row) for row in decided[:MOST_FINDINGS]]
    more = len(decided) - MOST_FINDINGS
    said += (
        [f"{counted(more, 'more difference')} can be told from chance; see the table of effects."] if more > 0 else []
    )
    rest = len(rows) - len(decided)
    said += [f"{counted(rest, 'difference')} of {len(rows)} cannot be told from chance."] if rest else []
    drawn = [name for name in ("effect-and-cost", "spread", "fan", "sensitivity") if name in charts]
    return said + [f"{finding_of(charts[name])} (figure {numbers[name]})." for name in drawn]


def effect_sentence(row: Mapping[str, Any]) -> str:
    """Return in words what an arm does to a measure, with its interval.

    >>> row = {"arm": "tax", "control": "baseline", "measure": "tier_gap", "unit": "1", "verdict": "better"}
    >>> effect_sentence(row | {"difference": -0.1, "low": -0.2, "high": -0.05, "pairs": 8})
    'tax lowers tier_gap by 0.1 [0.05, 0.2] against baseline, for the better (8 pairs of runs).'
    """
    raises = row["difference"] > 0
    ends = sorted(abs(row[end]) for end in ("low", "high"))
    unit = "" if row["unit"] == "1" else f" {row['unit']}"
    amount = f"{number(abs(row['difference']))}{unit} [{number(ends[0])}, {number(ends[1])}]"
    judged = {"better": ", for the better", WORSE: ", for the worse"}.get(row["verdict"], "")
    move = f"{row['arm']} {'raises' if raises else 'lowers'} {row['measure']} by {amount}"
    return f"{move} against {row['control']}{judged} ({counted(row['pairs'], 'pair')} of runs)."


def sureness(results: StudyResults, comparison: Comparison) -> list[str]:
    """Return what speaks for and against the figures: how many runs there are, and what chance alone would give."""
    said = [f"{results.status().text()[0].upper()}{results.status().text()[1:]}."]
    drawn = comparison.effects.drop_nulls("low").height
    if drawn:
        said.append("Arms are compared in pairs of runs under common random numbers; intervals are of 95 %.")
    if drawn * _LEVEL >= 1:
        said.append(f"Of {drawn} intervals, about {drawn * _LEVEL:.0f} would leave out 0 by chance alone.")
    if results.points == 1:
        said.append("All runs have one setting of the uncertain inputs: other settings may give other effects.")
    return said


def grounds(results: StudyResults) -> list[str]:
    """Return what the figures rest on: the scenario, its components, and the software."""
    study, manifest = results.study, results.manifest
    name = study.scenario if isinstance(study.scenario, str) else str(study.scenario.get("name", ""))
    said = [f"Scenario {name}, seed {study.seed}, whose own notes say where its numbers come from."]
    if manifest is None:
        return said
    if manifest.components:
        said.append(f"Components: {', '.join(manifest.components)}.")
    return [*said, f"gpnde {manifest.software.get('gpnde', '')}, study {manifest.digest}."]
