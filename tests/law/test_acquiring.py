"""個人番号の取得: its tables fit each other, and no number passes unchecked."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law.notifications import notifiers
from daicho.law.safety import grounds
from daicho.law.safety.acquiring import (
    IMPORTED,
    Acquired,
    checks,
    exemptions,
    judge,
    sources,
)
from daicho.law.safety.acquiring.acquired import SHOWN
from daicho.law.safety.acquiring.acquisitions import NUMBERS_SINCE, SHOWN_SINCE
from daicho.law.tables import table

ON = date(2026, 11, 22)
CARD = "individual_number_card"
CODE = re.compile("[a-z_]+")


def _codes(found: Acquired, on: date = ON) -> set[str]:
    return {one.code for one in judge(found, has_certificate=True, on=on)}


@pytest.mark.parametrize(
    ("found", "way", "because"),
    [
        (Acquired("certificate"), "", "nothing is checked by 16条"),
        (IMPORTED, "", "nothing is checked by 16条"),
        (Acquired("person", "principal", CARD), "one_document", "the card shows both"),
        (
            Acquired("person", "agent", CARD, ("passport",), ("letter",)),
            "two_documents",
            "the card is of the person, who gives it is another",
        ),
        (
            Acquired("person", "principal", "copy_with_number", ("driving_licence",)),
            "two_documents",
            "a document of the number and one with a photograph",
        ),
        (
            Acquired("person", "principal", "copy_with_number", ("pension_book", "heard")),
            "two_documents",
            "what does not serve makes no second document",
        ),
        (
            Acquired(
                "person", "principal", "copy_with_number", ("pension_book", "health_certificate")
            ),
            "photo_impossible",
            "two without a photograph",
        ),
        (
            Acquired("person", "principal", "network_inquiry", ("passport",)),
            "hard_to_obtain",
            "no document of the number",
        ),
    ],
)
def test_how_it_was_checked_follows_from_the_documents(
    found: Acquired, way: str, because: str
) -> None:
    assert checks.checked_by(found, ON) == way, because
    assert not way or way in checks.WAYS


def test_every_ground_holds_as_long_as_its_source() -> None:
    for row in table("acquisition_sources").rows:
        its = sources.source(row.text("code"), row.since)
        assert its is not None
        assert not its.ground or grounds.ground(its.ground, row.since), its.code
        assert not its.from_person or its.at_counter, "who gives a number stands at the counter"
    assert sources.cited("provision.3", ON) == "番号法第19条第3号"
    assert sources.cited("", ON) == ""


def test_every_code_that_is_kept_has_letters_alone_so_that_no_number_can_be_one() -> None:
    papers = (*checks.identity_documents(ON), *checks.authority_documents(ON))
    codes = {*sources.NAMES, *checks.WAYS, *exemptions.NAMES, *checks.NUMBER_NAMES}
    codes |= {one.code for one in papers} | {one.code for one in notifiers(ON)}
    assert not [one for one in codes if not CODE.fullmatch(one)]


_SOME = st.sampled_from(
    ["", "principal", "agent", "letter", "explained", "passport", "heard", "urgent", "memo", CARD]
)


@given(giver=_SOME, number=_SOME, identity=st.tuples(_SOME, _SOME), authority=_SOME, shown=_SOME)
def test_what_a_person_gives_passes_only_when_all_of_it_is_checked(
    giver: str, number: str, identity: tuple[str, str], authority: str, shown: str
) -> None:
    found = Acquired("person", giver, number, identity, (authority,), shown)
    if not _codes(found):
        assert checks.is_for_another(giver, ON) is not None
        assert number == CARD
        assert giver == "principal" or {"passport", CARD} & set(identity)
        assert giver == "principal" or authority == "letter"
        assert shown == "urgent"


def test_the_purpose_is_asked_for_since_the_act_binds_municipalities() -> None:
    unsaid = Acquired("person", "principal", CARD)
    assert _codes(unsaid) == {"pipa62.purpose_not_shown"}
    assert _codes(unsaid, SHOWN_SINCE - timedelta(days=1)) == set()
    assert _codes(Acquired("person", "principal", CARD, shown=SHOWN)) == set()


def test_without_a_source_nothing_else_is_asked() -> None:
    for unsaid in (None, Acquired(""), IMPORTED):
        found = list(judge(unsaid, has_certificate=False, on=NUMBERS_SINCE))
        assert [one.code for one in found] == ["mna19.no_source"]
