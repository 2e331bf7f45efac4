"""Controls: a widget for each field, in groups, with switches for mechanisms, policies and shocks.

The widgets of a group are made when it is opened: a page that has to make all of them at once is slow to come.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets
from traitlets import Bunch

from gpnde.lab.fields import Field, Group, component_fields, left_out
from gpnde.lab.sections import ABOUT, Section, Source, sources_of
from gpnde.lab.settings import Settings
from gpnde.lab.wording import sentence_of, title_of, unit_of
from gpnde.plugin.host import plugin_host
from gpnde.scenario.law import wrong_law

OnChange = Callable[[Settings], None]
_Tell = Callable[[str], None]

_WIDE = {"width": "auto"}
_LABELS = {"description_width": "initial"}


class FieldControl(ipywidgets.VBox):
    """The control of one field: a slider with a number that can be typed, a dropdown, a text or a checkbox."""

    def __init__(self, field: Field, on_value: Callable[[str, Any], None], tell: _Tell) -> None:
        """Tell *on_value* of each new value, and *tell* what is wrong with one that was typed."""
        self.field = field
        self._on_value, self._tell = on_value, tell
        self._is_quiet = False
        self.slider = self._slider() if field.span else None
        self.input = _input(field)
        self.input.observe(self._typed, "value")
        super().__init__(self._parts())
        self.add_class("gpnde-field")

    def reset(self) -> None:
        """Show the value that the scenario has, without notifying listeners."""
        self._show(self.field.value)

    def set(self, value: Any) -> None:
        """Show a value that was set elsewhere, without notifying listeners."""
        self._show(value)

    def _parts(self) -> list[ipywidgets.Widget]:
        field = self.field
        about = _about(sentence_of(field.path, field.doc))
        if field.kind in ("flag", "choice"):
            return [self.input, ipywidgets.HTML(about)] if about else [self.input]
        word = unit_of(field.unit)
        unit = f" ({html.escape(word)})" if word and word not in field.label.lower() else ""
        title = f'<span class="gpnde-name">{html.escape(field.label)}{unit}</span>{about}'
        row = ipywidgets.HBox([self.slider, self.input]) if self.slider else self.input
        return [ipywidgets.HTML(title), row]

    def _slider(self) -> ipywidgets.Widget:
        low, high = self.field.span or (0.0, 1.0)
        kind = ipywidgets.IntSlider if self.field.kind == "whole" else ipywidgets.FloatSlider
        number = int if self.field.kind == "whole" else float
        slider = kind(
            value=number(self.field.value), min=number(low), max=number(high), step=number(self.field.step),
            readout=False, tooltip=_tip(self.field), layout={"flex": "1 1 auto", "min_width": "6em"},
        )  # fmt: skip
        slider.observe(self._slid, "value")
        return slider

    def _slid(self, change: Bunch) -> None:
        """Take what a hand has set; a page moves a slider to the nearest step by itself, which means nothing."""
        # The nearest step is half a step away at most, give or take rounding.
        if abs(change.new - self.input.value) > 0.501 * self.field.step:
            # Steps add up to numbers such as 1.9000000000000001.
            self._take(round(change.new, 9))

    def _typed(self, change: Bunch) -> None:
        if self._is_quiet:
            return
        wrong = _wrong(self.field, change.new)
        if wrong:
            self._tell(wrong)
            self._show(change.old)
            return
        self._tell("")
        self._take(change.new)

    def _take(self, value: Any) -> None:
        if not self._is_quiet:
            self._show(value)
            self._on_value(self.field.path, value)

    def _show(self, value: Any) -> None:
        self._is_quiet = True
        try:
            self.input.value = value
            if self.slider:
                # A number that is typed may lie beyond the ends of the slider.
                self.slider.value = min(max(value, self.slider.min), self.slider.max)
        finally:
            self._is_quiet = False


def _input(field: Field) -> ipywidgets.Widget:
    if field.kind == "flag":
        return ipywidgets.Checkbox(field.value, description=field.label, tooltip=_tip(field), indent=False)
    if field.kind == "choice":
        return ipywidgets.Dropdown(
            options=[(title_of(word), word) for word in field.choices],
            value=field.value, description=field.label, tooltip=_tip(field), style=_LABELS,
        )  # fmt: skip
    about = f"{field.label}: {_tip(field)}"
    if field.kind == "law":
        return ipywidgets.Text(field.value, continuous_update=False, tooltip=about, layout={"width": "16em"})
    if field.kind == "whole":
        return ipywidgets.IntText(field.value, tooltip=about, layout={"width": "6em"})
    return ipywidgets.FloatText(field.value, tooltip=about, layout={"width": "6em"})


def _tip(field: Field) -> str:
    """Return what a field means, and the address by which scenarios, studies and ``--set`` name it."""
    return f"{field.doc} [{field.path}]".strip()


def _about(sentence: str) -> str:
    return f'<small class="gpnde-about">{html.escape(sentence)}</small>' if sentence else ""


def _wrong(field: Field, value: Any) -> str:
    if field.kind == "law":
        wrong = wrong_law(value)
        return f"{field.path}: {wrong}" if wrong else ""
    if field.kind in ("flag", "choice") or field.low <= value <= field.high:
        return ""
    unit = f" {unit_of(field.unit)}" if unit_of(field.unit) else ""
    ends = [("at least", field.low), ("at most", field.high)]
    right = " and ".join(f"{word} {end:,.10g}{unit}" for word, end in ends if abs(end) != float("inf"))
    return f"{field.path}: {value:g}: must be {right}"


class ComponentControl(ipywidgets.VBox):
    """The switch of a component, and the controls of its parameters while it is on."""

    def __init__(self, name: str, settings: Settings, on_change: OnChange, tell: _Tell) -> None:
        """Show whether the component is on; its parameters are made when it is switched on first."""
        self.name, self._settings, self._on_change, self._tell = name, settings, on_change, tell
        component = plugin_host().component(name)
        self._about = next(iter((component.__doc__ or "").strip().splitlines()), "")
        label = title_of(name.partition(".")[2])
        self.switch = ipywidgets.Checkbox(
            settings.is_on(name), description=label, tooltip=self._about, indent=False, layout=_WIDE
        )
        self.fields: list[FieldControl] = []
        self._is_quiet = False
        self.switch.observe(self._switched, "value")
        self._heading = [self.switch, ipywidgets.HTML(_about(self._about))]
        super().__init__(self._heading)
        self.add_class("gpnde-component")
        self._disclose()

    def reset(self) -> None:
        """Show the component as the scenario has it."""
        self._is_quiet = True
        self.switch.value = self._settings.is_on(self.name)
        self._is_quiet = False
        for field in self.fields:
            field.reset()
        self._disclose()

    def _switched(self, change: Bunch) -> None:
        if self._is_quiet:
            return
        self._settings.switch(self.name, change.new)
        self._disclose()
        self._on_change(self._settings)

    def _set(self, path: str, value: Any) -> None:
        self._settings.set(path, value)
        self._on_change(self._settings)

    def _disclose(self) -> None:
        if not self.switch.value:
            self.children = self._heading
            return
        component = plugin_host().component(self.name)
        if not self.fields:
            found = component_fields(component, self._settings.given(self.name))
            self.fields = [FieldControl(field, self._set, self._tell) for field in found]
            for field in self.fields:
                field.set(self._settings.value(field.field.path, field.field.value))
        others = html.escape(", ".join(left_out(component)))
        note = [ipywidgets.HTML(f"<small>In a scenario file also: {others}.</small>")] if others else []
        self.children = [*self._heading, *self.fields, *note]


Row = FieldControl | ComponentControl


class ControlPanel(ipywidgets.VBox):
    """All controls of a scenario, in groups that open and close, with a search above and what is wrong below it."""

    def __init__(self, settings: Settings, on_change: OnChange) -> None:
        """Offer the groups; *on_change* is called after each change of *settings*."""
        self._settings, self._on_change = settings, on_change
        self.search = ipywidgets.Text(placeholder="Search settings", tooltip="Search settings", layout=_WIDE)
        self.message = ipywidgets.HTML()
        self.message.add_class("gpnde-message")
        self.groups = ipywidgets.Accordion()
        self.sections: dict[Group, Section[Row]] = {}
        self.rebuild()
        self.groups.observe(lambda change: self._open(), "selected_index")
        self.search.observe(self._search, "value")
        super().__init__([self.search, self.message, self.groups])
        self.add_class("gpnde-controls")

    @property
    def controls(self) -> dict[Group, list[Row]]:
        """The controls of all groups; those of groups that nobody has opened yet are made now."""
        return {group: section.rows for group, section in self.sections.items()}

    def rebuild(self) -> None:
        """Offer the groups of the scenario that the settings now have."""
        before = list(self.sections.values())
        self.sections = {group: Section(found, self._made) for group, found in sources_of(self._settings.base).items()}
        self.groups.selected_index = None
        self.groups.children = list(self.sections.values())
        self._entitle()
        self._tell("")
        self.groups.selected_index = 0
        self._open()
        # Last, when the page already shows others in their place.
        for section in before:
            section.close_all()

    def reset(self) -> None:
        """Take all changes back."""
        self._settings.reset()
        self.refresh()

    def refresh(self) -> None:
        """Show what the settings are now, without telling anybody."""
        self._tell("")
        for row in self._rows():
            row.reset()
        for row in self._rows():
            self._show_setting(row)

    def control(self, path: str) -> FieldControl:
        """Return the control of the field at a path, whose component must be on."""
        component = self._settings.component_of(path)
        if component:
            return next(field for field in self.component(component).fields if field.field.path == path)
        found = self._row(path)
        if not isinstance(found, FieldControl):
            raise KeyError(path)
        return found

    def component(self, name: str) -> ComponentControl:
        """Return the control of a component."""
        found = self._row(name)
        if not isinstance(found, ComponentControl):
            raise KeyError(name)
        return found

    def _row(self, name: str) -> Row:
        section = next(section for section in self.sections.values() if section.has(name))
        return section.row(name)

    def _rows(self) -> list[Row]:
        """Return the controls that have been made."""
        return [row for section in self.sections.values() if section.is_made for row in section.rows]

    def _made(self, source: Source) -> Row:
        """Make the control of a field or of a component, which shows what the settings are."""
        if source.field is None:
            return ComponentControl(source.name, self._settings, self._on_change, self._tell)
        row = FieldControl(source.field, self._set, self._tell)
        self._show_setting(row)
        return row

    def _show_setting(self, row: Row) -> None:
        fields = row.fields if isinstance(row, ComponentControl) else [row]
        for field in fields:
            field.set(self._settings.value(field.field.path, field.field.value))

    def _set(self, path: str, value: Any) -> None:
        self._settings.set(path, value)
        self._on_change(self._settings)

    def _tell(self, text: str) -> None:
        self.message.value = f'<span role="alert">{html.escape(text)}</span>' if text else ""

    def _open(self) -> None:
        index = self.groups.selected_index
        if index is not None:
            section = list(self.sections.values())[index]
            section.filter(self.search.value.strip().lower())

    def _entitle(self) -> None:
        """Write the titles of the groups: who turns what is in them, or in how many the search is found."""
        wanted = self.search.value.strip().lower()
        self.groups.titles = tuple(
            f"{group} ({section.count(wanted)})" if wanted else f"{group}: {ABOUT[group]}"
            for group, section in self.sections.items()
        )

    def _search(self, change: Bunch) -> None:
        wanted = change.new.strip().lower()
        sections = list(self.sections.values())
        for section in sections:
            if section.is_made:
                section.filter(wanted)
        self._entitle()
        counts = [section.count(wanted) for section in sections]
        if wanted and any(counts):
            self.groups.selected_index = counts.index(max(counts))
