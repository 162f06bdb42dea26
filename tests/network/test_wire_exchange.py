"""回線の通信: a parcel goes to the neighbour alone, and its signed receipt comes back."""

import socket
from pathlib import Path

import pytest
from cryptography import x509

from daicho.law.network.faults import MALFORMED, NOT_CONNECTED, UNAVAILABLE, WRONG_WAY
from daicho.network.keys import folders
from daicho.network.keys.certificates import Use
from daicho.network.keys.signing import Signer
from daicho.network.protocol.links import Parcel, Receipt, Refusal
from daicho.network.protocol.parties import CENTRE, Party
from daicho.network.wire import parcels
from daicho.network.wire.client import (
    NO_KEY,
    NONSENSE,
    NOT_TRUSTED,
    REFUSED,
    UNREACHABLE,
    Client,
    NoAnswer,
)
from daicho.network.wire.parcels import receipt_written
from network.wires import (
    OTHER_TOWN,
    PREFECTURE,
    TOWN,
    Answers,
    Nation,
    client,
    hearing,
    long_ago,
    parcel,
    receipt_of,
    saying,
    serving,
)

PARCEL = parcel("a.b.c", "d.e.f")


def _code(one: Client, answers: Answers, given: Parcel = PARCEL) -> str:
    with pytest.raises(NoAnswer) as failed:
        one.post(PREFECTURE, answers.address, given)
    return failed.value.code


def test_a_parcel_is_taken_and_its_receipt_comes_back(nation: Nation) -> None:
    with serving(nation.identity(PREFECTURE)) as answers, client(nation.identity(TOWN)) as town:
        receipt, signed = town.post(PREFECTURE, answers.address, PARCEL)
        assert receipt == receipt_of(PARCEL)
        assert nation.identity(TOWN).checker.opened(signed)[0] == PREFECTURE
        assert town.post(PREFECTURE, answers.address, PARCEL)[0] == receipt
    assert answers.taken == [PARCEL, PARCEL]
    assert not answers.counted


def test_a_parcel_of_eight_megabytes_and_a_receipt_of_many_refusals_pass(nation: Nation) -> None:
    large = PARCEL._replace(signed=("x" * 40_000,) * 200)
    refused = tuple(Refusal(place, MALFORMED.code) for place in range(1, 20_001))

    def take(one: Parcel) -> Receipt:
        return receipt_of(one)._replace(upto=20_000, refused=refused)

    identity = nation.identity(PREFECTURE)
    with serving(identity, take) as answers, client(nation.identity(TOWN)) as town:
        assert town.post(PREFECTURE, answers.address, large)[0].refused == refused
    assert answers.taken == [large]


def test_what_is_not_taken_has_no_receipt(nation: Nation) -> None:
    identity = nation.identity(PREFECTURE)
    with serving(identity, lambda _: None) as answers, client(nation.identity(TOWN)) as town:
        assert _code(town, answers) == REFUSED + WRONG_WAY.code
    assert answers.counted == {(TOWN, WRONG_WAY.code): 1}


def test_a_failure_in_taking_is_not_told_and_the_next_parcel_is_taken(
    nation: Nation, caplog: pytest.LogCaptureFixture
) -> None:
    outcomes = iter([ValueError("架空太郎"), None])

    def take(one: Parcel) -> Receipt:
        if failure := next(outcomes):
            raise failure
        return receipt_of(one)

    identity = nation.identity(PREFECTURE)
    with serving(identity, take) as answers, client(nation.identity(TOWN)) as town:
        assert _code(town, answers) == REFUSED + UNAVAILABLE.code
        town.post(PREFECTURE, answers.address, PARCEL)
    assert answers.counted == {(TOWN, UNAVAILABLE.code): 1}
    assert "parcel_not_taken" in caplog.text
    assert "架空太郎" not in caplog.text


@pytest.mark.parametrize(
    ("sender", "receiver"), [(OTHER_TOWN, PREFECTURE), (TOWN, CENTRE), (PREFECTURE, PREFECTURE)]
)
def test_the_certificate_counts_not_whom_a_parcel_names(
    nation: Nation, sender: Party, receiver: Party
) -> None:
    with serving(nation.identity(PREFECTURE)) as answers, client(nation.identity(TOWN)) as town:
        assert (
            _code(town, answers, parcel(sender=sender, receiver=receiver))
            == REFUSED + WRONG_WAY.code
        )
    assert answers.taken == []
    assert answers.counted == {(TOWN, WRONG_WAY.code): 1}


