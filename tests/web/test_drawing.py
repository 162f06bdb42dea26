"""欄を描く: what is written straight is what Django's own templates would draw."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django import forms
from django.forms import BoundField
from hypothesis import given
from hypothesis import strategies as st

from daicho.web.counter.changing.fields import field_of

CHOICES = [("", "選んでください"), ("1", "1 男 & <子>"), ('"2"', "2 'その他'")]
ATTRS = {"autocomplete": "off", "data-x": "<&\"'>", "autofocus": True, "hidden": False}
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


class Everything(forms.Form):
    """Each of the controls that are written straight."""

    use_required_attribute = False
    line = forms.CharField(label="氏<名>", help_text="戸籍の<とおり>です", max_length=9)
    tick = forms.BooleanField(label="選ぶ", required=False)
    choice = forms.ChoiceField(label="性別", choices=CHOICES, required=False, help_text="短い")

    def __init__(self, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        for field in self.fields.values():
            field.widget.attrs |= ATTRS


class _Tags(HTMLParser):
    """Tags with their attributes, and the texts between them, without the blanks around."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if data.strip(" \n"):
            self.found.append(data.strip(" \n"))


def tags(html: str) -> list[object]:
    parser = _Tags()
    parser.feed(html)
    parser.close()
    return parser.found


def by_django(field: BoundField) -> str:
    return BoundField.as_widget(field)


@pytest.mark.parametrize("name", ["line", "tick", "choice"])
@given(text=texts)
def test_a_control_is_what_django_would_draw(name: str, text: str) -> None:
    for form in (Everything(initial={name: text}), Everything({name: text})):
        assert tags(str(form[name])) == tags(by_django(form[name]))


@pytest.mark.parametrize("value", [True, False, None, "", "on", "1", 0])
@pytest.mark.parametrize("name", ["line", "tick", "choice"])
def test_a_control_shows_its_value_as_django_would(name: str, value: object) -> None:
    form = Everything(initial={name: value})
    assert tags(str(form[name])) == tags(by_django(form[name]))


def test_a_control_that_is_not_written_straight_is_drawn_by_django() -> None:
    form = forms.Form()
    form.fields["note"] = forms.CharField(widget=forms.Textarea)
    assert "<textarea" in str(form["note"])


def test_a_field_is_drawn_with_its_label_its_hint_and_what_is_wrong() -> None:
    form = Everything({"line": "十文字を越えている氏名", "choice": "9"})
    assert not form.is_valid()
    drawn: str = form["line"].drawn  # type: ignore[attr-defined]  # of the renderer's own field
    said = ("div", {"class": "field field-wrong field-long"})
    assert tags(drawn)[:3] == [said, ("label", {"for": "id_line"}), "氏<名>"]
    assert 'id="id_line_helptext"' in drawn
    (pointed,) = re.findall('aria-describedby="([^"]+)"', drawn)
    assert all(f'id="{one}"' in drawn for one in pointed.split())
    assert 'aria-invalid="true"' in drawn
    assert "errorlist" in drawn


def test_a_field_on_which_nothing_is_wrong_says_nothing_of_it() -> None:
    drawn: str = Everything()["choice"].drawn  # type: ignore[attr-defined]  # as above
    assert tags(drawn)[0] == ("div", {"class": "field"})
    assert "errorlist" not in drawn
    assert "aria-invalid" not in drawn


def test_a_field_that_is_ticked_stands_in_one_line() -> None:
    form = forms.Form()
    form.fields["adult_ward"] = field_of("adult_ward")
    drawn: str = form["adult_ward"].drawn  # type: ignore[attr-defined]  # as above
    assert 'class="field field-tick"' in drawn
