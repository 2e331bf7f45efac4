"""study.json: the description of a study's folder, which makes it repeatable and keeps other studies out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import BeforeValidator, Field, ValidationError

from gpnde.errors import StudyError
from gpnde.scenario.model import Block
from gpnde.scenario.problems import Locations, refusal, shown
from gpnde.study.files import make_study
from gpnde.study.folder import Folder

if TYPE_CHECKING:
    from gpnde.study.plan import Plan

MANIFEST = "study.json"
SCHEMA_VERSION = 1

MAY_CHANGE = ("title", "replications")
"""Fields of a study that may change while it is in its folder: no run that is done means anything else then."""

_STRANGE = "not a study of this version, name another folder"
_MOST_SHOWN = 3
_LONGEST = 60


def _number(given: object) -> object:
    """Return a value unless it is a bool, which equals a number in Python."""
    if isinstance(given, bool):
        raise ValueError("must be 1")
    return given


class ComponentVersion(Block):
    """Where a component comes from."""

    distribution: str
    version: str
    results_version: int = Field(description="Counts changes of the component that change results.")


class Manifest(Block):
    """The contents of study.json. The tables of the study lie beside it; parts/ holds what workers have committed."""

    schema_version: Annotated[Literal[1], BeforeValidator(_number)] = Field(description="Version of this form.")
    study: dict[str, Any] = Field(description="The study in full, with everything in it that lay in files.")
    digest: str = Field(pattern="^[0-9a-f]{16}$", description="Tells one study from another.")
    software: dict[str, str] = Field(description="Versions of gpnde and of what its numbers depend on, at the start.")
    components: dict[str, ComponentVersion] = Field(description="Components of the study by name.")
    plugins: list[str] = Field(description="Names, or files without their folder, of plugins that were named for it.")


def manifest_schema() -> dict[str, Any]:
    """Return the JSON Schema of study.json.

    >>> manifest_schema()["properties"]["digest"]["pattern"]
    '^[0-9a-f]{16}$'
    """
    schema = Manifest.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "study.json of gpnde"}


def write_manifest_schema(folder: str | Path) -> Path:
    """Write the schema into *folder* and return its file, which is named for the version of the schema."""
    path = Path(folder) / f"study-{SCHEMA_VERSION}.json"
    path.write_text(json.dumps(manifest_schema(), indent=2) + "\n", encoding="utf-8")
    return path


def make_manifest(plan: Plan, plugins: tuple[str, ...] = ()) -> Manifest:
    """Return the contents of study.json for a planned study for which *plugins* were named."""
    from gpnde.engine.recording.observation import software_versions

    return Manifest(
        schema_version=SCHEMA_VERSION,
        study=plan.study.model_dump(mode="json"),
        digest=plan.digest,
        software=software_versions(),
        components={name: ComponentVersion(**each) for name, each in plan.components.items()},
        # Where a file lies is the business of the machine that it lies on.
        plugins=[Path(name).name for name in plugins],
    )


def read_manifest(folder: Folder) -> Manifest:
    """Return the contents of study.json.

    Raises
    ------
    FileNotFoundError
        There is none.
    StudyError
        It is damaged, was changed by hand, or is of another version; the error gives key, given and wanted.
    """
    given = _mapping_in(folder)
    try:
        # Of a file, strictly: JSON's true is no 1.
        manifest = Manifest.model_validate_json(json.dumps(given), strict=True)
        make_study(manifest.study, "study")
    except ValidationError as error:
        found = refusal(error, Locations(given, whole=""))
        raise StudyError.passing_on(found, folder / MANIFEST, _STRANGE) from None
    except StudyError as error:
        raise StudyError.passing_on(error, folder / MANIFEST, _STRANGE) from None
    made = digest(manifest.study)
    if made != manifest.digest:
        cause = f"study: has the digest {made}: must be {manifest.digest}, so it was changed"
        raise StudyError(where=folder / MANIFEST, given=cause, expected="undo that, or name another folder")
    return manifest


def _mapping_in(folder: Folder) -> dict[str, Any]:
    try:
        given = json.loads(folder.read(MANIFEST))
    except (ValueError, RecursionError) as error:
        cause = " ".join(str(error).split())
        raise StudyError(where=folder / MANIFEST, expected=f"is no JSON ({cause}): {_STRANGE}") from None
    if not isinstance(given, dict):
        raise StudyError(where=folder / MANIFEST, given=shown(given), expected=f"must be a mapping: {_STRANGE}")
    return given


def digest(data: Any) -> str:
    """Return a digest of plain data (16 hexadecimal digits); the order of keys does not count.

    >>> digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    True
    """
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:16]


def refuse_strangers(folder: Folder) -> None:
    """Raise an error for a folder with contents other than a study."""
    names = [name for name in folder.names() if not name.startswith(".")]
    if names and not any(name.startswith(MANIFEST) for name in names):
        raise StudyError(
            where=folder.name, expected=f"holds {names[0]} and no {MANIFEST}: name a new folder or that of a study"
        )


def claim(folder: Folder, manifest: Manifest, tell: Callable[[str], None]) -> None:
    """Write study.json first, or check that the folder holds the same study, and report changed versions by *tell*.

    Raises
    ------
    StudyError
        The folder holds another study.
    """
    try:
        known = read_manifest(folder)
    except FileNotFoundError:
        _write(folder, manifest)
        return
    changes = list(differences(known.study, manifest.study))
    _refuse_another(folder, [change for change in changes if change.where not in MAY_CHANGE])
    if changes:
        tell(f"{folder.name}: the study has changed ({_shown(changes)}): runs that are done stay")
    for change in _changed_versions(known, manifest):
        tell(f"{folder.name}: {change} since the study was begun: results may differ from those before")
    if known.digest != manifest.digest:
        # Versions stay those of the start, which runs that are done were made with.
        _write(folder, manifest.model_copy(update={"software": known.software}))


class Difference(NamedTuple):
    """Where two pieces of plain data differ."""

    where: str
    old: Any
    new: Any

    def __str__(self) -> str:
        """Return it as ``where: old -> new``."""
        return f"{self.where}: {_short(self.old)} -> {_short(self.new)}"


def differences(old: Any, new: Any, where: str = "") -> Iterator[Difference]:
    """Yield each difference of two pieces of plain data; replications differ as a whole.

    >>> [str(each) for each in differences({"arms": {"tax": {"rate": 0.1}}}, {"arms": {"tax": {"rate": 0.2}}})]
    ['arms.tax.rate: 0.1 -> 0.2']
    """
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping) and where not in MAY_CHANGE:
        for key in dict.fromkeys((*old, *new)):
            yield from differences(old.get(key), new.get(key), f"{where}.{key}" if where else str(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for position, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{where}[{position}]")
    else:
        yield Difference(where, old, new)


def _changed_versions(known: Manifest, manifest: Manifest) -> Iterator[Difference]:
    old, new = known.model_dump(mode="json"), manifest.model_dump(mode="json")
    yield from differences(old["software"], new["software"])
    # A component that is there on one side only came or went with the study itself.
    for name in sorted({*old["components"]} & {*new["components"]}):
        yield from differences(old["components"][name], new["components"][name], name)


def _write(folder: Folder, manifest: Manifest) -> None:
    text = json.dumps(manifest.model_dump(mode="json"), indent=1, ensure_ascii=False, allow_nan=False)
    folder.write(MANIFEST, f"{text}\n".encode())


def _refuse_another(folder: Folder, changes: list[Difference]) -> None:
    if changes:
        raise StudyError(
            where=folder.name,
            given=f"holds another study ({_shown(changes)})",
            expected=f"name another folder, or undo the change; only {' and '.join(MAY_CHANGE)} may change",
        )


def _shown(changes: list[Difference]) -> str:
    more = len(changes) - _MOST_SHOWN
    return "; ".join(map(str, changes[:_MOST_SHOWN])) + (f"; {more} more" if more > 0 else "")


def _short(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
