"""回線の受け口: what no client of ours would send is refused by its fault, and holds up nobody."""

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from daicho.law.network.faults import (
    FAULTS,
    HANDSHAKE,
    MALFORMED,
    NOT_CONNECTED,
    TOO_LARGE,
    TOO_MANY,
    TOO_SLOW,
    UNAVAILABLE,
    Fault,
)
from daicho.network.keys.certificates import Use
from daicho.network.protocol.links import Parcel, Receipt
from daicho.network.wire.answering import Waits
from daicho.network.wire.parcels import PARCEL_BYTES_MAX, parcel_written
from daicho.network.wire.server import Limits
from network.wires import (
    OTHER_TOWN,
    PREFECTURE,
    TOWN,
    Answers,
    Nation,
    answer_of,
    client,
    long_ago,
    parcel,
    raw,
    receipt_of,
    serving,
    until_end,
)

BODY = parcel_written(parcel("a.b.c"))
SHORT = Waits(head_s=0.2, idle_s=0.2, body_s=0.2, answer_s=5)


@pytest.fixture
def answers(nation: Nation) -> Iterator[Answers]:
    with serving(nation.identity(PREFECTURE)) as running:
        yield running


@pytest.fixture
def hasty(nation: Nation) -> Iterator[Answers]:
    """A server that waits for nobody long."""
    limits = Limits(handshake_s=0.2)
    with serving(nation.identity(PREFECTURE), waits=SHORT, limits=limits) as running:
        yield running


def _request(*headers: str, line: str = "POST /parcels HTTP/1.1", body: bytes = b"") -> bytes:
    return "\r\n".join((line, "Host: x", *headers, "", "")).encode() + body


def _said(
    nation: Nation, answers: Answers, sent: bytes, keys: Path | None = None
) -> tuple[int, bytes]:
    with raw(answers, keys or nation.folder / TOWN, nation.authority) as spoken:
        spoken.sendall(sent)
        return answer_of(spoken)


def _is_refused(answer: tuple[int, bytes], status: int, fault: Fault) -> bool:
    told = json.loads(answer[1])
    return answer[0] == status and told["fault"] == fault.code and fault.cited in told["message"]


LENGTH = f"Content-Length: {len(BODY)}"
WRONG: list[tuple[str, bytes, int, Fault]] = [
    ("another path", _request(LENGTH, line="POST /parcel HTTP/1.1", body=BODY), 404, MALFORMED),
    ("a query", _request(LENGTH, line="POST /parcels?a=1 HTTP/1.1", body=BODY), 404, MALFORMED),
    ("reading", _request(line="GET /parcels HTTP/1.1"), 405, MALFORMED),
    ("putting", _request(LENGTH, line="PUT /parcels HTTP/1.1", body=BODY), 405, MALFORMED),
    ("no length", _request(), 411, MALFORMED),
    ("pieces", _request("Transfer-Encoding: chunked", body=b"0\r\n\r\n"), 411, MALFORMED),
    ("a hundred megabytes", _request("Content-Length: 100000000", body=BODY), 413, TOO_LARGE),
    ("just too many", _request(f"Content-Length: {PARCEL_BYTES_MAX + 1}"), 413, TOO_LARGE),
    ("two lengths", _request(LENGTH, "Content-Length: 1", body=BODY), 400, MALFORMED),
    ("a length below nothing", _request("Content-Length: -1", body=BODY), 400, MALFORMED),
    ("a length of letters", _request("Content-Length: 1e3", body=BODY), 400, MALFORMED),
    ("too short a length", _request("Content-Length: 9", body=BODY), 400, MALFORMED),
    ("no JSON", _request("Content-Length: 4", body=b"\xff\xfe{}"), 400, MALFORMED),
    ("a parcel cut off", _request("Content-Length: 20", body=BODY[:20]), 400, MALFORMED),
    ("no HTTP", b"\x16\x03\x01 what is this\r\n\r\n", 400, MALFORMED),
    ("another HTTP", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 404, MALFORMED),
    ("a header of 64 KB", _request("X: " + "x" * 65_536), 400, MALFORMED),
    ("a thousand headers", _request(*[f"X{n}: {'x' * 60}" for n in range(1000)]), 400, MALFORMED),
]


