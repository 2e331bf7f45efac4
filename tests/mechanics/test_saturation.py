"""Growth under a ceiling: small gains come through, large ones fill the room and no more."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.saturation import saturating_gain

gains = st.floats(0.0, 100.0)
rooms = st.floats(-1.0, 1.0)


@given(gains, rooms)
def test_gain_is_never_more_than_itself_or_the_room(gain: float, room: float) -> None:
    left = float(saturating_gain(gain, room))
    assert 0.0 <= left <= max(room, 0.0)
    assert left <= gain * (1.0 + 1e-12)


def test_small_gain_comes_through_whole() -> None:
    assert float(saturating_gain(1e-9, 0.5)) == pytest.approx(1e-9, rel=1e-6)


def test_no_room_no_gain() -> None:
    assert saturating_gain(np.array([1.0, 2.0]), np.array([0.0, -0.1])).tolist() == [0.0, 0.0]


def test_next_to_no_room_is_filled() -> None:
    assert float(saturating_gain(1.0, 5e-324)) == 5e-324
