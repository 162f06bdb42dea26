"""方書入力補助 (標準仕様書 4.0.7): the buildings that stand on a lot, as the register knows them.

Found by the token that the search keeps of each whole address, so that an index answers: at most
`CONSIDERED_MOST` records are read, however large the register is. Only names of buildings leave:
rooms are cut off, 方書 that name a person (○○方) and those of marked persons are left out.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from daicho.access.permits import Permit, demand, look
from daicho.register.places.rooms import building_of
from daicho.register.search import keys
from daicho.register.visibility import visible, within

CONSIDERED_MOST = 300
BUILDINGS_MOST = 20

_AT_LOT = """SELECT v.record_id, v.address_town, v.address_lot, v.address_building
FROM register_searchkey k
JOIN register_recordversion v ON v.record_id = k.record_id AND v.history_no = k.history_no
WHERE v.address_building <> '' AND """
_LIVING_AT = "k.tokens && %s::integer[] AND k.state = 'living'"


def buildings(permit: Permit, town: str, lot: str) -> tuple[str, ...]:
    """方書の候補: buildings on that lot, the fullest first; one trail row without a subject.

    () where town or lot is blank: a whole town is no lot.
    """
    demand(permit, "resident")
    if not (town.strip() and lot.strip()):
        return ()
    wanted = _spellings(town, lot)
    tokens = [keys.token("ADDRESS", one) for one in wanted]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(*_asked(permit, tokens))
        rows = cursor.fetchall()
        cursor.execute("SET LOCAL enable_seqscan = on")
        found = _counted(permit, [(row[0], row[3]) for row in rows if _is_there(row, wanted)])
        look(permit, "look", "register.buildings", detail={"rows": len(found)})
    return found


def _asked(permit: Permit, tokens: Sequence[int]) -> tuple[str, list[Any]]:
    """The statement and what is filled in: of those whom the permit reaches."""
    conditions = ((_LIVING_AT, tokens), *within(permit))
    asked = _AT_LOT + " AND ".join(clause for clause, _ in conditions) + " LIMIT %s"
    return asked, [*(value for _, value in conditions), CONSIDERED_MOST]


def _spellings(town: str, lot: str) -> tuple[str, ...]:
    """The lot as the search compares it, with and without the dash that 号 or 番地 leaves."""
    whole = _folded(town, lot).removesuffix("-")
    return whole, whole + "-"


def _folded(town: str, lot: str) -> str:
    return "".join(part for text in (town, lot) for part in keys.parts("address", text))


def _is_there(row: tuple[UUID, str, str, str], wanted: tuple[str, ...]) -> bool:
    # a token may be that of a past address, or of another text altogether
    return _folded(row[1], row[2]) in wanted


def _counted(permit: Permit, lived_in: list[tuple[UUID, str]]) -> tuple[str, ...]:
    marks = visible(permit, [record_id for record_id, _ in lived_in]).marks
    counts: dict[str, int] = {}
    for record_id, written in lived_in:
        name = building_of(written)
        if name and not marks[record_id].any:
            counts[name] = counts.get(name, 0) + 1
    return tuple(sorted(counts, key=lambda one: (-counts[one], one)))[:BUILDINGS_MOST]
