"""保存期間の過ぎた記録, for the tests: what stands there from long ago, and who lets it go."""

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import psycopg

import databases
from daicho.access import clock
from daicho.access.disposing import carrying_out, deciding, lists, proposing
from daicho.access.permits import Permit, permit
from daicho.access.refusals import Refused
from daicho.register.models import Draft, Reception, ReceptionEnding
from people import WARD, Cast

OF_RECEPTIONS = ("register_reception", "register_receptionending")
WAIT_SECONDS_MAX = 60  # no test of another worker has a transaction open for as long

# Carries a list out line by line, and tells of each.
DISPOSER = """
import sys
import django
django.setup()
from uuid import uuid4
from daicho.access import clock
from daicho.access.acting import actor
from daicho.access.disposing import carrying_out
from daicho.access.models import Operator
from daicho.access.permits import permit
who = Operator.objects.select_related("office").get(login="system")
given = permit(actor(who, "S901", uuid4()), "retention.work", clock.today())
carrying_out.carry_out(given, int(sys.argv[1]), lambda left: (print(left, flush=True), input()))
"""


def reception(taken_on: date, name: str = "架空　花子", *, has_draft: bool = False) -> UUID:
    """A reception of that day, which was withdrawn, or whose draft nobody has decided yet."""
    row = Reception.objects.create(
        reception_id=uuid4(),
        request_id=uuid4(),
        office="001",
        taken_on=taken_on,
        day_no=Reception.objects.filter(taken_on=taken_on).count() + 1,
        work="moved_within",
        basis="notification",
        received_on=taken_on,
        visitor_name=name,
        identity=[],
        authority=[],
        asked=[],
        operator_id=1,
        terminal="C001",
        ward=WARD,
    )
    more = {"operator_id": 1, "terminal": "C001"}
    if has_draft:
        Draft.objects.create(
            reception=row, typed={}, record_ids=[], office="001", kept_at=clock.now(), **more
        )
    else:
        ReceptionEnding.objects.create(
            reception=row, how="withdrawn", reason=f"{name}の都合", request_id=uuid4(), **more
        )
    return row.reception_id


def worker(cast: Cast) -> Permit:
    """The permit of who proposes and carries out, for one request."""
    return permit(cast.system_operator.acting(), "retention.work", clock.today())


def responsible(cast: Cast) -> Permit:
    """The permit of who decides, for one request."""
    return permit(cast.security_manager.acting(), "retention.approve", clock.today())


def any_list(cast: Cast, state: str) -> int:
    """A list of records that is done, or one that waits for a decision; made where none is."""
    found = {one.state: one.list_id for one in lists.lists()}
    if not found:
        reception(date(2020, 1, 6))
        _to_the_end(cast, approved(cast))
        reception(date(2020, 2, 6))
        proposing.propose(worker(cast))
        return any_list(cast, state)
    return found[state]


def _to_the_end(cast: Cast, list_id: int) -> None:
    """Carry it out, also beside what other workers have open in this server: while that lasts the
    list is left for later, and then goes on where it was."""
    until = time.monotonic() + WAIT_SECONDS_MAX
    while lists.there(list_id).state != "done":
        try:
            carrying_out.carry_out(worker(cast), list_id)
        except Refused as refused:
            is_busy = [one.code for one in refused.findings] == ["brra36-2.disposal_busy"]
            if not is_busy or time.monotonic() > until:
                raise
            time.sleep(0.2)


def approved(cast: Cast) -> int:
    """A list of all that is due, proposed by one and approved by the other."""
    list_id = proposing.propose(worker(cast))
    deciding.decide(responsible(cast), list_id, lists.digest(list_id), is_approved=True)
    return list_id


def files_with(database: str, text: str, tables: Sequence[str] = OF_RECEPTIONS) -> list[str]:
    """The files of a database in whose pages, live or dead, a text stands; of these tables the
    statistics are made first, which quote what stands there."""
    url = databases.the_server().url(database, "superuser")
    with psycopg.connect(url, autocommit=True) as superuser:
        superuser.execute(f"ANALYZE {', '.join(tables)}")
        superuser.execute("CHECKPOINT")
        asked = "SELECT current_setting('data_directory'), oid::text FROM pg_database"
        row = superuser.execute(f"{asked} WHERE datname = current_database()").fetchone()
    assert row is not None
    folder = Path(str(row[0])) / "base" / str(row[1])
    return [one.name for one in folder.iterdir() if text.encode() in one.read_bytes()]
