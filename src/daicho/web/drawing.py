"""欄を描く: a field of a form as one string: its label, its errors, its control and its hint.

The form of a moving-in has two hundred fields. Django looks up and runs three templates for each;
here the three controls that nearly all of them have are written straight, as those templates would.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import SafeString, mark_safe

_LONG_HINT = 8
"""長い説明: more characters than that take the width of two fields."""


class Field(BoundField):
    """欄: one field of one form, as a template draws it."""

    def as_widget(
        self,
        widget: forms.Widget | None = None,
        attrs: dict[str, Any] | None = None,
        only_initial: bool = False,
    ) -> SafeString:
        """入力部品: the control alone."""
        draw = _CONTROLS.get(type(self.field.widget))
        if draw is None or widget is not None or only_initial:
            return super().as_widget(widget, attrs, only_initial)
        said = {**self.field.widget.attrs, **self.build_widget_attrs(attrs or {})}
        if self.auto_id:
            said.setdefault("id", self.auto_id)
        return mark_safe(draw(self, self.value(), said))  # noqa: S308  escaped part by part

    @property
    def drawn(self) -> SafeString:
        """欄の全体: label, errors, control, hint."""
        at, hint, errors = escape(self.id_for_label), str(self.help_text), self.errors
        classes = "field"
        classes += " field-wrong" if errors else ""
        classes += " field-tick" if self.widget_type == "checkbox" else ""
        classes += " field-long" if len(hint) > _LONG_HINT else ""
        told = f'<p class="hint" id="{at}_helptext">{escape(hint)}</p>' if hint else ""
        return mark_safe(  # noqa: S308  escaped part by part
            f'<div class="{classes}"><label for="{at}">{escape(str(self.label))}</label>'
            f"{errors if errors else ''}{self.as_widget()}{told}</div>\n"
        )


class Renderer(DjangoTemplates):
    """描画: how every form of the program is drawn (`FORM_RENDERER`)."""

    bound_field_class = Field


def _line(field: BoundField, value: Any, attrs: dict[str, Any]) -> str:
    shown = "" if value in (None, "") else f' value="{escape(str(value))}"'
    return f'<input type="text" name="{escape(field.html_name)}"{shown}{_written(attrs)}>'


def _tick(field: BoundField, value: Any, attrs: dict[str, Any]) -> str:
    is_ticked = value is not False and value is not None and value != ""  # 0 is a value
    of_its_own = f' value="{escape(str(value))}"' if is_ticked and value is not True else ""
    if is_ticked:
        attrs["checked"] = True
    return f'<input type="checkbox" name="{escape(field.html_name)}"{of_its_own}{_written(attrs)}>'


def _choice(field: BoundField, value: Any, attrs: dict[str, Any]) -> str:
    """A list of choices; ours have no groups."""
    widget = field.field.widget
    assert isinstance(widget, forms.Select), "the table below says so"
    chosen = "" if value is None else str(value)
    options = [
        f'<option value="{escape(str(code))}"{" selected" if str(code) == chosen else ""}>'
        f"{escape(str(text))}</option>"
        for code, text in widget.choices
    ]
    return f'<select name="{escape(field.html_name)}"{_written(attrs)}>{"".join(options)}</select>'


def _written(attrs: Mapping[str, Any]) -> str:
    """Attributes: True stands by its name alone, False and None not at all."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(str(value))}"'
        for name, value in attrs.items()
        if value is not False and value is not None
    )


_CONTROLS: Mapping[type[forms.Widget], Callable[[BoundField, Any, dict[str, Any]], str]] = {
    forms.TextInput: _line,
    forms.CheckboxInput: _tick,
    forms.Select: _choice,
}
"""部品の表: what is written straight; any other control is drawn by Django's own template."""
