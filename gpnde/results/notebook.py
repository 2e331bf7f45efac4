"""How a notebook shows a run: one small table."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from gpnde.results.headline import headlines, number

if TYPE_CHECKING:
    from gpnde.results.run import Run


def run_as_html(run: Run) -> str:
    """Return a table of size, headline numbers, outages, drop-outs and the tables that the run holds."""
    rows = [("Seed, replication", f"{run.seed}, {run.replication}"), ("Size", _size(run)), *headlines(run)]
    rows += [("Outages", f"{run.outages:,}"), ("Drop-outs", _listed(run.ended_by_cause) or "none")]
    rows += [("Balances, largest relative error", _errors(run))]
    rows += [("Tables", _listed({name: table.height for name, table in run.tables.items()}))]
    cells = "".join(f"<tr><th style='text-align:left'>{_safe(a)}</th><td>{_safe(b)}</td></tr>" for a, b in rows)
    title = run.scenario.get("title") or run.name
    return f"<table><caption><b>{_safe(title)}</b> ({run.fingerprint})</caption><tbody>{cells}</tbody></table>"


def _safe(text: str) -> str:
    return html.escape(text)


def _size(run: Run) -> str:
    return ", ".join(f"{number(count)} {name}" for name, count in run.counts.items())


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def _errors(run: Run) -> str:
    return ", ".join(f"{name} {error:.1e}" for name, error in run.conservation.items()) or "not checked"