# ------------------------------------------------------------------- the answer


def _signed(keys: Path, authority: Path, receipt: Receipt) -> bytes:
    """A receipt signed by the first key of a folder."""
    own = folders.OwnFolder(keys, folders.read_certificate(authority))
    (key,) = (one.key for one in own.all() if one.known.use is Use.SIGN)
    return _answer(Signer(key).signed(receipt_written(receipt)).encode())


def _answer(text: bytes, status: str = "200 OK") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text


def _said(nation: Nation, answer: bytes) -> str:
    with (
        saying(nation.identity(PREFECTURE), answer) as answers,
        client(nation.identity(TOWN)) as town,
    ):
        return _code(town, answers)


RECEIPT = receipt_of(PARCEL)


def test_a_receipt_signed_by_another_party_is_not_trusted(nation: Nation) -> None:
    answer = _signed(nation.folder / OTHER_TOWN, nation.authority, RECEIPT)
    assert _said(nation, answer) == NOT_TRUSTED


def test_a_receipt_signed_by_a_key_of_another_authority_is_not_trusted(
    nation: Nation, tmp_path: Path
) -> None:
    other = Nation(tmp_path / "other")
    answer = _signed(other.give(PREFECTURE), other.authority, RECEIPT)
    assert _said(nation, answer) == NOT_TRUSTED


def test_a_receipt_signed_by_a_key_that_has_ended_is_not_trusted(nation: Nation) -> None:
    keys = nation.give(PREFECTURE, (Use.SIGN,), to="ended signer", at=long_ago())
    assert _said(nation, _signed(keys, nation.authority, RECEIPT)) == NOT_TRUSTED


def test_a_receipt_that_was_altered_is_not_trusted(nation: Nation) -> None:
    signed = nation.identity(PREFECTURE).signer().signed(receipt_written(RECEIPT))
    other = nation.identity(PREFECTURE).signer().signed(receipt_written(RECEIPT._replace(upto=1)))
    head, _, signature = signed.split(".")
    altered = ".".join((head, other.split(".")[1], signature))
    assert _said(nation, _answer(altered.encode())) == NOT_TRUSTED


def test_a_receipt_that_nobody_signed_is_not_trusted(nation: Nation) -> None:
    assert _said(nation, _answer(receipt_written(RECEIPT))) == NOT_TRUSTED


@pytest.mark.parametrize(
    ("sender", "receiver"), [(OTHER_TOWN, PREFECTURE), (TOWN, CENTRE)], ids=["of", "by"]
)
def test_a_receipt_between_others_is_nonsense(
    nation: Nation, sender: Party, receiver: Party
) -> None:
    keys = nation.folder / PREFECTURE
    answer = _signed(keys, nation.authority, receipt_of(parcel(sender=sender, receiver=receiver)))
    assert _said(nation, answer) == NONSENSE


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (b"no HTTP\r\n\r\n", NONSENSE),
        (_answer("受領証".encode()), NONSENSE),
        (_answer(b"<html>", "502 Bad Gateway"), NONSENSE),
        (_answer(b'{"fault": "network.invented"}', "403 Forbidden"), NONSENSE),
        (_answer(b'{"fault": ["network.malformed"]}', "403 Forbidden"), NONSENSE),
        (_answer(b'{"fault": "network.malformed"}', "400 Bad Request"), REFUSED + MALFORMED.code),
        (_answer(b"x" * 100_000, "503 Service Unavailable"), NONSENSE),
        (_answer(b"", "302 Found\r\nLocation: https://127.0.0.1/other"), NONSENSE),
        (_answer(b"x" * 10)[:-5], NONSENSE),
        (b"", UNREACHABLE),
    ],
)
def test_an_answer_that_is_no_receipt(nation: Nation, answer: bytes, code: str) -> None:
    assert _said(nation, answer) == code


def test_an_answer_without_end_is_not_read_to_its_end(
    nation: Nation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parcels, "RECEIPT_BYTES_MAX", 1000)
    assert _said(nation, _answer(b"x" * 1001)) == NONSENSE


