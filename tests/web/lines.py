"""回線: this municipality beside its prefecture, with real keys, and what comes back."""

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.test import override_settings

from daicho.access import clock
from daicho.network.keys.certificates import Use
from daicho.network.lines import composing, keyring, own, sending, taking, working
from daicho.network.messages.outcomes import Outcomes
from daicho.network.models import Due, Outbox, Sent
from daicho.network.protocol.links import NO_LOG, Parcel, Receipt, Refusal, digest_of
from daicho.network.protocol.message import Message, Stream, Turn, read, written
from daicho.network.protocol.parties import CENTRE, Party
from network.wires import PREFECTURE, TOWN, Nation

CODE = "12345678903"


def keys(folder: Path, uses: tuple[Use, ...] = (Use.SIGN,)) -> Nation:
    """Keys of the town, its prefecture and the centre, of the days that the test plays in."""
    folder.mkdir()
    one = Nation(folder)
    for party in (TOWN, PREFECTURE, CENTRE):
        one.give(party, uses)
    return one


def connected(nation: Nation) -> override_settings:
    """This municipality is connected to its prefecture."""
    return override_settings(
        PARTY=TOWN,
        NEIGHBOURS={PREFECTURE: "https://127.0.0.1:1"},
        NETWORK_KEYS=str(nation.folder / TOWN),
        NETWORK_AUTHORITY=str(nation.authority),
        NETWORK_DIRECTORY=str(nation.directory),
    )


def at_the_prefecture(nation: Nation) -> override_settings:
    """This process is the prefecture."""
    return override_settings(
        PARTY=PREFECTURE,
        NEIGHBOURS={CENTRE: "https://127.0.0.1:1"},
        NETWORK_KEYS=str(nation.folder / PREFECTURE),
    )


def caused(
    record_id: UUID,
    reason: str = "moved_within",
    what: str = "changes",
    kind: str = "identification_information",
) -> int:
    """What a change causes to be told of a resident; gives the row of the outbox."""
    row = Outbox.objects.create(
        kind=kind,
        v=1,
        article="BRRA 30-6(1)",
        record_id=record_id,
        history_no=1,
        change_id=1,
        request_id=uuid4(),
        ward=TOWN,
        body={
            "what": what,
            "reason": reason,
            "occurred_on": "2026-11-20",
            "before": None,
            "after": {"resident_record_code": CODE, "sex": "1"},
        },
    )
    Due.objects.create(outbox_id=row.pk, kind=row.kind, record_id=record_id, due_at=clock.now())
    return row.pk


def sent(*record_ids: UUID, **said: str) -> list[Sent]:
    """Of each resident a message that has its place on the line."""
    rows = [caused(one, **said) for one in record_ids]
    assert composing.compose() == len(rows)
    return list(Sent.objects.filter(outbox_id__in=rows).order_by("place"))


def parcel() -> Parcel:
    """What goes next to the prefecture."""
    found = sending.parcel_to(PREFECTURE)
    assert found is not None, "something waits"
    return found


def receipted(*refused: tuple[int, str]) -> list[Message]:
    """The prefecture took the next parcel but for these places; gives what it held."""
    of = parcel()
    digest = of.before
    for signed in of.signed:
        digest = digest_of(digest, signed)
    upto = of.first + len(of.signed) - 1
    faults = tuple(Refusal(place, fault) for place, fault in refused)
    receipt = Receipt(of.sender, of.receiver, of.epoch, of.first, upto, digest, faults, False)
    sending.note(receipt, "signed")
    return [read(keyring.checker().opened(one)[1]) for one in of.signed]


def refused(record_id: UUID, fault: str, **said: str) -> Sent:
    """A message of that resident that the prefecture did not take."""
    (row,) = sent(record_id, **said)
    receipted((row.place, fault))
    return Sent.objects.get(pk=row.pk)


def told(of: dict[str, str], nation: Nation, teller: Party = PREFECTURE) -> None:
    """The prefecture, or the centre, tells what became of our messages, and we note it."""
    said = Outcomes(of)
    message = Message(
        id=str(uuid4()),
        kind=said.KIND,
        v=said.V,
        stream=Stream(teller, TOWN, str(uuid4())),
        turn=Turn(1, 1),
        at=own.now_ms(),
        article=said.ARTICLE,
        body=said.written(),
    )
    signed = nation.identity(teller).signer().signed(written(message))
    before = taking.take(Parcel(PREFECTURE, TOWN, 1, 1, NO_LOG, ()))
    assert before is not None
    first = before.upto + 1
    assert taking.take(Parcel(PREFECTURE, TOWN, 1, first, before.digest or NO_LOG, (signed,)))
    assert working.work() == 1


def body(one: Message) -> dict[str, Any]:
    """What a message says."""
    assert isinstance(one.body, dict)
    return dict(one.body)
