"""Repeat one run of a study from its folder alone, and compare the results bit by bit."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from gpnde.errors import StudyError
from gpnde.study.attempt import Attempt, attempt
from gpnde.study.manifest import Manifest
from gpnde.study.plan import RunSpec
from gpnde.study.results import plan_again

if TYPE_CHECKING:
    from gpnde.study.plan import Plan
    from gpnde.study.results import StudyResults


@dataclass(frozen=True)
class Rerun:
    """A run beside its repetition."""

    key: str
    arm: str
    point: int
    replication: int
    status_was: str
    status_is: str
    fingerprint_was: str | None
    fingerprint_is: str | None
    differing: tuple[str, ...]
    """Measures and kept tables that are not equal bit by bit."""
    versions: Mapping[str, tuple[str | None, str | None]]
    """Software and components of other versions than when the study was begun: what it was, what it is."""
    error: str = ""
    """Why the repetition failed, in one line."""
    traceback: str = ""

    @property
    def identical(self) -> bool:
        """Whether the repetition equals the run, failures included."""
        same = (self.status_was, self.fingerprint_was) == (self.status_is, self.fingerprint_is)
        return same and not self.differing

    def to_json(self) -> dict[str, Any]:
        """Return the comparison as plain data."""
        return {"identical": self.identical, **asdict(self)}

    def text(self) -> str:
        """Return the verdict in one line."""
        if self.status_was == "missing":
            how = f"fingerprint {self.fingerprint_is}" if self.status_is == "ok" else f"it fails: {self.error}"
            return f"nothing to compare with, the study has not done this run yet: {how}"
        if self.identical:
            return f"fails again: {self.error}" if self.error else f"identical: fingerprint {self.fingerprint_is}"
        return f"different: {self._change()}{self._where()}: {self._cause()}"

    def _change(self) -> str:
        if self.status_was != self.status_is:
            return f"was {self.status_was} and is {self.status_is}" + (f" ({self.error})" if self.error else "")
        if self.fingerprint_was != self.fingerprint_is:
            return f"fingerprint {self.fingerprint_was} became {self.fingerprint_is}"
        return f"fingerprint {self.fingerprint_is} is equal"

    def _where(self) -> str:
        return f"; {', '.join(self.differing)} differ" if self.differing else ""

    def _cause(self) -> str:
        if not self.versions:
            return "no version has changed, so a table was changed, or a component is not repeatable"
        changes = (f"{name} {was or 'missing'} became {now or 'missing'}" for name, (was, now) in self.versions.items())
        return ", ".join(changes)


def rerun(results: StudyResults, key: str) -> Rerun:
    """Repeat the run *key* with the installed versions, and compare it with the stored results of the study.

    Raises
    ------
    StudyError
        There is no such run, or the study cannot be planned here.
    """
    if results.folder is None or results.manifest is None:
        raise StudyError(where=results.name, expected="was not opened from a folder: use open_study")
    row = results.run(key)
    plan = plan_again(results.folder, results.manifest, results.study)
    spec = RunSpec(key, row["arm"], row["point"], row["replication"], row["seed"])
    again = attempt(plan, spec, results.name)
    outcome, failure = again.outcome, again.failure
    return Rerun(
        *(key, spec.arm, spec.point, spec.replication),
        *(row["status"], outcome.status, row["fingerprint"], outcome.fingerprint),
        differing=_differing(results, again) if row["status"] == outcome.status == "ok" else (),
        versions=changed_versions(results.manifest, plan),
        error=failure.error if failure else "",
        traceback=failure.traceback if failure else "",
    )


def changed_versions(manifest: Manifest, plan: Plan) -> dict[str, tuple[str | None, str | None]]:
    """Return the packages whose version changed since the study began, by name: former and present version."""
    from gpnde.engine.recording.observation import software_versions

    known = {name: _text(each.model_dump()) for name, each in manifest.components.items()} | manifest.software
    here = {name: _text(each) for name, each in plan.components.items()} | software_versions()
    names = sorted({*known, *here})
    return {name: (known.get(name), here.get(name)) for name in names if known.get(name) != here.get(name)}


def _text(version: Mapping[str, Any]) -> str:
    return "{distribution} {version} (results version {results_version})".format(**version)


def _differing(results: StudyResults, again: Attempt) -> tuple[str, ...]:
    """Return the measures and kept tables in which a repetition differs."""
    import polars as pl

    key = again.outcome.key
    kept = dict(results.outcomes.filter(key=key).select("measure", "value").iter_rows())
    found = {name: value for name, value, _ in again.outcome.metrics}
    names = sorted({*kept, *found})
    measures = [name for name in names if _bits(kept.get(name)) != _bits(found.get(name))]
    tables = [
        name
        for name, table in again.tables.items()
        if not results.table(name).filter(key=key).equals(pl.DataFrame(pl.from_arrow(table)))
    ]
    return (*measures, *tables)


def _bits(value: float | None) -> bytes:
    # As bits, since 0.0 and -0.0 are equal as numbers.
    return b"" if value is None or math.isnan(value) else struct.pack("<d", value)
