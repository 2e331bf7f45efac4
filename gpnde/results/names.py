"""Names in metrics: small letters and no blanks, so that they can be typed."""

from __future__ import annotations


def slug(name: str) -> str:
    """Return a name in the form that it has inside the name of a metric.

    >>> slug("Southeast Asia")
    'southeast-asia'
    """
    return "-".join(name.lower().split())
