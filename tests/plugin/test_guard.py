"""Whatever a plugin does wrong inside a run ends in one line that names it, its distribution, the hook and the day."""

from __future__ import annotations

import pickle
import queue
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

import gpnde
from gpnde.errors import ComponentError, HookInterrupted, Origin, Owner
from gpnde.plugin.guard import Guard
from gpnde.plugin.host import forget_plugins
from gpnde.plugin.lookout import LOOKOUT, VARIABLE, Call
from gpnde.results.run import Run
from tests.learners import three_firms

Install = Callable[..., None]
Try = Callable[[str], str]

OWNER = "plugin 'tried' (gpnde-tried 2.1)"

_PLUGIN = """
import random, sys, time, itertools
import numpy as np
import gpnde
from gpnde import Creation, Entrant, Factors, Forgetting, Transfer

class Tried(gpnde.Policy):
    name = "test.tried"

    @hookimpl
{hook}

class Good(Component):
    name = "test.good"

    @hookimpl
    def process(self, clock, view, act, streams):
        while True:
            yield clock.wait(7)
            act.disrupt_sites(view.site_numbers(), streams.generator("days").random())

    @hookimpl
    def effort_cost(self, knowledge, memory):
        memory["steps"] = memory.get("steps", 0) + 1
        return np.full(len(knowledge.effort), 1 + 1 / memory["steps"])

@hookimpl
def gpnde_components():
    return [Tried, Good]
"""


def simulated(*names: str, days: int = 500, seed: int = 1) -> Run:
    """Run three firms with components of these names."""
    scenario = three_firms(clock={"days": days}, components=[{"use": name} for name in names])
    return gpnde.simulate(scenario, seed=seed)


@pytest.fixture
def put(install: Install) -> Iterator[Callable[[str], None]]:
    """Return what installs a plugin whose component has the hook given by its source."""

    def install_it(hook: str) -> None:
        body = textwrap.indent(textwrap.dedent(hook).strip(), "    ")
        install("tried", _PLUGIN.format(hook=body), version="2.1")
        forget_plugins()

    yield install_it
    forget_plugins()


@pytest.fixture
def refusal(put: Callable[[str], None]) -> Try:
    """Return what runs a component with the hook given by its source, and returns the one line that comes of it."""

    def try_it(hook: str) -> str:
        put(hook)
        with pytest.raises(ComponentError) as caught:
            simulated("test.tried")
        error, text = caught.value, str(caught.value)
        assert "\n" not in text
        assert (error.component, error.distribution, error.version) == ("test.tried", "gpnde-tried", "2.1")
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), str(again), vars(again)) == (type(error), text, vars(error))
        return text

    return try_it


def process(*lines: str) -> str:
    """Return the source of a process that does something on day 412."""
    head = ["def process(self, clock, view, act, streams):", "    yield clock.until(412)"]
    return "\n".join([*head, *(f"    {line}" for line in lines)])


PROCESSES = {
    "exception": (["raise KeyError('F7')"], "KeyError: 'F7'"),
    "exception without words": (["assert clock.now < 412"], "AssertionError"),
    "exception of several lines": (["raise ValueError('two\\n  lines')"], "ValueError: two lines"),
    "exit": (["sys.exit(3)"], "SystemExit: 3"),
    "write into a view": (["view.sites['on_hand'][0] = 1"], "writes into what it may only read: copy it first"),
    "sums into a view": (["view.lines['share'] *= 2"], "writes into what it may only read: copy it first"),
    "order of a view": (["view.sites.sort()"], "writes into what it may only read: copy it first"),
    "same instant for ever": (["while True:", "    yield clock.wait(0)"], "came back 100000 times at this instant"),
    "shrinking waits": (["while True:", "    yield clock.wait(1e-12)"], "came back 100000 times at this instant"),
    "event of the past": (["past = clock.wait(0)", "while True:", "    yield past"], "came back 100000 times"),
    "no event": (["yield 3"], "yields 3: must be an event of the clock, such as clock.wait(1)"),
    "nothing": (["yield"], "yields None: must be an event of the clock"),
    "wait for no time": (["yield clock.wait(float('nan'))"], "ValueError: cannot convert float NaN to integer"),
}
"""What a process does on day 412, and a part of what is said of it."""


@pytest.mark.parametrize("fault", PROCESSES)
def test_fault_of_a_process_names_plugin_distribution_version_hook_and_day(fault: str, refusal: Try) -> None:
    lines, complaint = PROCESSES[fault]
    assert refusal(process(*lines)).startswith(f"test.tried of {OWNER} failed in process on day 412: {complaint}")