@pytest.mark.parametrize(
    ("sent", "status", "fault"), [it[1:] for it in WRONG], ids=[it[0] for it in WRONG]
)
def test_what_is_no_parcel_is_refused(
    nation: Nation, answers: Answers, sent: bytes, status: int, fault: Fault
) -> None:
    assert _is_refused(_said(nation, answers, sent), status, fault)
    assert answers.taken == []
    assert answers.counted == {(TOWN, fault.code): 1}


def test_a_refusal_is_logged_without_its_content(
    nation: Nation, answers: Answers, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps({"氏名": "架空太郎"}, ensure_ascii=False).encode()
    _said(nation, answers, _request(f"Content-Length: {len(body)}", body=body))
    (line,) = [one.getMessage() for one in caplog.records if one.name == "daicho.network"]
    assert MALFORMED.code in line
    assert TOWN in line
    assert "架空" not in line


def test_strangers_write_no_log_full(answers: Answers, caplog: pytest.LogCaptureFixture) -> None:
    with ExitStack() as held:
        for _ in range(20):
            one = held.enter_context(_from(answers, "127.0.0.1"))
            one.sendall(b"GET / HTTP/1.1\r\n\r\n")
            with suppress(OSError):
                until_end(one)
    assert answers.counted == {("", HANDSHAKE.code): 20}
    lines = [one for one in caplog.records if one.name == "daicho.network"]
    assert 0 < len(lines) < 20


def test_a_body_of_a_hundred_megabytes_behind_a_short_length_is_not_read(
    nation: Nation, answers: Answers
) -> None:
    with raw(answers, nation.folder / TOWN, nation.authority) as spoken:
        spoken.sendall(_request("Content-Length: 9"))
        sent = 0
        with suppress(OSError):
            while sent < 100_000_000:
                sent += spoken.send(b"x" * 65_536)
    assert sent < 64_000_000
    assert answers.taken == []
    assert answers.counted == {(TOWN, MALFORMED.code): 1}


def test_a_parcel_that_breaks_off_is_not_taken(nation: Nation, answers: Answers) -> None:
    with raw(answers, nation.folder / TOWN, nation.authority) as spoken:
        spoken.sendall(_request(LENGTH, body=BODY[:-1]))
        spoken.shutdown(socket.SHUT_WR)
    with client(nation.identity(TOWN)) as town:  # after it has been dealt with
        town.post(PREFECTURE, answers.address, parcel("d.e.f"))
    assert answers.taken == [parcel("d.e.f")]


def test_two_requests_in_one_go_are_answered_one_after_the_other(
    nation: Nation, answers: Answers
) -> None:
    whole = _request(LENGTH, body=BODY)
    last = _request(LENGTH, "Connection: close", body=BODY)
    with raw(answers, nation.folder / TOWN, nation.authority) as spoken:
        spoken.sendall(whole + last)
        assert until_end(spoken).count(b"HTTP/1.1 200 ") == 2
    assert len(answers.taken) == 2


# ------------------------------------------------------------------- whose certificate it is


@pytest.mark.parametrize("whose", ["another party", "another use", "not listed"])
def test_who_is_no_neighbour_is_told_so(nation: Nation, answers: Answers, whose: str) -> None:
    keys = {
        "another party": lambda: nation.folder / OTHER_TOWN,
        "another use": lambda: _signs(nation),
        "not listed": lambda: nation.give(TOWN, to="unlisted", is_listed=False),
    }[whose]()
    answer = _said(nation, answers, _request(LENGTH, body=BODY), keys)
    assert _is_refused(answer, 403, NOT_CONNECTED)
    assert answers.taken == []
    assert answers.counted == {("", NOT_CONNECTED.code): 1}


def _signs(nation: Nation) -> Path:
    keys = nation.give(TOWN, (Use.SIGN,), to="town that signs")
    for ending in ("key", "pem"):
        (keys / f"sign-1.{ending}").rename(keys / f"tls-1.{ending}")
    return keys


def test_a_certificate_that_has_ended_is_not_let_in(nation: Nation, answers: Answers) -> None:
    keys = nation.give(TOWN, to="ended town", at=long_ago())
    with pytest.raises(ssl.SSLError, match="CERTIFICATE_EXPIRED"):
        _said(nation, answers, _request(LENGTH, body=BODY), keys)
    _is_counted(nation, answers, HANDSHAKE)


def test_a_certificate_of_another_authority_is_not_let_in(
    nation: Nation, answers: Answers, tmp_path: Path
) -> None:
    keys = Nation(tmp_path / "other").give(TOWN)
    with pytest.raises(ssl.SSLError, match="DECRYPT_ERROR"):
        _said(nation, answers, _request(LENGTH, body=BODY), keys)
    _is_counted(nation, answers, HANDSHAKE)


def test_nobody_is_let_in_without_a_certificate(nation: Nation, answers: Answers) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(nation.authority)
    with (
        socket.create_connection(("127.0.0.1", answers.port), timeout=10) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as spoken,
        pytest.raises(ssl.SSLError, match="CERTIFICATE_REQUIRED"),
    ):
        until_end(spoken)
    _is_counted(nation, answers, HANDSHAKE)


def test_an_older_tls_is_not_spoken(nation: Nation, answers: Answers) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(nation.authority)
    context.load_cert_chain(nation.folder / TOWN / "tls-1.pem", nation.folder / TOWN / "tls-1.key")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with (
        socket.create_connection(("127.0.0.1", answers.port), timeout=10) as plain,
        pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"),
    ):
        context.wrap_socket(plain, server_hostname="127.0.0.1")
    _is_counted(nation, answers, HANDSHAKE)


def _is_counted(nation: Nation, answers: Answers, fault: Fault) -> None:
    """Once the next connection is answered, whatever came before is counted."""
    with client(nation.identity(TOWN)) as town:
        town.post(PREFECTURE, answers.address, parcel())
    assert answers.counted == {("", fault.code): 1}


def test_only_algorithms_of_the_list_are_agreed_on(nation: Nation, answers: Answers) -> None:
    with raw(answers, nation.folder / TOWN, nation.authority) as spoken:
        name, version, bits = spoken.cipher() or ("", "", 0)
    assert version == "TLSv1.3"
    assert name in {"TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"}
    assert bits >= 128


# ------------------------------------------------------------------- who takes his time


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        (b"", TOO_SLOW),
        (b"POST /parcels HTT", TOO_SLOW),
        (_request(LENGTH, body=BODY[:-1]), TOO_SLOW),
    ],
    ids=["nothing", "half a head", "half a body"],
)
def test_who_is_slow_is_left(nation: Nation, hasty: Answers, sent: bytes, fault: Fault) -> None:
    with raw(hasty, nation.folder / TOWN, nation.authority) as spoken:
        spoken.sendall(sent)
        assert _is_refused(answer_of(spoken), 408, fault)
    assert hasty.counted == {(TOWN, fault.code): 1}


