"""証明と表示しない項目: no paper is made of what its maker is not shown, nor with a silent gap."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

import town
from certificates.counter import HANAKO, MARY, asked_for, rows, signing, take_over
from daicho.access.models import Trail
from daicho.certificates import certifiers
from daicho.terms.changes import MovedOut
from people import Cast
from receptions import permit_under, received
from register.counter import Clerk, place
from web.certifying import at, page, send
from web.masked import given_away, mask, with_markers

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]
# What may be asked for, and the class of items of which it is.
ASKED = [
    (HANAKO, "family_register", "family_register", "戸籍の表示"),
    (HANAKO, "individual_number", "individual_number", "個人番号"),
    (HANAKO, "record_code", "record_code", "住民票コード"),
    (MARY, "residence_status", "residence_status", "在留資格等"),
    (MARY, "period_of_stay", "residence_status", "在留資格等"),
    (MARY, "period_of_stay_expires", "residence_status", "在留資格等"),
    (MARY, "card_number", "residence_status", "在留資格等"),
]


@pytest.fixture(autouse=True)
def counter(cast: Cast, tmp_path: Path) -> Iterator[None]:
    with signing(tmp_path / "key"):
        certifiers.ensure_made_up("郡山市", "福島県")
        hanako, *others = with_markers()
        # any 備考 is for a colleague: test_masks_texts
        take_over(cast, town.write(tmp_path, [{**hanako, "remark": ""}, *others]))
        yield


def refused(answer: str, name: str) -> None:
    assert "access.item_masked" in answer
    assert f"「{name}」は、この操作者には表示しない設定になっています" in answer
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)], "no number, no paper"
    row = Trail.objects.latest("id")
    assert (row.event, row.finding) == ("issue_refused", "access.item_masked")


@pytest.mark.parametrize("form", ["household_copy", "individual_copy"])
@pytest.mark.parametrize(("who", "item", "of", "name"), ASKED)
def test_an_item_that_is_asked_for_and_not_shown_refuses_the_paper(
    cast: Cast, come_in: ComeIn, form: str, who: str, item: str, of: str, name: str
) -> None:
    client = come_in(cast.clerk)
    reception = asked_for(cast.clerk, asked=(item,))
    assert send(client, "certificate", reception, who, asked=[item], form=form).status_code == 200
    mask(cast.clerk, of)
    answer = page(send(client, "certificate", reception, who, asked=[item], form=form), 422)
    refused(answer, name)
    assert given_away(answer, of) == []
    refused(page(send(client, "print", reception, who, asked=[item], form=form), 422), name)
    assert rows("SELECT count(*) FROM access_trail WHERE event = 'vault_get'") == [(0,)]


@pytest.mark.parametrize(("who", "item", "of", "name"), ASKED)
def test_the_same_paper_without_the_item_is_made(
    cast: Cast, come_in: ComeIn, who: str, item: str, of: str, name: str
) -> None:
    mask(cast.clerk, of)
    reception = asked_for(cast.clerk, asked=(item,))
    checked = page(send(come_in(cast.clerk), "certificate", reception, who))
    assert "access.item_masked" not in checked
    assert "まだ発行していません" in checked


def test_an_item_that_nobody_on_the_paper_has_refuses_nothing(cast: Cast, come_in: ComeIn) -> None:
    mask(cast.clerk, "residence_status")
    reception = asked_for(cast.clerk, asked=("family_register",))
    answer = send(come_in(cast.clerk), "print", reception, HANAKO, asked=["family_register"])
    assert answer["Content-Type"] == "application/pdf"


def _moving_out(cast: Cast, record_id: UUID) -> UUID:
    under = received(cast.clerk, "moved_out")
    change = MovedOut(
        abroad=False,
        destination=place("planned_destination"),
        record_ids=(record_id,),
        special=False,
    )
    clerk = Clerk(permit_under(cast.clerk, under))
    clerk.record(change, occurred_on=clerk.permit.on, reception_id=under.reception_id)
    return under.reception_id


@pytest.mark.parametrize(
    ("who", "of", "name"),
    [
        (HANAKO, "family_register", "戸籍の表示"),
        (HANAKO, "individual_number", "個人番号"),
        (HANAKO, "record_code", "住民票コード"),
        (MARY, "residence_status", "在留資格等"),
    ],
)
def test_a_paper_whose_form_always_shows_the_item_is_for_a_colleague(
    cast: Cast, come_in: ComeIn, who: str, of: str, name: str
) -> None:
    ((record_id,),) = rows("SELECT record_id FROM register_current WHERE address_number = %s", who)
    reception = _moving_out(cast, record_id)
    form = {"form": "moved_out_certificate"}
    client = come_in(cast.clerk)
    assert send(client, "certificate", reception, who, **form).status_code == 200
    mask(cast.clerk, of)
    refused(page(send(client, "certificate", reception, who, **form), 422), name)
    refused(page(send(client, "print", reception, who, **form), 422), name)


def test_a_history_that_tells_of_the_item_is_printed_by_a_colleague(
    cast: Cast, come_in: ComeIn
) -> None:
    client = come_in(cast.clerk)
    dialogue = page(client.get(at("certificate", asked_for(cast.clerk), HANAKO)))
    every = tuple(re.findall(r'name="asked" value="(\w+)"', dialogue))
    reception = asked_for(cast.clerk, asked=every)
    said = {"form": "individual_copy", "with_history": "on"}
    mask(cast.clerk, "residence_status")
    answer = page(send(client, "certificate", reception, HANAKO, **said, asked=every), 422)
    refused(answer, "在留資格等")
    left_out = page(send(client, "certificate", reception, HANAKO, **said))
    assert "access.item_masked" not in left_out, "the text is left out with what is left out"


def test_each_class_of_items_that_is_not_shown_is_named(cast: Cast, come_in: ComeIn) -> None:
    mask(cast.clerk, "record_code", "family_register")
    reception = asked_for(cast.clerk, asked=("record_code", "family_register"))
    said = {"asked": ["record_code", "family_register"]}
    answer = page(send(come_in(cast.clerk), "certificate", reception, HANAKO, **said), 422)
    for name in ("住民票コード", "戸籍の表示"):
        assert f"「{name}」は、この操作者には" in answer


def test_the_next_copy_asks_again(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    reception = asked_for(cast.clerk, asked=("family_register",), copy_count=2)
    said = {"asked": ["family_register"], "copy_count": "2"}
    assert send(client, "print", reception, HANAKO, **said).status_code == 200
    mask(cast.clerk, "family_register")
    answer = page(send(client, "print", reception, HANAKO, **said, copy_no="2"), 422)
    assert "access.item_masked" in answer
    assert rows("SELECT count(*) FROM certificates_issue") == [(1,)]


def test_what_was_given_before_is_listed_without_its_content(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    reception = asked_for(cast.clerk, asked=("family_register",))
    assert send(client, "print", reception, HANAKO, asked=["family_register"]).status_code == 200
    mask(cast.clerk, "family_register")
    for name in ("issued", "issue_history"):
        assert given_away(page(client.get(at(name, reception, HANAKO))), "family_register") == []
