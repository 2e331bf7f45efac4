"""How much tests try: less by default, and as much as pays where ``GPNDE_THOROUGH=1`` is set.

The marks ``sampled`` and ``thorough`` leave whole tests to the thorough suite.
"""

from __future__ import annotations

import os

THOROUGH = os.environ.get("GPNDE_THOROUGH", "0") not in ("", "0")
"""Whether the time that tests take does not matter."""


def often(usually: int, thoroughly: int) -> int:
    """Return how often a test repeats, in the ordinary suite and in the thorough one."""
    return thoroughly if THOROUGH else usually
