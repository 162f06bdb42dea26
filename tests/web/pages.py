"""A page as a browser holds it: the forms with what stands in them, so that tests send all."""

from dataclasses import dataclass, field
from html.parser import HTMLParser


@dataclass
class Form:
    """A form of a page: name to what would be sent, and the buttons that send it."""

    typed: dict[str, str] = field(default_factory=dict)
    buttons: list[str] = field(default_factory=list)
    ticks: list[str] = field(default_factory=list)  # values of boxes called `accept`
    controls: list[str] = field(default_factory=list)  # every name, also of a box not ticked
    action: str = ""
    method: str = "get"


class Forms(HTMLParser):
    """Every form of a page that is fed."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        name, value = said.get("name") or "", said.get("value") or ""
        if tag == "form":
            method = (said.get("method") or "get").lower()
            self.forms.append(Form(action=said.get("action") or "", method=method))
        elif self.forms:
            self._control(tag, name, value, said)

    def _control(self, tag: str, name: str, value: str, said: dict[str, str | None]) -> None:
        if name and tag in ("input", "select", "textarea"):
            self.forms[-1].controls.append(name)
        if tag == "input":
            self._input(name, value, said)
        elif tag == "button" and name == "do":
            self.forms[-1].buttons.append(value)
        elif tag == "select":
            self._select = name
        elif tag == "textarea":
            self._text = name
            self.forms[-1].typed[name] = ""
        elif tag == "option" and self._select:
            self._option(value, is_marked="selected" in said)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.forms[-1].typed[self._text] += data

    def _option(self, value: str, *, is_marked: bool) -> None:
        typed = self.forms[-1].typed
        if is_marked or self._select not in typed:  # the first stands there until one is marked
            typed[self._select] = value

    def _input(self, name: str, value: str, said: dict[str, str | None]) -> None:
        if name == "accept":
            self.forms[-1].ticks.append(value)
        elif said.get("type") == "checkbox":
            if "checked" in said:
                self.forms[-1].typed[name] = value or "on"
        elif name:
            self.forms[-1].typed[name] = value


def form_in(page: str) -> Form:
    """The form of the page that does something: the one whose buttons are called `do`."""
    parser = Forms()
    parser.feed(page)
    (found,) = [one for one in parser.forms if one.buttons]
    return found
