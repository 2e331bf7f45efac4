"""Which part of the network is hit, and what is said when there is none."""

from __future__ import annotations

import numpy as np
import pytest
from gpnde_disruptions.choices import AmongSites, numbers_of

from gpnde.engine.hooks.views import RunView
from gpnde.errors import ComponentError
from gpnde.scenario import Scenario
from gpnde.world.build import build_world


class Some(AmongSites):
    name = "disruption.some"


@pytest.fixture
def view(network: Scenario) -> RunView:
    return RunView(build_world(network))


def test_nothing_given_is_everything() -> None:
    assert numbers_of("markets", (), ["a", "b"]).tolist() == [0, 1]


def test_numbers_rise_whatever_the_order_of_the_names() -> None:
    assert numbers_of("markets", ("c", "a"), ["a", "b", "c"]).tolist() == [0, 2]


@pytest.mark.parametrize("field", ["clusters", "countries", "sites"])
def test_unknown_name_is_refused_with_the_nearest(view: RunView, field: str) -> None:
    known = {
        "clusters": view.names.clusters[0],
        "countries": str(view.scenario.clusters[0].country).upper(),
        "sites": view.names.sites[0],
    }[field]
    with pytest.raises(ComponentError) as caught:
        Some.of({field: [known + "x"]}).choice(view)
    text = str(caught.value)
    assert text.startswith(f"disruption.some.{field}: {known + ('X' if field == 'countries' else 'x')!r}: not in the")
    assert f"did you mean {known!r}?" in text


def test_choice_that_leaves_nothing_is_refused() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    Some().check_found(nothing, "site")
    with pytest.raises(ComponentError) as caught:
        Some(tiers=(9,), clusters=("penang",)).check_found(nothing, "site")
    expected = "tiers [9], clusters ['penang']: no site is all of that; choose others or leave one out"
    assert str(caught.value) == f"disruption.some: {expected}"
