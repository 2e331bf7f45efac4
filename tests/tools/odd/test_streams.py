from __future__ import annotations

import ast

from gpnde.world.layout import PURPOSES
from tools.odd.sources import sources
from tools.odd.streams import Stream, asked_for, streams

_TAKE_ANY = ("gpnde.engine.context", "gpnde.engine.hooks.views")
"""Modules that make streams of whatever purpose they are given."""


def test_every_call_for_a_stream_is_read() -> None:
    """Only the engine's side of the interface for components names no purpose of its own."""
    for room in ("gpnde.engine", "gpnde_diffusion", "gpnde_disruptions", "gpnde_policies"):
        for source in sources(room):
            asks = any(
                isinstance(node, ast.ImportFrom | ast.Attribute) and _names_a_stream(node)
                for node in ast.walk(source.tree)
            )
            assert bool(list(asked_for(source.tree))) == asks or source.name in _TAKE_ANY, source.name


def _names_a_stream(node: ast.ImportFrom | ast.Attribute) -> bool:
    if isinstance(node, ast.ImportFrom):
        return (
            node.module == "gpnde.numerics.draws"
            and {"stream_key", "generator"} & {each.name for each in node.names} != set()
        )
    return node.attr in ("stream", "generator", "uniforms", "normals", "draws")


def test_a_purpose_that_is_an_argument_is_what_callers_give() -> None:
    drawn = {stream.purpose for stream in streams() if stream.module == "engine.knowledge.upgrading"}
    assert drawn == {"award", "brand"}


def test_streams_of_the_flow_are_those_of_its_layout() -> None:
    assert {stream.purpose for stream in streams() if stream.owner == "engine"} == set(PURPOSES)


def test_components_draw_from_streams_of_their_own() -> None:
    assert Stream("the component", "far end", "gpnde_diffusion.peer_network") in streams()
