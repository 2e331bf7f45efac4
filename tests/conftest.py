"""What tests of several rooms share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

_BESIDE_THE_CHECKOUT = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of reference data, or skip the test and say how to name it."""
    folder = Path(os.environ.get("GPNDE_TEST_DATA") or _BESIDE_THE_CHECKOUT)
    if not folder.is_dir():
        pytest.skip("reference data not found: set GPNDE_TEST_DATA to its folder")
    return folder
