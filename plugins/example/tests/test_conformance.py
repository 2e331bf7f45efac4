"""The policy keeps what a run relies on."""

from __future__ import annotations

from gpnde.testing import check_component

from gpnde_supplier_clubs.clubs import SupplierClubs


def test_it_conforms() -> None:
    check_component(SupplierClubs).raise_if_failed()
