"""The keys of a person: how texts are compared, and that they are those of the versions."""

from pathlib import Path

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

import town
from daicho.access.permits import Permit
from daicho.register import rebuilding
from daicho.register.search import keys
from register.conftest import Import

KANA = st.text(alphabet="アイウオカキクコサトドナバパヒブヴャッーン", min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("one", "other", "because"),
    [
        ("架空町一丁目１番１号", "架空町1-1-1号", "番 and 号 are dashes"),
        ("架空町十二丁目３番地", "架空町12-3番地", "kanji figures before 丁目"),
        ("架空町二十丁目", "架空町20丁目", "a whole ten"),
        ("１番地の２", "1ノ2", "の between figures"),
        ("１番地ノ２", "1-2", "ノ between figures"),
        ("架空町１－２", "架空町1‐2", "one dash and another"),
        ("カクウ荘１０２号", "かくう荘 102号", "kana, width and spaces of a 方書"),
        ("澤町", "沢町", "variants in a name of a place"),
    ],
)
def test_two_spellings_of_one_address_meet(one: str, other: str, because: str) -> None:
    assert keys.folded("address", one) == keys.folded("address", other), because


def test_a_token_is_the_same_in_every_process() -> None:
    assert keys.token("kana", "カク") == -2_025_787_070
    assert -(1 << 31) <= keys.token("kanji", "架空") < 1 << 31


def _row(**cells: str) -> dict[str, str]:
    return {**dict.fromkeys(keys.COLUMNS, ""), **cells}


@given(KANA, KANA)
def test_every_part_of_a_name_has_its_tokens(family: str, given_name: str) -> None:
    made = keys.of([_row(family_name_kana=family, given_name_kana=given_name)])
    for typed in (family, given_name, family + given_name):
        for part in keys.parts("kana", typed):
            assert set(keys.pairs("kana", part)) <= set(made.tokens)
            assert any(part in text for text in made.texts["kana"].split(keys.LINE))


def test_past_values_stand_behind_the_present_ones() -> None:
    made = keys.of([_row(family_name="前姓"), _row(family_name="今姓"), _row(family_name="今姓")])
    assert made.texts["kanji"] == f"今姓{keys.PAST}前姓"


@pytest.mark.django_db
def test_a_key_altered_by_hand_is_seen_and_made_anew(
    take_over: Import, allowed: Permit, tmp_path: Path
) -> None:
    take_over(town.write(tmp_path, town.few()))
    assert rebuilding.check(allowed).equal
    with connection.cursor() as cursor:
        cursor.execute("UPDATE register_searchkey SET kana = 'アヤマリ' WHERE kana LIKE 'カク%'")
        altered = cursor.rowcount
    found = rebuilding.check(allowed)
    assert (found.equal, found.keys_differ) == (False, altered)
    rebuilding.rebuild(allowed)
    assert rebuilding.check(allowed).equal
