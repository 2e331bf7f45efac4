from __future__ import annotations

import doctest
from typing import Any

import polars as pl
import pytest

import gpnde
from gpnde.study.measures import check_measures, covers
from gpnde.study.plan import Plan
from studies import claims, page
from studies.claim_list import CLAIMS, Claim, Side, Statement
from studies.claim_readings import READINGS, Seen

ASKED = ["P6", "P7", "P14", "P20", "P24", "P25", "P26", "P28", "P31", "P32", "P33"]
BY_NUMBER = {claim.number: claim for claim in CLAIMS}
ARMS = {"after": {1: 3.0, 2: 5.0}, "before": {1: 1.0, 2: 2.0}, "other": {1: 0.5, 2: float("nan")}}


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def row(after: Side, before: Side, **more: Any) -> list[str]:
    """Return the cells from *before* on of a statement about made-up values."""
    claim = Claim("P0", "p00", (Statement("text", "measure", 1, after, before, **more),))
    values = {arm: {"measure": found} for arm, found in ARMS.items()}
    return cells(claims.table({"P0": values}, [claim]))[2][3:]


def arms_of(statement: Statement) -> set[str]:
    sides = (statement.after, statement.before, *(statement.control or ()))
    return {
        arm for side in sides if not isinstance(side, float) for arm in ((side,) if isinstance(side, str) else side)
    }


def test_examples_hold() -> None:
    assert doctest.testmod(claims).failed == 0


def test_every_claim_has_a_file_and_every_file_a_claim() -> None:
    assert [claim.number for claim in CLAIMS] == ASKED
    files = {file.stem for file in claims.FILES.glob("p[0-9]*.yaml")}
    assert files == {claim.file for claim in CLAIMS}
    assert all(claim.file.startswith(f"p{int(claim.number[1:]):02}-") for claim in CLAIMS)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.number)
def test_a_file_has_what_its_claim_needs(claim: Claim) -> None:
    study = gpnde.load_study(claims.file_of(claim))
    check_measures(Plan(study).study)
    assert study.name == claim.file
    assert study.replications == claims.REPLICATIONS
    for statement in claim.statements:
        assert arms_of(statement) <= set(study.arms)
        assert statement.measure in READINGS or any(covers(each, statement.measure) for each in study.measures)


def test_a_small_study_tells_of_every_statement() -> None:
    chosen = [BY_NUMBER["P24"], BY_NUMBER["P33"]]
    rows = cells(claims.table(claims.run_study(2, chosen, {"clock.days": 1092}, jobs=1), chosen))[2:]
    assert [row[:2] for row in rows] == [[claim.number, each.text] for claim in chosen for each in claim.statements]
    assert {row[6] for row in rows} <= {"yes", "no, the contrary", "not to be told", "–"}
    assert rows[0][6] == "yes"


@pytest.mark.thorough
def test_readings_of_tables_are_defined_in_short_runs() -> None:
    chosen = [BY_NUMBER[number]._replace(statements=BY_NUMBER[number].statements[:4]) for number in ("P25", "P26")]
    outcomes = claims.run_study(1, chosen, {"clock.days": 364}, jobs=1)
    for claim in chosen:
        for values in outcomes[claim.number].values():
            assert all(found[0] == found[0] for found in values.values())


def test_changes_are_paired_by_seed() -> None:
    assert row("after", "before")[:2] == ["1.500 [-4.853, 7.853]", "+2.500 [-3.853, +8.853]"]


def test_a_level_is_compared_with_a_number() -> None:
    assert row("after", 1.0)[:2] == ["1.0", "+3.000 [-9.706, +15.706]"]


def test_two_arms_stand_for_their_difference() -> None:
    assert row(("after", "before"), "before")[1] == "+1.000 [+1.000, +1.000]"


def test_spread_is_the_variance_over_seeds() -> None:
    assert row("after", "before", is_spread=True)[1].startswith("+1.500 ")


def test_runs_in_which_a_side_is_not_defined_do_not_count() -> None:
    assert row("after", "other") == ["–", "–", "–", "not defined"]
    assert row("after", "before", control=("after", "other"))[2] == "–"


def test_value_added_outside_follows_from_profits() -> None:
    # Tier 0 earns 30 of 50 on 60 of 200 of value added.
    of_all, of_own = 50 / 200, 30 / 60
    name = "finance.profit_per_value_added"
    metrics = {name: of_all, f"{name}.tier.0": of_own, "finance.profit_share.tier.0": 30 / 50}
    assert READINGS["share of value added outside tier 0"](Seen(metrics, {})) == pytest.approx(140 / 200)


@pytest.mark.parametrize(("early", "final", "persists"), [(60, 70, 1.0), (60, 40, 0.0), (50, 70, 0.5)])
def test_a_leader_persists_where_it_led_early(early: float, final: float, persists: float) -> None:
    rows = [(728, "a", early), (728, "b", 100 - early), (3640, "a", final), (3640, "b", 100 - final)]
    plants = pl.DataFrame(rows, ["day", "cluster", "capacity"], orient="row").with_columns(open=pl.lit(1))
    assert READINGS["the early leader leads"](Seen({}, {"plants": plants})) == persists


def test_the_page_has_every_claim_its_command_and_its_statements() -> None:
    text = claims.PAGE.read_text(encoding="utf-8")
    for claim in CLAIMS:
        short = claim.file.partition("-")[0]
        assert f"## {claim.number}: " in text
        assert f"\ngpnde batch studies/claims/{claim.file}.yaml --out {short} && gpnde compare {short}\n" in text
    rows = cells(page.table_of(claims.PAGE))[2:]
    assert [row[:2] for row in rows] == [[claim.number, each.text] for claim in CLAIMS for each in claim.statements]
