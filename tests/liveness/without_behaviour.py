"""What a scenario can say and nothing asks: the one place where it is listed, until it acts or is gone."""

from __future__ import annotations

from collections.abc import Mapping

from .runs import Settings

FIELDS: Mapping[str, tuple[Settings, str]] = {}
"""Fields that change no result and no report: a setting to try in the tiny network, and what is missing."""

ALIKE: Mapping[str, tuple[tuple[str, ...], str]] = {}
"""Words of a field that do the same, in the order of the schema, and what is missing."""

PARAMETERS: Mapping[str, str] = {}
"""Parameters of components that change no result, and what is missing."""
