"""What hooks get and return, field by field: types from the code, meanings from its docstrings, shapes and units."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from gpnde.plugin import flow, interfaces, knowledge, policy
from gpnde.world.names import Names
from gpnde.world.places import Places
from tools.odd.markdown import code, section, table
from tools.odd.records import RECORDS, variables
from tools.odd.sources import attribute_docs, first_line

_ANY_CLASS = Any
"""A class, which may be a protocol."""

GIVEN: Mapping[_ANY_CLASS, str] = {
    interfaces.View: """
        sites | (sites,) | see below
        inputs | (inputs,) | see below
        lines | (lines,) | see below
        markets | (markets,) | see below
        firms | (firms,) | see below
        day days | () | day
        names places scenario | () |
        site_country site_region site_function site_cell | (sites,) | 1
        market_country market_region | (markets,) | 1
        cluster_country | (clusters,) | 1
        region_names country_names line_names | () |
        firm_country_names firm_cluster_names | (firms,) |
        line_supplier line_buyer | (lines,) | 1
        lanes | () |
        site_staff site_vacancies | (sites,) | persons
        tariff scores | (lines,) | 1
    """,
    interfaces.Act: "",
    policy.Programme: """
        is_on | () | 1
        reach meant | (firms,) | 1
        reached | (n,) | 1
        left cost revenue | () | money
    """,
    interfaces.Clock: """
        now tick_days days | () | day
        start | () |
    """,
    interfaces.Streams: "",
    Names: "sites firms products clusters markets | () |",
    Places: """
        cluster country | (firms,) | 1
        countries | () |
        distance_km | (clusters, clusters) | km
        clock_hours | (clusters,) | hour
    """,
    knowledge.KnowledgeView: """
        day days | () | day
        codified tacit waiting_codified waiting_tacit capability active practice | (firms, functions) | 1
        mean_capability level effort absorptive_capacity | (firms,) | 1
        firms ties peers places network | () |
    """,
    knowledge.FirmFacts: """
        present tier is_flagship is_higher_tier cluster country | (firms,) | 1
        owner equity_share owner_access support frontier | (firms,) | 1
        output uncertainty complexity | (firms,) | 1
        revenue | (firms,) | money/day
    """,
    knowledge.Ties: """
        teacher learner trust access contract information volume | (ties,) | 1
        distance_km | (ties,) | km
        age_days life_cycle_days | (ties,) | day
    """,
    knowledge.Peers: "first second strength | (pairs,) | 1",
    flow.Event: """
        day | () | day
        kind cause component | () |
        firm site buyer value | () | 1
    """,
    flow.Request: """
        buyer product share | () | 1
        bidders scores eligible | (n,) | 1
        prices | (n,) | money/unit
        hours | (n,) | hour
    """,
    flow.Sharing: """
        buyer product | () | 1
        lines suppliers in_force scores | (n,) | 1
    """,
    flow.Review: """
        sites | (n,) | 1
        days | (n,) | day
        demanded position level | (n,) | unit
        demand_per_day | (n,) | unit/day
    """,
    flow.Lanes: """
        supplier buyer product origin destination market origin_region destination_region | (lanes,) | 1
        is_import is_export | (lanes,) | 1
    """,
    flow.PolicyFacts: """
        label name | () |
        start_day | () | day
        cost | () | money
    """,
}
"""Shapes and units of what hooks get: names of fields, shape, unit. () is a single value."""

RETURNED: Mapping[type, str] = {
    knowledge.Transfer: """
        learner teacher | (n,) | 1
        codified tacit | (n,) or (n, functions) | 1/day
        levels | (2, n, functions) | 1
        channel by_buyer | () |
    """,
    knowledge.Creation: "codified tacit | (firms, functions) | 1",
    knowledge.Factors: """
        codified tacit | () or (functions,) or (firms, functions) | 1
        of | () |
    """,
    knowledge.Forgetting: "codified tacit | () or (functions,) or (firms, functions) | 1/day",
    knowledge.Entrant: """
        firm parent | () | 1
        tacit | (functions,) | 1
    """,
    flow.Credit: """
        factor | () or (firms,) | 1
        extra | () or (firms,) | money
        rate | () or (firms,) | 1/year
    """,
}
"""Shapes and units of the records that hooks return; plain arrays are described at their hooks."""

_TYPES = {
    "Floats": "numbers",
    "Integers": "whole numbers",
    "Flags": "true or false",
    "Records": "records",
    "npt.NDArray[np.str_]": "texts",
    "float": "number",
    "int": "whole number",
    "bool": "true or false",
    "str": "text",
    "tuple[str, ...]": "texts",
}


class Field(NamedTuple):
    """A field of what hooks get or return."""

    type: str
    """As the code declares it."""
    shape: str
    unit: str
    meaning: str


def fields(owner: _ANY_CLASS) -> dict[str, Field]:
    """Return the fields of a class of the contract, in the order of the code."""
    said = _said({**GIVEN, **RETURNED}[owner])
    return {name: Field(kind, *said.get(name, ("", "")), meaning) for name, (kind, meaning) in _declared(owner).items()}


def _said(text: str) -> dict[str, tuple[str, str]]:
    """Return shape and unit by name."""
    rows = [[part.strip() for part in line.split("|")] for line in text.strip().splitlines()]
    return {name: (shape, unit) for names, shape, unit in rows for name in names.split()}


def _declared(owner: _ANY_CLASS) -> dict[str, tuple[str, str]]:
    """Return the type and the meaning of every field of a class that is not private, and of its properties."""
    docs = attribute_docs(owner)
    annotated = {name: kind for name, kind in inspect.get_annotations(owner).items() if not name.startswith("_")}
    found = {name: (_written(kind), docs.get(name, "")) for name, kind in annotated.items()}
    for name, value in vars(owner).items():
        if isinstance(value, property) and value.fget:
            found[name] = str(inspect.get_annotations(value.fget)["return"]), first_line(value)
    return found


def _written(kind: Any) -> str:
    """Return a type as the code declares it; named tuples keep it in a reference."""
    return str(getattr(kind, "__forward_arg__", kind))


def methods(owner: _ANY_CLASS) -> dict[str, Any]:
    """Return the public methods of a class of the contract."""
    return {name: value for name, value in vars(owner).items() if inspect.isfunction(value) and name[0] != "_"}


def contract_in_markdown() -> str:
    """Return the tables of all that hooks get and return."""
    given = [_described(owner) for owner in GIVEN]
    records = [section(4, f"Records of `view.{name}`", _records(name)) for name in RECORDS]
    returned = [_described(owner) for owner in RETURNED]
    memory = section(3, "`memory`", "A dictionary, empty at the start of a run, which the component alone sees.")
    return "\n\n".join(
        [
            section(2, "What hooks get", _SHAPES, given[0], *records, *given[1:3], memory, *given[3:]),
            section(2, "What hooks return", _ARRAYS, *returned),
        ]
    )


_SHAPES = """\
Arrays are for reading. A shape names what it counts: `(firms,)` has one entry per firm in the order of `view.firms`,
`(firms, functions)` one row per firm and one column per function; `()` is a single value, `n` what the hook is about.
Units: 1 is a pure number, a share, a flag or the number of a thing (its position among such things, -1 for none)."""

_ARRAYS = """\
Plain arrays and numbers are described at their hooks: what is broadcast to a shape may be given as one number, too.
What is not finite, of another shape or out of bounds ends the run in one line that names component, hook and day."""


def _described(owner: _ANY_CLASS) -> str:
    rows = [
        (code(name), _TYPES.get(each.type, code(each.type)), code(each.shape), each.unit, each.meaning)
        for name, each in fields(owner).items()
    ]
    listed = "\n".join(_method(name, method) for name, method in methods(owner).items())
    about = _plain(" ".join((inspect.getdoc(owner) or "").split()))
    title = f"`{owner.__name__}`"
    return section(3, title, about, table(("Field", "Type", "Shape", "Unit", "Meaning"), rows), listed)


def _method(name: str, method: Any) -> str:
    signature = str(inspect.signature(method)).replace("(self, ", "(", 1).replace("(self)", "()", 1)
    plain = re.sub(r"""(: |-> )(['"])(.*?)\2(?=[,)=]| =|$)""", r"\1\3", signature)
    return f"- `{name}{plain}`: {_plain(' '.join((inspect.getdoc(method) or '').split()))}"


def _plain(text: str) -> str:
    return text.replace("``", "`")


def _records(name: str) -> str:
    layout, text = RECORDS[name]
    said = variables(text)
    rows = [(code(field), _kind(layout[field].kind), *said.get(field, ("", ""))) for field in layout.names or ()]
    return table(("Field", "Type", "Unit", "Meaning"), rows)


def _kind(kind: str) -> str:
    """Return the type of a field of records in words.

    >>> _kind("f"), _kind("i")
    ('number', 'whole number')
    """
    return "number" if kind == "f" else "whole number"


def undescribed() -> Iterator[str]:
    """Yield every field that lacks its shape, unit or meaning, and every description of a field that there is not."""
    for owner in (*GIVEN, *RETURNED):
        said = _said({**GIVEN, **RETURNED}[owner])
        yield from (f"{owner.__name__}.{name}" for name in sorted(said.keys() ^ _declared(owner).keys()))
        yield from (f"{owner.__name__}.{name}" for name, each in fields(owner).items() if not each.meaning)
    for name, (layout, text) in RECORDS.items():
        yield from (f"{name}.{field}" for field in sorted(variables(text).keys() ^ set(layout.names or ())))