HOOKS = {
    "exception": ("def effort_cost(self, knowledge):\n    return 1 / 0", "ZeroDivisionError: division by zero"),
    "exception between answers": (
        "def knowledge_transfer(self):\n    raise KeyError('gone')\n    yield",
        "KeyError: 'gone'",
    ),
    "nan": ("def effort_cost(self, knowledge):\n    return np.nan", "factor nan: must be finite and at least 0"),
    "one nan": (
        "def absorptive_capacity(self, knowledge):\n    return np.where(np.arange(3)[:, None] == 1, np.nan, 1.0)",
        "factor nan: must be finite and at least 0",
    ),
    "infinite": ("def absorptive_support(self):\n    return [0, 0, np.inf]", "support inf: must be finite"),
    "nan in creation": (
        "def knowledge_creation(self):\n    return Creation(np.nan, 0.0)",
        "codified nan: must be finite",
    ),
    "nan in forgetting": ("def forgetting(self):\n    return Forgetting(0.0, np.nan)", "tacit nan: must be finite"),
    "nan in a factor": ("def transfer_rate(self):\n    return Factors(1.0, np.nan)", "tacit nan: must be finite"),
    "nan in a transfer": (
        "def knowledge_transfer(self):\n    one = np.array([1])\n"
        "    return Transfer(one, np.array([np.nan]), np.zeros(1), 'formal', teacher=one)",
        "codified nan: must be finite",
    ),
    "nan in levels": (
        "def knowledge_transfer(self):\n"
        "    return Transfer(np.array([1]), np.zeros(1), np.zeros(1), 'formal', levels=np.nan)",
        "levels nan: must be finite",
    ),
    "nan as a firm": (
        "def knowledge_transfer(self):\n"
        "    return Transfer(np.array([np.nan]), np.zeros(1), np.zeros(1), 'formal', levels=0.0)",
        "learner of shape (1,) and type float64: must be a row of firm numbers",
    ),
    "ragged firms": (
        "def knowledge_transfer(self):\n"
        "    return Transfer([[1], [1, 2]], np.zeros(1), np.zeros(1), 'formal', levels=0.0)",
        "learner [[1], [1, 2]]: must be a row of firm numbers",
    ),
    "channel of no word": (
        "def knowledge_transfer(self):\n"
        "    return Transfer(np.array([1]), np.zeros(1), np.zeros(1), np.ones(2), levels=0.0)",
        "channel array([1., 1.]): must be formal or informal",
    ),
    "nan in an entrant": ("def entrants(self):\n    return [Entrant(np.nan, 0.0)]", "entrant of shape (1,)"),
    "complex": ("def effort_cost(self):\n    return 1j", "factor 1j: must be numbers"),
    "number in quotes": ("def effort_cost(self):\n    return '1.5'", "factor '1.5': must be numbers"),
    "shape": ("def effort_cost(self):\n    return np.ones(7)", "factor of shape (7,): must have shape (3,)"),
    "kind": ("def transfer_rate(self):\n    return 1.0", "gave 1.0: must be a gpnde.Factors"),
    "write": ("def effort_cost(self, knowledge):\n    knowledge.effort[0] = 1", "writes into what it may only read"),
    "new field": ("def effort_cost(self, knowledge):\n    knowledge.effort = 1", "writes into what it may only read"),
}
"""What a hook does, and a part of what is said of it on day 28."""


@pytest.mark.parametrize("fault", HOOKS)
def test_fault_of_a_hook_names_plugin_distribution_version_hook_and_day(fault: str, refusal: Try) -> None:
    source, complaint = HOOKS[fault]
    hook = source.partition("(")[0].removeprefix("def ")
    assert refusal(source).startswith(f"test.tried of {OWNER} failed in {hook} on day 28: {complaint}")


EARLY = {
    "nan": ("def lead_time(self):\n    return np.array([1, np.nan, 1])", "factor nan: must be finite and at least 0"),
    "shape": ("def capacity(self):\n    return np.ones(7)", "factor of shape (7,): must have shape (3,)"),
    "exception": ("def demand(self):\n    return 1 / 0", "ZeroDivisionError: division by zero"),
    "infinite": ("def tariff(self):\n    return np.inf", "duty inf: must be finite and at least 0"),
    "nan in terms": ("def credit_terms(self):\n    return gpnde.Credit(rate=np.nan)", "rate nan: must be finite"),
}
"""What a hook on the flow does, and a part of what is said of it before the run."""


