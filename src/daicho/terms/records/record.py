"""住民票: the record itself: each managed item a field, what is to be said of it beside it."""

# ruff: noqa: RUF009  each default is a dataclass field made by `item`

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from daicho.terms import numbers
from daicho.terms.addresses import Address
from daicho.terms.dates import RegisterDate
from daicho.terms.households import Member
from daicho.terms.names import AddedName, ForeignName, Name, Reading
from daicho.terms.records.items import (
    ADDRESS_PARTS,
    Blank,
    Holder,
    Kind,
    Standing,
    address_part,
    item,
)
from daicho.terms.relationships import Relationship, parse

_JAPANESE, _FOREIGN = Holder.JAPANESE, Holder.FOREIGN
_NEVER, _WHILE_LIVING = Blank.NEVER, Blank.NEVER_WHILE_LIVING
_ENTERED, _APART = Standing.ENTERED, Standing.ENTERED_APART
_CLOSED, _CLOSED_TOO = Standing.CLOSED_ENTERED, Standing.CLOSED_OTHER
_MUNICIPALITY = numbers.parse_local_government_code
_CERTIFICATE = numbers.parse_special_permanent_resident_certificate_number
_MID_TO_LONG_TERM = ("mid_to_long_term",)
_NO_REGISTER = ("", "なし", "不明")

_code, _count, _day = (partial(item, kind) for kind in (Kind.CODE, Kind.COUNT, Kind.DATE))
_flag, _id, _kana = (partial(item, kind) for kind in (Kind.FLAG, Kind.ID, Kind.KANA))
_month, _name, _roman = (partial(item, kind) for kind in (Kind.MONTH, Kind.NAME, Kind.ROMAN))
_register_date, _relationship = partial(item, Kind.REGISTER_DATE), partial(item, Kind.RELATIONSHIP)
_part, _text = address_part, partial(item, Kind.TEXT)


