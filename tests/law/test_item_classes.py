"""管理項目の区分 and the purposes of other divisions: closed tables, held against each other."""

from datetime import date

import pytest

from daicho.law import purposes
from daicho.law.purposes import POSTS, PURPOSES, SEES
from daicho.law.safety import item_classes
from daicho.terms.records import ITEMS, item_of

TODAY = date(2026, 11, 22)
OTHERS = [one for one in PURPOSES if one.office_kinds == ("other_division",)]


def test_each_managed_item_is_of_one_class() -> None:
    assert item_classes.classes(TODAY).keys() == {item.column for item in ITEMS}
    assert set(item_classes.classes(TODAY).values()) <= SEES


@pytest.mark.parametrize(
    ("column", "expected", "because"),
    [
        ("former_family_name", "resident", "旧氏は氏名に添えて記載する"),
        ("common_name_deleted_on", "resident", "通称の履歴は氏名の履歴である"),
        ("registered_domicile_code", "family_register", "本籍の住所コードは本籍である"),
        ("nationality", "residence_status", "法30条の45の表の事項である"),
        ("foreign_class", "residence_status", "法30条の45の区分である"),
        ("landing_period", "residence_status", "一時庇護許可者の在留資格に当たる"),
        ("foreign_resident_since_on", "resident", "住民となった年月日と同じである"),
        ("resident_record_code", "record_code", "住民票コード"),
        ("planned_destination_town", "resident", "転出先は住所である"),
        ("individual_number_state", "resident", "番号そのものではない"),
    ],
)
def test_an_item_is_of_the_class_that_its_matter_has(
    column: str, expected: str, because: str
) -> None:
    assert item_classes.classes(TODAY)[column] == expected, because


def test_what_the_act_has_for_foreign_residents_alone_is_hidden_with_their_status() -> None:
    hidden = item_classes.hidden(SEES - {"residence_status"}, TODAY)
    limited = {item.column for item in ITEMS if item.classes}
    assert limited <= hidden
    assert all(item_of(column).holders == "foreign" for column in hidden)


def test_who_sees_no_class_sees_no_column() -> None:
    assert item_classes.hidden(frozenset(), TODAY) == {item.column for item in ITEMS}
    assert not item_classes.hidden(SEES, TODAY)


def test_a_relationship_is_hidden_by_no_class_that_may_be_masked() -> None:
    masked = SEES - {"family_register", "individual_number", "record_code", "residence_status"}
    hidden = item_classes.hidden(masked, TODAY)
    assert not hidden & {"relationship", "householder_name"}, "続柄 (標準仕様書 10.4)"


def test_each_affair_of_another_division_has_a_post_of_its_own() -> None:
    assert len(OTHERS) == 11
    for one in OTHERS:
        assert one.posts == (one.code.removeprefix("inquiry."),)
        assert one.posts[0] in POSTS


def test_no_single_post_of_another_division_has_two_affairs() -> None:
    for post in POSTS:
        held = purposes.purposes_for("other_division", [post], TODAY)
        assert len([one for one in held if one.code.startswith("inquiry.")]) <= 1


def test_another_division_sees_least_of_all() -> None:
    for one in OTHERS:
        assert one.sees <= {"resident", "residence_status"}
        assert one.functions == ("search", "record", "household")
        assert one.protected == "withheld"
        assert not one.sees_individual_number


def test_what_uses_numbers_says_by_which_article() -> None:
    without = {one.code for one in OTHERS if not one.ground}
    assert without == {"inquiry.electoral_roll", "inquiry.school_roll"}
    assert {one.ground for one in OTHERS} == {"", "use.table"}


def test_an_affair_begins_no_sooner_than_its_act() -> None:
    assert {one.code: one.since for one in OTHERS if one.since > date(1967, 11, 10)} == {
        "inquiry.child_allowance": date(1972, 1, 1),
        "inquiry.long_term_care_insurance": date(2000, 4, 1),
        "inquiry.elderly_medical_care": date(2008, 4, 1),
    }
