"""番号: check digits against known vectors, and what a clerk may type. All numbers are made up."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from daicho.terms import numbers
from daicho.terms.malformed import Malformed

INDIVIDUAL = [
    ("12345678901", "8", "remainder 3"),
    ("98320567321", "4", "a published sample"),
    ("37947448445", "8", "a published sample"),
    ("11111111115", "0", "remainder 0"),
    ("11111111124", "0", "remainder 1"),
]
RESIDENT = [
    ("2472705960", "8", "a published sample"),
    ("2484601622", "4", "a published sample"),
    ("2520801764", "3", "a published sample"),
    ("1234567890", "3", "remainder 8"),
    ("9876543210", "3", "remainder 8"),
    ("1111111118", "0", "remainder 0"),
    ("1111111113", "0", "remainder 1"),
]
GOVERNMENT = [
    ("13101", "6", "千代田区"),
    ("07203", "6", "郡山市: a leading zero"),
    ("19208", "2", "南アルプス市"),
    ("05203", "5", "横手市"),
    ("09201", "1", "宇都宮市: remainder 0 gives 1"),
    ("11202", "0", "熊谷市: remainder 1 gives 0"),
    ("01100", "2", "札幌市: a sum below 11"),
]
ADDRESS = [
    ("00000001", "9", "the first number"),
    ("00000012", "4", "two figures"),
    ("12345678", "5", "weights begin again after 7"),
    ("000010", "8", "another length"),
    ("00000000", "0", "remainder 0 gives 0"),
    ("00000006", None, "remainder 1 would give 10: the number is passed over"),
]
VECTORS: list[tuple[Callable[[str], str | None], str, str | None, str]] = [
    *((numbers.individual_number_check_digit, *row) for row in INDIVIDUAL),
    *((numbers.resident_record_code_check_digit, *row) for row in RESIDENT),
    *((numbers.local_government_code_check_digit, *row) for row in GOVERNMENT),
    *((numbers.address_number_check_digit, *row) for row in ADDRESS),
]


@pytest.mark.parametrize(("check_digit", "body", "digit", "because"), VECTORS)
def test_check_digit(
    check_digit: Callable[[str], str | None], body: str, digit: str | None, because: str
) -> None:
    assert check_digit(body) == digit, because


Parse = Callable[[str], str]

TYPED: list[tuple[Parse, str, str, str]] = [
    (numbers.parse_individual_number, "123456789018", "123456789018", "as stored"),
    (numbers.parse_individual_number, "１２３４ ５６７８ ９０１８", "123456789018", "in fours"),
    (numbers.parse_individual_number, "1234-5678-9018", "123456789018", "with hyphens"),
    (
        numbers.parse_individual_number,
        "１２３４－５６７８ー９０１８",
        "123456789018",
        "wide dashes",
    ),
    (numbers.parse_resident_record_code, "12345 67890-3", "12345678903", "grouped"),
    (numbers.parse_local_government_code, "０１１００２", "011002", "leading zero, full width"),
    (numbers.parse_postal_code, "〒100-0001", "1000001", "mark and hyphen"),
    (numbers.parse_postal_code, "１００－０００１", "1000001", "full width"),
    (numbers.parse_address_code, "13101 001 002", "13101001002", "in its parts"),
    (numbers.parse_basic_pension_number, "1234-567890", "1234567890", "written 4-6"),
    (numbers.parse_residence_card_number, "ab12345678cd", "AB12345678CD", "small letters"),
    (numbers.parse_residence_card_number, "ＡＢ１２３４５６７８ＣＤ", "AB12345678CD", "full width"),
    (
        numbers.parse_special_permanent_resident_certificate_number,
        "AB 12345678 CD",
        "AB12345678CD",
        "in its parts",
    ),
    (numbers.parse_address_number, "1", "1", "an old number, no check digit asked"),
    (numbers.parse_address_number, "000000019", "000000019", "leading zeros are kept"),
    (numbers.parse_address_number, "123456789012345", "123456789012345", "fifteen digits"),
    (numbers.parse_household_number, "００１２３", "00123", "full width"),
]


@pytest.mark.parametrize(("parse", "text", "number", "because"), TYPED)
def test_a_clerk_may_type(parse: Parse, text: str, number: str, because: str) -> None:
    assert parse(text) == number, because


REFUSED: list[tuple[Parse, str, str, str]] = [
    (numbers.parse_individual_number, "983205673210", "number.check_digit", "published as wrong"),
    (numbers.parse_individual_number, "123456789019", "number.check_digit", "last digit off"),
    (numbers.parse_individual_number, "213456789018", "number.check_digit", "two digits swapped"),
    (numbers.parse_individual_number, "000000000000", "number.one_digit", "passes the arithmetic"),
    (numbers.parse_individual_number, "111111111111", "number.one_digit", "no number at all"),
    (numbers.parse_individual_number, "12345678901", "number.length", "a digit missing"),
    (numbers.parse_individual_number, "1234567890188", "number.length", "a digit too many"),
    (numbers.parse_individual_number, "12345678901X", "number.characters", "a letter"),
    (numbers.parse_individual_number, "١٢٣٤٥٦٧٨٩٠١٨", "number.characters", "another script"),
    (numbers.parse_individual_number, "123456789018\n", "number.characters", "a line break"),
    (numbers.parse_individual_number, "", "number.characters", "nothing"),
    (numbers.parse_resident_record_code, "25208017644", "number.check_digit", "a sample plus one"),
    (numbers.parse_resident_record_code, "00000000000", "number.one_digit", "nobody's code"),
    (numbers.parse_resident_record_code, "123456789018", "number.length", "an individual number"),
    (numbers.parse_local_government_code, "131010", "number.check_digit", "千代田区 is 131016"),
    (numbers.parse_local_government_code, "13101", "number.length", "without its check digit"),
    (numbers.parse_postal_code, "100-001", "number.length", "a digit missing"),
    (numbers.parse_address_code, "1310100100", "number.length", "a digit missing"),
    (numbers.parse_basic_pension_number, "123456789", "number.length", "a digit missing"),
    (numbers.parse_residence_card_number, "A123456789CD", "number.card", "one letter only"),
    (numbers.parse_residence_card_number, "AB1234567CD", "number.card", "a digit missing"),
    (numbers.parse_address_number, "1234567890123456", "number.length", "sixteen digits"),
    (numbers.parse_address_number, "A0001", "number.characters", "a letter"),
    (numbers.parse_household_number, "", "number.characters", "nothing"),
]


@pytest.mark.parametrize(("parse", "text", "code", "because"), REFUSED)
def test_refuses(parse: Parse, text: str, code: str, because: str) -> None:
    with pytest.raises(Malformed) as refusal:
        parse(text)
    assert refusal.value.code == code, because
    assert not text.strip() or text.strip() not in str(refusal.value)
    assert refusal.value.__context__ is None


def test_a_refusal_says_the_same_whatever_was_typed() -> None:
    said = set()
    for text in ("123456789019", "983205673210", "379474484450"):
        with pytest.raises(Malformed) as refusal:
            numbers.parse_individual_number(text)
        said.add(str(refusal.value))
    assert said == {"個人番号の検査数字が合いません。書類を確かめて入力し直してください。"}


def _is_individual_number(text: str) -> bool:
    try:
        return numbers.parse_individual_number(text) == text
    except Malformed:
        return False


@given(st.text(alphabet="0123456789", min_size=11, max_size=11))
def test_every_body_has_a_check_digit_that_is_accepted(body: str) -> None:
    number = body + numbers.individual_number_check_digit(body)
    assume(len(set(number)) > 1)
    assert _is_individual_number(number)
    assert sum(_is_individual_number(body + digit) for digit in "0123456789") == 1


def test_a_wrong_body_is_refused_by_the_check_digit_itself() -> None:
    for body in ("", "1234", "1234567890a", "１２３４５６７８９０１"):
        with pytest.raises(Malformed):
            numbers.individual_number_check_digit(body)


# --- 宛名番号, 世帯番号 -------------------------------------------------------------------------


def test_new_numbers_follow_each_other_and_pass_over_a_remainder_of_one() -> None:
    issued = []
    sequence = 0
    for _ in range(7):
        sequence, number = numbers.next_number(sequence, length=9)
        issued.append(number)
    assert issued == [
        "000000019",
        "000000027",
        "000000035",
        "000000043",
        "000000051",
        "000000078",  # sequence 6 has the remainder 1
        "000000086",
    ]
    assert sequence == 8


@given(st.integers(0, 10**13), st.just(15))
def test_a_new_number_is_higher_and_has_its_check_digit(last: int, length: int) -> None:
    sequence, number = numbers.next_number(last, length=length)
    assert last < sequence <= last + 2
    assert len(number) == length
    assert numbers.has_check_digit(number)
    assert int(number[:-1]) == sequence


@given(st.integers(0, 10**13), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_of_a_new_number_is_always_noticed(last: int, place: int, off: int) -> None:
    number = numbers.next_number(last, length=15).number
    wrong = str((int(number[place]) + off) % 10)
    assert not numbers.has_check_digit(number[:place] + wrong + number[place + 1 :])


@pytest.mark.parametrize(("last", "length"), [(999, 4), (9, 2), (0, 1), (0, 16)])
def test_no_number_is_made_when_the_digits_do_not_suffice(last: int, length: int) -> None:
    with pytest.raises(Malformed) as refusal:
        numbers.next_number(last, length=length)
    assert refusal.value.code == "number.used_up"


def test_old_numbers_may_lack_a_check_digit() -> None:
    assert numbers.has_check_digit("000000019")
    assert not numbers.has_check_digit("000000018")
    assert not numbers.has_check_digit("000000060")
    assert not numbers.has_check_digit("1")
