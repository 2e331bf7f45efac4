"""Stories of firms: a sentence for every event in the tables, in order, and none where nothing happened."""

from __future__ import annotations

import dataclasses
import datetime
import math
import re
from typing import Any

import polars as pl
import pytest

from gpnde.engine import simulate
from gpnde.errors import ResultsError
from gpnde.results.run import Run
from gpnde.results.stories import Story, common_bar, date_words, events_about, start_of, story_of, told
from gpnde.results.story_phrases import BUYS, INSIDE, SUPPLIES, Bar, Fact, phrase_of
from gpnde.results.tables import empty_table, make_table
from gpnde.scenario import load_scenario
from tests.hostile import ATTACKS


@pytest.fixture(scope="module")
def real() -> Run:
    """Return a run in which firms are dropped, fail, upgrade and stand still."""
    return simulate(load_scenario("small-open-economy", {"clock.days": 728}))


@pytest.fixture(scope="module")
def quiet() -> Run:
    return simulate("serial-chain")


def names(run: Run) -> list[str]:
    return [firm["name"] for firm in run.network["firms"]]


def with_events(run: Run, *rows: dict[str, Any]) -> Run:
    """Return the run with these events alone; the third firm supplies the second."""
    firms, sites = names(run), [site["name"] for site in run.network["sites"]]
    blank = {
        "day": 0.0, "kind": "", "cause": "", "firm": firms[2], "site": sites[2], "buyer": sites[1],
        "component": "engine", "value": math.nan,
    }  # fmt: skip
    whole = [blank | row for row in rows]
    columns = {name: [row[name] for row in whole] for name in blank}
    return dataclasses.replace(run, tables=run.tables | {"events": make_table("events", columns)})


def test_every_event_of_every_firm_has_one_sentence_in_order(real: Run) -> None:
    owner = {site["name"]: site["firm"] for site in real.network["sites"]}
    total = 0
    for firm in names(real):
        story = story_of(real, firm)
        events = {row for row, (one, buyer) in enumerate(real.events.select("firm", "buyer").iter_rows())
                  if firm in (one, owner.get(buyer))}  # fmt: skip
        upgrades = {row for row, one in enumerate(real.upgrades["firm"].to_list()) if one == firm}
        assert sorted(one.row for one in story if one.table == "events") == sorted(events)
        assert sorted(one.row for one in story if one.table == "upgrades") == sorted(upgrades)
        assert [one.day for one in story] == sorted(one.day for one in story)
        total += len(story)
    assert total >= real.events.height + real.upgrades.height > 50


def test_each_sentence_tells_day_and_kind_of_its_row(real: Run) -> None:
    for firm in names(real):
        for one in story_of(real, firm):
            row = real.tables[one.table].row(one.row, named=True)
            assert (one.day, one.kind) == (row["day"], row["kind"])
            assert one.date == start_of(real) + datetime.timedelta(days=int(one.day))
            assert date_words(one.date) in one.text and one.text.endswith(".")
            assert one.text[0].isupper() or firm in one.text or "-" in one.text.split()[0]


def test_nothing_is_said_where_nothing_happened(quiet: Run, real: Run) -> None:
    assert all(story_of(quiet, firm) == [] for firm in names(quiet))
    bare = {"events": empty_table("events"), "upgrades": empty_table("upgrades")}
    assert story_of(dataclasses.replace(real, tables=real.tables | bare), names(real)[0]) == []
    assert str(told(quiet, names(quiet)[0])).endswith("nothing out of the ordinary happened")


def test_a_run_without_tables_has_no_story(real: Run) -> None:
    assert story_of(dataclasses.replace(real, tables={}), names(real)[0]) == []


def test_a_firm_that_there_is_not_is_refused_with_the_nearest(real: Run) -> None:
    with pytest.raises(ResultsError, match="firm: 'affiliate-9': no such firm.*affiliate"):
        story_of(real, "affiliate-9")


def test_a_supplier_is_struck_off_in_the_words_of_the_scenario() -> None:
    chain = simulate(
        load_scenario("serial-chain", {"clock.start": "1993-01-01", "selection.threshold": 0.8, "selection.strikes": 2})
    )
    event = {"day": 72.0, "kind": "link_dropped", "cause": "score", "value": 0.71}
    run = with_events(chain, event)
    seller, buyer = names(run)[2], names(run)[1]
    assert [one.text for one in story_of(run, seller)] == [
        f"Struck off by {buyer} on 14 March 1993: score 0.71 below 0.80 twice."
    ]
    (other,) = story_of(run, buyer)
    assert other.text == f"Dismissed its supplier {seller} on 14 March 1993: score 0.71 below 0.80 twice."
    assert (other.tone, other.side) == ("neutral", "buys")
    assert story_of(run, names(run)[0]) == []


