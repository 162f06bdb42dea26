"""Persons who come, and what is stated of them, for the tests of entries."""

from collections.abc import Mapping
from uuid import UUID, uuid4

import town
from daicho.terms import numbers
from daicho.terms.changes import MovedIn, MovedOut, MovedOutClosed
from daicho.terms.changes.recorded import Recorded
from daicho.terms.records import Cell
from register.counter import Clerk, place

NEW_HOUSEHOLD = "000000000000221"


def number(body: int) -> str:
    """A made-up 個人番号."""
    text = f"{body:011}"
    return text + numbers.individual_number_check_digit(text)


def code(body: int) -> str:
    """A made-up 住民票コード."""
    text = f"{body:010}"
    return text + numbers.resident_record_code_check_digit(text)


def umeko(**cells: Cell) -> dict[str, Cell]:
    """梅子, who moves in from another town with her code."""
    return {
        "record_id": str(uuid4()),
        "address_number": "000000000000132",
        "ward": town.WARD,
        "resident_class": "japanese",
        "family_name": "架空",
        "given_name": "梅子",
        "family_name_kana": "カクウ",
        "given_name_kana": "ウメコ",
        "born_on": "1990-02-03",
        "sex": "2",
        "relationship": "世帯主",
        "registered_domicile": "栃木県宇都宮市架空一丁目１番地",
        "family_register_head": "架空　梅子",
        "resident_record_code": code(2472705960),
        **place("previous_address"),
        **cells,
    }


def maria(**cells: Cell) -> dict[str, Cell]:
    """MARIA, a foreign resident who moves in from another town."""
    not_hers = ("family_name", "given_name", "family_name_kana", "given_name_kana")
    blank = dict.fromkeys((*not_hers, "registered_domicile", "family_register_head"), "")
    hers: dict[str, Cell] = {
        "resident_class": "foreign",
        "foreign_class": "mid_to_long_term",
        "roman_name": "MARIA MADEUP",
        "foreign_name_kana": "マリア　メイドアップ",
        "born_on": "1994-04-04",
        "nationality": "フィリピン",
        "residence_status": "permanent_resident",
        "period_of_stay": "無期限",
    }
    return umeko(**{**blank, **hers, **cells})


def moves_in(*movers: Mapping[str, Cell], **more: object) -> MovedIn:
    """A moving-in of these, into a household of their own."""
    said: dict[str, object] = {
        "from_abroad": False,
        "evidence": "certificate",
        "joins": False,
        "household_number": NEW_HOUSEHOLD,
        "address": place("address", prefecture="福島県", municipality="郡山市", lot="３番３号"),
        "movers": movers,
        **more,
    }
    return MovedIn(**said)  # type: ignore[arg-type]  # fields of MovedIn


def from_abroad(*movers: Mapping[str, Cell]) -> MovedIn:
    """The same from abroad."""
    return moves_in(*movers, from_abroad=True, evidence="")


def left(clerk: Clerk, *record_ids: UUID) -> Recorded:
    """They have moved out to another town: their records are closed."""
    clerk.record(
        MovedOut(abroad=False, destination=place("planned_destination"), record_ids=record_ids),
        basis="ex_officio",
    )
    return clerk.record(MovedOutClosed(record_ids=record_ids), basis="ex_officio")
