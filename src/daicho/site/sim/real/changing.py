"""異動を続ける: a clerk of one made-up town who moves its households and enters their newborns, one
change after another.

`python -P -m daicho.site.sim.real.changing FOLDER COUNT SEED`; writes a line for each change, so
that who started it knows how many there were, however it ended.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

if TYPE_CHECKING:
    from daicho.access.permits import Permit
    from daicho.terms.changes import Change

_LOGIN, _TERMINAL = "madoguchi", "C001"
_BASIS = "ex_officio"
_BIRTHS = 0.25
"""割合: of births among the changes; each takes a code of the stock, and a number of the centre."""
_HOUSEHOLDS = """
SELECT DISTINCT household_number FROM register_current
WHERE state = 'living' AND resident_record_code <> '' ORDER BY household_number
"""
_MEMBERS = """
SELECT c.record_id, v.history_no, v.relationship
FROM register_current c JOIN register_recordversion v USING (record_id, history_no)
WHERE c.household_number = %s AND c.state = 'living' ORDER BY c.record_id
"""


@dataclass(frozen=True)
class Home:
    """世帯: its members as the clerk sees them, by record: 履歴番号 and 続柄."""

    number: str
    versions: Mapping[UUID, int]
    words: Mapping[UUID, str]


def main() -> None:
    """Of one town, as a command beside the nation that serves it."""
    from daicho.site import installation

    folder, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    with installation.opened(folder, "sim --real"):
        change(count, seed)


def change(count: int, seed: int) -> None:
    """異動を重ねる: so many, each of a household that is chosen by the seed."""
    from django.db import connection

    random = Random(seed)  # noqa: S311  a made-up town, no secret
    with connection.cursor() as cursor:
        cursor.execute(_HOUSEHOLDS)
        numbers = [number for (number,) in cursor.fetchall()]
    for _ in range(count):
        _change(random.choice(numbers), random)
        sys.stdout.write(".\n")
        sys.stdout.flush()


def _change(number: str, random: Random) -> None:
    """One change of that household; again as it stands then, where the number of one of them has
    been assigned in between."""
    from daicho.law.changes.door import CHANGED_SINCE
    from daicho.recording import NotRecorded

    is_birth, lot = random.random() < _BIRTHS, f"{random.randint(1, 99_999)}番地"
    while True:
        home = _home(number)
        try:
            if is_birth:
                _record("born", _born(home), {})
            else:
                _record("moved_within", _moved(home, lot), home.versions)
        except NotRecorded as refused:
            if CHANGED_SINCE in {one.code for one in refused.findings}:
                continue
            raise
        return


def _home(number: str) -> Home:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_MEMBERS, [number])
        rows = cursor.fetchall()
    return Home(number, {one: no for one, no, _ in rows}, {one: word for one, _, word in rows})


def _moved(home: Home, lot: str) -> "Change":
    from daicho.terms.changes import MovedWithin

    return MovedWithin(
        joins=False,
        household_number=home.number,
        address={
            "address_prefecture": "福島県",
            "address_municipality": "架空市",
            "address_town": "模擬町",
            "address_lot": lot,
        },
        relationships=dict(home.words),
    )


def _born(home: Home) -> "Change":
    from daicho.register import numbering
    from daicho.terms.changes import Born

    child = {
        "record_id": str(uuid4()),
        "address_number": numbering.new_numbers(1, 0).people[0],
        "resident_class": "japanese",
        "family_name": "模擬",
        "given_name": "実",
        "family_name_kana": "モギ",
        "given_name_kana": "ミノル",
        "family_name_reading": "モギ",
        "given_name_reading": "ミノル",
        "sex": "1",
        "relationship": "子" if "世帯主" in home.words.values() else "",
        "registered_domicile": "福島県郡山市架空町一丁目１番地",
        "family_register_head": "模擬　実",
    }
    return Born(household_number=home.number, children=(child,))


def _record(work: str, change: "Change", seen: Mapping[UUID, int]) -> None:
    """Ex officio, as a clerk with the form would say it."""
    from daicho import recording
    from daicho.access import clock
    from daicho.law.rule import FINDINGS
    from daicho.recording import Statement

    form, reception_id = _received(work)
    recording.record(
        form,
        Statement(
            change=change,
            occurred_on=clock.today().isoformat(),
            received_on=None,
            basis=_BASIS,
            expected=seen,
            accepted=frozenset(code for code, kind in FINDINGS.items() if not kind.refuses),
            reception_id=reception_id,
        ),
    )


def _received(work: str) -> "tuple[Permit, UUID]":
    """Somebody found it out; gives the permit of the form and its 受付."""
    from django.contrib.auth import get_user_model

    from daicho.access import acting, clock
    from daicho.access.permits import permit
    from daicho.law.receptions import Said
    from daicho.law.receptions.works import basis
    from daicho.register.receiving import taking

    today = clock.today()
    actor = acting.actor(get_user_model().objects.get(login=_LOGIN), _TERMINAL, uuid4())
    its = permit(actor, basis(work, _BASIS, today).purpose, today)
    said = Said(work=work, basis=_BASIS, received_on=None, capacity="", reason="実態調査")
    reception_id = taking.receive(its, said).reception_id
    asked = uuid4()
    form = replace(its, actor=replace(actor, request_id=asked), request_id=asked)
    return form, reception_id


if __name__ == "__main__":
    main()
