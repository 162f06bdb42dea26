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
from daicho.network.messages.individual_number import IndividualNumber
from daicho.network.messages.individual_number_request import IndividualNumberRequest
from daicho.network.messages.moved_in_notice import MovedInNotice
from daicho.network.messages.outcomes import Outcomes
from daicho.network.messages.record_codes import RecordCodes
from daicho.network.messages.record_codes_request import RecordCodesRequest
from daicho.network.protocol.message import Malformed, Message, read, written

PAGES = Path(__file__).parents[2] / "docs" / "protocol"
KINDS: dict[str, type[Said]] = {
    one.KIND: one
    for one in (
        IdentificationInformation,
        IdentificationForwarded,
        IndividualNumberRequest,
        IndividualNumber,
        RecordCodesRequest,
        RecordCodes,
        MovedInNotice,
        Outcomes,
    )
}

SHAPES: tuple[object, ...] = (None, "a", 1, ["a"], {"a": "b"}, 1.0, True)
WRONG_WITHIN: dict[type, tuple[object, ...]] = {
    str: ("\x00", "\ud800"),
    int: (0, -1, 2**31),
    list: ([1], [["a"]], ["\x00"]),
    dict: ({"a": 1}, {"a": {}}, {"\x00": "b"}),
}


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
    assert {kind: max(versions) for kind, versions in duties.KINDS.items()} == {
        kind: one.V for kind, one in KINDS.items()
    }
    assert {kind for kind, one in KINDS.items() if one.SEALED} == duties.SEALED


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_of_a_page_is_a_message_of_its_kind(kind: str) -> None:
    message = read(example(kind))
    newest = KINDS[kind].V
    assert (message.kind, message.v, message.article) == (kind, newest, KINDS[kind].ARTICLE)
    assert duties.fault_at(message.stream.to, message) == ""
    body = KINDS[kind].said_in(message)
    assert body.written() == message.body
    assert json.loads(written(message)) == json.loads(example(kind))


@pytest.mark.parametrize(
    ("kind", "v"), [(kind, v) for kind, one in KINDS.items() for v in range(1, one.V)]
)
def test_an_older_version_is_read_for_ever(kind: str, v: int) -> None:
    (found,) = re.findall(rf"^```json v{v}\n(.*)\n```$", _page(kind), re.MULTILINE)
    message = read(found.encode())
    assert (message.kind, message.v) == (kind, v)
    assert v in duties.KINDS[kind]
    said = KINDS[kind].said_in(message)
    assert isinstance(message.body, dict)
    assert message.body.items() <= said.written().items()
    with pytest.raises(Malformed):
        KINDS[kind].read(said.written(), v)


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
    for name, value in body.items():
        others = [one for one in SHAPES if type(one) is not type(value)]
        for wrong in (*others, *WRONG_WITHIN[type(value)]):
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
