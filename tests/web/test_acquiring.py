"""個人番号の取得: asked where a number is typed, checked at the door, kept with it, and shown."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock
from daicho.access.permits import permit
from daicho.law.receptions import Said
from daicho.law.safety.acquiring import Acquired
from daicho.law.safety.acquiring.acquired import SHOWN
from daicho.register.receiving import taking
from daicho.vault.acquiring import Acquisition, acquisitions
from people import Cast
from register.counter import in_stock
from web.desk import HANAKO, MOVER, Desk, Opened, received, rows, who, wrongs
from web.pages import Form, form_in

pytestmark = pytest.mark.django_db

NUMBER = "111111111118"
CARD = "individual_number_card"
FROM_ABROAD = {
    **MOVER,
    "whence": "abroad",
    "evidence": "",
    "person-0-resident_record_code": "",
    "person-0-individual_number": NUMBER,
}
SHOWN_BEFORE = {"person-0-purpose_shown": SHOWN}
UNCHECKED = dict.fromkeys(
    (
        "person-0-given_by",
        "person-0-number_document",
        "person-0-identity_document",
        "person-0-purpose_shown",
    ),
    "",
)


@pytest.fixture(autouse=True)
def codes() -> None:
    in_stock("24727059608", "24727059616")


def _kept(cast: Cast) -> tuple[Acquisition, ...]:
    """What is kept of the newcomer's number."""
    ((found,),) = rows(
        "SELECT record_id FROM register_current WHERE record_id IN"
        " (SELECT record_id FROM register_recordversion WHERE given_name = '𠮷子')"
    )
    assert isinstance(found, UUID)
    return acquisitions(permit(cast.clerk.acting(), "change.moved_in", clock.today()), found)


def _refused(answer: HttpResponse) -> tuple[str, Form]:
    """What is told, and the form as it comes back with all that was typed."""
    page = answer.content.decode()
    assert answer.status_code == 422, page
    return "".join(wrongs(page)), form_in(page)


def _by(cast: Cast, client: Client, **said: object) -> Desk:
    """A desk under a 受付 at which somebody else stands."""
    for_it = permit(cast.clerk.acting(), "change.moved_in", clock.today())
    its = taking.receive(
        for_it,
        Said(
            work="moved_in",
            basis="notification",
            received_on=clock.today(),
            visitor_name="架空　代理",
            **said,  # type: ignore[arg-type]  # fields of Said
        ),
    )
    return Desk(client, reverse("counter:change", args=[its.reception_id]))


# --- what is asked -------------------------------------------------------------------------------


def test_a_number_that_nobody_checked_is_refused_with_the_article_and_nothing_is_lost(
    desk: Opened, cast: Cast
) -> None:
    at = desk("moved_in")
    told, back = _refused(at.send(form_in(at.open()), "check", **{**FROM_ABROAD, **UNCHECKED}))
    for needed in ("番号法第16条", "番号法施行令第12条第1項", "個人情報の保護に関する法律第62条"):
        assert needed in told
    for field in ("given_by", "number_document", "identity_document", "purpose_shown"):
        assert f'href="#id_person-0-{field}"' in told
    kept = {name: back.typed[name] for name in FROM_ABROAD}
    assert kept == FROM_ABROAD, "the number too"
    assert rows("SELECT 1 FROM register_recordedchange WHERE kind = 'moved_in'") == []


def test_of_a_card_that_the_reception_has_recorded_one_key_more_is_asked(
    desk: Opened, cast: Cast
) -> None:
    at = desk("moved_in")
    opened = form_in(at.open())
    found = {name: opened.typed[f"person-0-{name}"] for name in ("given_by", "number_document")}
    assert found == {"given_by": "principal", "number_document": CARD}
    page, sheet = at.to_sheet(**FROM_ABROAD, **SHOWN_BEFORE)
    for text in ("個人番号の取得", "個人番号カード一つで確認", "番号法第19条第3号"):
        assert text in page
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    (kept,) = _kept(cast)
    assert kept.acquired == Acquired("person", "principal", CARD, (CARD,), (), SHOWN)
    assert (kept.ground, kept.checked_by) == ("provision.3", "one_document")
    assert (kept.operator_id, kept.office) == (cast.clerk.operator.pk, "001")
    assert NUMBER not in repr(kept)


def test_of_a_number_on_the_certificate_nothing_more_is_asked(desk: Opened, cast: Cast) -> None:
    at = desk("moved_in")
    typed = {**MOVER, "person-0-individual_number": NUMBER}
    page, sheet = at.to_sheet(**typed, **UNCHECKED)
    assert "転出証明書・転出証明書情報" in page
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    (kept,) = _kept(cast)
    assert (kept.acquired, kept.ground) == (Acquired("certificate"), "provision.7")


def test_where_no_number_is_typed_nothing_is_asked_and_nothing_kept(
    desk: Opened, cast: Cast
) -> None:
    typed = {**FROM_ABROAD, **UNCHECKED, "person-0-individual_number": ""}
    page, sheet = desk("moved_in").to_sheet(**typed)
    assert "個人番号の取得" not in page
    assert sheet.typed["whence"] == "abroad"