def _number(
    japanese: str, article: str, parse: Callable[[str], str] | None, *marks: Any, **more: Any
) -> Any:
    return item(Kind.NUMBER, japanese, article, *marks, number=parse, **more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """住民票: all that is held of one resident at one time, one scalar a field.

    A living resident's or a 除票, of a Japanese or a foreign resident; items that the resident
    cannot have stay blank. Data of the household stands in the record of each member (1.2.1).
    The 個人番号 is not here but in the vault: `individual_number_state` says whether there is one.
    Nothing is checked on making one; `from_row` checks each cell.
    """

    # 番号と区分: who this is, where kept, of what class, living or closed
    record_id: UUID = field(metadata=_id("記録ID", "STD 1.2.1", _NEVER).metadata)
    address_number: str = _number(
        "宛名番号", "STD 1.1.13", numbers.parse_address_number, _NEVER, chars=15
    )
    household_number: str = _number(
        "世帯番号", "STD 1.1.13", numbers.parse_household_number, _NEVER, chars=15
    )
    ward: str = _number("区", "STD 1.3.1", _MUNICIPALITY, chars=6)
    resident_class: str = _code("住民種別", "STD 1.1.1", codes="resident_class")
    state: str = _code("住民状態", "STD 1.1.1", codes="state")
    remade_on: date | None = _day("改製年月日", "STD 1.1.4")

    # 氏名 BRRA 7[1], 30-45
    family_name: str = _name("氏", "BRRA 7[1]", _JAPANESE, _ENTERED, chars=50)
    given_name: str = _name("名", "BRRA 7[1]", _JAPANESE, _ENTERED, chars=50)
    roman_name: str = _roman("氏名（アルファベット）", "BRRA 7[1]", _FOREIGN, _ENTERED)
    kanji_name: str = _name("氏名（漢字）", "BRRA 7[1]", _FOREIGN, _ENTERED)

    # 氏名の振り仮名 BRRA 7[1-2]; フリガナ 1.1.18
    family_name_reading: str = _kana("氏の振り仮名", "BRRA 7[1-2]", _JAPANESE, _ENTERED, chars=50)
    given_name_reading: str = _kana("名の振り仮名", "BRRA 7[1-2]", _JAPANESE, _ENTERED, chars=50)
    family_name_kana: str = _kana("氏のフリガナ", "STD 1.1.18", _JAPANESE, chars=50)
    given_name_kana: str = _kana("名のフリガナ", "STD 1.1.18", _JAPANESE, chars=50)
    foreign_name_kana: str = _kana("外国人住民の氏名のフリガナ", "STD 1.1.18", _FOREIGN)
    name_kana_confirmed: bool = _flag("氏名のフリガナ確認フラグ", "STD 1.1.18")

    # 旧氏 BRRO 30-14, 1.1.7; 通称 BRRO 30-16, 1.1.7
    former_family_name: str = _name(
        "旧氏", "BRRO 30-14", _JAPANESE, _ENTERED, chars=60, rows="1.1.7"
    )
    former_family_name_reading: str = _kana(
        "旧氏の振り仮名", "BRRO 30-14", _JAPANESE, _ENTERED, chars=60, rows="1.1.7"
    )
    former_family_name_kana: str = _kana("旧氏のフリガナ", "STD 1.1.18", _JAPANESE, chars=60)
    former_family_name_kana_confirmed: bool = _flag(
        "旧氏のフリガナ確認フラグ", "STD 1.1.18", _JAPANESE
    )
    common_name: str = _name("通称", "BRRO 30-16", _FOREIGN, _ENTERED, rows="1.1.7")
    common_name_kana: str = _kana("通称のフリガナ", "STD 1.1.18", _FOREIGN)
    common_name_kana_confirmed: bool = _flag("通称のフリガナ確認フラグ", "STD 1.1.18", _FOREIGN)
    common_name_entered_on: date | None = _day(
        "通称を記載した年月日", "BRRO 30-16", _FOREIGN, _ENTERED, rows="1.1.7"
    )
    common_name_entered_municipality: str = _text(
        "通称を記載した市区町村", "BRRO 30-16", _FOREIGN, _ENTERED, rows="1.1.7"
    )
    common_name_entered_municipality_code: str = _number(
        "通称を記載した市区町村コード", "STD 1.1.2", _MUNICIPALITY, _FOREIGN, chars=6
    )
    common_name_deleted_on: date | None = _day(
        "通称を削除した年月日", "BRRO 30-16", _FOREIGN, _ENTERED, rows="1.1.7"
    )
    common_name_deleted_municipality: str = _text(
        "通称を削除した市区町村", "BRRO 30-16", _FOREIGN, _ENTERED, rows="1.1.7"
    )
    common_name_deleted_municipality_code: str = _number(
        "通称を削除した市区町村コード", "STD 1.1.2", _MUNICIPALITY, _FOREIGN, chars=6
    )
    name_preference: str = _code("氏名優先区分", "STD 1.1.2", _FOREIGN, codes="name_preference")
    mailing_name: str = _code("郵便物送付コード", "STD 1.1.19", codes="name_preference")

    # 出生の年月日 BRRA 7[2], 男女の別 7[3], 世帯主と続柄 7[4]
    born_on: RegisterDate | None = _register_date("生年月日", "BRRA 7[2]", _ENTERED, _NEVER)
    sex: str = _code("性別", "BRRA 7[3]", _ENTERED, codes="sex")
    householder_name: str = _name("世帯主の氏名", "BRRA 7[4]", _ENTERED, chars=200, rows="1.1.10")
    householder_name_kana: str = _kana("世帯主の氏名のフリガナ", "STD 4.2.3.1", chars=101)
    relationship: str = _relationship("続柄", "BRRA 7[4]", _ENTERED, rows="1.1.11")
    position: int | None = _count("世帯員の並び順", "STD 5.2")

    # 戸籍の表示 BRRA 7[5]
    registered_domicile: str = _text(
        "本籍", "BRRA 7[5]", _JAPANESE, _ENTERED, _NEVER, chars=200, rows="1.1.12"
    )
    registered_domicile_code: str = _number(
        "本籍の住所コード", "STD 1.3.3", numbers.parse_address_code, _JAPANESE, chars=11
    )
    family_register_head: str = _name(
        "筆頭者", "BRRA 7[5]", _JAPANESE, _ENTERED, _NEVER, rows="1.1.12"
    )

    # 住民となった年月日 BRRA 7[6]; 住所 and 住所を定めた年月日 7[7]; 届出と転入前住所 7[8]
    resident_since_on: RegisterDate | None = _register_date(
        "住民となった年月日", "BRRA 7[6]", _JAPANESE, _ENTERED, _NEVER
    )
    address_code: str = _part("address", "code")
    address_postal_code: str = _part("address", "postal_code")
    address_prefecture: str = _part("address", "prefecture")
    address_municipality: str = _part("address", "municipality")
    address_town: str = _part("address", "town")
    address_lot: str = _part("address", "lot")
    address_free_text: str = _part("address", "free_text")
    address_building: str = _part("address", "building")
    address_since_on: RegisterDate | None = _register_date(
        "住所を定めた年月日", "BRRA 7[7]", _ENTERED
    )
    notified_on: date | None = _day("届出の年月日", "BRRA 7[8]", _ENTERED)
    previous_address_code: str = _part("previous_address", "code")
    previous_address_postal_code: str = _part("previous_address", "postal_code")
    previous_address_prefecture: str = _part("previous_address", "prefecture")
    previous_address_municipality: str = _part("previous_address", "municipality")
    previous_address_town: str = _part("previous_address", "town")
    previous_address_lot: str = _part("previous_address", "lot")
    previous_address_free_text: str = _part("previous_address", "free_text")
    previous_address_building: str = _part("previous_address", "building")
    last_registered_address: str = _text("最終登録住所地", "STD 4.1.1.4", chars=600)

    # 個人番号 BRRA 7[8-2] and 住民票コード 7[13]; the number itself stands in the vault
    individual_number_state: str = _code(
        "個人番号の状態", "BRRA 7[8-2]", _APART, codes="individual_number_state"
    )
    resident_record_code: str = _number(
        "住民票コード",
        "BRRA 7[13]",
        numbers.parse_resident_record_code,
        _ENTERED,
        _WHILE_LIVING,
        chars=11,
    )

    # 選挙人名簿 BRRA 7[9], 国民健康保険 7[10], 後期高齢者医療 7[10-2], 介護保険 7[10-3],
    # 国民年金 7[11], 児童手当 7[11-2]
    electoral_roll: bool = _flag("選挙人名簿への登録", "BRRA 7[9]", _JAPANESE, _APART)
    national_health_insurance: bool = _flag("国民健康保険の該当", "BRRA 7[10]", _APART)
    national_health_insurance_acquired_on: date | None = _day(
        "国民健康保険の資格取得年月日", "BRRA 7[10]", _APART
    )
    national_health_insurance_lost_on: date | None = _day(
        "国民健康保険の資格喪失年月日", "BRRA 7[10]", _APART
    )
    elderly_medical_care: bool = _flag("後期高齢者医療の該当", "BRRA 7[10-2]", _APART)
    elderly_medical_care_acquired_on: date | None = _day(
        "後期高齢者医療の資格取得年月日", "BRRA 7[10-2]", _APART
    )
    elderly_medical_care_lost_on: date | None = _day(
        "後期高齢者医療の資格喪失年月日", "BRRA 7[10-2]", _APART
    )
    long_term_care_insurance: bool = _flag("介護保険の該当", "BRRA 7[10-3]", _APART)
    long_term_care_insurance_acquired_on: date | None = _day(
        "介護保険の資格取得年月日", "BRRA 7[10-3]", _APART
    )
    long_term_care_insurance_lost_on: date | None = _day(
        "介護保険の資格喪失年月日", "BRRA 7[10-3]", _APART
    )
    national_pension: bool = _flag("国民年金の該当", "BRRA 7[11]", _APART)
    basic_pension_number: str = _number(
        "基礎年金番号", "BRRA 7[11]", numbers.parse_basic_pension_number, _APART, chars=10
    )
    national_pension_kind: str = _code(
        "国民年金の種別", "BRRA 7[11]", _APART, codes="national_pension_kind"
    )
    national_pension_kind_changed_on: date | None = _day(
        "国民年金の種別の変更年月日", "BRRA 7[11]", _APART
    )
    national_pension_acquired_on: date | None = _day(
        "国民年金の資格取得年月日", "BRRA 7[11]", _APART
    )
    national_pension_lost_on: date | None = _day("国民年金の資格喪失年月日", "BRRA 7[11]", _APART)
    child_allowance_from_month: str = _month("児童手当の支給開始年月", "BRRA 7[11-2]", _APART)
    child_allowance_until_month: str = _month("児童手当の支給終了年月", "BRRA 7[11-2]", _APART)

    # 外国人住民 BRRA 30-45
    nationality: str = _text("国籍・地域", "BRRA 30-45", _FOREIGN, _ENTERED, chars=50)
    nationality_code: str = _number("国籍・地域コード", "STD 1.3.3", None, _FOREIGN, chars=3)
    foreign_resident_since_on: RegisterDate | None = _register_date(
        "外国人住民となった年月日", "BRRA 30-45", _FOREIGN, _ENTERED, _NEVER
    )
    old_registration_on: RegisterDate | None = _register_date(
        "旧外登法による登録年月日", "STD 1.1.2", _FOREIGN, _ENTERED
    )
    foreign_class: str = _code(
        "法第30条の45の区分", "BRRA 30-45", _FOREIGN, _ENTERED, _NEVER, codes="foreign_class"
    )
    residence_status: str = _code(
        "在留資格",
        "BRRA 30-45",
        _FOREIGN,
        _ENTERED,
        codes="residence_status",
        classes=_MID_TO_LONG_TERM,
    )
    period_of_stay: str = _text(
        "在留期間", "BRRA 30-45", _FOREIGN, _ENTERED, classes=_MID_TO_LONG_TERM
    )
    period_of_stay_expires_on: date | None = _day(
        "在留期間の満了の日", "BRRA 30-45", _FOREIGN, _ENTERED, classes=_MID_TO_LONG_TERM
    )
    residence_card_number: str = _number(
        "在留カードの番号",
        "BRRA 30-45",
        numbers.parse_residence_card_number,
        _FOREIGN,
        _ENTERED,
        Blank.ALERT_WHILE_LIVING,
        chars=12,
        classes=_MID_TO_LONG_TERM,
    )
    special_permanent_resident_certificate_number: str = _number(
        "特別永住者証明書の番号",
        "BRRA 30-45",
        _CERTIFICATE,
        _FOREIGN,
        _ENTERED,
        _WHILE_LIVING,
        chars=12,
        classes=("special_permanent",),
    )
    landing_period: str = _text(
        "上陸期間", "BRRA 30-45", _FOREIGN, _ENTERED, _NEVER, classes=("temporary_refuge",)
    )
    provisional_stay_period: str = _text(
        "仮滞在期間", "BRRA 30-45", _FOREIGN, _ENTERED, _NEVER, classes=("provisional_stay",)
    )
    dwelling_notified: bool = _flag("住居地の届出の有無", "STD 1.1.2", _FOREIGN)
    moved_in_by_landing_permit: bool = _flag("上陸許可証による転入の旨", "STD 1.1.2", _FOREIGN)

    # その他の項目
    individual_number_card: str = _code("個人番号カードの発行状況", "STD 1.1.1", codes="card_state")
    resident_card: str = _code("住基カードの発行状況", "STD 1.1.1", codes="card_state")
    adult_ward: bool = _flag("成年被後見人の該当", "STD 9.4")
    processed_on: date | None = _day("処理日", "STD 4.0.3")
    signature_certificate_serial: str = _number(
        "署名用電子証明書シリアル番号", "STD 1.1.1", None, chars=64
    )
    user_certificate_serial: str = _number(
        "利用者証明用電子証明書シリアル番号", "STD 1.1.1", None, chars=64
    )

    # 除票固有の項目 1.1.5; 転出 has them from the 届出 on, before it becomes a 除票
    closing_reason: str = _code("消除事由", "STD 1.1.5", _CLOSED, codes="closing_reason")
    closing_event_on: RegisterDate | None = _register_date(
        "事由の生じた年月日", "STD 1.1.5", _CLOSED
    )
    planned_destination_code: str = _part("planned_destination", "code")
    planned_destination_postal_code: str = _part("planned_destination", "postal_code")
    planned_destination_prefecture: str = _part("planned_destination", "prefecture")
    planned_destination_municipality: str = _part("planned_destination", "municipality")
    planned_destination_town: str = _part("planned_destination", "town")
    planned_destination_lot: str = _part("planned_destination", "lot")
    planned_destination_free_text: str = _part("planned_destination", "free_text")
    planned_destination_building: str = _part("planned_destination", "building")
    confirmed_destination_code: str = _part("confirmed_destination", "code")
    confirmed_destination_postal_code: str = _part("confirmed_destination", "postal_code")
    confirmed_destination_prefecture: str = _part("confirmed_destination", "prefecture")
    confirmed_destination_municipality: str = _part("confirmed_destination", "municipality")
    confirmed_destination_town: str = _part("confirmed_destination", "town")
    confirmed_destination_lot: str = _part("confirmed_destination", "lot")
    confirmed_destination_free_text: str = _part("confirmed_destination", "free_text")
    confirmed_destination_building: str = _part("confirmed_destination", "building")
    closing_notified_on: date | None = _day("除票の届出の年月日", "STD 1.1.5", _CLOSED_TOO)
    moved_in_notice_on: date | None = _day("転入通知年月日", "STD 1.1.5", _CLOSED_TOO)
    moved_out_on: date | None = _day("転出年月日（確定）", "STD 1.1.5", _CLOSED_TOO)
    closed_on: date | None = _day("消除年月日", "STD 1.1.5", _CLOSED_TOO)

    @property
    def is_living(self) -> bool:
        """住民: whether the record is that of a resident; otherwise it is a 除票."""
        return self.state in ("", "living")

    @property
    def is_foreign(self) -> bool:
        """外国人住民: whether the resident is one of the classes of BRRA 30-45."""
        return self.resident_class == "foreign"

    @property
    def name(self) -> Name | ForeignName:
        """氏名: as of the resident's class."""
        if self.is_foreign:
            return ForeignName(self.roman_name, self.kanji_name)
        return Name(self.family_name, self.given_name)

    @property
    def name_reading(self) -> Reading:
        """氏名の振り仮名: the statutory one, from the 戸籍 only."""
        return Reading(self.family_name_reading, self.given_name_reading)

    @property
    def name_kana(self) -> Reading:
        """氏名のフリガナ: the convenient one, for search and address labels."""
        family, given = self.family_name_kana, self.given_name_kana
        if self.is_foreign:
            family, given = self.foreign_name_kana, ""
        return Reading(family, given, self.name_kana_confirmed)

    @property
    def former_name(self) -> AddedName:
        """旧氏: with its 振り仮名."""
        return AddedName(self.former_family_name, Reading(self.former_family_name_reading))

    @property
    def common(self) -> AddedName:
        """通称: with its フリガナ."""
        reading = Reading(self.common_name_kana, confirmed=self.common_name_kana_confirmed)
        return AddedName(self.common_name, reading)

    @property
    def address(self) -> Address:
        """住所: where the resident lives, 方書 included."""
        return self._address("address")

    @property
    def previous_address(self) -> Address:
        """転入前住所: where the resident lived before coming to this municipality."""
        return self._address("previous_address")

    @property
    def planned_destination(self) -> Address:
        """転出先住所（予定）: as notified."""
        return self._address("planned_destination")

    @property
    def confirmed_destination(self) -> Address:
        """転出先住所（確定）: as the 転入通知 says."""
        return self._address("confirmed_destination")

    def _address(self, of: str) -> Address:
        return Address(**{part: getattr(self, f"{of}_{part}") for part in ADDRESS_PARTS})

    @property
    def relation(self) -> Relationship | None:
        """続柄: as a value; None while it is blank."""
        return parse(self.relationship) if self.relationship else None

    @property
    def member(self) -> Member:
        """世帯員: what the order of the household asks (standard 5.2); family by 戸籍."""
        register = self.family_register_head if self.registered_domicile else ""
        own_name = self.name.joined.split() == register.split()
        return Member(
            relationship=self.relation,
            born_on=self.born_on.sort_on if self.born_on else None,
            address_number=self.address_number,
            heads_family_register=bool(register) and own_name,
            position=self.position,
            family="" if register in _NO_REGISTER else f"{self.registered_domicile} {register}",
        )
