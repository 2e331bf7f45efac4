"""Supplier clubs: a plugin for gpnde, and an example for authors of others."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from gpnde.plugin import Component, ScenarioOffer, hookimpl


@hookimpl
def gpnde_components() -> Iterable[type[Component]]:
    """Offer the policy; its module is imported only now."""
    from gpnde_supplier_clubs.clubs import SupplierClubs

    return [SupplierClubs]


@hookimpl
def gpnde_scenarios() -> Iterable[ScenarioOffer]:
    """Offer a scenario, so that ``gpnde run supplier-clubs`` works anywhere."""
    return [ScenarioOffer("supplier-clubs", Path(__file__).parent / "supplier-clubs.yaml")]
