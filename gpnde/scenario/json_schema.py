"""The JSON Schema of a scenario file, for editors that check and complete what the user types."""

from __future__ import annotations

from typing import Any, get_args

from gpnde.numerics.laws.catalogue import LAWS
from gpnde.numerics.laws.record import LawParameter, LawType
from gpnde.scenario.law import AtEnd, Gaps
from gpnde.scenario.model import LARGEST
from gpnde.scenario.schema import Scenario
from gpnde.scenario.tables import TABLES

_NUMBER = {"type": "number", "maximum": LARGEST}


def scenario_schema() -> dict[str, Any]:
    """Return the JSON Schema of scenario.yaml; descriptions name the unit of each number.

    It is wider than `Scenario` where files are: tables may be lists, mappings from names to fields or CSV files, and
    laws may be numbers, texts or columns of a CSV file.

    >>> scenario_schema()["properties"]["clock"]["$ref"]
    '#/$defs/Clock'
    """
    schema = Scenario.model_json_schema()
    definitions = schema["$defs"]
    definitions["Law"] = _law_schema(definitions["Law"])
    for table, block in TABLES.items():
        if "name" in block.model_fields:
            definitions[f"{block.__name__}Fields"] = _without_name(definitions[block.__name__])
        schema["properties"][table] = _table_schema(schema["properties"][table], block.__name__, definitions)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _law_schema(law: dict[str, Any]) -> dict[str, Any]:
    column = {
        "type": "object",
        "description": "The numbers in a column of a CSV file beside the YAML.",
        "properties": {
            "law": {"enum": ["empirical", "series"]},
            "file": {"type": "string"},
            "column": {"type": "string"},
            "where": {"type": "object", "description": "Other columns that must hold these texts."},
            "dates": {"type": "string", "description": "Series: the column of dates; 'none' takes rows as they come."},
            "step_days": {**_NUMBER, "exclusiveMinimum": 0, "description": "Series: time from row to row (days)."},
            "gaps": {"enum": list(get_args(Gaps)), "description": "Series: what is put where there is no number."},
            "at_end": {"enum": list(get_args(AtEnd)), "description": "Series: what follows the last value."},
        },
        "required": ["law", "file", "column"],
        "additionalProperties": False,
    }
    text = {"type": "string", "description": "The short form, such as gamma(mean=10, cv=0.3)."}
    own = [form_of_law(each) for each in LAWS if LAWS.is_own(each.name)]
    forms = [{**_NUMBER, "minimum": -LARGEST}, text, *own, column]
    return {"title": law["title"], "description": law["description"], "anyOf": forms}


_OPTIONS: dict[str, dict[str, Any]] = {
    "truncated": {"type": "boolean", "description": "Whether draws below 0 count as 0."},
    "at_end": {"enum": list(get_args(AtEnd)), "description": "What follows the last value."},
}
_BOUNDS = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}


def form_of_law(law: LawType) -> dict[str, Any]:
    """Return the schema of a law that is given as a mapping, with the parameters that define it.

    >>> form_of_law(LAWS.get("uniform"))["anyOf"]
    [{'required': ['law', 'low', 'high']}]
    """
    # A mapping that names no law is a fixed one.
    word = [] if law.name == "fixed" else ["law"]
    return {
        "title": law.name,
        "type": "object",
        "description": law.doc,
        "properties": {
            "law": {"const": law.name},
            **{each.name: _parameter(each) for each in law.parameters},
            **{name: _OPTIONS[name] for name in law.options},
            **({"origin": {"$ref": "#/$defs/Column"}} if law.name in ("empirical", "series") else {}),
        },
        "anyOf": [{"required": [*word, *names]} for names in law.sets],
        "additionalProperties": False,
    }


def _parameter(parameter: LawParameter) -> dict[str, Any]:
    bounds = {_BOUNDS[kind]: bound for kind, bound in parameter.bounds().items()}
    least = {} if {"minimum", "exclusiveMinimum"} & bounds.keys() else {"minimum": -LARGEST}
    most = {} if "exclusiveMaximum" in bounds else _NUMBER
    number = {"type": "number", **most, **least, **bounds}
    if parameter.is_list:
        return {"type": "array", "items": number, "minItems": 1, "description": parameter.doc}
    return {**number, "description": parameter.doc}


def _without_name(row: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of a row whose name is the key that it stands under."""
    return {**row, "title": f"{row['title']}Fields", "required": [name for name in row["required"] if name != "name"]}


def _table_schema(rows: dict[str, Any], block: str, definitions: dict[str, Any]) -> dict[str, Any]:
    forms = [
        {"type": "string", "pattern": "\\.[cC][sS][vV]$", "description": "A CSV file beside the YAML."},
        {key: value for key, value in rows.items() if key not in ("title", "default")},
    ]
    if f"{block}Fields" in definitions:
        fields = {"anyOf": [{"$ref": f"#/$defs/{block}Fields"}, {"type": "null"}]}
        forms.append({"type": "object", "additionalProperties": fields})
    return {"title": rows["title"], "anyOf": forms}
