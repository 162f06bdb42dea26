"""先頭の証し: witnesses co-sign the heads of a trail, and find at once what was done to it."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import OperationalError, transaction

from access import outside
from access.auditing import handed_over, verified, write
from access.conftest import Sealed, Superuser
from access.outside import Witness
from daicho.access import clock, permits
from daicho.access.acting import actor
from daicho.access.models import Operator, Right, Trail, TrailAttestation
from daicho.access.people import rights
from daicho.access.permits import look, system_permit
from daicho.access.proof import heads, posting, sequencing, watching, witnessing
from daicho.site.serving import attesting

pytestmark = pytest.mark.durable


@pytest.fixture
def witness(tmp_path: Path, settings: Any) -> Iterator[Witness]:
    with outside.witness(tmp_path / "witness") as it:
        settings.TRAIL_WITNESSES = [it.address]
        yield it


def grown() -> None:
    """Some rows more, and a head over them."""
    write(3)
    sequencing.catch_up()
    assert heads.make() is not None


def told() -> set[str]:
    return {str(one.id) for one in watching.warned()}


def test_each_head_is_co_signed_once_and_an_auditor_relies_on_it(
    sealed: Sealed, witness: Witness, tmp_path: Path
) -> None:
    for _ in range(2):
        attesting.attempt({})
        attesting.attempt({})
        grown()
    attesting.attempt({})
    assert TrailAttestation.objects.count() == 3
    assert told() == set()
    folder = handed_over(tmp_path / "now")
    code, said = verified(folder, "--witness", witness.key)
    assert (code, "一致" in said) == (0, True), said
    content = json.loads((folder / "heads.json").read_text())
    (given,) = content["heads"][-1]["cosignatures"]
    given["at"] = "2020-01-01T00:00:00Z"
    (folder / "heads.json").write_text(json.dumps(content))
    assert "立会人の署名が合いません" in verified(folder, "--witness", witness.key)[1]


def test_as_many_witnesses_as_are_asked_for_have_signed_and_lately(
    sealed: Sealed, witness: Witness, tmp_path: Path
) -> None:
    with outside.witness(tmp_path / "another") as another:
        attesting.attempt({})
        folder = handed_over(tmp_path / "now")
        keys = ("--witness", witness.key, "--witness", another.key)
        code, said = verified(folder, *keys)
        assert (code, "2者の立会人" in said) == (1, True), said
        assert verified(folder, *keys, "--witnesses", "1")[0] == 0
    with clock.fixed(clock.now() + timedelta(hours=2)):
        grown()
        late = handed_over(tmp_path / "later")
    code, said = verified(late, "--witness", witness.key)
    assert (code, "古すぎます" in said) == (1, True), said
    assert verified(late, "--witness", witness.key, "--within", "200")[0] == 0


CUT_OFF = (
    "DELETE FROM access_trailattestation;"
    "DELETE FROM access_trailhead WHERE id > (SELECT min(id) FROM access_trailhead);"
    "DELETE FROM access_trailnode WHERE node_index > 0;"
    "DELETE FROM access_trail WHERE id IN (SELECT trail_id FROM access_trailleaf"
    " WHERE leaf_index >= (SELECT size FROM access_trailhead));"
    "DELETE FROM access_trailleaf WHERE leaf_index >= (SELECT size FROM access_trailhead)"
)


def test_a_restored_old_backup_is_found_at_once_and_work_goes_on(
    sealed: Sealed, witness: Witness, superuser: Superuser, caplog: pytest.LogCaptureFixture
) -> None:
    attesting.attempt({})
    superuser().execute(CUT_OFF)
    attesting.attempt({})
    assert "trail_head_refused" in caplog.text
    assert told() == {"daicho.W004"}
    (refusal,) = TrailAttestation.objects.all()
    assert (refusal.kind, refusal.said) == ("refused", "smaller")
    write(100)
    sequencing.catch_up()
    assert heads.make() is not None, "the trail is written and proved all the same"
    attesting.attempt({})
    assert TrailAttestation.objects.order_by("-id").first().said == "fork"  # type: ignore[union-attr]  # made just now
    kept = json.loads(witness.book.read_text())["trails"][heads.whose()]["refused"]
    assert [one["code"] for one in kept] == ["smaller", "fork"]


def test_a_history_that_was_made_anew_gets_no_signature(
    sealed: Sealed, witness: Witness, superuser: Superuser
) -> None:
    attesting.attempt({})
    forger = superuser()
    forger.execute("UPDATE access_trail SET purpose = 'x' WHERE event = 'look'")
    for table in ("attestation", "head", "node", "leaf"):
        forger.execute(f"DELETE FROM access_trail{table}")  # noqa: S608  the four names above
    grown()
    attesting.attempt({})
    assert told() == {"daicho.W004"}


def test_a_witness_that_is_away_stops_nothing_and_is_told(
    sealed: Sealed, witness: Witness, settings: Any, tmp_path: Path
) -> None:
    with outside.witness(tmp_path / "leaves") as leaving:
        settings.TRAIL_WITNESSES = [leaving.address, witness.address]
    pauses: attesting.Pauses = {}
    attesting.attempt(pauses)
    assert TrailAttestation.objects.get().address == witness.address
    assert told() == set(), "a quarter of an hour may pass"
    now = clock.now()
    assert not pauses[leaving.address].is_over(now)
    with clock.fixed(now + watching.UNATTESTED + timedelta(seconds=1)):
        assert told() == {"daicho.W003"}
        attesting.attempt(pauses)
        assert pauses[leaving.address].failures == 2


def test_an_answer_that_was_lost_is_made_good(
    sealed: Sealed, witness: Witness, superuser: Superuser
) -> None:
    attesting.attempt({})
    superuser().execute("DELETE FROM access_trailattestation")
    grown()
    attesting.attempt({})
    assert TrailAttestation.objects.get().head == heads.newest()


def test_a_process_that_was_overtaken_raises_no_alarm(sealed: Sealed, witness: Witness) -> None:
    before = heads.newest()
    assert before is not None
    grown()
    attesting.attempt({})
    assert witnessing.ask(witness.address, before)
    assert told() == set()


JSON = {"Content-Type": "application/json"}
SIGNED = {"v": 1, "cosignature": {"at": "2026-11-22T03:00:00Z", "signature": "eA=="}}


@pytest.mark.parametrize(
    "answer",
    [
        (200, JSON, b"{"),
        (200, JSON, b"[1]"),
        (200, JSON, b'{"v": 1}'),
        (200, JSON, json.dumps({**SIGNED, "public_key": "none"}).encode()),
        (200, JSON, b" " * 70_000),
        (409, JSON, b'{"v": 1, "known": {"size": 100000000}}'),
        (302, {"Location": "http://127.0.0.1:1/"}, b""),
        (500, JSON, b'{"v": 1}'),
        (409, JSON, b'{"v": 1, "known": {"size": 1e999}}'),
        (422, JSON, b'{"v": 1, "refused": "\\u0000"}'),
        (422, JSON, b'{"v": 1, "refused": "x", "known": {"note": "\\ud800"}}'),
    ],
    ids=lambda one: str(one[0]),
)
def test_what_is_no_answer_is_not_kept(
    sealed: Sealed, settings: Any, answer: tuple[int, dict[str, str], bytes]
) -> None:
    with outside.somebody(lambda _: answer) as address:
        settings.TRAIL_WITNESSES = [address]
        pauses: attesting.Pauses = {}
        attesting.attempt(pauses)
    assert pauses[address].failures == 1
    assert not TrailAttestation.objects.exists()


def test_nobody_is_asked_while_a_transaction_is_open(sealed: Sealed, witness: Witness) -> None:
    """He would hold up the sequence for as long as the answer takes."""
    with transaction.atomic(), pytest.raises(AssertionError):
        posting.post(witness.address, b"", "text/plain")


def test_where_the_trail_cannot_be_written_nothing_is_done(
    stage: str, superuser: Superuser
) -> None:
    """A full disk: an act is refused, and so is a look; neither goes on untrailed."""
    superuser().execute(
        "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$;"
        "CREATE TRIGGER full_disk BEFORE INSERT ON access_trail"
        " FOR EACH ROW EXECUTE FUNCTION full_disk();"
        "ALTER TABLE access_trail ENABLE ALWAYS TRIGGER full_disk"
    )
    acting = actor(Operator.objects.get(login="admin"), "S901", uuid4())
    before = (Right.objects.count(), Trail.objects.count())
    permit = permits.permit(acting, "people.administration", clock.today())
    clerk = Operator.objects.get(login="clerk")
    with pytest.raises(OperationalError):
        rights.give(permit, clerk.pk, "101", "clerk", clock.today(), None)
    looking = system_permit("rebuild_check", clock.today(), uuid4())
    with pytest.raises(OperationalError), transaction.atomic():
        look(looking, "look", "test", record_ids=[uuid4()])
    assert (Right.objects.count(), Trail.objects.count()) == before
