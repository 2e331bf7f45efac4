"""Write all pages: ``python -m studies`` from the root of a checkout; some two hours on one core."""

from __future__ import annotations

from studies import absorption, claims, economy, places, policies, presets, pressure, swaps, twins

if __name__ == "__main__":
    pressure.main([])
    absorption.main([])
    policies.main([])
    presets.main([])
    places.main([])
    economy.main()
    twins.main()
    swaps.main([])
    claims.main([])
