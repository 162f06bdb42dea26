"""確認の書類: how someone shows who he is, and that he was asked to come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from daicho.law.rule import rule
from daicho.law.tables import Row, table

_ENOUGH = frozenset({"alone", "with_another"})
_FOR_NUMBER = _ENOUGH | {"no"}
_SERVES = frozenset({"notification", "request", "number"})


@dataclass(frozen=True)
class Paper:
    """確認の方法: a document or another way, as the form offers it; `serves` only for authority.

    `for_number`: `alone`, `with_another` or `no`, of an identity that 番号法16条 asks for.
    """

    code: str
    name: str
    is_enough_alone: bool = True
    serves: tuple[str, ...] = ()
    for_number: str = ""


def _identity(row: Row) -> Paper:
    row.only("code", "name", "enough", "for_number")
    if row.text("enough") not in _ENOUGH:
        raise row.wrong(f"enough must be one of {sorted(_ENOUGH)}")
    if row.text("for_number") not in _FOR_NUMBER:
        raise row.wrong(f"for_number must be one of {sorted(_FOR_NUMBER)}")
    is_enough_alone = row.text("enough") == "alone"
    return Paper(
        row.text("code"), row.text("name"), is_enough_alone, for_number=row.text("for_number")
    )


def _authority(row: Row) -> Paper:
    row.only("code", "name", "serves")
    return Paper(row.text("code"), row.text("name"), True, row.texts("serves", _SERVES))


_IDENTITY = tuple((row, _identity(row)) for row in table("identity_documents").keyed())
_AUTHORITY = tuple((row, _authority(row)) for row in table("authority_documents").keyed())


def identity_documents(on: date) -> tuple[Paper, ...]:
    """本人確認の方法: what the form offers on that day, in order."""
    return tuple(one for row, one in _IDENTITY if row.in_force(on))


def authority_documents(serves: str, on: date) -> tuple[Paper, ...]:
    """権限の確認の方法: what serves a `notification`, a `request` or a `number`, in order."""
    return tuple(one for row, one in _AUTHORITY if row.in_force(on) and serves in one.serves)


@rule(cites=["BRRA 27(2)", "BRRA 12(3)"], since=date(2008, 5, 1))
def identity_confirmed(shown: Iterable[str], *, on: date) -> bool:
    """本人であることは、写真付きの公的な書類なら一点、そうでない書類なら二点、又は説明により確かめる。

    Who someone is is shown by one official paper with a photograph, by two others together, or by
    an explanation.
    """
    known = [one for one in identity_documents(on) if one.code in set(shown)]
    return any(one.is_enough_alone for one in known) or len(known) >= 2


@rule(cites=["BRRA 27(3)", "BRRA 12(4)"], since=date(2008, 5, 1))
def authority_confirmed(shown: Iterable[str], serves: str, *, on: date) -> bool:
    """権限は、届出では書類又は説明により、請求では書類により確かめる。

    That someone was asked to come, or that the law lets him, is shown by a paper; for a
    notification an explanation will do.
    """
    return bool({one.code for one in authority_documents(serves, on)} & set(shown))
