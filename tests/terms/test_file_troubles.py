"""読み書きできないわけ: a refusal of the operating system is told in Japanese, with what to do."""

import errno
import os

import pytest

from daicho.terms.file_troubles import reason, remedy

USUAL = ["ENOENT", "EACCES", "EISDIR", "ENOTDIR", "EROFS", "ENOSPC", "EIO", "ELOOP", "EMFILE"]


@pytest.mark.parametrize("name", USUAL)
def test_a_usual_refusal_is_told_without_a_number_and_without_english(name: str) -> None:
    number = getattr(errno, name)
    refusal = OSError(number, os.strerror(number), "/架空/keys.json")
    said = f"{reason(refusal)}。{remedy(refusal)}"
    assert not any(letter.isascii() for letter in said), said
    assert said.endswith("。")


def test_the_same_reason_has_a_remedy_of_its_own() -> None:
    missing, closed = (OSError(one, "") for one in (errno.ENOENT, errno.EACCES))
    assert reason(missing) != reason(closed)
    assert remedy(missing) != remedy(closed)


@pytest.mark.parametrize(
    ("refusal", "told", "because"),
    [
        (OSError(errno.EXDEV, "Cross-device link"), f"システムの誤り {errno.EXDEV}", "is unusual"),
        (OSError("text only"), "システムの誤り", "has no number"),
    ],
)
def test_an_unusual_refusal_is_told_by_its_number(
    refusal: OSError, told: str, because: str
) -> None:
    assert reason(refusal) == told, because
    assert "情報システム担当に" in remedy(refusal), because