@pytest.mark.parametrize("fault", EARLY)
def test_fault_of_a_hook_on_the_flow_names_day_zero(fault: str, refusal: Try) -> None:
    source, complaint = EARLY[fault]
    hook = source.partition("(")[0].removeprefix("def ")
    assert refusal(source) == f"test.tried of {OWNER} failed in {hook} on day 0: {complaint}"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("return view.firms['no such column']", "ValueError: no field of name no such column"),
        ("return np.full(3, np.nan)", "target nan: must be finite and at least 0"),
    ],
)
def test_fault_of_the_rule_of_a_policy_is_named(line: str, complaint: str, refusal: Try) -> None:
    # The component is a policy whose hook does nothing and whose rule is at fault.
    text = refusal(f"def metrics(self): ...\n\ndef targeted(self, view, knowledge):\n    {line}")
    assert text.startswith(f"test.tried of {OWNER} failed in targeted on day 0: {complaint}")


def test_answers_without_end_are_refused(refusal: Try, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gpnde.plugin.guard._MOST_ANSWERS", 50)
    text = refusal("def knowledge_transfer(self):\n    return itertools.count()")
    assert text.endswith("failed in knowledge_transfer on day 28: gave more than 50 answers: must end")


def test_process_that_is_no_generator_is_refused(refusal: Try) -> None:
    text = refusal("def process(self, clock):\n    return [1, 2]")
    assert text == f"test.tried of {OWNER} failed in process on day 0: gave [1, 2]: must be a generator or None"


@pytest.mark.parametrize(
    ("hook", "complaint"),
    [
        ("def process(self, world): ...", "test.tried.process(world): no argument 'world'; there are clock, view, act"),
        ("def proces(self, clock): ...", "test.tried.proces: no such hook; did you mean 'process'?"),
    ],
)
def test_hook_that_does_not_fit_is_refused_before_the_run(hook: str, complaint: str, refusal: Try) -> None:
    text = refusal(hook)
    assert text.startswith(complaint)
    assert text.endswith(f"({OWNER})")


@pytest.mark.parametrize(
    "hook",
    [
        "def process(self):\n    raise gpnde.GpndeError('share: 3: too much')",
        "def process(self, clock):\n    raise gpnde.GpndeError('share: 3: too much')\n    yield",
        "def process(self):\n    raise gpnde.GpndeError('test.tried: share: 3: too much')",
        "def process(self):\n    raise gpnde.GpndeError(where='test.tried', given='share: 3', expected='too much')",
        "def check_network(self):\n    raise gpnde.GpndeError('share: 3: too\\nmuch')",
    ],
)
def test_refusal_before_the_run_keeps_its_words(hook: str, refusal: Try) -> None:
    assert refusal(hook) == "test.tried: share: 3: too much"


def test_act_that_is_refused_in_the_run_names_component_and_day(refusal: Try) -> None:
    text = refusal(process("act.disrupt_sites(np.array([99]), 1)"))
    expected = "test.tried: site numbers [99]: must be whole numbers from 0 to 2 (in process on day 412; "
    assert text == f"{expected}{OWNER})"


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[queue.Queue[str]]:
    """Return what the lookout tells, in words; for plugins that wait until it has."""
    said: queue.Queue[str] = queue.Queue()
    monkeypatch.setenv(VARIABLE, "0.2")
    NAMED.clear()

    def note(call: Call) -> None:
        said.put(str(call))
        NAMED.set()

    monkeypatch.setattr(LOOKOUT, "tell", note)
    yield said
    NAMED.set()


NAMED = threading.Event()
"""Set once the lookout has told of a call."""

HANG = "from tests.plugin.test_guard import NAMED; NAMED.wait()"


@pytest.mark.parametrize(
    ("hook", "where"),
    [
        (process(HANG), "process on day 412"),
        (f"def effort_cost(self):\n    {HANG}", "effort_cost on day 28"),
        (f"def knowledge_transfer(self):\n    {HANG}\n    yield from ()", "knowledge_transfer on day 28"),
    ],
)
def test_hook_that_takes_long_is_named_and_changes_no_number(
    hook: str, where: str, put: Callable[[str], None], told: queue.Queue[str]
) -> None:
    put(hook)
    late = simulated("test.tried")
    assert told.get() == f"test.tried of {OWNER}: {where} has not returned for 0.2 seconds"
    assert simulated("test.tried").fingerprint == late.fingerprint


def test_inner_run_that_takes_long_is_named_by_the_hook_that_waits_for_it(
    put: Callable[[str], None], told: queue.Queue[str]
) -> None:
    put("def effort_cost(self, knowledge):\n    from tests.plugin.test_guard import inner\n    inner()")
    simulated("test.tried")
    assert told.get() == f"test.tried of {OWNER}: effort_cost on day 28 has not returned for 0.2 seconds"


def inner() -> None:
    """Run again and again, until the lookout notices that it takes long."""
    while not NAMED.is_set():
        simulated("test.good", days=100)


def test_runs_in_other_threads_go_on_while_one_does_not_return(
    put: Callable[[str], None], told: queue.Queue[str]
) -> None:
    put(process(HANG))
    alone = simulated("test.good").tables
    with ThreadPoolExecutor(3) as pool:
        tasks = [pool.submit(simulated, name) for name in ("test.good", "test.tried", "test.good")]
    assert tasks[1].result().counts["days"] == 500
    for task in (tasks[0], tasks[2]):
        assert all(task.result().tables[name].equals(table) for name, table in alone.items())


def test_good_component_is_unaffected_and_runs_go_on_after_a_failure(put: Callable[[str], None]) -> None:
    put(process("raise KeyError"))
    before = simulated("test.good")
    with pytest.raises(ComponentError):
        simulated("test.good", "test.tried")
    after = simulated("test.good")
    assert all(after.tables[name].equals(table) for name, table in before.tables.items())
    assert len(after.tables["events"]) > 50


def test_process_gets_failures_of_its_events(put: Callable[[str], None]) -> None:
    put("""
        def process(self, clock):
            event = clock.wait(3).env.event()
            event.fail(KeyError("told"))
            try:
                yield event
            except KeyError:
                yield clock.until(9)
                raise RuntimeError("caught the failure")
    """)
    with pytest.raises(ComponentError, match=r"on day 9: RuntimeError: caught the failure$"):
        simulated("test.tried")


def test_no_limit_is_possible(put: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "0")
    put(process("time.sleep(0.1)"))
    assert simulated("test.tried").counts["days"] == 500


def test_what_a_function_gives_is_passed_on_as_it_is() -> None:
    guard, endless = Guard("test.one", "hook"), iter(int, 1)
    assert guard.call(0.0, lambda: endless) is endless
    assert guard.answer(0.0, lambda first, last: first + last, first=[1], last=(2,) and [2]) == [1, 2]
    assert guard.answer(0.0, lambda: iter("ab")) == ["a", "b"]
    assert guard.answer(0.0, time.gmtime, **{}) is not None


def test_long_errors_are_cut_short() -> None:
    def explain() -> Any:
        raise ValueError("x" * 10_000)

    with pytest.raises(ComponentError) as caught:
        Guard("test.one", "hook").call(1.5, explain)
    assert str(caught.value).startswith("test.one failed in hook on day 1.5: ValueError: xxx")
    assert len(str(caught.value)) < 400


def test_error_holds_what_failed_where_and_what_was_given() -> None:
    owner = Owner("one", "gpnde-one", "1.0")
    with pytest.raises(ComponentError) as caught:
        Guard("test.one#2", "process", owner).call(412.0, act)
    error = caught.value
    assert error.origin == Origin("test.one#2", owner, "process", 412.0)
    assert (error.component_name, error.hook, error.day) == ("test.one", "process", 412.0)
    assert (error.where, error.given, error.expected) == ("share", "3", "at most 1")
    line = "test.one#2: share: 3: at most 1 (in process on day 412; plugin 'one' (gpnde-one 1.0))"
    assert str(error) == line


def act() -> None:
    """Refuse what is asked for, as the engine does."""
    raise gpnde.GpndeError(where="share", given="3", expected="at most 1")


def interrupt() -> None:
    """Do what Ctrl-C does."""
    raise KeyboardInterrupt


def test_interruption_names_the_innermost_hook() -> None:
    outer, inner = Guard("test.one", "outer"), Guard("test.one", "inner")
    with pytest.raises(HookInterrupted, match=r"^test\.one: inner on day 2$") as caught:
        outer.call(1.0, lambda: inner.call(2.0, interrupt))
    assert isinstance(caught.value, KeyboardInterrupt)
    assert pickle.loads(pickle.dumps(caught.value)).origin == Origin("test.one", hook="inner", day=2.0)
