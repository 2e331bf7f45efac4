"""Creation: the combination of two partners' knowledge, the best distance between them, and their shares."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gpnde.mechanics.creation import cognitive_distance_response, contribution_share, joint_output

levels = st.floats(0.0, 1.0)
some = st.floats(0.01, 1.0)
substitutes = st.floats(0.1, 1.0)
complements = st.floats(-10.0, -0.1)
exponents = substitutes | complements


@given(some, some, exponents)
def test_output_has_constant_elasticity_of_substitution(own: float, other: float, rho: float) -> None:
    assert float(joint_output(own, other, rho)) == pytest.approx((own**rho + other**rho) ** (1.0 / rho))


@given(levels, levels, exponents)
def test_partners_may_change_places(own: float, other: float, rho: float) -> None:
    assert joint_output(own, other, rho) == joint_output(other, own, rho)


@given(some, some, exponents, st.floats(0.1, 10.0))
def test_twice_the_knowledge_of_both_is_twice_the_output(own: float, other: float, rho: float, scale: float) -> None:
    assert float(joint_output(scale * own, scale * other, rho)) == pytest.approx(scale * joint_output(own, other, rho))


@given(levels, levels, levels, exponents)
def test_more_knowledge_never_makes_less(own: float, other: float, more: float, rho: float) -> None:
    before, after = joint_output(np.array([own, own + more]), other, rho)
    assert after >= before * (1.0 - 1e-12)


@given(levels, levels, substitutes, complements)
def test_substitutes_add_to_the_better_and_complements_stay_below_the_worse(
    own: float, other: float, above: float, below: float
) -> None:
    assert float(joint_output(own, other, above)) >= max(own, other)
    assert float(joint_output(own, other, below)) <= min(own, other)


def test_partner_that_knows_nothing_adds_nothing_to_substitutes_and_spoils_complements() -> None:
    own, other = np.array([0.4, 0.4, 0.0, 0.0]), np.zeros(4)
    assert joint_output(own, other, np.array([0.5, -0.5, 0.5, -0.5])).tolist() == [0.4, 0.0, 0.0, 0.0]


@given(some)
def test_distance_pays_most_at_the_best_and_nothing_at_none(best: float) -> None:
    distance = np.linspace(0.0, 4.0, 401) * best
    response = cognitive_distance_response(distance, best)
    assert response[0] == 0.0
    assert response[100] == pytest.approx(1.0)
    assert response.argmax() == 100
    assert (np.diff(response[:101]) > 0.0).all()
    assert (np.diff(response[100:201]) < 0.0).all()
    assert response[201:].tolist() == [0.0] * 200


@given(st.floats(0.0, 0.3))
def test_too_near_costs_as_much_as_too_far(offset: float) -> None:
    near, far = cognitive_distance_response(np.array([0.3 - offset, 0.3 + offset]), 0.3)
    assert near == pytest.approx(far, abs=1e-12)


@given(levels, levels, exponents)
def test_shares_of_two_partners_add_up_to_one(own: float, other: float, rho: float) -> None:
    share = float(contribution_share(own, other, rho))
    assert 0.0 <= share <= 1.0
    assert share + float(contribution_share(other, own, rho)) == pytest.approx(1.0)


@given(st.floats(0.1, 1.0), st.floats(0.1, 1.0), st.floats(-3.0, -0.1) | substitutes)
def test_each_partner_earns_its_marginal_product(own: float, other: float, rho: float) -> None:
    step = 1e-5 * own
    less, more = joint_output(np.array([own - step, own + step]), other, rho)
    slope = float(more - less) / (2.0 * step)
    earned = own * slope / float(joint_output(own, other, rho))
    assert earned == pytest.approx(float(contribution_share(own, other, rho)), abs=1e-6)


def test_better_partner_earns_more_of_substitutes_and_less_of_complements() -> None:
    assert contribution_share(0.8, 0.2, np.array([1.0, -1.0])) == pytest.approx([0.8, 0.2])
    assert contribution_share(np.array([0.0, 0.0]), np.array([0.0, 0.3]), -1.0).tolist() == [0.5, 1.0]
