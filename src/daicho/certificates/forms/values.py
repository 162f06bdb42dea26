"""欄の値: one item of one person as the paper prints it, or why it is not printed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from daicho.certificates.forms.sheets import Box
from daicho.law.disclosure import Decision, printing
from daicho.terms.dates import RegisterDate, certain, display, wareki
from daicho.terms.names import SEPARATOR
from daicho.terms.records import Record, code_text

_Text = Callable[[Record], str]


def _joined(*texts: str) -> str:
    return SEPARATOR.join(text for text in texts if text)


def _date(column: str) -> _Text:
    def text(record: Record) -> str:
        value = getattr(record, column)
        if value is None:
            return ""
        written = value if isinstance(value, RegisterDate) else certain(value)
        return display(written, column, foreign=record.is_foreign)

    return text


def _insured(held: str, since: str, until: str) -> _Text:
    def text(record: Record) -> str:
        if not getattr(record, held):
            return ""
        days = ((getattr(record, since), "取得"), (getattr(record, until), "喪失"))
        return _joined("該当", *(f"{wareki(day)}{what}" for day, what in days if day))

    return text


def _pension(record: Record) -> str:
    if not record.national_pension:
        return ""
    kind = code_text("national_pension_kind", record.national_pension_kind)
    acquired = record.national_pension_acquired_on
    since = f"{wareki(acquired)}取得" if acquired else ""
    return _joined(kind or "該当", record.basic_pension_number, since)


def _child_allowance(record: Record) -> str:
    months = (record.child_allowance_from_month, record.child_allowance_until_month)
    return "～".join(_month(one) for one in months) if any(months) else ""


def _month(text: str) -> str:
    """和暦の年月: 令和6年5月 of 2024-05."""
    if not text:
        return ""
    year, month = map(int, text.split("-"))
    return wareki(date(year, month, 1)).removesuffix("1日")


def _address_since(record: Record) -> str:
    """住所を定めた年月日: blank until a 転居, for it is stored equal to 住民となった年月日."""
    came = record.foreign_resident_since_on if record.is_foreign else record.resident_since_on
    return "" if record.address_since_on == came else _date("address_since_on")(record)


def _common_name_history(record: Record) -> str:
    entered, deleted = record.common_name_entered_on, record.common_name_deleted_on
    where = (record.common_name_entered_municipality, record.common_name_deleted_municipality)
    parts = ((entered, where[0], "記載"), (deleted, where[1], "削除"))
    return _joined(*(f"{wareki(day)}{place}{what}" for day, place, what in parts if day))


def _closing(record: Record) -> str:
    return code_text("closing_reason", record.closing_reason)


_TEXTS: Mapping[str, _Text] = {
    "name": lambda one: one.name.joined,
    "reading": lambda one: one.name_reading.joined,
    "former_name": lambda one: one.former_family_name,
    "former_name_reading": lambda one: one.former_family_name_reading,
    "common_name": lambda one: one.common_name,
    "birth": _date("born_on"),
    "sex": lambda one: code_text("sex", one.sex),
    "relationship": lambda one: one.relationship,
    "householder": lambda one: one.householder_name,
    "registered_domicile": lambda one: one.registered_domicile,
    "family_register_head": lambda one: one.family_register_head,
    "resident_since": _date("resident_since_on"),
    "foreign_resident_since": _date("foreign_resident_since_on"),
    "address": lambda one: one.address.written,
    "address_since": _address_since,
    "notified": _date("notified_on"),
    "previous_address": lambda one: one.previous_address.written,
    "record_code": lambda one: one.resident_record_code,
    "nationality": lambda one: one.nationality,
    "foreign_class": lambda one: code_text("foreign_class", one.foreign_class),
    "residence_status": lambda one: code_text("residence_status", one.residence_status),
    "period_of_stay": lambda one: (
        one.period_of_stay or one.landing_period or one.provisional_stay_period
    ),
    "period_of_stay_expires": _date("period_of_stay_expires_on"),
    "card_number": lambda one: (
        one.residence_card_number or one.special_permanent_resident_certificate_number
    ),
    "common_name_history": _common_name_history,
    "planned_destination": lambda one: one.planned_destination.written,
    "closing": _closing,
    "health_insurance": _insured(
        "national_health_insurance",
        "national_health_insurance_acquired_on",
        "national_health_insurance_lost_on",
    ),
    "elderly_medical_care": _insured(
        "elderly_medical_care",
        "elderly_medical_care_acquired_on",
        "elderly_medical_care_lost_on",
    ),
    "long_term_care": _insured(
        "long_term_care_insurance",
        "long_term_care_insurance_acquired_on",
        "long_term_care_insurance_lost_on",
    ),
    "pension": _pension,
    "child_allowance": _child_allowance,
}
NAMES: Mapping[str, str] = {
    "name": "氏名",
    "reading": "氏名の振り仮名",
    "former_name": "旧氏",
    "former_name_reading": "旧氏の振り仮名",
    "common_name": "通称",
    "birth": "生年月日",
    "sex": "性別",
    "householder": "世帯主",
    "relationship": "続柄",
    "registered_domicile": "本籍",
    "family_register_head": "筆頭者",
    "resident_since": "住民となった年月日",
    "foreign_resident_since": "外国人住民となった年月日",
    "address": "住所",
    "address_since": "住所を定めた年月日",
    "notified": "届出日",
    "previous_address": "転入前住所",
    "record_code": "住民票コード",
    "nationality": "国籍・地域",
    "foreign_class": "第30条の45の区分",
    "residence_status": "在留資格",
    "period_of_stay": "在留期間等",
    "period_of_stay_expires": "在留期間の満了の日",
    "card_number": "在留カード等の番号",
    "common_name_history": "通称の記載等",
}
"""欄の名: of every box whose history a 個人票 tells, in the order of the form."""

# Boxes that print a part of an item: 世帯主 and 続柄 are asked for as one, as 本籍 and 筆頭者 are.
_PART_OF = {
    "householder": "relationship",
    "registered_domicile": "family_register",
    "family_register_head": "family_register",
}


def item_of(name: str) -> str:
    """記載事項: the item of the table that a box belongs to."""
    return _PART_OF.get(name, name)


def value(record: Record, name: str) -> str:
    """値: what the record says, blank where it says nothing."""
    return _TEXTS[name](record)


@dataclass(frozen=True, kw_only=True)
class Person:
    """証明される者: a record with what of it is decided. `individual_number` is out of the vault,
    blank where it is not printed or not yet given.
    """

    record: Record
    decision: Decision
    on: date
    individual_number: str = field(default="", repr=False)

    @property
    def record_id(self) -> UUID:
        """記録ID: whose box it is."""
        return self.record.record_id

    def text(self, name: str) -> str:
        """印字: the value, or 【省略】, 【空欄】 or ＊＊＊."""
        how = self.decision.how(self.record_id, item_of(name))
        if how == "absent":
            return printing.text("unused", self.on)
        if how == "omitted":
            return printing.text("omitted", self.on)
        if name == "individual_number":
            return self.individual_number or printing.text("blank", self.on)
        return value(self.record, name) or printing.text("blank", self.on)

    def box(self, name: str, *, columns: int = 1, rows: int = 1, centred: bool = False) -> Box:
        """欄: the box of that item."""
        return Box(
            text=self.text(name),
            item=item_of(name),
            record_id=self.record_id,
            columns=columns,
            rows=rows,
            is_centred=centred,
        )
