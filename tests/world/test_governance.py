"""Every firm has a record of how it deals with its suppliers, from the profile that it cites."""

from __future__ import annotations

import numpy as np

from gpnde.scenario import load_scenario
from gpnde.scenario.profiles import shipped_profiles
from gpnde.world.build import build_world
from gpnde.world.governance import AS_BEFORE
from gpnde.world.world import World

PRESET = "hdd-southeast-asia"
CITED = {"firms.seagate.profile": "closed-relational", "firms.chip-maker-1.profile": "own"}
OWN = {"own": {"weights": {"price": 0.9}, "incumbent_lock": 0.2, "rule": "absolute"}}


def world_of(**more: object) -> World:
    """Return the disk drives of two firms that cite profiles."""
    return build_world(load_scenario(PRESET, {"profiles": OWN, **CITED, **more}), 1, 0)


def test_records_hold_what_the_profile_of_each_firm_states() -> None:
    world = world_of(**{"clock.tick_days": 7})
    rules = dict(zip(world.names.firms, world.governance, strict=True))
    closed, own, others = rules["seagate"], rules["chip-maker-1"], rules["motor-maker-1"]
    shipped = shipped_profiles()["closed-relational"].profile
    assert (closed["threshold"], closed["strikes"], closed["is_relative"]) == (shipped.threshold, shipped.strikes, True)
    assert (closed["commitment"], others["commitment"]) == (1092 / 7, AS_BEFORE)
    assert (own["price"], own["delivery"], others["price"]) == (0.9, 0.35, 0.2)
    assert own["incumbent_lock"] == 0.2
    assert np.isnan(others["incumbent_lock"])


def test_lines_follow_the_profile_of_their_buyer() -> None:
    world = world_of(contracts=None)
    lines, firm = world.state.lines, world.state.sites["firm"]
    inside = np.flatnonzero((lines["buyer"] >= 0) & (lines["supplier"] >= 0))
    seagate = firm[lines["buyer"][inside]] == world.names.firms.index("seagate")
    assert 0 < seagate.sum() < len(inside)
    assert (world.governance_of(inside)["strikes"] == np.where(seagate, 4, 2)).all()


def test_profiles_count_for_nothing_where_no_supplier_is_scored() -> None:
    world = world_of(selection=None)
    assert set(world.governance["strikes"]) == {2}
    assert set(world.governance["teaching"]) == {1.0}
