"""異動を続ける: a clerk of one made-up town who moves its households, one change after another.

`python -P -m daicho.site.sim.real.changing FOLDER COUNT SEED`; writes a line for each change, so
that who started it knows how many there were, however it ended.
"""

import sys
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

_LOGIN, _TERMINAL = "madoguchi", "C001"
_WORK, _BASIS = "moved_within", "ex_officio"
_HOUSEHOLDS = """
SELECT h.number, array_agg(c.record_id), array_agg(v.history_no), array_agg(v.relationship)
FROM register_household h
    JOIN register_current c ON c.household_number = h.number AND c.state = 'living'
    JOIN register_recordversion v USING (record_id, history_no)
WHERE v.resident_record_code <> '' GROUP BY h.number ORDER BY h.number
"""


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
        households = cursor.fetchall()
    seen: dict[UUID, int] = {}
    for _ in range(count):
        _move(random.choice(households), f"{random.randint(1, 99_999)}番地", seen)
        sys.stdout.write(".\n")
        sys.stdout.flush()


def _move(household: Any, lot: str, seen: dict[UUID, int]) -> None:
    """One household moves within the town, ex officio; as a clerk with the form would say it."""
    from django.contrib.auth import get_user_model

    from daicho import recording
    from daicho.access import acting, clock
    from daicho.access.permits import permit
    from daicho.law.receptions import Said
    from daicho.law.receptions.works import basis
    from daicho.law.rule import FINDINGS
    from daicho.recording import Statement
    from daicho.register.receiving import taking
    from daicho.terms.changes import MovedWithin

    number, record_ids, versions, words = household
    today = clock.today()
    actor = acting.actor(get_user_model().objects.get(login=_LOGIN), _TERMINAL, uuid4())
    its = permit(actor, basis(_WORK, _BASIS, today).purpose, today)
    said = Said(work=_WORK, basis=_BASIS, received_on=None, capacity="", reason="実態調査")
    reception_id = taking.receive(its, said).reception_id
    form = replace(its, actor=replace(actor, request_id=uuid4()))
    assert form.actor is not None, "a clerk acts"
    form = replace(form, request_id=form.actor.request_id)
    change = MovedWithin(
        joins=False,
        household_number=number,
        address={
            "address_prefecture": "福島県",
            "address_municipality": "架空市",
            "address_town": "模擬町",
            "address_lot": lot,
        },
        relationships=dict(zip(record_ids, words, strict=True)),
    )
    expected = {
        one: seen.get(one, version) for one, version in zip(record_ids, versions, strict=True)
    }
    recorded = recording.record(
        form,
        Statement(
            change=change,
            occurred_on=today.isoformat(),
            received_on=None,
            basis=_BASIS,
            expected=expected,
            accepted=frozenset(code for code, kind in FINDINGS.items() if not kind.refuses),
            reception_id=reception_id,
        ),
    )
    seen.update({one.effect.record_id: one.history_no for one in recorded.touched})


if __name__ == "__main__":
    main()
