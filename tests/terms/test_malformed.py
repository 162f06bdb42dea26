"""不正な入力: the refusal itself."""

import pickle

import pytest

from daicho.terms.malformed import Malformed


def test_says_its_sentence_and_keeps_its_code() -> None:
    refusal = Malformed("date.form", "日付として読めません。")
    assert (refusal.code, str(refusal), refusal.message) == (
        "date.form",
        "日付として読めません。",
        "日付として読めません。",
    )
    assert isinstance(refusal, ValueError)


def test_travels_between_processes() -> None:
    sent = pickle.dumps(Malformed("date.form", "読めません。"))
    again = pickle.loads(sent)  # noqa: S301  our own bytes
    assert (again.code, str(again)) == ("date.form", "読めません。")


@pytest.mark.parametrize("code", ["", "form", "Date.Form", "date.form.x", "date form"])
def test_a_code_is_two_words(code: str) -> None:
    with pytest.raises(TypeError):
        Malformed(code, "読めません。")
