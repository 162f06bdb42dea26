"""The token in the code: small, without personal data, and one issuer's only."""

import base64
from dataclasses import replace
from datetime import date
from pathlib import Path

import cbor2
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certificates import samples
from daicho.certificates import code_token

TOKEN = code_token.Token(samples.MUNICIPALITY, "20261121-000123", samples.ISSUED_ON, bytes(16))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> samples.Town:
    return samples.town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def text(town: samples.Town) -> str:
    return code_token.sign(TOKEN, town.key)


def test_what_was_signed_is_read(town: samples.Town, text: str) -> None:
    assert code_token.read(text, town.key.chain) == (TOKEN, town.key.chain[0])


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2026, 12, 31), date(2028, 2, 29)])
def test_the_day_is_the_day_in_japan(town: samples.Town, day: date) -> None:
    signed = code_token.sign(replace(TOKEN, issued_on=day), town.key)
    assert code_token.read(signed, town.key.chain)[0].issued_on == day


def test_it_may_be_typed_with_breaks_and_small_letters(town: samples.Town, text: str) -> None:
    typed = f" {text[:40].lower()}\r\n{text[40:90]}　{text[90:]}\n"
    assert code_token.read(typed, town.key.chain)[0] == TOKEN


def _message(text: str) -> bytes:
    letters = text.removeprefix(code_token.PREFIX)
    return base64.b32decode(letters + "=" * (-len(letters) % 8))


def _text(message: bytes) -> str:
    return code_token.PREFIX + base64.b32encode(message).decode().rstrip("=")


def test_it_holds_issuer_day_number_and_page_and_nothing_else(text: str) -> None:
    protected, unprotected, body, signature = cbor2.loads(_message(text)).value
    assert set(cbor2.loads(body)) == {1, 6, 7, -65537}
    assert set(cbor2.loads(protected)) == {1, 4}
    assert unprotected == {}
    assert len(signature) == 64


def test_it_is_small_enough_for_a_code_of_version_9(text: str) -> None:
    assert len(text) <= 262, "version 9 at level M holds 262 letters of this alphabet"
    assert code_token.image(text).version == 9
    assert code_token.image(text).error == "M"


def test_the_same_text_is_always_the_same_code(text: str) -> None:
    assert code_token.image(text).matrix == code_token.image(text).matrix
    assert code_token.image(text).mask == code_token.MASK


def test_a_reader_of_codes_reads_it_back(text: str, tmp_path: Path) -> None:
    from PIL import Image

    code_token.image(text).save(str(tmp_path / "code.png"), scale=4, border=4)
    with Image.open(tmp_path / "code.png") as image:
        (found,) = zxingcpp.read_barcodes(image)
    assert found.text == text


def _encoded(town: samples.Town, tag: int, *, algorithm: int = -7, payload: object = None) -> str:
    """A message of the same parts in another make, as the library itself would take it."""
    protected, _, body, signature = cbor2.loads(_message(code_token.sign(TOKEN, town.key))).value
    header = {**cbor2.loads(protected), 1: algorithm}
    parts = [cbor2.dumps(header), {}, payload or body, signature]
    return _text(cbor2.dumps(cbor2.CBORTag(tag, parts)))


def test_only_a_signature_of_our_kind_is_looked_at(town: samples.Town) -> None:
    for other in (
        _encoded(town, 98),
        _encoded(town, 17),
        _encoded(town, 18, algorithm=-8),
        _encoded(town, 18, algorithm=5),
        _encoded(town, 18, payload="text"),
        _text(cbor2.dumps([b"", {}, b"", b""])),
        _text(cbor2.dumps(1)),
    ):
        with pytest.raises(code_token.WrongCode, match="署名の方式"):
            code_token.read(other, town.key.chain)
    assert code_token.read(_encoded(town, 18), town.key.chain)[0] == TOKEN


def test_another_issuers_token_is_refused(town: samples.Town, text: str, tmp_path: Path) -> None:
    other = samples.town(tmp_path / "other", samples.OTHER_MUNICIPALITY)
    with pytest.raises(code_token.WrongCode, match="確かめられません"):
        code_token.read(text, other.key.chain)
    claims_ours = code_token.sign(TOKEN, other.key)
    with pytest.raises(code_token.WrongCode, match="確かめられません"):
        code_token.read(claims_ours, town.key.chain)


def test_a_changed_bit_is_refused(town: samples.Town, text: str) -> None:
    message = _message(text)
    for place in range(len(message)):
        changed = bytearray(message)
        changed[place] ^= 1
        with pytest.raises(code_token.WrongCode):
            code_token.read(_text(bytes(changed)), town.key.chain)


def _mac_instead(message: bytes) -> bytes:
    return cbor2.dumps(cbor2.CBORTag(17, cbor2.loads(message).value))


def _unsigned(message: bytes) -> bytes:
    protected, _, body, _ = cbor2.loads(message).value
    return cbor2.dumps(cbor2.CBORTag(18, [protected, {}, body, b""]))


def _key_named_outside(message: bytes) -> bytes:
    """The header that names key and algorithm moved to where no signature covers it."""
    protected, _, body, signature = cbor2.loads(message).value
    return cbor2.dumps(cbor2.CBORTag(18, [b"", cbor2.loads(protected), body, signature]))


@pytest.mark.parametrize("forge", [_mac_instead, _unsigned, _key_named_outside])
def test_a_forged_message_is_refused(town: samples.Town, text: str, forge: object) -> None:
    assert callable(forge)
    with pytest.raises(code_token.WrongCode):
        code_token.read(_text(forge(_message(text))), town.key.chain)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "台帳の符号ではありません"),
        ("https://example.com/", "台帳の符号ではありません"),
        ("DAICHO1:", "署名の方式"),
        ("DAICHO1:A", "文字が違うか"),
        ("DAICHO1:01890189", "文字が違うか"),
        ("DAICHO1:" + "A" * 100_000, "台帳の符号ではありません"),
        ("DAICHO1:ＡＢＣＤ", "文字が違うか"),
        ("DAICHO1:AA", "署名の方式"),
        ("DAICHO1:AB", "文字が違うか"),  # a second spelling of the same byte
    ],
)
def test_what_is_no_token_is_told(town: samples.Town, typed: str, words: str) -> None:
    with pytest.raises(code_token.WrongCode, match=words):
        code_token.read(typed, town.key.chain)


@given(message=st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
def test_no_bytes_do_more_than_be_refused(town: samples.Town, message: bytes) -> None:
    with pytest.raises(code_token.WrongCode):
        code_token.read(_text(message), town.key.chain)
