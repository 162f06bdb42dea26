"""時刻認証: tokens over heads are kept, handed over, and prove nothing where they are not right."""

import json
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import algos, tsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from access import outside
from access.auditing import handed_over, verified, write
from access.conftest import Sealed
from access.outside import Authority
from daicho.access import clock
from daicho.access.models import TrailAttestation
from daicho.access.proof import heads, sequencing, stamping, watching
from daicho.site import verify_trail
from daicho.site.serving import attesting

NOTE = b"what a head says\n"
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority("made-up TSA")


def token(authority: Authority, data: bytes = NOTE, at: datetime = NOW) -> bytes:
    """A token as an authority gives it."""
    imprint = tsp.MessageImprint(
        {
            "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
            "hashed_message": sha256(data).digest(),
        }
    )
    query = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "cert_req": True})
    answer = tsp.TimeStampResp.load(authority.answered(query.dump(), at))
    return bytes(answer["time_stamp_token"].dump())


def test_a_token_tells_its_moment_by_the_signer_or_by_who_issued_it(authority: Authority) -> None:
    given = token(authority)
    for certificate in (authority.signer, authority.issuer):
        assert verify_trail.stamped_at(given, NOTE, certificate) == NOW


def test_a_token_over_something_else_is_told(authority: Authority) -> None:
    with pytest.raises(verify_trail.Wrong, match="ほかのもの"):
        verify_trail.stamped_at(token(authority, b"another"), NOTE, authority.signer)


def test_a_token_of_another_authority_is_told(authority: Authority) -> None:
    """Of the same name, too: a name is no key."""
    another = Authority(authority.name)
    for certificate in (another.signer, another.issuer):
        with pytest.raises(verify_trail.Wrong, match="時刻認証局のものではありません"):
            verify_trail.stamped_at(token(authority), NOTE, certificate)


def test_a_certificate_that_is_for_something_else_stamps_nothing() -> None:
    another = Authority("a web server", usage=ExtendedKeyUsageOID.SERVER_AUTH)
    with pytest.raises(verify_trail.Wrong, match="時刻認証局のものではありません"):
        verify_trail.stamped_at(token(another), NOTE, another.issuer)


def test_a_moment_outside_the_certificates_own_is_told(authority: Authority) -> None:
    early = outside.START - timedelta(days=1)
    with pytest.raises(verify_trail.Wrong, match="有効期間の外"):
        verify_trail.stamped_at(token(authority, at=early), NOTE, authority.issuer)


def test_no_byte_that_counts_can_be_changed(authority: Authority) -> None:
    given, chance = token(authority), random.Random(5)  # noqa: S311  which bytes are changed
    cut = [given[:-1], given + b"\0", b"", given[:40]]
    changed = []
    for place in chance.sample(range(len(given)), 150):
        other = bytes([given[place] ^ 1 << chance.randrange(8)])
        changed.append(given[:place] + other + given[place + 1 :])
    for forged in (*cut, *changed):
        try:
            at = verify_trail.stamped_at(forged, NOTE, authority.signer)
        except (ValueError, LookupError):
            continue
        assert at == NOW, "what nobody reads may differ: the list of algorithms, a certificate"


