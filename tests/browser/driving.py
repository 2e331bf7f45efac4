"""Drive a dashboard in a page as a person does, and read what it shows."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Locator, Page, TimeoutError, expect

ANSWER = """
import ipywidgets
import psutil

button, answer, memory = ipywidgets.Button(description="Ask"), ipywidgets.Label("0"), ipywidgets.Label()
button.add_class("ask")
answer.add_class("answer")
memory.add_class("memory")


def say(_):
    memory.value = f"{psutil.Process().memory_info().rss / 1e6:.1f} MB"
    answer.value = str(int(answer.value) + 1)


button.on_click(say)
ipywidgets.HBox([button, answer, memory])
"""
"""A cell with a button, whose answer comes from the kernel and says how much memory it has."""

TREATMENT, BASELINE = ".gpnde-treatment .gpnde-chart", ".gpnde-baseline .gpnde-chart"


def press(page: Page, name: str) -> None:
    page.locator(".gpnde-toolbar").get_by_role("button", name=name, exact=True).click()


def wait_for_status(page: Page, text: str) -> None:
    page.wait_for_function(
        "text => document.querySelector('.gpnde-status [role=status]')?.innerText.startsWith(text)", arg=text
    )


@contextlib.contextmanager
def one_run(page: Page, end: str = "done") -> Iterator[None]:
    """Do something that starts a run, and wait until that run has come to its end and is drawn."""
    page.evaluate("""() => {
        const status = document.querySelector(".gpnde-status");
        window.told = [];
        window.observer?.disconnect();
        window.observer = new MutationObserver(() => window.told.push(status.innerText.trim()));
        window.observer.observe(status, {childList: true, subtree: true, characterData: true});
    }""")
    yield
    page.wait_for_function("end => told.includes('running') && told.at(-1).startsWith(end)", arg=end)
    wait_until_drawn(page)


def wait_until_drawn(page: Page) -> None:
    """Wait until both charts show the last that was sent to them, and are at rest."""
    page.wait_for_function(
        """hosts => hosts.map(host => document.querySelector(host)?.gpndeView)
            .every(view => !view?.wanted || (view.drawnSeq === view.wanted.seq && !view.busy && !view.refit))""",
        arg=[TREATMENT, BASELINE],
    )


def ask(page: Page) -> None:
    """Wait for an answer of the kernel; what other widgets were told before may still be under way in the page."""
    before = page.locator(".answer").inner_text()
    page.locator("button.ask").click()
    page.wait_for_function("before => document.querySelector('.answer').innerText != before", arg=before)


def show(page: Page, group: str, title: str) -> None:
    """Choose a chart, and wait until it is drawn."""
    page.locator(".gpnde-gallery").get_by_role("button", name=group, exact=True).click()
    page.locator(".gpnde-gallery select").first.select_option(label=title)
    wait_for_words(page, title)
    wait_until_drawn(page)


def wait_for_words(page: Page, words: str, host: str = TREATMENT) -> None:
    """Wait until a chart is drawn whose title or subtitle, each in one line or more, holds these *words*."""
    page.wait_for_function(
        """([host, words]) => (view => view?.wanted && view.wanted.seq === view.drawnSeq
            && [view.wanted.words.title, view.wanted.words.subtitle].flat().join(" ").includes(words)
            )(document.querySelector(host)?.gpndeView)""",
        arg=[host, words],
    )


def open_group(page: Page, title: str) -> Locator:
    """Return the open group of controls of that title."""
    heading = page.locator(".gpnde-controls .jupyter-widget-Collapse-header", has_text=title)
    contents = heading.locator("..").locator(".jupyter-widget-Collapse-contents")
    if contents.is_hidden():
        heading.click()
    expect(contents).to_be_visible()
    return page.locator(".gpnde-controls .jupyter-widget-Collapse", has_text=title)


def field(page: Page, group: str, label: str) -> Locator:
    return open_group(page, group).locator(".gpnde-field", has_text=re.compile(f"^{label}")).first


def rows(page: Page, host: str = TREATMENT) -> dict[str, list[dict[str, Any]]]:
    """Return the rows that are drawn, by dataset."""
    found: dict[str, list[dict[str, Any]]] = page.eval_on_selector(host, "host => host.gpndeView.datasets()")
    return found


def click_mark(page: Page, marks: str, answer: Locator) -> None:
    """Click the last of some marks until there is an answer; a chart may still move where it gets another place."""
    for _ in range(10):
        page.locator(f"{TREATMENT} svg {marks}.role-mark path").last.click(force=True)
        with contextlib.suppress(TimeoutError):
            answer.wait_for(timeout=3000)
            return
    answer.wait_for()


def kernel_memory(page: Page) -> float:
    """Return the memory of the kernel (MB)."""
    ask(page)
    return float(page.locator(".memory").inner_text().split()[0])


def page_memory(page: Page) -> tuple[float, int]:
    """Return the megabytes and the elements that the page holds once it has tidied up."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used = session.send("Runtime.getHeapUsage")["usedSize"]
    nodes = session.send("Memory.getDOMCounters")["nodes"]
    session.detach()
    return used / 1e6, nodes


def choose_theme(page: Page, theme: str) -> None:
    """Switch JupyterLab to light or dark, and wait until it is ready for another change."""
    name = f"JupyterLab {theme.capitalize()}"
    page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', {theme})", name)
    page.locator("#jupyterlab-splash").wait_for(state="detached")
