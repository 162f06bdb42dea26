"""Made-up persons for the forms: a household of any size, a foreign resident, a closed record."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from daicho.certificates.forms import Paper
from daicho.certificates.forms.past import Past
from daicho.law.disclosure import Decision, Form, Request, Subject, decide
from daicho.terms.dates import certain, to_cell
from daicho.terms.records import Cell, Record, from_row

ON = date(2026, 11, 22)
RARE = "邉󠄏𠮷髙﨑"  # a sequence with a selector, a character of plane 2, two of the BMP
ASKED = frozenset({"relationship", "family_register", "individual_number", "record_code"})
FOREIGN_ASKED = frozenset(
    {
        *("nationality", "foreign_class", "residence_status", "period_of_stay"),
        *("period_of_stay_expires", "card_number", "common_name_history", "relationship"),
    }
)
RELATIONSHIPS = ("世帯主", "妻", *("子",) * 8)
PAPER = Paper(
    municipality="郡山市",
    issuer_title="福島県郡山市長",
    issuer_name="架空　太郎",
    seal="郡山市長之印",
    issued_on=ON,
    terminal="本庁1",
    printer="プリンタ001",
    serial=11,
)


def _cell(year: int, month: int, day: int) -> str:
    return to_cell(certain(date(year, month, day)))


def person(place: int = 1, **more: Cell) -> Record:
    """The `place`-th of a household that moved in and has moved once within the town."""
    cells: dict[str, Cell] = {
        "record_id": str(UUID(int=place)),
        "address_number": f"{place:015}",
        "household_number": "000000000000205",
        "ward": "072036",
        "resident_class": "japanese",
        "state": "living",
        "family_name": RARE,
        "given_name": f"{'花子太郎一二三四'[place % 8]}美",
        "family_name_reading": "ワタナベ",
        "given_name_reading": "ハナミ",
        "born_on": _cell(1985 + place, 1 + place % 12, 2),
        "sex": "1" if place % 2 else "2",
        "householder_name": f"{RARE}　子美",
        "relationship": RELATIONSHIPS[place - 1],
        "position": str(place),
        "registered_domicile": "福島県郡山市架空町一丁目１番地",
        "family_register_head": f"{RARE}　子美",
        "resident_since_on": _cell(2019, 5, 1),
        "address_prefecture": "福島県",
        "address_municipality": "郡山市",
        "address_town": "架空町二丁目",
        "address_lot": "３番４号",
        "address_building": "コーポ架空１０１",
        "address_since_on": _cell(2024, 4, 1),
        "notified_on": "2019-05-07",
        "previous_address_prefecture": "栃木県",
        "previous_address_municipality": "宇都宮市",
        "previous_address_town": "架空一丁目２番地",
        "resident_record_code": "24727059608",
        "individual_number_state": "held",
    }
    return from_row({**cells, **more})


def household(persons: int) -> tuple[Record, ...]:
    """So many members of one household."""
    return tuple(person(place) for place in range(1, persons + 1))


def foreigner(**more: Cell) -> Record:
    """外国人住民: mid- to long-term, with a 通称."""
    cells: dict[str, Cell] = {
        "resident_class": "foreign",
        "family_name": "",
        "given_name": "",
        "family_name_reading": "",
        "given_name_reading": "",
        "registered_domicile": "",
        "family_register_head": "",
        "resident_since_on": "",
        "roman_name": "KAKU ULINA",
        "kanji_name": "架空　鈴那",
        "common_name": "架空　鈴",
        "common_name_entered_on": "2021-06-01",
        "common_name_entered_municipality": "福島県郡山市",
        "relationship": "妻",
        "nationality": "架空国",
        "foreign_resident_since_on": _cell(2020, 2, 3),
        "address_since_on": _cell(2020, 2, 3),
        "foreign_class": "mid_to_long_term",
        "residence_status": "engineer_humanities_international",
        "period_of_stay": "5年",
        "period_of_stay_expires_on": "2029-02-03",
        "residence_card_number": "AB12345678CD",
    }
    return person(2, **{**cells, **more})


def mover(place: int = 1, **more: Cell) -> Record:
    """転出予定者: who has said so, the day still to come."""
    plans: dict[str, Cell] = {
        "closing_reason": "moved_out",
        "closing_event_on": _cell(2026, 12, 1),
        "closing_notified_on": "2026-11-20",
        "planned_destination_prefecture": "宮城県",
        "planned_destination_municipality": "仙台市青葉区",
        "planned_destination_town": "架空三丁目４番５号",
        "national_health_insurance": True,
        "national_health_insurance_acquired_on": "2019-05-01",
    }
    return person(place, **{**plans, **more})


def allowed(
    records: Sequence[Record],
    form: Form = "household_copy",
    asked: frozenset[str] = frozenset(),
    requester: str = "principal",
    **more: Any,
) -> Decision:
    """The decision on such a request, which must not be refused."""
    if form == "moved_out_certificate":
        more = {"under": "own_notification", **more}
    request = Request(form=form, requester=requester, asked=asked, **more)
    decision = decide(request, [Subject(record=one) for one in records], ON)
    assert not decision.refused, decision.refused
    return decision


def numbers(records: Sequence[Record]) -> dict[UUID, str]:
    """A made-up 個人番号 for each."""
    return {one.record_id: "123456789018" for one in records}


def life(last: Record, *earlier: Past) -> tuple[Past, ...]:
    """The versions of a residence, ending with the record certified."""
    return (*earlier, Past(record=last, reason="moved_within", occurred_on=certain(ON)))
