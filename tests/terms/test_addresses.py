"""住所: parts or free text, the order of lots, and what is one place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.terms.addresses import Address, another_dwelling, number_key, same_lot
from daicho.terms.malformed import Malformed

HOME = Address(
    code="13101001001",
    postal_code="1000001",
    prefecture="東京都",
    municipality="千代田区",
    town="霞が関二丁目",
    lot="１番６号",
    building="虎ノ門ハイツ１０１号",
)


def test_the_building_is_shown_after_a_wide_space() -> None:
    assert HOME.text == "東京都千代田区霞が関二丁目１番６号"
    assert HOME.written == "東京都千代田区霞が関二丁目１番６号　虎ノ門ハイツ１０１号"


def test_an_address_abroad_is_free_text() -> None:
    assert Address(free_text="アメリカ合衆国").written == "アメリカ合衆国"


def test_codes_alone_are_no_address() -> None:
    assert Address(code="13101001001", postal_code="1000001").is_blank
    assert not HOME.is_blank


@pytest.mark.parametrize(
    ("fields", "code", "because"),
    [
        ({"code": "131010010"}, "address.digits", "11 digits, not 9"),
        ({"code": "１３１０１００１００１"}, "address.digits", "stored half width"),
        ({"postal_code": "100-0001"}, "address.digits", "stored without the hyphen"),
        ({"free_text": "米国", "town": "霞が関"}, "address.both_forms", "one form or the other"),
        ({"building": "ハイツ\n101"}, "name.forbidden_character", "a line end"),
    ],
)
def test_what_cannot_be_an_address_is_refused(
    fields: dict[str, str], code: str, because: str
) -> None:
    with pytest.raises(Malformed) as refusal:
        Address(**fields)
    assert refusal.value.code == code, because


IN_ORDER = [
    ("", "nothing"),
    ("１番地", "the lot itself before its branches"),
    ("１番地１", "a branch"),
    ("１番地の２", "の and ノ join"),
    ("１番地ノ１０", "by number, not by letter: 10 after 2"),
    ("９番地", "by number"),
    ("１０番地", "by number"),
    ("十二番地", "kanji figures of old records"),
    ("１００８番地", "by number"),
    ("甲１２番地", "a series after all numbers"),
    ("乙３番地", "乙 after 甲"),
    ("イ５番地", "イロハ after 甲乙丙"),
    ("無番地", "no number at all: last"),
]


def test_lots_sort_by_their_numbers() -> None:
    keys = [number_key(lot) for lot, _ in IN_ORDER]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("text", "key", "because"),
    [
        ("１番６号", "000001-000006", "番 and 号"),
        ("1-6", "000001-000006", "the same lot written short"),
        ("二千三百四十番地", "002340", "units"),
        ("二三四番地", "000234", "figure by figure"),
        ("虎ノ門ハイツ１０１号", "000101", "letters of a word are no series"),
        ("三井荘５号", "000005", "a kanji figure inside a word is none"),
        ("99999999番地", "900000", "never among the series"),
    ],
)
def test_a_number_key_holds_the_numbers_of_the_text(text: str, key: str, because: str) -> None:
    assert number_key(text) == key, because


@given(st.integers(0, 899_999), st.integers(0, 899_999))
def test_the_order_of_keys_is_the_order_of_numbers(one: int, other: int) -> None:
    assert (number_key(f"{one}番地") < number_key(f"{other}番地")) is (one < other)


def place(**changed: str) -> Address:
    parts = {"prefecture": "東京都", "municipality": "日野市", "town": "神明", "lot": "１番地６"}
    return Address(**(parts | changed))


SAME = [
    (place(), place(lot="1番地の6"), True, "the same numbers, spelled otherwise"),
    (place(), place(building="２０１号"), True, "方書 is no part of the lot"),
    (place(), place(lot="１番地７"), False, "another branch"),
    (place(), place(town="日野"), False, "another town"),
    (place(code="13212001001"), place(code="13212002001"), False, "the codes differ"),
    (place(code="13212001001"), place(), True, "one code is not known"),
    (place(lot="無番地"), place(lot="無番地"), True, "the same words"),
    (place(lot="無番地"), place(lot="無番地先"), False, "no numbers: only the words tell"),
    (place(lot=""), place(lot=""), False, "no lot is no place"),
    (Address(free_text="米国"), Address(free_text="米国"), False, "abroad is no lot"),
]


@pytest.mark.parametrize(("one", "other", "expected", "because"), SAME)
def test_one_lot_is_told_from_another(
    one: Address, other: Address, expected: bool, because: str
) -> None:
    assert same_lot(one, other) is expected, because
    assert same_lot(other, one) is expected, because


@pytest.mark.parametrize(
    ("one", "other", "expected", "because"),
    [
        (place(building="１０１号"), place(building="２０１号"), True, "転居 on one 地番"),
        (place(), place(building="２０１号"), True, "one had no 方書"),
        (place(building="Ａ棟　１０１"), place(building="A棟101"), False, "width and spaces only"),
        (
            place(building="１０１号"),
            place(lot="９番地", building="２０１号"),
            False,
            "another lot",
        ),
    ],
)
def test_moving_to_another_dwelling_of_one_lot_is_seen(
    one: Address, other: Address, expected: bool, because: str
) -> None:
    assert another_dwelling(one, other) is expected, because


def test_rooms_sort_by_their_numbers() -> None:
    rooms = [place(building=f"神明荘{number}号室") for number in ("９", "１０１", "１１０")]
    keys = [number_key(room.building) for room in rooms]
    assert keys == sorted(keys)
