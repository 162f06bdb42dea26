"""通信の鍵: whose signature counts, what opens a seal, and how keys come and change."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509 import Certificate
from joserfc import jws
from joserfc.jwk import OctKey

from daicho.network.keys.certificates import (
    Known,
    NotOurs,
    Use,
    issue,
    key_id,
    known,
    make_authority,
)
from daicho.network.keys.signing import CannotOpen, Checker, OwnKey, Signer, seal, unseal
from daicho.network.protocol.intake import KeyNotKnownYet, Untrusted
from daicho.network.protocol.parties import Party

NOW = datetime(2026, 11, 23, tzinfo=UTC)
TOWN = Party("072036")


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


AUTHORITY_KEY = _key()
AUTHORITY = make_authority(AUTHORITY_KEY, "試験の認証局", NOW, 100)


def _issued(use: Use, private: ec.EllipticCurvePrivateKey, days: int = 30) -> Certificate:
    return issue(TOWN, use, private.public_key(), AUTHORITY, AUTHORITY_KEY, NOW, days)


def _own(use: Use, days: int = 30) -> tuple[OwnKey, Known]:
    private = _key()
    certificate = _issued(use, private, days)
    return OwnKey(key_id(certificate), private), known(certificate, AUTHORITY)


def _checker(*of: Known, at: datetime = NOW) -> Checker:
    return Checker({one.key_id: one for one in of}.get, lambda: at)


def test_a_certificate_names_party_and_use() -> None:
    private = _key()
    found = known(_issued(Use.SIGN, private), AUTHORITY)
    assert (found.party, found.use) == (TOWN, Use.SIGN)
    assert found.from_at < NOW < found.until_at == NOW + timedelta(days=30)
    assert found.public == private.public_key()


def test_what_another_authority_gave_is_not_ours() -> None:
    other_key = _key()
    other = make_authority(other_key, "試験の認証局", NOW, 100)
    foreign = issue(TOWN, Use.SIGN, _key().public_key(), other, other_key, NOW, 30)
    for certificate in (foreign, other):
        with pytest.raises(NotOurs):
            known(certificate, AUTHORITY)


def test_the_authority_itself_is_no_party() -> None:
    with pytest.raises(NotOurs):
        known(AUTHORITY, AUTHORITY)


def test_what_a_party_signed_is_opened() -> None:
    own, of = _own(Use.SIGN)
    assert _checker(of).opened(Signer(own).signed(b"text")) == (TOWN, b"text")


def test_a_long_text_is_opened_too() -> None:
    own, of = _own(Use.SIGN)
    text = b"x" * 1_000_000
    assert _checker(of).opened(Signer(own).signed(text)) == (TOWN, text)


def test_a_key_of_which_nothing_was_heard_is_waited_for() -> None:
    own, _ = _own(Use.SIGN)
    with pytest.raises(KeyNotKnownYet):
        _checker().opened(Signer(own).signed(b"text"))


def _altered(signed: str) -> str:
    header, _, signature = signed.split(".")
    other = Signer(_own(Use.SIGN)[0]).signed(b"other").split(".")[1]
    return f"{header}.{other}.{signature}"


@pytest.mark.parametrize(
    "change",
    [_altered, lambda one: one[:-4], lambda one: one + "AA", lambda one: f"{one}.x", lambda _: ""],
    ids=["text", "cut", "longer", "more parts", "nothing"],
)
def test_what_was_altered_is_not_trusted(change: Callable[[str], str]) -> None:
    own, of = _own(Use.SIGN)
    with pytest.raises(Untrusted):
        _checker(of).opened(change(Signer(own).signed(b"text")))


@pytest.mark.parametrize("at", [NOW - timedelta(hours=2), NOW + timedelta(days=31)])
def test_a_certificate_counts_only_while_it_holds(at: datetime) -> None:
    own, of = _own(Use.SIGN)
    with pytest.raises(Untrusted):
        _checker(of, at=at).opened(Signer(own).signed(b"text"))


@pytest.mark.parametrize("use", [Use.SPEAK, Use.SEAL])
def test_a_key_for_something_else_does_not_sign(use: Use) -> None:
    own, of = _own(use)
    with pytest.raises(Untrusted):
        _checker(of).opened(Signer(own).signed(b"text"))


@pytest.mark.parametrize(
    "header", [{"alg": "none"}, {"alg": "HS256"}, {"alg": "ES256", "crit": []}]
)
def test_a_text_does_not_choose_how_it_is_checked(header: dict[str, object]) -> None:
    own, of = _own(Use.SIGN)
    signed = Signer(own).signed(b"text")
    forged = jws.serialize_compact(
        {"alg": "HS256", "kid": own.key_id}, b"text", OctKey.generate_key(), algorithms=["HS256"]
    )
    named = _header({**header, "kid": own.key_id})
    for one in (forged, f"{named}.{signed.split('.', 1)[1]}"):
        with pytest.raises(Untrusted):
            _checker(of).opened(one)


def _header(said: dict[str, object]) -> str:
    import json
    from base64 import urlsafe_b64encode

    return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def test_a_seal_is_opened_by_its_receiver_alone() -> None:
    own, of = _own(Use.SEAL)
    other, _ = _own(Use.SEAL)
    said = {"code": "12345678901", "on": "2026-11-20"}
    sealed = seal(said, of)
    assert "12345678901" not in sealed
    assert unseal(sealed, {own.key_id: own}.get) == said
    for wrong in ({}, {own.key_id: OwnKey(own.key_id, other.private)}):
        with pytest.raises(CannotOpen):
            unseal(sealed, wrong.get)


@pytest.mark.parametrize("sealed", ["", "x", "a.b.c.d.e", "e30.e30.e30.e30.e30"])
def test_what_is_no_seal_cannot_be_opened(sealed: str) -> None:
    own, _ = _own(Use.SEAL)
    with pytest.raises(CannotOpen):
        unseal(sealed, {own.key_id: own}.get)


def test_an_altered_seal_cannot_be_opened() -> None:
    own, of = _own(Use.SEAL)
    parts = seal({"code": "1"}, of).split(".")
    parts[3] = parts[3][::-1]
    with pytest.raises(CannotOpen):
        unseal(".".join(parts), {own.key_id: own}.get)


def test_another_kind_of_key_is_refused() -> None:
    weak = rsa.generate_private_key(65537, 2048)
    certificate = issue(TOWN, Use.SIGN, weak.public_key(), AUTHORITY, AUTHORITY_KEY, NOW, 30)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(NotOurs):
        known(certificate, AUTHORITY)
