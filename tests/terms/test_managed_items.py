"""管理項目: the list of standard 1.1.1 and 1.1.2 is whole, and each item is told of."""

import pytest

from daicho.terms import dates
from daicho.terms.dates.patterns import is_western
from daicho.terms.records import (
    CODES,
    HELD_ELSEWHERE,
    ITEMS,
    Blank,
    Holder,
    Item,
    Kind,
    Remarks,
    item_of,
)

# The list of standard 1.1.1 and 1.1.2, in its own words, and the columns that hold each item.
# J, F: only on the list of Japanese or of foreign residents. A word in 「」 is held elsewhere.
STANDARD = """
氏名 | J | family_name given_name
氏名の振り仮名 | J | family_name_reading given_name_reading
旧氏 | J | former_family_name
旧氏の振り仮名 | J | former_family_name_reading
氏名（漢字） | F | kanji_name
氏名（アルファベット） | F | roman_name
通称 | F | common_name
通称を記載した年月日 | F | common_name_entered_on
通称を記載した市区町村 | F | common_name_entered_municipality
通称を削除した年月日 | F | common_name_deleted_on
通称を削除した市区町村 | F | common_name_deleted_municipality
生年月日 | | born_on
性別 | | sex
世帯主の氏名及び世帯主との続柄 | | householder_name relationship
戸籍の表示（本籍・筆頭者） | J | registered_domicile family_register_head
住民となった年月日 | J | resident_since_on
住所（方書を含む。） | | address_prefecture address_municipality address_town address_lot \
address_free_text address_building
住所を定めた年月日 | | address_since_on
届出の年月日 | | notified_on
転入前住所（国外を含む。） | | previous_address_prefecture previous_address_municipality \
previous_address_town previous_address_lot previous_address_free_text previous_address_building
個人番号 | | 「個人番号」 individual_number_state
選挙人名簿への登録の有無 | J | electoral_roll
国民健康保険 | | national_health_insurance national_health_insurance_acquired_on \
national_health_insurance_lost_on
後期高齢者医療 | | elderly_medical_care elderly_medical_care_acquired_on \
elderly_medical_care_lost_on
介護保険 | | long_term_care_insurance long_term_care_insurance_acquired_on \
long_term_care_insurance_lost_on
国民年金 | | national_pension basic_pension_number national_pension_kind \
national_pension_kind_changed_on national_pension_acquired_on national_pension_lost_on
児童手当の受給開始・終了年月 | | child_allowance_from_month child_allowance_until_month
住民票コード | | resident_record_code
外国人住民となった年月日 | F | foreign_resident_since_on
旧外登法による登録年月日 | F | old_registration_on
国籍・地域 | F | nationality nationality_code
区分ごとの旨 | F | foreign_class
中長期在留者 | F | residence_status period_of_stay period_of_stay_expires_on residence_card_number
特別永住者証明書の番号 | F | special_permanent_resident_certificate_number
上陸期間 | F | landing_period
仮滞在期間 | F | provisional_stay_period
消除事由 | | closing_reason
転出先住所（予定） | | planned_destination_prefecture planned_destination_municipality \
planned_destination_town planned_destination_lot planned_destination_free_text \
planned_destination_building
事由の生じた年月日 | | closing_event_on
宛名番号 | | address_number
世帯番号 | | household_number
世帯員の並び順 | | position
異動履歴 | | 「異動履歴として管理する各項目」
住民状態 | | state
住民種別 | | resident_class
証明書の交付履歴 | | 「証明書の交付履歴」
抑止フラグ | | 「抑止フラグ」
備考 | | 「備考」
メモ | | 「メモ」
氏名のフリガナ | J | family_name_kana given_name_kana
外国人住民の氏名のフリガナ | F | foreign_name_kana
氏名のフリガナ確認フラグ | | name_kana_confirmed
旧氏のフリガナと確認フラグ | J | former_family_name_kana former_family_name_kana_confirmed
通称のフリガナと確認フラグ | F | common_name_kana common_name_kana_confirmed
通称を記載した市区町村コード | F | common_name_entered_municipality_code
通称を削除した市区町村コード | F | common_name_deleted_municipality_code
住所コードと郵便番号 | | address_code address_postal_code
転入前住所の住所コードと郵便番号 | | previous_address_code previous_address_postal_code
最終登録住所地 | | last_registered_address
住居地の届出の有無 | F | dwelling_notified
上陸許可証による転入の旨 | F | moved_in_by_landing_permit
個人番号カード及び住基カードの発行状況 | | individual_number_card resident_card
成年被後見人の該当有無 | | adult_ward
処理日 | | processed_on
電子証明書シリアル番号 | | signature_certificate_serial user_certificate_serial
転出先住所（確定） | | confirmed_destination_prefecture confirmed_destination_municipality \
confirmed_destination_town confirmed_destination_lot confirmed_destination_free_text \
confirmed_destination_building
除票の届出の年月日 | | closing_notified_on
転入通知年月日 | | moved_in_notice_on
転出年月日 | | moved_out_on
転出先の住所コードと郵便番号 | | planned_destination_code planned_destination_postal_code \
confirmed_destination_code confirmed_destination_postal_code
氏名優先区分 | F | name_preference
郵便物送付コード | | mailing_name
改製を行った年月日 | | remade_on
"""
# Not on those two lists: keys, and what other rows of the standard or the design ask for.
BESIDE = {
    "record_id": "the key of the design",
    "ward": "1.3.1: 指定都市 manage their 行政区",
    "householder_name_kana": "4.2.3.1 corrects 世帯主の氏名及びフリガナ",
    "registered_domicile_code": "1.3.3: 本籍 is chosen from the dictionary; 附票 notices need it",
    "closed_on": "1.1.5: kept 150 years from 消除",
}
HOLDERS = {"J": Holder.JAPANESE, "F": Holder.FOREIGN, "": Holder.BOTH}


