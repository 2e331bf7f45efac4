"""Parameters: one declaration that gives the check, the schema, the unit, the source and the range to vary."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import Field

from gpnde.scenario.provenance import mark_of_text
from gpnde.scenario.schema import Mark


def param(
    default: Any = ...,
    *,
    ge: float | None = None,
    gt: float | None = None,
    le: float | None = None,
    lt: float | None = None,
    unit: str = "1",
    source: str = "assumption",
    vary: tuple[float, float] | None = None,
    doc: str,
) -> Any:
    """Declare a parameter of a component; without *default* the scenario has to give it.

    Parameters
    ----------
    default
        Value where the scenario gives none; that of a law may be its text, such as ``gamma(mean=10, cv=0.3)``.
    ge, gt, le, lt
        Bounds: at least, above, at most, below.
    unit
        Unit of the value; "1" for a share, a factor or a count.
    source
        Where the default comes from: chapter, derived, literature or assumption, with details after a comma.
    vary
        Lowest and highest value that an experiment should try.
    doc
        What the parameter means, in one line.

    Examples
    --------
    >>> from gpnde.plugin import Component
    >>> class Subsidy(Component):
    ...     name = "policy.subsidy"
    ...     share: float = param(0.5, ge=0, le=1, vary=(0.1, 0.9), doc="Share of the cost that is paid.")
    >>> Subsidy.model_json_schema()["properties"]["share"]["vary"]
    [0.1, 0.9]
    """
    if mark_of_text(source) not in get_args(Mark):
        raise ValueError(f"source {source!r} of a parameter: must begin with {', '.join(get_args(Mark))}")
    more: dict[str, Any] = {"unit": unit, "source": source}
    if vary is not None:
        more["vary"] = list(vary)
    # A text may stand for a law, which only checking makes of it.
    checked = True if isinstance(default, str) else None
    return Field(default, ge=ge, gt=gt, le=le, lt=lt, description=doc, json_schema_extra=more, validate_default=checked)
