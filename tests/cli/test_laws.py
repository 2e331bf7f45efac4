"""`gpnde laws`: the register of probability laws."""

from __future__ import annotations

import json
from collections.abc import Callable

from click.testing import Result

from gpnde.numerics.laws.catalogue import LAWS

Gpnde = Callable[..., Result]


def test_every_law_is_listed_with_parameters_and_source(gpnde: Gpnde) -> None:
    rows = json.loads(gpnde("laws", "--json").stdout)["laws"]
    assert [row["name"] for row in rows] == list(LAWS.names())
    assert all(row[key] for row in rows for key in ("doc", "source", "sets", "parameters", "owner"))
    assert "median, sigma or mean, cv" in gpnde("laws").stdout


def test_law_that_is_named_is_told_alone_with_its_bounds(gpnde: Gpnde) -> None:
    (row,) = json.loads(gpnde("laws", "weibull", "--json").stdout)["laws"]
    assert row["parameters"][1] | {"doc": ""} == {
        "name": "shape",
        "doc": "",
        "is_list": False,
        "ge": 0.02,
        "le": 1000,
    }


def test_unknown_law_is_one_line_with_the_nearest(gpnde: Gpnde) -> None:
    done = gpnde("laws", "gama")
    assert (done.exit_code, done.stderr) == (2, "gpnde laws: unknown law 'gama'; did you mean 'gamma'?\n")
