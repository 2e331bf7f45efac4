"""Write all pages: ``python -m studies`` from the root of a checkout; about ten minutes on one core."""

from __future__ import annotations

from studies import absorption, pressure

if __name__ == "__main__":
    pressure.main([])
    absorption.main([])