# ------------------------------------------------------------------- who answers


def test_nobody_there_is_unreachable(nation: Nation) -> None:
    with socket.create_server(("127.0.0.1", 0)) as bound:
        port = bound.getsockname()[1]
    with client(nation.identity(TOWN)) as town:
        assert _code(town, Answers(port)) == UNREACHABLE
        with pytest.raises(NoAnswer, match=UNREACHABLE):
            town.post(PREFECTURE, "https://127.0.0.1:99999", PARCEL)


@pytest.mark.parametrize("whose", ["another party", "another use", "another host", "ended", "gone"])
def test_to_who_is_not_the_neighbour_nothing_is_sent(nation: Nation, whose: str) -> None:
    spoken = {
        "another party": lambda: nation.folder / OTHER_TOWN,
        "another use": lambda: _to_speak_with_the_key_to_sign(nation),
        "another host": lambda: nation.give(
            PREFECTURE, to=whose, host=x509.DNSName("elsewhere.example.lg.jp")
        ),
        "ended": lambda: nation.give(PREFECTURE, to=whose, at=long_ago()),
        "gone": lambda: nation.give(PREFECTURE, to=whose, is_listed=False),
    }[whose]()
    heard: list[bytes] = []
    with hearing(nation, spoken, heard) as answers, client(nation.identity(TOWN)) as town:
        assert _code(town, answers) == NOT_TRUSTED
    assert heard == [], "no byte of the parcel leaves"


def _to_speak_with_the_key_to_sign(nation: Nation) -> Path:
    keys = nation.give(PREFECTURE, (Use.SIGN,), to="signer")
    for ending in ("key", "pem"):
        (keys / f"sign-1.{ending}").rename(keys / f"tls-1.{ending}")
    return keys


def test_another_authority_is_not_trusted_by_either(nation: Nation, tmp_path: Path) -> None:
    other = Nation(tmp_path / "other")
    other.give(TOWN)
    with serving(nation.identity(PREFECTURE)) as answers, client(other.identity(TOWN)) as town:
        assert _code(town, answers) == NOT_TRUSTED
    assert answers.taken == []


def test_who_has_no_key_that_holds_sends_nothing(nation: Nation) -> None:
    keys = nation.give(TOWN, to="town without", at=long_ago())
    with client(nation.identity(TOWN, keys)) as town:
        assert _code(town, Answers(1)) == NO_KEY


# ------------------------------------------------------------------- keys that change


def test_a_key_that_changes_between_two_parcels_is_used_at_once(tmp_path: Path) -> None:
    nation = Nation(tmp_path / "nation")
    for party in (TOWN, PREFECTURE):
        nation.give(party)
    prefecture, town = nation.identity(PREFECTURE), nation.identity(TOWN)
    with serving(prefecture) as answers, client(town) as one:
        _, signed = one.post(PREFECTURE, answers.address, PARCEL)
        before = prefecture.speaks_by(), town.speaks_by()
        for party in (TOWN, PREFECTURE):
            nation.give(party)
        _, signed_anew = one.post(PREFECTURE, answers.address, PARCEL)
        assert (prefecture.speaks_by(), town.speaks_by()) != before
    assert signed.split(".")[0] != signed_anew.split(".")[0], "signed by the new key"
    assert not answers.counted


def test_who_is_taken_out_of_the_directory_is_not_let_in_again(tmp_path: Path) -> None:
    nation = Nation(tmp_path / "nation")
    for party in (TOWN, PREFECTURE):
        nation.give(party)
    with serving(nation.identity(PREFECTURE)) as answers:
        with client(nation.identity(TOWN)) as town:
            town.post(PREFECTURE, answers.address, PARCEL)
        for file in nation.directory.iterdir():
            file.unlink()
        nation.give(PREFECTURE)  # else the town would not trust who answers
        with client(nation.identity(TOWN)) as town:
            assert _code(town, answers) == REFUSED + NOT_CONNECTED.code
    assert answers.counted == {("", NOT_CONNECTED.code): 1}


def test_a_client_takes_nothing_from_the_environment(
    nation: Nation, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    with serving(nation.identity(PREFECTURE)) as answers, client(nation.identity(TOWN)) as town:
        town.post(PREFECTURE, answers.address, PARCEL)
