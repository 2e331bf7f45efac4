"""What the reference says of arguments and returned records is what a run hands out and takes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from gpnde.engine.capacity.sites import Sites
from gpnde.engine.simulate import open_run
from gpnde.errors import ComponentError
from gpnde.plugin import (
    Act,
    Clock,
    Component,
    Credit,
    Entrant,
    Policy,
    Process,
    Programme,
    View,
    hookimpl,
    interfaces,
    param,
)
from gpnde.plugin import knowledge as returned
from gpnde.plugin.marked import arguments_of
from gpnde.plugin.spec import DecisionHooks, hook_declared, hook_names
from gpnde.testing import isolated_plugins, tiny_network
from gpnde.vocabulary import FUNCTIONS
from gpnde.world.new_sites import NewSite
from tests.learners import begun, simulated, three_firms
from tools.odd.contract import GIVEN, RETURNED, fields, methods, undescribed
from tools.odd.hooks import hooks_page
from tools.odd.records import RECORDS

_OWN_NAMES = {Programme: "PolicyAccount"}
"""The engine's classes whose names are not that of the contract after ``Run``."""

KINDS = {"Floats": "f", "Integers": "i", "Flags": "b", "Records": "V", "npt.NDArray[np.str_]": "U"}
"""The kind of numpy's types that each declared type stands for."""

SINGLE: dict[str, type | tuple[type, ...]] = {
    "float": (float, int),
    "int": (int, np.integer),
    "bool": (bool, np.bool_),
    "str": str,
    "tuple[str, ...]": tuple,
}


def faults(owner: Any, thing: Any, view: View) -> list[str]:
    """Return which fields of a thing are not as the contract says; dimensions of its own have one length each."""
    known = {name: len(getattr(view, name)) for name in RECORDS}
    known |= {"functions": len(FUNCTIONS), "clusters": len(view.names.clusters)}
    found = []
    for name, field in fields(owner).items():
        value = getattr(thing, name)
        if field.type in KINDS:
            wanted = tuple(part.strip() for part in field.shape.strip("()").split(",") if part.strip())
            right = value.dtype.kind == KINDS[field.type] and value.ndim == len(wanted)
            right &= all(known.setdefault(w, size) == size for w, size in zip(wanted, value.shape, strict=False))
        else:
            right = isinstance(value, SINGLE.get(field.type, object)) and field.shape == "()"
        if not right:
            found.append(f"{owner.__name__}.{name}: {getattr(value, 'dtype', type(value))}{np.shape(value)}")
    return found


class Witness:
    """Keeps of which classes hooks got something, and what was not as the contract says."""

    def __init__(self) -> None:
        self.met: dict[str, int] = {}
        self.faults: list[str] = []

    def look(self, hook: str, given: dict[str, Any]) -> None:
        view = given.get("view") or (given["knowledge"].network if given.get("knowledge") else None)
        things = [*given.values(), *(given.get("happened") or ())[:1]]
        if view is None:
            return
        things += [view.names, view.places, view.lanes]
        if given.get("knowledge"):
            things += [given["knowledge"].firms, given["knowledge"].ties, given["knowledge"].peers]
        for thing in things:
            for owner in GIVEN:
                if type(thing) is owner or type(thing).__name__ in (f"Run{owner.__name__}", _OWN_NAMES.get(owner)):
                    self.note(owner, thing, hook, view)

    def note(self, owner: type, thing: Any, hook: str, view: View) -> None:
        """Check a thing once in each hook, and again when the network has grown."""
        if self.met.get(f"{owner.__name__} in {hook}") != len(view.sites):
            self.met[f"{owner.__name__} in {hook}"] = len(view.sites)
            self.faults += faults(owner, thing, view)


WITNESS = Witness()


def _filling(hook: str) -> Any:
    """Return a method that fills a hook, shows all that it gets to the witness, and changes nothing."""
    asked = ", ".join(arguments_of(hook_declared(hook)))
    wraps = hook in hook_names(DecisionHooks)
    source = f"def {hook}(self, {asked}):\n    look({hook!r}, {{k: v for k, v in locals().items() if k != 'self'}})\n"
    source += "    return (yield)\n" if wraps else "    return {}\n" if hook == "metrics" else "    return None\n"
    made: dict[str, Any] = {"look": WITNESS.look}
    exec(source, made)
    return hookimpl(wrapper=True)(made[hook]) if wraps else hookimpl(made[hook])


Everywhere: Any = type(
    "Everywhere",
    (Policy,),
    {"name": "policy.everywhere", "__module__": __name__, **{hook: _filling(hook) for hook in hook_names()}},
)


class Ending(Component):
    """Ends a link, so that its buyer asks for quotations."""

    name = "disruption.ending"

    @hookimpl
    def process(self, clock: Clock, act: Act) -> Process:
        yield clock.until(30)
        act.end_links(np.array([0]))


@pytest.fixture(scope="module")
def witness() -> Witness:
    """Return what was seen in a run of the tiny network, which grows by a site, by a policy that fills all hooks."""
    uses = [{"use": "policy.everywhere", "group": "all"}, {"use": "disruption.ending"}]
    with isolated_plugins(Everywhere, Ending):
        run = open_run(tiny_network(components=uses, **{"location.opens_sites": True}))
        run.advance(60)
        run.simulation.part(Sites).build([NewSite("annex", like=0, firm=0, cluster=0)])
        run.finish()
    return WITNESS


