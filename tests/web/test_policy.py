"""利用の決まり: the table as it is read, and what one person may do by it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from daicho.access import clock, judging, permits
from daicho.access.models import Designation, Mask, Right, Terminal, Trail
from daicho.access.refusals import NotPermitted
from daicho.law.purposes import PURPOSES
from people import Cast

ComeIn = Callable[..., Client]


def _text(client: Client, name: str, *args: object, **asked: str) -> str:
    return client.get(reverse(name, args=args), asked).content.decode()


def test_every_work_of_the_town_is_told_with_its_line(cast: Cast, come_in: ComeIn) -> None:
    text = _text(come_in(cast.supervisor), "console:policy")
    today = clock.today()
    ours = [one for one in PURPOSES if one.in_force(today) and "clerk" in one.posts]
    assert ours
    assert all(one.line in text and one.name in text for one in ours)
    assert "console.prefecture" not in text, "the work of another tier is not of this town"


def test_the_table_is_narrowed_to_a_post(cast: Cast, come_in: ComeIn) -> None:
    text = _text(come_in(cast.auditor), "console:policy", post="protection_officer")
    assert "purposes:protection.flag@" in text
    assert "purposes:change.moved_in@" not in text


def test_a_clerk_does_not_read_it(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.clerk)
    for address in (
        reverse("console:policy"),
        reverse("console:standing", args=[cast.clerk.operator.pk]),
    ):
        assert client.get(address).status_code == 403


def test_of_one_person_each_work_says_why(cast: Cast, come_in: ComeIn) -> None:
    text = _text(come_in(cast.supervisor), "console:standing", cast.clerk.operator.pk)
    allowed, refused = re.split(r'id="refused-title"', text)
    assert "purposes:change.moved_within@" in allowed
    assert "purposes:change.reviewed@" in refused
    assert "今の所属と担当では利用できない事務です" in refused
    assert "access.purpose" not in text, "words, not codes of findings"


def test_what_is_hidden_from_a_person_names_its_line(cast: Cast, come_in: ComeIn) -> None:
    Mask.objects.create(
        operator=cast.clerk.operator,
        item="family_register",
        since=clock.today() - timedelta(days=1),
        given_at=clock.now(),
    )
    text = _text(come_in(cast.administrator), "console:standing", cast.clerk.operator.pk)
    assert "maskable_items:family_register" in text
    assert "この事務では見えるが、この操作者には見えない" in text


def test_the_terminal_and_the_factors_decide(cast: Cast, settings: LazySettings) -> None:
    permit = permits.permit(cast.auditor.acting(), "policy.standing", clock.today())
    settings.POLICY_PACK = "standard"
    clerk = cast.clerk
    Terminal.objects.filter(code=clerk.terminal).update(zone="my_number")

    def said(*factors: str) -> tuple[str | None, bool]:
        found = judging.standing(permit, clerk.operator.pk, clerk.terminal, factors)
        decisions = {one.purpose.code: one.decision for one in found.judged}
        decided = decisions["change.moved_in"]
        code = decided.finding.code if decided.finding else None
        return code, "individual_number" in decided.sees

    assert said("password", "webauthn") == ("access.not_designated", False)
    Designation.objects.create(
        operator=clerk.operator,
        tree="specific_personal_information",
        since=clock.today(),
        document="試験",
        given_at=clock.now(),
    )
    assert said("password") == (None, False)
    assert said("password", "webauthn") == (None, True)


def test_a_place_where_the_person_may_not_sit_is_not_there(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.auditor)
    address = reverse("console:standing", args=[cast.clerk.operator.pk])
    assert client.get(address, {"terminal": "S901"}).status_code == 404
    assert client.get(reverse("console:standing", args=[10**9])).status_code == 404


def test_reading_of_one_person_is_trailed_and_opens_nothing(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.auditor)
    before = Trail.objects.latest("id").pk
    _text(client, "console:standing", cast.clerk.operator.pk)
    rows = Trail.objects.filter(pk__gt=before)
    assert [(row.event, row.purpose) for row in rows] == [("people_shown", "policy.standing")]
    assert not rows.filter(event="not_permitted").exists()


@pytest.mark.parametrize("who", ["clerk", "auditor"])
def test_a_refusal_trails_the_line_that_made_it(cast: Cast, come_in: ComeIn, who: str) -> None:
    come_in(getattr(cast, who)).get(reverse("counter:search", args=["change"]))
    row = Trail.objects.filter(event="not_permitted").order_by("-id").first()
    line = row.detail.get("line") if row else None
    assert line == (None if who == "clerk" else "purposes:inquiry.change@1967-11-10")


def test_the_page_of_a_person_leads_there(cast: Cast, come_in: ComeIn) -> None:
    for_clerk = cast.clerk.operator.pk
    text = _text(come_in(cast.administrator), "console:person", for_clerk)
    assert f'href="{reverse("console:standing", args=[for_clerk])}"' in text


def test_who_decides_in_an_office_asks_of_those_who_work_there(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(cast.supervisor)
    for player, status in [
        (cast.clerk, 200),
        (cast.clerk_of_another_office, 404),
        (cast.administrator, 404),
        (cast.auditor, 404),
    ]:
        address = reverse("console:standing", args=[player.operator.pk])
        assert client.get(address).status_code == status, player.login


def test_who_works_in_two_offices_is_told_of_in_each_with_its_own_places(
    cast: Cast, come_in: ComeIn
) -> None:
    away = cast.clerk_of_another_office.operator
    Right.objects.create(
        operator=away,
        office=cast.clerk.operator.office,
        post="clerk",
        since=clock.today(),
        given_at=clock.now(),
    )
    text = _text(come_in(cast.supervisor), "console:standing", away.pk)
    assert "C001" in text
    assert "B101" not in text, "where he sits elsewhere is not told here"


def test_an_office_without_a_ward_reaches_no_ward(cast: Cast) -> None:
    row = next(one for one in PURPOSES if one.reach == "ward")
    who = replace(
        cast.clerk.acting(),
        office_kind=row.office_kinds[0],
        posts=frozenset(row.posts),
        ward="",
    )
    with pytest.raises(NotPermitted):
        permits.permit(who, row.code, clock.today())


def test_who_decides_in_an_office_is_led_to_those_who_work_there(
    cast: Cast, come_in: ComeIn
) -> None:
    text = _text(come_in(cast.supervisor), "console:policy")
    assert reverse("console:standing", args=[cast.clerk.operator.pk]) in text
    assert reverse("console:standing", args=[cast.auditor.operator.pk]) not in text