def test_who_has_nothing_more_to_send_is_left_in_peace(nation: Nation, hasty: Answers) -> None:
    with raw(hasty, nation.folder / TOWN, nation.authority) as spoken:
        spoken.sendall(_request(LENGTH, body=BODY))
        assert until_end(spoken).count(b"HTTP/1.1 ") == 1
    assert not hasty.counted


@pytest.mark.parametrize("sent", [b"", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/1.1\r\n\r\n"])
def test_who_does_not_end_the_handshake_is_left(hasty: Answers, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", hasty.port), timeout=10) as plain:
        plain.sendall(sent)
        with suppress(OSError):  # reset, where something of it was not read
            until_end(plain)
    assert hasty.counted == {("", HANDSHAKE.code): 1}


GARBAGE = (b"", b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
AFTER_THE_HANDSHAKE = (b"", b"POST /parcels HTTP/1.1\r\nX-Endless: ")


def _stranger(nation: Nation) -> ssl.SSLContext:
    """TLS of a party that is no neighbour: so far it is let in."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(nation.authority)
    keys = nation.folder / OTHER_TOWN
    context.load_cert_chain(keys / "tls-1.pem", keys / "tls-1.key")
    return context


def test_a_neighbour_is_answered_while_two_hundred_connections_of_garbage_are_held(
    nation: Nation, answers: Answers
) -> None:
    stranger = _stranger(nation)
    with ExitStack() as held, client(nation.identity(TOWN)) as town:
        for number in range(40):
            for sent in GARBAGE:
                held.enter_context(_from(answers, f"127.0.0.{2 + number}")).sendall(sent)
            for sent in AFTER_THE_HANDSHAKE:
                plain = _from(answers, f"127.0.0.{2 + number}")
                spoken = stranger.wrap_socket(plain, server_hostname="127.0.0.1")
                held.enter_context(spoken).sendall(sent)
        town.post(PREFECTURE, answers.address, parcel("a.b.c"))
        town.post(PREFECTURE, answers.address, parcel("d.e.f"))
        assert answers.counted.keys() <= {("", HANDSHAKE.code)}
        assert answers.counted.total() <= 40, "of what is no TLS; all else is still held"
    assert len(answers.taken) == 2


def test_who_fills_the_waiting_room_puts_out_his_own(nation: Nation) -> None:
    limits = Limits(waiting=6, waiting_each=4)
    identity = nation.identity(PREFECTURE)
    with serving(identity, limits=limits) as answers, ExitStack() as held:
        first = [held.enter_context(_from(answers, "127.0.0.2")) for _ in range(5)]
        assert first[0].recv(1) == b"", "the fifth of one address puts out its first"
        for _ in range(3):
            held.enter_context(_from(answers, "127.0.0.3"))
        assert first[1].recv(1) == b"", "the seventh of all puts out the first"
        with client(nation.identity(TOWN)) as town:
            town.post(PREFECTURE, answers.address, parcel("a.b.c"))
    assert answers.counted["", TOO_MANY.code] == 3


def _from(answers: Answers, address: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", answers.port), 10, (address, 0))


def test_a_neighbour_with_too_many_connections_loses_its_oldest(nation: Nation) -> None:
    limits = Limits(speaking_each=2)
    with serving(nation.identity(PREFECTURE), limits=limits) as answers, ExitStack() as held:
        for _ in range(3):
            spoken = held.enter_context(raw(answers, nation.folder / TOWN, nation.authority))
            spoken.sendall(_request(LENGTH, body=BODY))
            assert spoken.recv(12) == b"HTTP/1.1 200"
    assert answers.counted == {(TOWN, TOO_MANY.code): 1}


def test_neighbours_do_not_wait_for_one_whose_parcel_takes_long(nation: Nation) -> None:
    began, goes_on = Event(), Event()

    def take(one: Parcel) -> Receipt:
        if one.signed == ("slow",):
            began.set()
            assert goes_on.wait(10)
        return receipt_of(one)

    def post(to: Answers, signed: str) -> None:
        with client(nation.identity(TOWN)) as town:
            town.post(PREFECTURE, to.address, parcel(signed))

    with serving(nation.identity(PREFECTURE), take) as running:
        slow = Thread(target=post, args=(running, "slow"))
        slow.start()
        assert began.wait(10)
        post(running, "quick")
        goes_on.set()
        slow.join()


def test_who_has_no_key_that_holds_answers_nobody(nation: Nation, tmp_path: Path) -> None:
    keys = nation.give(PREFECTURE, to="prefecture without", at=long_ago())
    with (
        serving(nation.identity(PREFECTURE, keys)) as answers,
        socket.create_connection(("127.0.0.1", answers.port), timeout=10) as plain,
    ):
        assert until_end(plain) == b""
    assert answers.counted == {("", UNAVAILABLE.code): 1}


def test_every_fault_of_the_wire_has_its_article_and_remedy() -> None:
    for fault in (NOT_CONNECTED, HANDSHAKE, TOO_SLOW, TOO_MANY, UNAVAILABLE):
        assert FAULTS[fault.code].articles
        assert fault.remedy.endswith("。")
