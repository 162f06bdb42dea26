"""検索キー: what the standard's fuzzy search takes for one, and that a key is a key."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.terms import kana, variants

SAME_SOUND = [
    ("ヂ", "ジ", "清濁: the standard's example"),
    ("ズ", "ヅ", "清濁: the standard's example"),
    ("ワ", "ハ", "清濁: the standard's example"),
    ("ヴァ", "バ", "清濁: the standard's example"),
    ("ヴィ", "ビ", "清濁: the standard's example"),
    ("ヴ", "ブ", "清濁: the standard's example"),
    ("オ", "ヲ", "清濁: the standard's example"),
    ("ヒ", "ピ", "清濁: the standard's example"),
    ("タナカ", "ダナガ", "清音、濁音による違いを無視"),
    ("ハナチ", "ハナヂ", "清濁 of チ and ヂ too, though ヂ is also ジ"),
    ("ハットリ", "ハツトリ", "促音"),
    ("キャ", "キヤ", "拗音"),
    ("シュン", "シユン", "拗音"),
    ("リョウ", "リヨウ", "拗音"),
    ("ジュウミン　タロウ", "ジュウミンタロウ", "氏と名との間のスペースを無視"),
    ("ジュウミン タロウ", "ジュウミン　タロウ", "全角スペースと半角スペースを区別せず"),
    ("コウタ", "コオタ", "ウ after the オ row is オ"),
    ("ショウコ", "ショオコ", "ヨ is of the オ row, small or large"),
    ("ヲウ", "オオ", "ヲ counts as オ first"),
    ("オータ", "オタ", "長音の有無を無視"),
    ("サト―", "サトー", "全角ダッシュ"),
    ("サト－", "サトー", "全角マイナス"),
    ("サト‐", "サトー", "全角ハイフン"),
    ("サトｰ", "サトー", "半角長音"),
    ("サト-", "サトー", "半角ハイフン、マイナス"),
    ("ｼﾞｭｳﾐﾝ ﾀﾛｳ", "ジュウミン　タロウ", "half-width kana with its voicing marks"),
    ("ｳﾞｧﾝ", "ヴァン", "half-width ヴ"),
    ("ウ\u3099ァン", "バン", "a combining mark makes ヴ too"),
    ("さとう", "サトウ", "hiragana typed"),
    ("ゔぃ", "ビ", "hiragana ヴ"),
    ("ジョン・スミス", "ジョンスミス", "between names of foreign residents"),
]

OTHER_SOUND = [
    ("ウエダ", "オエダ", "ウ at the start is no オ: ２文字目以降"),
    ("カウ", "カオ", "ウ after the ア row stays"),
    ("サトウ", "サト", "ウ is no 長音"),
    ("カトウ", "サトウ", "other rows stay apart"),
    ("マリ", "マリエ", "a part is not the whole"),
]


@pytest.mark.parametrize(("one", "other", "because"), SAME_SOUND)
def test_the_search_takes_two_spellings_for_one(one: str, other: str, because: str) -> None:
    assert kana.fold(one) == kana.fold(other), because


@pytest.mark.parametrize(("one", "other", "because"), OTHER_SOUND)
def test_the_search_keeps_two_sounds_apart(one: str, other: str, because: str) -> None:
    assert kana.fold(one) != kana.fold(other), because


def test_each_hiragana_folds_as_its_katakana() -> None:
    for code in range(ord("ぁ"), ord("ゖ") + 1):
        assert kana.fold(chr(code)) == kana.fold(chr(code + 0x60)), chr(code + 0x60)


def test_each_half_width_kana_folds_as_its_full_width_form() -> None:
    for code in range(0xFF66, 0xFF9E):
        wide = unicodedata.normalize("NFKC", chr(code))
        assert kana.fold(chr(code)) == kana.fold(wide), wide


def test_a_key_holds_only_plain_large_katakana() -> None:
    letters = "".join(map(chr, range(ord("ァ"), ord("ヺ") + 1)))
    assert set(kana.fold(letters)) <= set(
        "アイウエオカキクケコサシスセソタテトナニヌネノハヒフヘホ"
    ) | set("マミムメモヤユヨラリルレロン")


def test_what_is_no_kana_stays() -> None:
    assert kana.fold("山田A") == "山田A"


kana_texts = st.text(st.characters(min_codepoint=0x3040, max_codepoint=0x30FF) | st.characters())


@given(kana_texts)
def test_folding_a_key_again_changes_nothing(text: str) -> None:
    for fold in (kana.fold, kana.fold_roman, lambda typed: variants.fold(typed, variants.GROUPS)):
        assert fold(fold(text)) == fold(text)


@given(st.text("アイウエオカガコゴトドノボポモョヨロヲー　"), st.text("アイウエオカコトモー　"))
def test_a_longer_name_begins_with_the_key_of_its_beginning(start: str, rest: str) -> None:
    assert kana.fold(start + rest).startswith(kana.fold(start))


@pytest.mark.parametrize(
    ("one", "other", "because"),
    [
        ("O'Brien", "OBRIEN", "apostrophe and case"),
        ("Müller-José", "muller jose", "accents, hyphen, space"),
        ("ＺＨＡＮＧ　ＹＵＬＩＮ", "Zhang Yulin", "full-width letters"),
        ("Łukasz Sørensen", "lukasz sorensen", "letters no decomposition makes plain"),
        ("STRAẞE", "strasse", "sharp s"),
        ("JR. SMITH", "jr smith", "a full stop"),
    ],
)
def test_the_search_takes_two_alphabet_names_for_one(one: str, other: str, because: str) -> None:
    assert kana.fold_roman(one) == kana.fold_roman(other), because


@pytest.mark.parametrize(
    "group",
    [
        "辺邊邉边𨘢",
        "浜濱濵滨",
        "藤籐籘䕨",
        "高髙",
        "崎﨑",
        "吉𠮷",
        "沢澤",
        "斎斉齋齊",
        "桜櫻",
        "真眞",
        "広廣",
    ],
)
def test_the_forms_of_one_kanji_have_one_key(group: str) -> None:
    assert len({variants.fold(form, variants.GROUPS) for form in group}) == 1


def test_a_kanji_key_drops_selectors_spaces_and_compatibility_forms() -> None:
    assert variants.fold("渡邉󠄀　神", variants.GROUPS) == variants.fold("渡辺神", variants.GROUPS)


def test_other_kanji_stay_apart() -> None:
    assert variants.fold("渡部", variants.GROUPS) != variants.fold("渡辺", variants.GROUPS)


def test_groups_that_share_a_character_become_one() -> None:
    groups = variants.grouped(["ab", "cd", "bc", "xy"])
    assert len({groups[c] for c in "abcd"}) == 1
    assert groups["x"] == groups["y"] != groups["a"]


@given(st.lists(st.text("abcdefgh", min_size=1, max_size=3), max_size=12))
def test_grouping_joins_what_rows_link_and_nothing_else(rows: list[str]) -> None:
    groups = variants.grouped(rows)
    for one in groups:
        reached = {one}
        while more := {c for row in rows if reached & set(row) for c in row} - reached:
            reached |= more
        assert {other for other in groups if groups[other] == groups[one]} == reached


def test_no_character_stands_in_two_groups_of_the_hand_list() -> None:
    assert all(variants.GROUPS[head] == head for head in variants.GROUPS.values())
