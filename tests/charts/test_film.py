"""The film of a run: nothing is lost on the way from its frames, and everything has a place."""

from __future__ import annotations

import dataclasses
import json

import numpy as np
import pytest

from gpnde.charts.film import LAYOUTS, Film, film_of
from gpnde.charts.layout import MOST_LINKS
from gpnde.charts.theme import DARK
from gpnde.results.frames import frames_of
from gpnde.results.run import Run


def table(film: Film, name: str, columns: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return film.columns[name].reshape(-1, columns)


@pytest.mark.parametrize("which", ["run", "big_run", "full_run"])
def test_goods_of_all_edges_are_those_of_all_links(which: str, request: pytest.FixtureRequest) -> None:
    run: Run = request.getfixturevalue(which)
    film, frames = film_of(run), frames_of(run)
    by_period = table(film, "goods", len(film.words["edges"])).sum(axis=1)
    assert len(frames.links) <= MOST_LINKS or film.words["left_out"] > 0
    assert by_period == pytest.approx(frames.goods.sum(axis=1), rel=1e-4)
    known = film.columns["taught"].sum() + film.columns["reported"].sum()
    assert known == pytest.approx(frames.to_supplier.sum() + frames.to_buyer.sum(), rel=1e-4)


@pytest.mark.parametrize("which", ["run", "big_run", "full_run"])
def test_every_node_has_a_place_and_every_column_its_shape(which: str, request: pytest.FixtureRequest) -> None:
    film = film_of(request.getfixturevalue(which))
    nodes, edges, periods = len(film.words["nodes"]), len(film.words["edges"]), len(film.columns["ends"])
    tier = table(film, "tier", 2)
    assert tier.shape == (nodes, 2) and (tier >= 0).all() and (tier <= 1).all()
    assert len({tuple(place) for place in tier.tolist()}) == nodes
    for name, width in (("goods", edges), ("taught", edges), ("reported", edges), ("states", nodes), ("levels", nodes)):
        assert film.columns[name].shape == (periods * width,), name
    assert film.columns["pairs"].max() < nodes
    assert all(column.dtype == np.float32 for column in film.columns.values())


def test_big_networks_are_played_in_groups(big_run: Run) -> None:
    film = film_of(big_run)
    assert film.words["grouped"] and len(film.words["nodes"]) < 100
    assert sum(node["sites"] for node in film.words["nodes"]) == len(big_run.network["sites"])


def test_the_map_is_there_where_clusters_have_places(run: Run, full_run: Run) -> None:
    assert "map" not in film_of(run).words["layouts"]
    film = film_of(full_run)
    assert film.words["layouts"] == list(LAYOUTS)
    places = table(film, "map", 2)
    known = places[~np.isnan(places[:, 0])]
    assert len(known) and len({tuple(place) for place in known.tolist()}) == len(known)
    assert film.columns["rings"].sum() * 2 == len(film.columns["land"])


def test_the_ladder_is_there_where_firms_know_something(run: Run) -> None:
    without = {name: table.clear() for name, table in run.tables.items() if name in ("knowledge", "learners")}
    assert "ladder" in film_of(run).words["layouts"]
    assert film_of(dataclasses.replace(run, tables=run.tables | without)).words["layouts"] == ["tier"]


def test_words_are_plain_data_and_all_colours_have_a_dark_twin(full_run: Run) -> None:
    words = film_of(full_run).words
    assert json.loads(json.dumps(words)) == words
    colours = [words["colours"][name] for name in words["colours"] if name != "rungs"]
    assert {*colours, *words["colours"]["rungs"], *(one["colour"] for one in words["roles"])} <= set(DARK)
