"""本人確認の措置 (番号法16条): by which documents a number and who gives it are checked.

The documents of an identity and of an authority are those of the 受付; which of them serve here,
their tables say. Only what shows a number stands in a table of its own.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from daicho.law import notifications
from daicho.law.receptions import papers
from daicho.law.receptions.papers import Paper
from daicho.law.safety.acquiring.acquired import Acquired
from daicho.law.safety.acquiring.sources import source
from daicho.law.tables import Row, table

_SHOWS = frozenset({"both", "number", "inquiry"})

WAYS: Mapping[str, str] = {
    "one_document": "個人番号カード一つで確認",
    "two_documents": "番号の書類と写真付きの身元の書類で確認",
    "photo_impossible": "番号の書類と、写真のない身元の書類二点で確認",
    "hard_to_obtain": "番号の書類の提示が難しく、照会で確認",
}
"""確認の場合: how the number and the identity were checked together, by code."""


def _document(row: Row) -> Paper:
    row.only("code", "name", "shows")
    if row.text("shows") not in _SHOWS:
        raise row.wrong(f"shows must be one of {sorted(_SHOWS)}")
    return Paper(row.text("code"), row.text("name"))


_NUMBER = tuple((row, _document(row)) for row in table("number_documents").keyed())

NUMBER_NAMES: Mapping[str, str] = {one.code: one.name for _, one in _NUMBER}
"""番号の確認の方法の名: of every way of every day, by code."""


def number_documents(on: date) -> tuple[Paper, ...]:
    """番号の確認の方法: what the form offers on that day, in order."""
    return tuple(one for row, one in _NUMBER if row.in_force(on))


def identity_documents(on: date) -> tuple[Paper, ...]:
    """身元の確認の書類: those of the 受付 that serve here, in order."""
    return tuple(one for one in papers.identity_documents(on) if one.for_number != "no")


def authority_documents(on: date) -> tuple[Paper, ...]:
    """代理権の確認の書類: those of the 受付 that serve here, in order."""
    return papers.authority_documents("number", on)


def shows(document: str, on: date) -> str:
    """番号の確認の種類: `both`, `number` or `inquiry`; blank for no way of that day."""
    row = table("number_documents").find(document, on)
    return row.text("shows") if row else ""


def is_for_another(given_by: str, on: date) -> bool | None:
    """代理人か: does who gives it act for the person? None for no capacity of that day."""
    known = (one for one in notifications.notifiers(on) if one.code == given_by)
    return next((one.for_another for one in known), None)


def identity_shown(shown: Iterable[str], on: date) -> str:
    """身元の確認: `alone` by one document, `with_another` by two others; blank where not enough."""
    named = set(shown)
    known = [one for one in identity_documents(on) if one.code in named]
    if any(one.for_number == "alone" for one in known):
        return "alone"
    return "with_another" if len(known) >= 2 else ""


def card_is_enough(acquired: Acquired, on: date) -> bool:
    """個人番号カードによる確認: the person's own card shows the number and who he is."""
    is_card = shows(acquired.number_document, on) == "both"
    return is_card and is_for_another(acquired.given_by, on) is False


def checked_by(acquired: Acquired, on: date) -> str:
    """確認の場合: a code of WAYS; blank where nothing had to be checked."""
    its = source(acquired.source, on)
    if its is None or not its.from_person:
        return ""
    if shows(acquired.number_document, on) == "inquiry":
        return "hard_to_obtain"
    if card_is_enough(acquired, on):
        return "one_document"
    by_two = identity_shown(acquired.identity, on) == "with_another"
    return "photo_impossible" if by_two else "two_documents"
