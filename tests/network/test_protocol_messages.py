"""電文: what is read, what is refused, and that every kind's page says what the code says."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.network import duties, messages
from daicho.network.messages.body import Said
from daicho.network.messages.identification_forwarded import IdentificationForwarded
from daicho.network.messages.identification_information import IdentificationInformation
from daicho.network.messages.moved_in_notice import MovedInNotice
from daicho.network.messages.outcomes import Outcomes
from daicho.network.protocol.message import Malformed, Message, read, written

PAGES = Path(__file__).parents[2] / "docs" / "protocol"
KINDS: dict[str, type[Said]] = {
    one.KIND: one
    for one in (IdentificationInformation, IdentificationForwarded, MovedInNotice, Outcomes)
}

WRONG_SHAPES: tuple[object, ...] = (None, 1, [], {"a": 1})


def example(kind: str) -> bytes:
    (found,) = re.findall(r"^```json\n(.*)\n```$", _page(kind), re.MULTILINE)
    return str(found).encode()


def _page(kind: str) -> str:
    return (PAGES / f"{kind}.md").read_text(encoding="utf-8")


def test_every_kind_has_its_module_its_duty_and_its_page() -> None:
    folder = Path(next(iter(messages.__path__)))
    modules = {one.stem for one in folder.glob("*.py")} - {"__init__", "body"}
    assert modules == set(KINDS) == set(duties.KINDS)
    assert {kind for _, kind in duties.DUTIES} == set(KINDS)
    assert {one.stem for one in PAGES.glob("*.md")} == set(KINDS) | {"README"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_page_is_a_message_of_its_kind(kind: str) -> None:
    message = read(example(kind))
    assert (message.kind, message.v, message.article) == (kind, 1, KINDS[kind].ARTICLE)
    assert duties.fault_at(message.stream.to, message) == ""
    body = KINDS[kind].read(message.body)
    assert body.written() == message.body
    assert json.loads(written(message)) == json.loads(example(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_of_a_page_names_the_fields(kind: str) -> None:
    told = re.findall(r"^\| `(\w+)` \|", _page(kind), re.MULTILINE)
    assert told == [one.name for one in fields(KINDS[kind])]


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_names_the_duty(kind: str) -> None:
    for (_, of), duty in duties.DUTIES.items():
        assert of != kind or f"`{duty.does}`" in _page(kind)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", "not an id"),
        ("id", "6F1C2A1E-5A7E-4C8E-9A59-0D3F3F1A7B10"),
        ("kind", ""),
        ("kind", "k" * 41),
        ("kind", "two\nlines"),
        ("v", 0),
        ("v", "1"),
        ("v", True),
        ("from", "7"),
        ("from", 7),
        ("to", "０７"),
        ("of", None),
        ("epoch", 2**53),
        ("ordinal", -1),
        ("ordinal", 1.0),
        ("at", None),
        ("article", ""),
        ("body", None),
        ("body", [1]),
    ],
)
def test_what_has_another_shape_is_no_message(name: str, value: object) -> None:
    said = json.loads(example("moved_in_notice"))
    with pytest.raises(Malformed):
        read(json.dumps(said | {name: value}).encode())


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"{}", b"\xff", b"[" * 100_000])
def test_what_is_no_json_of_a_message_is_none(text: bytes) -> None:
    with pytest.raises(Malformed):
        read(text)


def test_another_or_a_missing_name_is_refused() -> None:
    said = json.loads(example("moved_in_notice"))
    for wrong in ({**said, "more": 1}, {k: v for k, v in said.items() if k != "at"}):
        with pytest.raises(Malformed):
            read(json.dumps(wrong).encode())


@pytest.mark.parametrize("kind", KINDS)
def test_a_body_is_read_strictly(kind: str) -> None:
    body = json.loads(example(kind))["body"]
    for name in body:
        for wrong in WRONG_SHAPES:
            with pytest.raises(Malformed):
                KINDS[kind].read({**body, name: wrong})
        with pytest.raises(Malformed):
            KINDS[kind].read({key: value for key, value in body.items() if key != name})
    with pytest.raises(Malformed):
        KINDS[kind].read({**body, "relationship": "子"})
    with pytest.raises(Malformed):
        KINDS[kind].read("sealed")


@given(code=st.text(), on=st.text(), v=st.integers(1, 99))
def test_a_message_comes_back_as_it_was_written(code: str, on: str, v: int) -> None:
    known = read(example("moved_in_notice"))
    body = MovedInNotice(code, on).written()
    made = Message(known.id, known.kind, v, known.stream, known.turn, known.at, "BRRA 9(1)", body)
    assert read(written(made)) == made
