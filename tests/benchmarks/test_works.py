"""The benchmark works do the work that they are defined to do."""

from __future__ import annotations

import pytest

from benchmarks import works
from gpnde.engine import simulate


@pytest.mark.parametrize(("sequence", "fill"), [("A", 0.98854), ("B", 0.97484)])
def test_serial_chain_gives_the_published_fill_rate(sequence: works.Sequence, fill: float) -> None:
    run = simulate(works.serial(sequence))
    assert run.metric("flow.fill_rate") == pytest.approx(fill, abs=5e-6)


@pytest.mark.parametrize("sequence", ["A", "B"])
def test_serial_chain_passes_demand_on_unchanged(sequence: works.Sequence) -> None:
    run = simulate(works.serial(sequence))
    ratios = [run.metric(f"flow.bullwhip.tier.{tier}") for tier in range(4)]
    assert ratios == pytest.approx([1.0] * 4)


def test_network_serves_the_published_share_of_firm_weeks() -> None:
    run = simulate(works.network(1000, weeks=520))
    assert 0.925 <= run.metric("flow.full_service") <= 0.93
    assert run.counts["orders"] == pytest.approx(890_700, rel=0.002)