def standard_rows() -> list[tuple[str, Holder, list[str]]]:
    lines = STANDARD.strip().splitlines()
    cells = [[cell.strip() for cell in line.split("|")] for line in lines]
    return [(wording, HOLDERS[holder], columns.split()) for wording, holder, columns in cells]


@pytest.mark.parametrize(("wording", "holder", "columns"), standard_rows())
def test_each_item_of_the_standard_has_its_place(
    wording: str, holder: Holder, columns: list[str]
) -> None:
    for column in columns:
        if column.startswith("「"):
            assert column.strip("「」") in HELD_ELSEWHERE
        else:
            assert item_of(column).holders is holder, column


def test_each_column_has_its_ground() -> None:
    known = {column for _, _, columns in standard_rows() for column in columns}
    assert {one.column for one in ITEMS} - known == set(BESIDE)


def test_the_record_has_no_field_for_the_individual_number() -> None:
    assert [one.column for one in ITEMS if "individual_number" in one.column] == [
        "individual_number_state",
        "individual_number_card",
    ]


@pytest.mark.parametrize("one", ITEMS, ids=lambda one: one.column)
def test_each_item_is_told_of(one: Item) -> None:
    assert one.japanese
    assert one.article.split()[0] in {"BRRA", "BRRO", "STD"}
    assert set(one.rows) & {"1.1.1", "1.1.2"}
    assert 0 < one.chars_max <= 600
    assert (one.kind is Kind.CODE) is bool(one.codes)
    assert (one.blank is Blank.ALLOWED) is ("1.1.6" not in one.rows)
    assert set(one.classes) <= set(CODES["foreign_class"])


def test_no_two_items_have_one_name() -> None:
    names = [one.japanese for one in ITEMS]
    assert len(set(names)) == len(names)


def test_the_items_of_dates_are_those_of_the_date_tables() -> None:
    open_to_unknown = {one.column for one in ITEMS if dates.allows("unknown", one.column)}
    assert open_to_unknown == {
        "born_on",
        "resident_since_on",
        "address_since_on",
        "foreign_resident_since_on",
        "old_registration_on",
    }
    assert all(item_of(column).kind is Kind.REGISTER_DATE for column in open_to_unknown)
    western = {one.column for one in ITEMS if is_western(one.column, foreign=True)}
    assert western == {"born_on", "period_of_stay_expires_on"}


@pytest.mark.parametrize(
    ("column", "statutory", "remarks"),
    [
        ("family_name", True, Remarks.HISTORY),
        ("address_building", True, Remarks.HISTORY),
        ("address_code", False, Remarks.NOTHING),
        ("national_pension", True, Remarks.NOTHING),
        ("family_name_kana", False, Remarks.NOTHING),
        ("closing_reason", True, Remarks.VALUE),
        ("planned_destination_lot", True, Remarks.VALUE),
        ("planned_destination_code", False, Remarks.NOTHING),
        ("confirmed_destination_lot", False, Remarks.VALUE),
        ("adult_ward", False, Remarks.NOTHING),
    ],
)
def test_an_item_says_its_standing(column: str, statutory: bool, remarks: Remarks) -> None:
    assert (item_of(column).statutory, item_of(column).remarks) == (statutory, remarks)


def test_the_title_of_a_part_is_its_address() -> None:
    assert item_of("previous_address_lot").title == "転入前住所"
    assert item_of("sex").title == "性別"
