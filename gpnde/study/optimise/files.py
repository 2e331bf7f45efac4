"""Studies with a section ``optimise``, from a file or from plain data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from gpnde.errors import ScenarioError, StudyError
from gpnde.scenario.problems import Locations, refusal
from gpnde.study.files import SECTION, make_study, read_study_file
from gpnde.study.optimise.schema import Bounds, Optimisation, Search
from gpnde.study.ranges import declared_range
from gpnde.study.resolve import component_names, resolve
from gpnde.study.schema import Study

_SUCH_AS = "such as {low: 0, high: 100}"


def load_optimisation(path: str | Path, settings: Mapping[str, Any] | None = None) -> Optimisation:
    """Return the optimisation in a study file, with *settings* added to those of the study.

    Raises
    ------
    GpndeError
        The file cannot be read, has no section ``optimise``, or contradicts itself; the error is one line.
    """
    given, file = read_study_file(path, settings)
    try:
        return make_optimisation(given, file.parent)
    except (ScenarioError, StudyError) as error:
        raise StudyError.passing_on(error, file.name) from None


def make_optimisation(given: Mapping[str, Any], folder: Path | None = None) -> Optimisation:
    """Return the optimisation that plain data describe; paths in them are looked for from *folder*.

    >>> search = {"settings": {"ordering.safety_factor": {}}, "objectives": {"cost.total": "minimise"}}
    >>> make_optimisation({"name": "x", "scenario": "beer-game", "optimise": search})
    Traceback (most recent call last):
    gpnde.errors.StudyError: optimise.settings.ordering.safety_factor: no bounds: give them, such as {low: 0, high: 100}

    Raises
    ------
    StudyError
        The data are wrong.
    """
    search = _search(given.get(SECTION))
    rest = {name: value for name, value in given.items() if name != SECTION}
    measures = [*rest.get("measures", ()), *search.metrics]
    study = resolve(make_study({**rest, "measures": list(dict.fromkeys(measures))}), folder)
    _refuse_misfits(study, search)
    return Optimisation(study, _with_ranges(study, search))


def _search(given: Any) -> Search:
    if not isinstance(given, Mapping):
        raise StudyError(where=SECTION, expected="missing: give settings with bounds, objectives and trials")
    _refuse_without_bounds(given)
    try:
        return Search.model_validate(dict(given))
    except ValidationError as error:
        found = refusal(error, Locations(given, whole=""))
        # The ends are pydantic's names of readings of a setting, and no part of the key.
        key = found.where.removesuffix(".bounds").removesuffix(".values")
        where = ".".join(part for part in (SECTION, key) if part)
        raise StudyError(where=where, given=found.given, expected=found.expected) from None


def _refuse_without_bounds(given: Mapping[str, Any]) -> None:
    """Refuse settings that have no bounds, which would be searched for ever."""
    settings = given.get("settings")
    if not isinstance(settings, Mapping) or not settings:
        raise StudyError(
            where=f"{SECTION}.settings",
            expected="missing: name settings with their bounds, such as ordering.safety_factor: {low: 0, high: 4}",
        )
    for path, bounds in settings.items():
        missing = {"low", "high"} - bounds.keys() if isinstance(bounds, Mapping) else {"low", "high"}
        if bounds == "vary" or isinstance(bounds, Mapping) and ("values" in bounds or not missing):
            continue
        what = "no bounds" if len(missing) == 2 else f"{missing.pop()} is missing"
        raise StudyError(where=f"{SECTION}.settings.{path}", expected=f"{what}: give them, {_SUCH_AS}")


def _refuse_misfits(study: Study, search: Search) -> None:
    """Refuse parts of a study that an optimiser has no use for, and replications that do not suit."""
    for name, wanted in (("design", study.design is None), ("uncertainties", not study.uncertainties)):
        if not wanted:
            raise StudyError(where=name, expected="an optimiser chooses the points itself: leave it out")
    if len(study.arms) > 1:
        names = ", ".join(study.arms)
        raise StudyError(where="arms", given=names, expected="an optimiser takes one arm: leave out the others")
    if study.tables:
        raise StudyError(where="tables", expected="an optimiser keeps metrics only: leave it out")
    if not isinstance(study.replications, int) or study.replications < search.first:
        raise StudyError(
            where="replications",
            given=str(study.replications if isinstance(study.replications, int) else "a precision"),
            expected=f"must be a number, at least that of {SECTION}.first, {search.first}",
        )
    starred = next((name for name in search.metrics if name.endswith("*")), None)
    if starred is not None:
        raise StudyError(where=f"{SECTION}: {starred!r}", expected="must be one metric: give its whole name")


def _with_ranges(study: Study, search: Search) -> Search:
    """Return the search with the ranges that parameters declare written out."""
    assert isinstance(study.scenario, dict)
    names = component_names(study.scenario, study.arms)
    found = {
        path: Bounds(**declared_range(path, names, f"{SECTION}.settings").model_dump()) if each == "vary" else each
        for path, each in search.settings.items()
    }
    return search.model_copy(update={"settings": found})