def test_the_bar_is_left_out_where_the_score_is_not_below_it(quiet: Run) -> None:
    run = with_events(quiet, {"kind": "link_dropped", "cause": "score", "value": 0.99})
    assert story_of(run, names(run)[2])[0].text.endswith(": score 0.99.")


def test_events_of_one_day_keep_the_order_of_their_table(quiet: Run) -> None:
    kinds = ["site_recovered", "site_failed", "bid_placed", "bid_awarded"]
    run = with_events(quiet, *[{"day": 9.0, "kind": kind} for kind in kinds])
    assert [one.kind for one in story_of(run, names(run)[2])] == kinds


def test_a_link_inside_a_firm_is_told_once_and_is_no_customer(quiet: Run) -> None:
    firm = names(quiet)[1]
    sites = [site["name"] for site in quiet.network["sites"]]
    run = with_events(quiet, {"kind": "link_ended", "cause": "contract-end", "firm": firm, "site": sites[1]})
    run = dataclasses.replace(run)
    (one,) = story_of(run, firm)
    assert (one.side, one.tone) == ("inside", "neutral") and "sister" in one.text


def test_a_kind_that_is_not_known_is_told_in_its_own_words(quiet: Run) -> None:
    run = with_events(quiet, {"kind": "licence_granted", "component": "policy.licences", "buyer": ""})
    assert story_of(run, names(run)[2])[0].text == "Licence granted (licences) on 1 January 2000."


@pytest.mark.parametrize("side, kinds", [("supplies", SUPPLIES), ("buys", BUYS), ("inside", INSIDE)])
@pytest.mark.parametrize("value", [math.nan, 0.4])
def test_every_kind_is_told_with_and_without_a_value(side: Any, kinds: dict[str, Any], value: float) -> None:
    for kind in kinds:
        for other in ("", "acer") if side != "inside" else ("acer",):
            what, why = phrase_of(kind, Fact("finance", "plant", other, "engine", value, Bar(0.5, 2)), side)
            said = f"{what} {why}"
            assert not re.search(r"\bnan\b", said) and "  " not in said.rstrip() and "{}" not in said, kind


def test_buyers_that_differ_have_no_common_bar(quiet: Run) -> None:
    assert common_bar(quiet) is not None
    firms = [
        firm | {"profile": "open-modular" if number else None} for number, firm in enumerate(quiet.scenario["firms"])
    ]
    assert common_bar(dataclasses.replace(quiet, scenario=quiet.scenario | {"firms": firms})) is None


def test_upgrades_tell_function_reason_and_contract(real: Run) -> None:
    row = {
        "day": 100.0, "firm": names(real)[0], "tier": 1, "kind": "downgrade", "function": "product_dev",
        "reason": "brand-failed", "capability": 0.5, "contract": "OEM",
    }  # fmt: skip
    table = make_table("upgrades", {name: [value] for name, value in row.items()})
    bare = {"events": empty_table("events"), "upgrades": table}
    (one,) = story_of(dataclasses.replace(real, tables=real.tables | bare), names(real)[0])
    assert one.text == "Lost product development on 10 April 2000: its brand did not pay, capability 0.50."
    assert one.tone == "bad"


def test_a_notebook_shows_all_sentences_and_names_stay_text(real: Run) -> None:
    firm = max(names(real), key=lambda name: events_about(real, name).height)
    story = told(real, firm)
    assert story._repr_html_().count("<tr>") == len(story.sentences) + 1
    harm = [story.sentences[0]._replace(text=attack) for attack in ATTACKS]
    shown = Story(ATTACKS[0], harm)._repr_html_()
    assert "<script" not in shown and "<img" not in shown and "<svg" not in shown


def test_sentences_can_be_made_a_table(real: Run) -> None:
    firm = max(names(real), key=lambda name: events_about(real, name).height)
    assert pl.DataFrame(story_of(real, firm))["text"].len() == len(story_of(real, firm))