def test_nothing_lacks_a_shape_a_unit_or_a_meaning() -> None:
    assert list(undescribed()) == [], "describe it in tools/odd/contract.py or tools/odd/records.py"


def test_all_that_hooks_get_has_the_names_kinds_and_shapes_that_are_told(witness: Witness) -> None:
    assert witness.faults == []
    assert {each.partition(" in ")[0] for each in witness.met} == {owner.__name__ for owner in GIVEN}


def test_every_hook_gets_arguments_of_the_contract(witness: Witness) -> None:
    assert {each.partition(" in ")[2] for each in witness.met} == set(hook_names())


HANDED = {"view": interfaces.View, "act": interfaces.Act, "streams": interfaces.Streams, "programme": Programme}


@pytest.mark.parametrize("name", HANDED)
def test_what_a_run_hands_out_can_do_all_that_is_told(name: str) -> None:
    simulation = begun(three_firms(), Ending())
    thing = simulation.hooks.given("disruption.ending", [name])[name]
    assert [each for each in methods(HANDED[name]) if not callable(getattr(thing, each, None))] == []


def test_memory_is_a_dictionary_that_is_empty_at_the_start() -> None:
    assert begun(three_firms(), Ending()).hooks.given("disruption.ending", ["memory"]) == {"memory": {}}


class Answering(Component):
    """Returns a record at a hook."""

    name = "test.answering"

    hook: str = param("", doc="Hook.")
    record: Any = param(None, unit="1", doc="Answer.")

    @hookimpl
    def knowledge_transfer(self) -> Any:
        return self.record if self.hook == "knowledge_transfer" else None

    @hookimpl
    def knowledge_creation(self) -> Any:
        return self.record if self.hook == "knowledge_creation" else None

    @hookimpl
    def transfer_rate(self) -> Any:
        return self.record if self.hook == "transfer_rate" else None

    @hookimpl
    def forgetting(self) -> Any:
        return self.record if self.hook == "forgetting" else None

    @hookimpl
    def entrants(self) -> Any:
        return [self.record] if self.hook == "entrants" else None

    @hookimpl
    def credit_terms(self) -> Any:
        return self.record if self.hook == "credit_terms" else None


GOOD: dict[str, Any] = {
    "knowledge_transfer": returned.Transfer(
        np.array([1, 2]), np.zeros(2), np.zeros(2), "formal", levels=np.zeros((2, 2, len(FUNCTIONS)))
    ),
    "knowledge_creation": returned.Creation(np.zeros((4, 8)), np.zeros((4, 8))),
    "transfer_rate": returned.Factors(1.0, 1.0),
    "forgetting": returned.Forgetting(0.0, 0.0),
    "entrants": Entrant(3, np.zeros(8)),
    "credit_terms": Credit(),
}
LENGTHS = {"firms": 4, "functions": len(FUNCTIONS), "n": 2, "2": 2}
ARRAYS = [
    (hook, name, shape)
    for hook, record in GOOD.items()
    for name, field in fields(type(record)).items()
    if field.shape != "()" and name != "teacher"
    for shape in field.shape.split(" or ")
]


def answered(hook: str, record: Any) -> None:
    given = three_firms().model_dump()
    waiting = {"name": "founders", "tier": 2, "enters": "endogenously"}
    garage = {"name": "garage", "firm": "founders", "product": "part", "cluster": "park"}
    scenario = three_firms(firms=[*given["firms"], waiting], sites=[*given["sites"], garage], clock={"days": 30})
    simulated(scenario, Answering(hook=hook, record=record))


@pytest.mark.parametrize(("hook", "name", "shape"), ARRAYS)
def test_returned_arrays_of_every_shape_that_is_told_are_taken(hook: str, name: str, shape: str) -> None:
    sizes = tuple(LENGTHS[part.strip()] for part in shape.strip("()").split(",") if part.strip())
    value = np.array([1, 2]) if name == "learner" else np.zeros(sizes)
    assert value.shape == sizes
    answered(hook, GOOD[hook]._replace(**{name: value}))


@pytest.mark.parametrize(("hook", "name"), sorted({(hook, name) for hook, name, _ in ARRAYS}))
def test_returned_arrays_of_another_shape_are_refused(hook: str, name: str) -> None:
    value = np.zeros((3, 1), np.int64) if name == "learner" else np.zeros((5, 7))
    with pytest.raises(ComponentError, match="must have shape|must be a row|could not|broadcast"):
        answered(hook, GOOD[hook]._replace(**{name: value}))


def test_returned_records_are_all_in_the_contract() -> None:
    assert {type(record) for record in GOOD.values()} == set(RETURNED)


def test_page_holds_every_field_and_every_method() -> None:
    page = hooks_page()
    for owner in (*GIVEN, *RETURNED):
        part = page.partition(f"\n### `{owner.__name__}`\n")[2].partition("\n### ")[0]
        assert [name for name in fields(owner) if f"| `{name}` |" not in part] == []
        assert [name for name in methods(owner) if f"- `{name}(" not in part] == []
    for name, (layout, _) in RECORDS.items():
        part = page.partition(f"Records of `view.{name}`")[2].partition("####")[0]
        assert [field for field in layout.names or () if f"| `{field}` |" not in part] == []
