"""所属の操作権限: all of an office have it who work from it, for its days, and nobody else."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

import people
from daicho.access import clock, permits
from daicho.access.acting import terminals_of
from daicho.access.models import (
    Office,
    OfficeRight,
    OfficeRightExclusion,
    Operator,
    Right,
    Trail,
)
from daicho.access.office_rights import giving
from daicho.access.refusals import NotPermitted, Refused
from daicho.law.purposes import BY_PERSON
from people import Cast
from web.office_rights import acting, bare, moved, office_has
from web.test_people import act, page, sent

ComeIn = Callable[..., Client]
TODAY = date(2026, 11, 22)
GIVEN = {"post": "clerk", "since": "R8.12.1", "until": ""}


@pytest.fixture
def on_the_day() -> Iterator[None]:
    with clock.fixed(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        yield


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]


@pytest.fixture
def admin(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.administrator)


def excluded(
    client: Client, right: OfficeRight, player: people.Player, **days: str
) -> HttpResponse:
    typed = {"operator": str(player.operator.pk), "since": "R8.11.22", "until": ""} | days
    return sent(client, "exclude_of_office", right.office.code, right.pk, **typed)


def refused_with(response: HttpResponse) -> str:
    """The finding of the newest refusal, told on the page too."""
    code = str(Trail.objects.filter(event="people_refused").latest("id").detail["findings"])
    assert response.status_code == 422
    assert code in response.content.decode()
    return code


# -- Who has it, where, and when -------------------------------------------------------------------


def test_given_for_a_day_to_come_all_of_the_office_have_it_from_then(
    cast: Cast, admin: Client
) -> None:
    bare(cast.clerk)
    assert sent(admin, "give_to_office", "001", **GIVEN).status_code == 302
    row = Trail.objects.latest("id")
    assert (row.event, row.detail["office"], row.detail["post"], row.detail["what"]) == (
        "office_right_changed",
        "001",
        "clerk",
        "given",
    )
    assert acting(cast.clerk).posts == frozenset()
    with clock.fixed(datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC)):
        assert acting(cast.clerk).posts == frozenset()
    with clock.fixed(datetime(2026, 11, 30, 15, tzinfo=UTC)):  # midnight in Tokyo
        assert acting(cast.clerk).posts == {"clerk"}
        assert "clerk" in acting(cast.supervisor).posts
        assert "clerk" not in acting(cast.administrator).posts


def test_the_last_day_is_a_whole_one(cast: Cast, admin: Client) -> None:
    right = office_has("001", "clerk")
    bare(cast.clerk)
    assert sent(admin, "end_office_right", "001", right.pk, last_on="R8.11.30").status_code == 302
    with clock.fixed(datetime(2026, 11, 30, 14, 59, 59, tzinfo=UTC)):
        assert acting(cast.clerk).posts == {"clerk"}
    with clock.fixed(datetime(2026, 11, 30, 15, tzinfo=UTC)):
        assert acting(cast.clerk).posts == frozenset()
        assert not terminals_of(cast.clerk.operator)


def test_who_has_it_works_with_nothing_of_his_own(cast: Cast, come_in: ComeIn) -> None:
    office_has("001", "clerk")
    client = come_in(bare(cast.clerk))
    assert client.get(reverse("counter:home")).status_code == 200
    permits.permit(acting(cast.clerk), "inquiry.change", TODAY)


def test_it_holds_at_the_terminals_of_the_office_alone(cast: Cast) -> None:
    office_has("001", "clerk")
    branch = Office.objects.get(code="101")
    Right.objects.filter(operator=cast.clerk.operator).update(office=branch, post="supervisor")
    assert acting(cast.clerk).posts == {"clerk"}
    assert acting(cast.clerk, "B101").posts == {"supervisor"}
    assert acting(cast.clerk_of_another_office, "C001").posts == frozenset(), "he is of another"


def test_who_goes_to_another_office_has_that_ones_at_the_same_moment(
    cast: Cast, admin: Client, come_in: ComeIn
) -> None:
    office_has("001", "clerk")
    office_has("201", "national_pension")
    client = come_in(bare(cast.clerk), Client())
    home = reverse("counter:home")
    assert client.get(home).status_code == 200
    said = {"name": "窓口 花", "office": "201", "kind": "staff", "from_on": "", "until_on": ""}
    assert act(admin, cast.clerk, "change", **said).status_code == 302
    assert client.get(home)["Location"].startswith(reverse("entry:terminal"))
    assert acting(cast.clerk, "C001").posts == frozenset()
    assert acting(cast.clerk, "K201").posts == {"national_pension"}


@pytest.mark.parametrize(
    "days",
    [
        {"is_active": False},
        {"until_on": date(2026, 11, 21)},
        {"from_on": date(2026, 11, 23)},
    ],
)
def test_who_has_left_or_has_not_begun_has_nothing_of_it(
    cast: Cast, admin: Client, days: dict[str, object]
) -> None:
    office_has("001", "clerk")
    who = bare(cast.clerk).operator
    Operator.objects.filter(pk=who.pk).update(**days)
    assert acting(cast.clerk).posts == frozenset()
    assert not terminals_of(Operator.objects.get(pk=who.pk))
    assert "clerk" in acting(cast.supervisor).posts
    assert "(所属)" not in page(admin, "person", who.pk)


def test_a_leaver_keeps_nothing_and_the_others_keep_it(cast: Cast, admin: Client) -> None:
    right = office_has("001", "clerk")
    bare(cast.clerk)
    assert act(admin, cast.clerk, "leave", last_on="R8.11.22", sure="on").status_code == 302
    assert acting(cast.clerk).posts == frozenset()
    assert "clerk" in acting(cast.supervisor).posts
    right.refresh_from_db()
    assert right.until is None


@pytest.mark.parametrize("lacking", ["contract_until", "pledged_on", "trained_until"])
def test_a_contractor_has_it_while_contract_pledge_and_training_hold(
    cast: Cast, come_in: ComeIn, lacking: str
) -> None:
    office_has("900", "clerk")
    who = bare(cast.contractor)
    client = come_in(who, Client())
    assert acting(who).posts == {"clerk"}
    people.engage(who, **{lacking: date(2026, 11, 21) if lacking == "contract_until" else None})
    assert acting(who).posts == frozenset()
    assert not terminals_of(who.operator)
    assert client.get(reverse("counter:home")).status_code == 302


def test_an_office_without_a_ward_opens_no_work_of_a_ward(cast: Cast) -> None:
    office_has("201", "national_pension")
    who = acting(bare(cast.clerk_of_another_division))
    permits.permit(who, "inquiry.national_pension", TODAY)
    Office.objects.filter(code="201").update(ward="")
    with pytest.raises(NotPermitted):
        permits.permit(acting(cast.clerk_of_another_division), "inquiry.national_pension", TODAY)


def test_the_numbers_take_a_designation_of_the_person_all_the_same(
    cast: Cast, settings: LazySettings
) -> None:
    office_has("001", "clerk")
    settings.POLICY_PACK = "koriyama"
    with pytest.raises(NotPermitted) as refused:
        permits.permit(acting(bare(cast.clerk)), "change.moved_in", TODAY)
    assert refused.value.finding.code == "access.not_designated"


def test_a_right_of_his_own_stands_beside_that_of_the_office(cast: Cast, admin: Client) -> None:
    right = office_has("001", "clerk")
    sent(admin, "end_office_right", "001", right.pk, last_on="R8.11.22", at_once="on")
    assert acting(cast.clerk).posts == {"clerk"}
    right.refresh_from_db()
    assert right.until == date(2026, 11, 21)
    assert right.ended_by == cast.administrator.operator


# -- Who gives what --------------------------------------------------------------------------------


@pytest.mark.parametrize("post", BY_PERSON)
def test_what_is_given_person_by_person_no_office_gets(
    cast: Cast, admin: Client, post: str
) -> None:
    response = sent(admin, "give_to_office", "001", **(GIVEN | {"post": post}))
    assert response.status_code == 422, "the page does not offer it"
    permit = permits.permit(cast.administrator.acting(), "people.administration", TODAY)
    with pytest.raises(Refused) as refused:
        giving.give(permit, "001", post, TODAY, None)
    assert [one.code for one in refused.value.findings] == ["access.post_by_person"]
    assert not OfficeRight.objects.exists()
    assert BY_PERSON[post] in page(admin, "offices")


def test_nobody_gives_or_ends_what_his_own_office_has(cast: Cast, admin: Client) -> None:
    right = office_has("900", "clerk")
    code = "access.not_to_own_office"
    assert refused_with(sent(admin, "give_to_office", "900", **GIVEN)) == code
    ending = sent(admin, "end_office_right", "900", right.pk, last_on="R8.11.30")
    assert refused_with(ending) == code
    right.refresh_from_db()
    assert right.until is None
    assert "自分の所属の権限は" in page(admin, "office", "900")
    assert "終える" not in page(admin, "office", "900")


def test_the_own_office_is_that_to_which_one_belongs_not_where_one_sits(
    cast: Cast, come_in: ComeIn
) -> None:
    moved(cast.administrator, "001")
    client = come_in(cast.administrator, Client())  # at the terminal of the other office
    refused = sent(client, "give_to_office", "001", **GIVEN)
    assert refused_with(refused) == "access.not_to_own_office"
    assert sent(client, "give_to_office", "900", **GIVEN).status_code == 302


@pytest.mark.parametrize("who", ["security_manager", "auditor"])
def test_others_look_and_change_nothing(cast: Cast, come_in: ComeIn, who: str) -> None:
    right = office_has("001", "clerk")
    client = come_in(getattr(cast, who), Client())
    assert "窓口担当" in page(client, "office", "001")
    assert "一人を除く" not in page(client, "office", "001")
    assert sent(client, "give_to_office", "001", **GIVEN).status_code == 403
    ended = sent(client, "end_office_right", "001", right.pk, last_on="R8.11.30")
    assert ended.status_code == 403
    assert excluded(client, right, cast.clerk).status_code == 403


def test_the_same_request_gives_once_and_twice_the_same_is_refused(
    cast: Cast, admin: Client
) -> None:
    number = str(uuid4())
    for _ in range(2):
        again = sent(admin, "give_to_office", "001", **GIVEN, request_id=number)
        assert again.status_code == 302
    assert OfficeRight.objects.count() == 1
    assert refused_with(sent(admin, "give_to_office", "001", **GIVEN)) == "access.held_twice"
    past = GIVEN | {"post": "vaccination", "since": "R8.11.21"}
    assert refused_with(sent(admin, "give_to_office", "001", **past)) == "access.since_in_past"
    assert OfficeRight.objects.count() == 1


def test_what_was_planned_and_taken_back_can_be_given_anew(cast: Cast, admin: Client) -> None:
    sent(admin, "give_to_office", "001", **GIVEN)
    right = OfficeRight.objects.get()
    sent(admin, "end_office_right", "001", right.pk, last_on="R8.11.22", at_once="on")
    assert sent(admin, "give_to_office", "001", **GIVEN).status_code == 302


def test_a_row_of_another_office_is_not_there(cast: Cast, admin: Client) -> None:
    right = office_has("201", "national_pension")
    out = OfficeRightExclusion.objects.create(
        operator=cast.clerk_of_another_division.operator,
        office=right.office,
        post="national_pension",
        since=TODAY,
        given_at=clock.now(),
    )
    for name, row in (
        ("end_office_right", right),
        ("exclude_of_office", right),
        ("end_exclusion", out),
    ):
        for key in (row.pk, 987654321):
            address = reverse(f"console:{name}", args=["001", key])
            assert admin.get(address).status_code == 404
            assert admin.post(address).status_code == 404


# -- Who is left out -------------------------------------------------------------------------------


def test_who_is_excluded_has_it_not_and_the_others_have_it(cast: Cast, admin: Client) -> None:
    right = office_has("001", "clerk")
    bare(cast.clerk)
    assert excluded(admin, right, cast.clerk).status_code == 302
    assert Trail.objects.latest("id").detail == {
        "operator": cast.clerk.operator.pk,
        "office": "001",
        "exclusion": OfficeRightExclusion.objects.get().pk,
        "post": "clerk",
        "what": "excluded",
        "since": "2026-11-22",
        "until": "",
    }
    assert acting(cast.clerk).posts == frozenset()
    assert not terminals_of(cast.clerk.operator)
    assert "clerk" in acting(cast.supervisor).posts
    assert "除外中" in page(admin, "person", cast.clerk.operator.pk)
    assert "除外中" in page(admin, "office", "001")


def test_given_to_the_office_anew_it_does_not_come_back_to_who_is_excluded(
    cast: Cast, admin: Client
) -> None:
    right = office_has("001", "clerk")
    bare(cast.clerk)
    excluded(admin, right, cast.clerk)
    sent(admin, "end_office_right", "001", right.pk, last_on="R8.11.22", at_once="on")
    sent(admin, "give_to_office", "001", **(GIVEN | {"since": "R8.11.22"}))
    assert acting(cast.clerk).posts == frozenset()
    moved(cast.clerk, "101")
    moved(cast.clerk, "001")
    assert acting(cast.clerk).posts == frozenset()
    out = OfficeRightExclusion.objects.get()
    sent(admin, "end_exclusion", "001", out.pk, last_on="R8.11.22", at_once="on")
    assert acting(cast.clerk).posts == {"clerk"}


def test_an_exclusion_to_come_begins_on_its_day_and_ends_on_its_last(
    cast: Cast, admin: Client
) -> None:
    right = office_has("001", "clerk")
    bare(cast.clerk)
    excluded(admin, right, cast.clerk, since="R8.12.1", until="R8.12.31")
    assert acting(cast.clerk).posts == {"clerk"}
    with clock.fixed(datetime(2026, 12, 31, 3, tzinfo=UTC)):
        assert acting(cast.clerk).posts == frozenset()
    with clock.fixed(datetime(2026, 12, 31, 15, tzinfo=UTC)):
        assert acting(cast.clerk).posts == {"clerk"}
    again = excluded(admin, right, cast.clerk, since="R8.12.31")
    assert refused_with(again) == "access.held_twice"


def test_nobody_excludes_himself_or_ends_his_own_exclusion(cast: Cast, admin: Client) -> None:
    right = office_has("900", "clerk")
    own = cast.administrator
    assert excluded(admin, right, own).status_code == 422, "the page does not offer it"
    out = OfficeRightExclusion.objects.create(
        operator=own.operator,
        office=right.office,
        post="clerk",
        since=TODAY,
        given_at=clock.now(),
    )
    ending = sent(admin, "end_exclusion", "900", out.pk, last_on="R8.11.22", at_once="on")
    assert refused_with(ending) == "access.not_to_oneself"
    assert "clerk" not in acting(own).posts


def test_only_who_belongs_to_the_office_is_excluded_of_it(cast: Cast, admin: Client) -> None:
    right = office_has("001", "clerk")
    assert excluded(admin, right, cast.clerk_of_another_office).status_code == 422
    assert not OfficeRightExclusion.objects.exists()
