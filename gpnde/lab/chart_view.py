"""A chart in a notebook or a page that follows a run: described once, afterwards fed with rows.

Everything comes from local files. Drawing is done by the page; it says when it is done, and as long as it is behind,
pictures are skipped, so that it never lags. The last picture always arrives.
"""

from __future__ import annotations

import base64
import threading
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal, get_args

import anywidget
import traitlets
from ipywidgets import widget_serialization

from gpnde.charts.page import chart_page, finding_of
from gpnde.charts.theme import DARK
from gpnde.errors import GpndeError
from gpnde.lab.drawing import Drawing, drawing_of
from gpnde.lab.library import VegaLibrary, shared_library

if TYPE_CHECKING:
    from gpnde.results.chart import Chart

Format = Literal["png", "svg"]

_MOST_BEHIND = 2
"""Pictures that a page may have before it without having drawn them; more are skipped."""

_STATIC = files("gpnde.lab") / "static"
_SCRIPTS = ("page.js", "titles.js", "rows_table.js", "marks.js", "chart_view.js")
"""Parts of one module, which a page gets as a whole."""


class ChartView(anywidget.AnyWidget):
    """Show a chart, and replace its rows whenever it is shown again in another state.

    `show` may be called from any thread. A chart whose description changes, not only its rows, is drawn from scratch.

    Attributes
    ----------
    label
        What the chart is called where it cannot be seen.
    renderer
        ``svg``, whose marks a screen reader finds, or ``canvas``, which is faster with more than 300 marks.
    clicked
        The row behind the mark that was clicked last, or chosen in the table of the chart.
    exported
        The last answer to `export`: ``format`` and ``content`` (bytes), or ``format`` and ``error``.
    """

    _esm = "\n".join((_STATIC / name).read_text(encoding="utf-8") for name in _SCRIPTS)
    _css = (_STATIC / "chart_view.css").read_text(encoding="utf-8")
    _library = traitlets.Instance(VegaLibrary).tag(sync=True, **widget_serialization)
    _drawing = traitlets.Dict().tag(sync=True)
    _dark = traitlets.Dict(DARK).tag(sync=True)
    label = traitlets.Unicode("Chart").tag(sync=True)
    renderer = traitlets.Enum(("svg", "canvas"), "svg").tag(sync=True)
    clicked = traitlets.Dict()
    exported = traitlets.Dict()

    def __init__(self, label: str = "Chart", renderer: Literal["svg", "canvas"] = "svg", **traits: Any) -> None:
        self._lock = threading.RLock()
        self._wanted: Drawing | None = None
        self._shown: Drawing | None = None
        self.sent = 0
        """Number of the last state that went to the page."""
        self._drawn = 0
        self._requests = 0
        self._answered = 0
        super().__init__(label=label, renderer=renderer, _library=shared_library(), **traits)
        self.on_msg(self._receive)

    def show(self, chart: Chart | dict[str, Any], *, force: bool = False) -> bool:
        """Show *chart*, and return whether it went to the page at once.

        Where the page is behind, it waits until the page has caught up or a newer one takes its place; with *force* it
        goes at once.
        """
        drawing = drawing_of(chart)
        with self._lock:
            self._wanted = drawing
            return self._send_wanted(force=force)

    def export(self, format: Format, filename: str = "") -> None:
        """Ask the page for a picture on white, which arrives in `exported`.

        Parameters
        ----------
        format
            ``png`` or ``svg``.
        filename
            If given, the browser also saves the picture under this name.

        Raises
        ------
        GpndeError
            *format* is something else.
        """
        if format not in get_args(Format):
            raise GpndeError(where="export", given=repr(format), expected="must be png or svg")
        self.send({"kind": "export", "request": self._next_request(), "format": format, "filename": filename})

    def download(self, filename: str, content: bytes | str) -> None:
        """Make the browser save *content* as the file *filename*."""
        body = content.encode() if isinstance(content, str) else content
        self.send({"kind": "download", "request": self._next_request(), "filename": filename}, [body])

    def html(self) -> str:
        """Return a page of HTML that shows the chart as it is now, without a kernel and without internet.

        Raises
        ------
        GpndeError
            No chart has been shown yet.
        """
        if self._wanted is None:
            raise GpndeError(where=self.label, expected="no chart yet: run the scenario first")
        return chart_page(self._wanted.whole(), finding_of(self._wanted.whole()) or self.label)

    def _next_request(self) -> int:
        with self._lock:
            self._requests += 1
            return self._requests

    def _send_wanted(self, force: bool = False) -> bool:
        """Send the newest drawing unless the page is behind, and return whether it is on its way."""
        wanted, before = self._wanted, self._shown
        if wanted is None or wanted == before:
            return True
        if self.sent - self._drawn > _MOST_BEHIND and not force:
            return False
        self.sent += 1
        self._shown = wanted
        if before is not None and wanted.fits(before):
            self._send_rows(wanted, wanted.changes(before))
        else:
            self._drawing = {"seq": self.sent, **wanted._asdict()}
        return True

    def _send_rows(self, drawing: Drawing, data: dict[str, Any]) -> None:
        self.send({"kind": "rows", "seq": self.sent, "words": drawing.words, "data": data})

    def _receive(self, _widget: object, message: dict[str, Any], buffers: list[memoryview]) -> None:
        """Take a message from the page; kinds that are not known are not for us."""
        answers = {"hello": self._greet, "drawn": self._note_drawn, "click": self._note_click, "export": self._keep}
        answer = answers.get(message.get("kind", ""))
        if answer:
            answer(message)

    def _greet(self, message: dict[str, Any]) -> None:
        """Bring a page up to date that has just come, by reload for instance: it knows a `_drawing` alone.

        What is sent while a page asks for the state of its widgets is lost, so that may be an old one.
        """
        with self._lock:
            self._drawn = self.sent
            if message["seq"] != self._drawing.get("seq", 0):
                self.send_state("_drawing")
            if self._shown is not None and self.sent > self._drawing["seq"]:
                self.sent += 1
                self._send_rows(self._shown, self._shown.data)
            self._send_wanted()

    def _note_drawn(self, message: dict[str, Any]) -> None:
        with self._lock:
            # More than one page may show the chart, and each says what it has drawn.
            self._drawn = max(self._drawn, int(message["seq"]))
            self._send_wanted()

    def _note_click(self, message: dict[str, Any]) -> None:
        """Set `clicked`, and tell its observers even where the same mark is hit again."""
        before, row = self.clicked, message["datum"]
        self.clicked = row
        if before == row:
            self.notify_change(
                traitlets.Bunch(name="clicked", old=before, new=row, owner=self, type="change"),
            )

    def _keep(self, message: dict[str, Any]) -> None:
        """Set `exported` to the first answer to a request; each page that shows the chart sends one."""
        with self._lock:
            if message["request"] <= self._answered:
                return
            self._answered = message["request"]
        self.exported = {"format": message["format"], **_content(message)}


def _content(answer: dict[str, Any]) -> dict[str, Any]:
    if "error" in answer:
        return {"error": answer["error"]}
    body: str = answer["body"]
    png = answer["format"] == "png"
    return {"content": base64.b64decode(body.partition(",")[2]) if png else body.encode()}
