"""Inputs that a scenario gives and nothing reads under its rules."""

from __future__ import annotations

from gpnde.scenario.unread.find import WithoutEffect, without_effect

__all__ = ["WithoutEffect", "without_effect"]