@pytest.mark.durable
def test_a_head_is_stamped_each_hour_and_an_auditor_relies_on_it(
    sealed: Sealed, authority: Authority, settings: Any, tmp_path: Path
) -> None:
    now = clock.now()
    with authority.serving() as address:
        settings.TRAIL_TSA = address
        for minutes in (0, 30, 61):
            with clock.fixed(now + timedelta(minutes=minutes)):
                write(1)
                sequencing.catch_up()
                heads.make()
                attesting.attempt({})
    assert TrailAttestation.objects.filter(kind="stamped").count() == 2
    folder = handed_over(tmp_path / "now")
    certificate = outside.pem(authority.issuer, tmp_path / "tsa.pem")
    code, said = verified(folder, "--tsa", certificate)
    assert code == 0, said
    another = outside.pem(Authority("another").issuer, tmp_path / "another.pem")
    code, said = verified(folder, "--tsa", another)
    assert (code, "時刻認証局のものではありません" in said) == (1, True), said
    content = json.loads((folder / "heads.json").read_text())
    stamped = [one for one in content["heads"] if one["tokens"]]
    stamped[0]["tokens"], stamped[1]["tokens"] = stamped[1]["tokens"], stamped[0]["tokens"]
    (folder / "heads.json").write_text(json.dumps(content))
    assert "ほかのものの時刻認証" in verified(folder, "--tsa", certificate)[1]
    (folder / "heads.json").write_text(json.dumps({**content, "heads": content["heads"][-1:]}))
    stripped = content["heads"][-1]
    stripped["tokens"] = ["AAAA"]
    (folder / "heads.json").write_text(json.dumps({**content, "heads": [stripped]}))
    assert "読めません" in verified(folder, "--tsa", certificate)[1]
    stripped["tokens"] = []
    (folder / "heads.json").write_text(json.dumps({**content, "heads": [stripped]}))
    assert "1つもありません" in verified(folder, "--tsa", certificate)[1]


@pytest.mark.durable
def test_a_head_that_says_it_is_later_than_its_stamp_is_told(
    sealed: Sealed, authority: Authority, settings: Any, tmp_path: Path
) -> None:
    """A clock that runs ahead, for the sake of what will have been."""
    write(1)
    sequencing.catch_up()
    now = clock.now()
    with clock.fixed(now + timedelta(days=3)):
        made = heads.make()
    assert made is not None
    with clock.fixed(now), authority.serving() as address:
        stamping.stamp(address, made)
    folder = handed_over(tmp_path / "now")
    certificate = outside.pem(authority.signer, tmp_path / "tsa.pem")
    assert "時刻認証の時刻より後" in verified(folder, "--tsa", certificate)[1]


@pytest.mark.durable
def test_heads_that_were_made_for_days_gone_by_and_stamped_today_are_told(
    sealed: Sealed, authority: Authority, settings: Any, tmp_path: Path
) -> None:
    """A history made anew gets tokens too, but those of its own day."""
    made, now = heads.newest(), clock.now() + timedelta(days=3)
    assert made is not None
    with authority.serving() as address:
        settings.TRAIL_TSA = address
        assert not stamping.is_due(made, now), "we ourselves never ask for such a token"
        with clock.fixed(now):
            stamping.stamp(address, made)
    folder = handed_over(tmp_path / "now")
    code, told = verified(folder, "--tsa", outside.pem(authority.signer, tmp_path / "tsa.pem"))
    assert (code, "後から作られた疑い" in told) == (1, True), told


REFUSED = bytes.fromhex("30053003020102")  # PKIStatus 2, rejection, and no token


@pytest.mark.durable
@pytest.mark.parametrize(
    "answer",
    [
        lambda _: (200, {}, REFUSED),
        lambda _: (200, {}, b"no DER"),
        lambda _: (503, {}, b""),
        lambda query: (200, {}, Authority("x").answered(tampered(query))),
    ],
    ids=["a rejection", "not an answer", "away", "a token over another hash"],
)
def test_what_is_no_token_is_not_kept_and_told_in_time(
    sealed: Sealed, settings: Any, answer: Callable[[bytes], Any]
) -> None:
    with outside.somebody(answer) as address:
        settings.TRAIL_TSA = address
        pauses: attesting.Pauses = {}
        attesting.attempt(pauses)
    assert pauses[address].failures == 1
    assert not TrailAttestation.objects.exists()
    with clock.fixed(clock.now() + timedelta(hours=2, minutes=1)):
        assert "daicho.W005" in {one.id for one in watching.warned()}


def tampered(query: bytes) -> bytes:
    """The same query for another hash."""
    read = tsp.TimeStampReq.load(query)
    read["message_imprint"]["hashed_message"] = b"\0" * 32
    return bytes(read.dump(force=True))