def test_from_abroad_there_is_no_certificate_to_take_it_from(desk: Opened) -> None:
    at = desk("moved_in")
    typed = {**FROM_ABROAD, **SHOWN_BEFORE, "person-0-acquired_from": "certificate"}
    told, _ = _refused(at.send(form_in(at.open()), "check", **typed))
    assert "転出証明書のない転入です" in told
    assert 'href="#id_person-0-acquired_from"' in told


@pytest.mark.parametrize(
    ("source", "because"),
    [("import", "only a register is taken over so"), ("gossip", "no such source")],
)
def test_a_source_that_is_not_offered_is_not_taken(desk: Opened, source: str, because: str) -> None:
    at = desk("moved_in")
    typed = {**FROM_ABROAD, **SHOWN_BEFORE, "person-0-acquired_from": source}
    told, _ = _refused(at.send(form_in(at.open()), "check", **typed))
    assert "一覧から選んでください" in told, because


def test_where_documents_can_hardly_be_had_the_clerk_confirms_it(desk: Opened, cast: Cast) -> None:
    at = desk("moved_in")
    document = {"person-0-number_document": "network_inquiry"}
    page, sheet = at.to_sheet(**FROM_ABROAD, **SHOWN_BEFORE, **document)
    assert "書類によらずに" in page
    assert "mna16.by_inquiry" in sheet.ticks
    others = [one for one in sheet.ticks if one != "mna16.by_inquiry"]
    assert at.send(sheet, "record", accept=others).status_code == 422
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    (kept,) = _kept(cast)
    assert kept.checked_by == "hard_to_obtain"


# --- who gives it --------------------------------------------------------------------------------


def test_an_agent_without_a_letter_is_refused_and_with_one_is_taken(
    desk: Opened, cast: Cast, come_in: Callable[..., Client]
) -> None:
    said = {"capacity": "agent", "principal_name": "新入　𠮷子", "identity": ("driving_licence",)}
    at = _by(cast, desk("moved_in").client, **said, authority=("explained",))
    opened = form_in(at.open())
    names = ("given_by", "number_document", "identity_document", "authority_document")
    found = {name: opened.typed[f"person-0-{name}"] for name in names}
    assert found == {
        "given_by": "agent",
        "number_document": "",
        "identity_document": "driving_licence",
        "authority_document": "",
    }, "an explanation serves the notification, and not the number"
    typed = {**FROM_ABROAD, **SHOWN_BEFORE, "person-0-number_document": CARD}
    told, back = _refused(at.send(opened, "check", **typed))
    assert "委任状" in told
    assert "番号法施行令第12条第2項" in told
    answer = at.send(back, "check", **{"person-0-authority_document": "letter"})
    sheet = form_in(answer.content.decode())
    assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    (kept,) = _kept(cast)
    assert kept.acquired == Acquired(
        "person", "agent", CARD, ("driving_licence",), ("letter",), SHOWN
    )


def test_the_next_of_a_family_takes_over_who_stands_there_and_not_how_the_number_was_checked(
    desk: Opened,
) -> None:
    at = desk("moved_in")
    typed = {**FROM_ABROAD, **SHOWN_BEFORE, "person-0-acquired_from": "person"}
    more = form_in(at.send(form_in(at.open()), "add", **typed).content.decode()).typed
    assert more["person-1-acquired_from"] == "person"
    assert more["person-1-identity_document"] == CARD
    assert more["person-1-purpose_shown"] == SHOWN
    assert more["person-1-number_document"] == more["person-1-given_by"] == ""
    told, _ = _refused(
        at.send(form_in(at.open()), "check", **{**more, "person-1-individual_number": NUMBER})
    )
    assert "2人目" in told


# --- once, and shown -----------------------------------------------------------------------------


def test_the_same_sheet_sent_twice_keeps_one_acquisition(desk: Opened, cast: Cast) -> None:
    at = desk("moved_in")
    _, sheet = at.to_sheet(**FROM_ABROAD, **SHOWN_BEFORE)
    for _ in range(2):
        assert at.send(sheet, "record", accept=sheet.ticks).status_code == 302
    assert len(_kept(cast)) == 1


def test_a_sheet_whose_check_was_taken_out_on_its_way_is_refused(desk: Opened, cast: Cast) -> None:
    at = desk("moved_in")
    _, sheet = at.to_sheet(**FROM_ABROAD, **SHOWN_BEFORE)
    told, _ = _refused(at.send(sheet, "record", accept=sheet.ticks, **UNCHECKED))
    assert "番号法第16条" in told
    assert rows("SELECT 1 FROM register_recordedchange WHERE kind = 'moved_in'") == []


def test_it_is_shown_to_whom_the_number_may_be_shown_and_to_nobody_else(
    desk: Opened, cast: Cast
) -> None:
    client, hanako = desk("moved_in").client, who(HANAKO)
    sees = reverse("counter:person", args=[received(cast.clerk, "moved_in"), hanako])
    page = client.get(sees).content.decode()
    assert "個人番号の取得" in page
    assert "移行の取込み" in page
    other = reverse("counter:person", args=[received(cast.clerk, "died", "ex_officio"), hanako])
    assert "個人番号の取得" not in client.get(other).content.decode()


def test_who_may_type_no_number_is_asked_nothing_of_it(desk: Opened) -> None:
    typed = form_in(desk("moved_in", None, "ex_officio").open()).typed
    assert not [name for name in typed if "acquired_from" in name or "number_document" in name]
