"""A scenario in which everything that can be named has a hostile name."""

from __future__ import annotations

from itertools import cycle
from typing import Any

from gpnde.scenario import load_scenario
from gpnde.scenario.as_data import as_data
from gpnde.scenario.schema import Scenario

TITLE = "PWNED"
"""What the title of a page becomes where an attack succeeds."""

ATTACKS = (
    "</script><script>document.title='PWNED'</script>",
    "<img src=x onerror=\"document.title='PWNED'\">",
    "'\"];document.title='PWNED';//{{document.title='PWNED'}}${document.title='PWNED'}",
    "<svg onload=document.title='PWNED'><a href=\"javascript:document.title='PWNED'\">",
    '=HYPERLINK("x")[0].a\\\'',
)
_NAMED = ("products", "countries", "regions", "clusters", "firms", "sites", "markets")


def hostile_scenario() -> Scenario:
    """Return a small open economy whose firms, sites, clusters, products and markets attack, as do its words."""
    contents = as_data(load_scenario("small-open-economy", {"clock.days": 91}))
    attacks = cycle(ATTACKS)
    names = {name: f"{name}{next(attacks)}" for table in _NAMED for name in _names(contents.get(table))}
    renamed = _renamed(contents, names)
    return Scenario.model_validate({**renamed, "title": ATTACKS[0], "description": ATTACKS[1]})


def _names(table: Any) -> list[str]:
    return list(table) if isinstance(table, dict) else [row["name"] for row in table or ()]


def _renamed(part: Any, names: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {names.get(key, key): _renamed(value, names) for key, value in part.items()}
    if isinstance(part, list | tuple):
        return [_renamed(value, names) for value in part]
    return names.get(part, part) if isinstance(part, str) else part
