"""Searching: who is found by what, in which order, and what a search leaves behind."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from django.db import connection

import town
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.access.refusals import NotPermitted
from daicho.law.safety.acquiring import Acquired
from daicho.register import queries
from daicho.register.search import conditions, finding
from daicho.vault import numbers
from people import Cast
from register.conftest import Import

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(cast: Cast) -> Permit:
    return permit(cast.clerk.acting(), "inquiry.change", clock.today())


def names(permit: Permit, **typed: str) -> list[str]:
    return [hit.name for hit in queries.search(permit, conditions.read(typed)).hits]


OF_NOW = "350000000001"
HANAKO, TARO, NABE = "架空　花子", "架空　太郎", "渡邉　恵"
MARY, AWAY, UNSURE = "MARY MADEUP", "架空　去", "架空　不詳"


@pytest.mark.usefixtures("few_live_here")
@pytest.mark.parametrize(
    ("typed", "found", "because"),
    [
        ({"kana": "カクウハナコ"}, [HANAKO], "氏 and 名 without a space"),
        ({"kana": "かくう　はなこ"}, [HANAKO], "hiragana and a space"),
        ({"kana": "ｶｸｳ ﾊﾅｺ"}, [HANAKO], "half-width kana"),
        ({"kana": "ハナコ"}, [HANAKO], "the given name alone"),
        ({"kana": "ワタナヘ"}, [NABE], "清濁 does not count"),
        ({"kana": "タナ"}, [NABE], "a part in the middle"),
        ({"kanji": "渡辺"}, [NABE], "辺 finds 邉"),
        ({"kanji": "渡邊　恵"}, [NABE], "邊 finds 邉, in two parts"),
        ({"kanji": "恵"}, [NABE], "one kanji that is the whole given name"),
        ({"kanji": "去"}, [AWAY], "a closed record is found too"),
        ({"kanji": "旧姓"}, [NABE], "the 旧氏"),
        ({"kana": "キユウセイ"}, [NABE], "the reading of the 旧氏, small ユ or not"),
        ({"kanji": "通称　愛"}, [MARY], "the 通称"),
        ({"roman": "mary"}, [MARY], "the alphabet without case"),
        ({"roman": "made up"}, [MARY], "parts of a name in their order"),
        ({"kanji": "前姓"}, [HANAKO], "the name of a history row"),
        ({"kana": "ゼンセイ"}, [HANAKO], "the reading of that name"),
        ({"address": "架空町一丁目1番1号"}, [HANAKO], "an address of a history row"),
        ({"address": "架空町1-2-2", "kana": "ハナコ"}, [HANAKO], "an address typed short"),
        ({"building": "かくう荘"}, [MARY], "a 方書"),
        ({"born_from": "昭和60年5月5日"}, [HANAKO], "和暦"),
        ({"born_from": "1985-05-05"}, [HANAKO], "西暦"),
        ({"born_from": "S60", "kana": "カクウ"}, [HANAKO], "a year of an era"),
        ({"born_from": "1985-01", "born_until": "1985-12"}, [HANAKO], "from month to month"),
        ({"born_from": "1950-03-03"}, [UNSURE], "a year 月日不詳 may have been that day"),
        ({"born_from": "2010", "sex": "1"}, [TARO], "a year and the sex"),
        ({"born_from": "2010", "sex": "2"}, [], "all conditions hold together"),
        ({"address_number": "108"}, [HANAKO], "leading zeros do not count"),
        ({"household_number": "205"}, [TARO, HANAKO], "the household"),
        ({"resident_record_code": "1234 5678 903"}, [HANAKO], "the 住民票コード"),
        ({"card_number": "ab12345678cd"}, [MARY], "the 在留カード"),
        ({"kana": "カクウ", "state": "closed"}, [AWAY], "closed records alone"),
        ({"kana": "カクウ", "closing_reason": "moved_out"}, [AWAY], "by 消除事由"),
        ({"kana": "カクウ", "born_from": "2010"}, [TARO], "the family name and a year"),
        ({"kana": "カクウ", "born_from": "S1", "born_until": "S64"}, [HANAKO, UNSURE], "an era"),
        ({"kana": "ナイナイ"}, [], "nobody"),
        ({"kana": "カクウ", "relationship": "子"}, [TARO], "the 続柄 of one of them"),
        ({"household_number": "205", "relationship": " 世帯主"}, [HANAKO], "blanks in a 続柄"),
        ({"kana": "カクウ", "relationship": "長男"}, [], "a word of former days is no mistake"),
        ({"address": "架空町一丁目", "blank": "sex"}, [], "everybody's 性別 stands there"),
        ({"kana": "カクウ", "blank": "building"}, [TARO, HANAKO, UNSURE, AWAY], "no 方書"),
        ({"roman": "mary", "blank": "building"}, [], "MARY has a 方書"),
        ({"kanji": "渡辺", "blank": "building,resident_record_code"}, [NABE], "both are empty"),
        ({"kanji": "花子", "blank": "resident_record_code"}, [], "花子 has a code"),
        ({"kanji": "花子", "blank": "card_number"}, [], "日本人 have no card to be empty"),
        ({"kana": "カクウハナコ", "ward": "072036"}, [HANAKO], "the ward of the office"),
        ({"kana": "カクウハナコ", "ward": "011011"}, [], "another ward"),
    ],
)
def test_a_person_is_found_by(
    clerk: Permit, typed: Mapping[str, str], found: list[str], because: str
) -> None:
    # MARY's 照会 is suppressed: what finds whom is asked for one who would see her
    looking = replace(clerk, sees=clerk.sees | {"suppressed"})
    assert names(looking, **typed) == found, because


@pytest.fixture
def coded(take_over: Import, tmp_path: Path) -> None:
    """花子, who moved from one 住所コード to another."""
    lines = [
        town.hanako(address_code="07203001001"),
        town.hanako_moved(address_code="07203001002"),
    ]
    _, faults = take_over(town.write(tmp_path, lines))
    assert faults == set()


@pytest.mark.usefixtures("coded")
@pytest.mark.parametrize(
    ("typed", "found", "because"),
    [
        ({"address_code": "０７２０３-001-002"}, [HANAKO], "alone, typed wide with hyphens"),
        ({"address_code": "07203001002", "kana": "ハ"}, [HANAKO], "it makes one kana enough"),
        ({"address_code": "07203001001"}, [], "the code of an address she has left"),
        ({"kana": "ハナコ", "blank": "address_code"}, [], "she has one"),
    ],
)
def test_a_person_is_found_by_the_present_address_code(
    clerk: Permit, typed: Mapping[str, str], found: list[str], because: str
) -> None:
    assert names(clerk, **typed) == found, because


@pytest.mark.usefixtures("few_live_here")
def test_equal_names_stand_before_parts_and_residents_before_closed_records(clerk: Permit) -> None:
    found = names(clerk, kana="カクウ")
    assert found == [TARO, HANAKO, UNSURE, AWAY]
    assert names(clerk, kana="カク")[:4] == found


@pytest.mark.usefixtures("few_live_here")
def test_a_past_name_and_a_past_address_are_said_to_be_past(clerk: Permit) -> None:
    (hit,) = queries.search(clerk, conditions.read({"kanji": "前姓"})).hits
    assert hit.past == (("kanji", "前姓　花子"),)
    (hit,) = queries.search(clerk, conditions.read({"address": "架空町1-1-1"})).hits
    assert hit.past == (("address", "架空町一丁目１番１号"),)
    (hit,) = queries.search(clerk, conditions.read({"kana": "ハナコ"})).hits
    assert hit.past == ()


@pytest.mark.usefixtures("few_live_here")
def test_every_hit_carries_its_marks(clerk: Permit) -> None:
    (hit,) = queries.search(clerk, conditions.read({"kanji": "渡辺"})).hits
    assert (hit.marks.protected, hit.marks.provisionally_protected) == (True, False)
    assert hit.marks.suppressed == ("certificate",)
    (hit,) = queries.search(clerk, conditions.read({"roman": "mary"})).hits
    assert (hit.marks.withheld, hit.address, hit.born_on) == (True, "", None)


@pytest.mark.usefixtures("few_live_here")
def test_a_search_leaves_one_row_with_those_shown_and_the_kinds_of_keys(clerk: Permit) -> None:
    found = queries.search(clerk, conditions.read({"kana": "カクウ", "sex": "2"}))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.purpose, t.article, t.detail::text, s.record_ids FROM access_trail t"
            " JOIN access_trailsubjects s ON s.trail_id = t.id WHERE t.event = 'search'"
        )
        ((purpose, article, detail, record_ids),) = cursor.fetchall()
    assert (purpose, article) == ("inquiry.change", "BRRA 3(1)")
    assert detail == '{"keys": "kana,sex", "rows": 3}'
    assert record_ids == [hit.record_id for hit in found.hits]


@pytest.mark.usefixtures("few_live_here")
@pytest.mark.parametrize(
    ("purpose", "typed"),
    [
        ("inquiry.change", {"individual_number": "123456789018"}),
        ("inquiry.certificate", {"resident_record_code": "12345678903"}),
    ],
)
def test_a_number_that_the_purpose_does_not_see_finds_nobody(
    cast: Cast, purpose: str, typed: dict[str, str]
) -> None:
    looking = permit(cast.clerk.acting(), purpose, clock.today())
    with pytest.raises(NotPermitted):
        queries.search(looking, conditions.read(typed))


@pytest.mark.usefixtures("few_live_here")
def test_that_a_code_is_empty_is_asked_only_by_who_may_see_it(cast: Cast) -> None:
    looking = permit(cast.clerk.acting(), "inquiry.certificate", clock.today())
    asked = conditions.read({"kana": "カクウ", "blank": "building,resident_record_code"})
    assert asked.used == ("kana", "blank_building", "blank_resident_record_code")
    with pytest.raises(NotPermitted):
        queries.search(looking, asked)


@pytest.mark.usefixtures("few_live_here")
def test_a_purpose_that_sees_the_individual_number_finds_by_it(cast: Cast) -> None:
    entering = permit(cast.clerk.acting(), "change.moved_in", clock.today())
    assert names(entering, individual_number="1234 5678 9018") == [HANAKO]


@pytest.mark.usefixtures("few_live_here")
def test_a_number_of_before_its_change_finds_the_person_and_says_so(cast: Cast) -> None:
    entering = permit(cast.clerk.acting(), "change.moved_in", clock.today())
    typed = conditions.read({"individual_number": "1234 5678 9018"})
    (before,) = queries.search(entering, typed).hits
    given = Acquired("agency_reply")
    numbers.put(entering, {before.record_id: OF_NOW}, given)
    (after,) = queries.search(entering, typed).hits
    assert (after.name, before.past) == (HANAKO, ())
    assert after.past == (("individual_number", "変更前の番号が一致"),)
    (now,) = queries.search(entering, conditions.read({"individual_number": OF_NOW})).hits
    assert now.past == ()


@pytest.mark.usefixtures("few_live_here")
def test_more_than_a_screen_is_said_to_be_more(
    clerk: Permit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "HITS_MOST", 2)
    found = queries.search(clerk, conditions.read({"kana": "カクウ"}))
    assert (len(found.hits), found.has_more) == (2, True)


@pytest.mark.usefixtures("few_live_here")
@pytest.mark.parametrize(
    ("typed", "index"),
    [
        ({"kana": "カクウ", "born_from": "1985"}, "search_tokens"),
        (
            {"kana": "カクウ", "relationship": "子", "blank": "building", "ward": "072036"},
            "search_tokens",
        ),
        ({"address_code": "07203001002", "blank": "building"}, "version_address_code"),
    ],
)
def test_a_search_never_reads_the_whole_table(
    clerk: Permit, typed: dict[str, str], index: str
) -> None:
    assert "resident" in clerk.sees
    asked, said = finding.statement(conditions.read(typed), 51, None, exact=True)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {asked}", said)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan
    assert "Seq Scan" not in plan
