"""How a scenario writes what has to be installed."""

from __future__ import annotations

from packaging.requirements import InvalidRequirement, Requirement


def check_requirement(text: str) -> None:
    """Check that *text* is the name of a distribution with the versions that will do, if any.

    >>> check_requirement("gpnde-x>=1,<3")

    Raises
    ------
    ValueError
        It is something else.
    """
    try:
        required = Requirement(text)
    except InvalidRequirement:
        required = None
    if required is None or required.url or required.extras or required.marker:
        raise ValueError(f"{text!r}: must be a name and versions, such as gpnde-x>=1")
