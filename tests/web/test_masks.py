"""表示しない項目の設定: who sets it for whom, from when; it holds from the next page on."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock
from daicho.access.models import Mask, Trail
from daicho.access.people import leaving, masks
from daicho.access.permits import permit
from daicho.access.refusals import NotPermitted
from daicho.register import exporting
from people import Cast, Player
from web.masked import mask

ComeIn = Callable[..., Client]
TODAY = date(2026, 11, 22)
HIDDEN = {"item": "family_register", "since": "R8.11.22", "until": ""}


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    with clock.fixed(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        yield


@pytest.fixture
def admin(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.administrator)


pytestmark = pytest.mark.django_db


def sent(client: Client, name: str, /, *args: object, **typed: str) -> HttpResponse:
    typed.setdefault("request_id", str(uuid4()))
    response = client.post(reverse(f"console:{name}", args=args), typed)
    assert isinstance(response, HttpResponse)
    return response


def hide(client: Client, player: Player, **typed: str) -> HttpResponse:
    return sent(client, "person_act", player.operator.pk, "hide", **{**HIDDEN, **typed})


def shown(client: Client, player: Player) -> str:
    response = client.get(reverse("console:person", args=[player.operator.pk]))
    assert response.status_code == 200
    return response.content.decode()


def end(client: Client, player: Player, **typed: str) -> HttpResponse:
    last_on = {"last_on": "R8.11.22", **typed}
    return sent(client, "end_mask", player.operator.pk, Mask.objects.latest("id").pk, **last_on)


def test_an_item_is_hidden_from_a_person_from_the_day_on(cast: Cast, admin: Client) -> None:
    assert cast.clerk.acting().masks == frozenset()
    assert hide(admin, cast.clerk).status_code == 302
    assert cast.clerk.acting().masks == {"family_register"}
    assert cast.supervisor.acting().masks == frozenset(), "nobody else's"
    row = Trail.objects.latest("id")
    assert (row.event, row.door) == ("mask_changed", "people.masks.hidden")
    assert row.detail == {
        "operator": cast.clerk.operator.pk,
        "mask": Mask.objects.latest("id").pk,
        "item": "family_register",
        "what": "hidden",
        "since": "2026-11-22",
        "until": "",
    }


def test_one_to_come_holds_from_its_day_to_its_last(cast: Cast, admin: Client) -> None:
    assert hide(admin, cast.clerk, since="R8.12.1", until="R8.12.2").status_code == 302
    assert cast.clerk.acting().masks == frozenset()
    for day, is_hidden in [(1, True), (2, True), (3, False)]:
        with clock.fixed(datetime(2026, 12, day, 3, tzinfo=UTC)):
            assert bool(cast.clerk.acting().masks) is is_hidden


def test_the_persons_page_lists_what_is_hidden_now_to_come_and_past(
    cast: Cast, admin: Client
) -> None:
    assert "表示しない項目の設定はありません。" in shown(admin, cast.clerk)
    mask(cast.clerk, "record_code", until=date(2026, 11, 1))
    hide(admin, cast.clerk)
    hide(admin, cast.clerk, item="residence_status", since="R8.12.1")
    page = shown(admin, cast.clerk).partition('id="masks-title"')[2].partition("</section>")[0]
    assert [state in page for state in ("有効", "予定", "終わり")] == [True] * 3
    assert "戸籍の表示" in page
    assert "管理 恵" in page, "who has set it"
    assert page.count(">終える<") == 2, "what is past is not ended again"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"since": "R8.11.21"}, "access.since_in_past"),
        ({"until": "R8.11.21"}, "access.until_before_since"),
        ({"item": "record_code", "since": "R8.12.1"}, "access.held_twice"),
    ],
)
def test_what_the_law_refuses_is_told_and_trailed(
    cast: Cast, admin: Client, typed: dict[str, str], code: str
) -> None:
    mask(cast.clerk, "record_code")
    before = Mask.objects.count()
    response = hide(admin, cast.clerk, **typed)
    assert response.status_code == 422
    assert code in response.content.decode()
    assert Mask.objects.count() == before
    row = Trail.objects.latest("id")
    assert (row.event, row.door, row.finding) == ("people_refused", "people.masks.hide", code)


def test_what_the_standard_does_not_hide_is_not_offered_and_refused(
    cast: Cast, admin: Client
) -> None:
    address = reverse("console:person_act", args=[cast.clerk.operator.pk, "hide"])
    page = admin.get(address).content.decode()
    assert "在留資格等" in page
    assert "続柄" not in page
    assert hide(admin, cast.clerk, item="relationship").status_code == 422
    assert not Mask.objects.exists()


def test_nobody_hides_or_shows_his_own(cast: Cast, admin: Client) -> None:
    response = hide(admin, cast.administrator)
    assert response.status_code == 422
    assert "access.not_to_oneself" in response.content.decode()
    mask(cast.administrator, "record_code")
    response = end(admin, cast.administrator)
    assert response.status_code == 422
    assert "access.not_to_oneself" in response.content.decode()
    assert Mask.objects.get().until is None


@pytest.mark.parametrize("who", ["clerk", "supervisor", "security_manager", "auditor"])
def test_only_who_administers_the_rights_hides(cast: Cast, come_in: ComeIn, who: str) -> None:
    client = come_in(getattr(cast, who))
    target = cast.clerk_of_another_office
    assert hide(client, target).status_code == 403
    mask(target, "record_code")
    assert end(client, target).status_code == 403
    assert Mask.objects.get().until is None


def test_it_ends_at_once_or_on_its_last_day(cast: Cast, admin: Client) -> None:
    hide(admin, cast.clerk)
    assert end(admin, cast.clerk, last_on="R8.11.30").status_code == 302
    assert cast.clerk.acting().masks == {"family_register"}
    assert end(admin, cast.clerk, at_once="on").status_code == 302
    assert cast.clerk.acting().masks == frozenset()
    row = Trail.objects.latest("id")
    assert (row.event, row.detail["what"]) == ("mask_changed", "shown")
    assert row.detail["until"] == "2026-11-21"


def test_it_is_not_ended_for_days_gone_by(cast: Cast, admin: Client) -> None:
    mask(cast.clerk, "record_code")
    response = end(admin, cast.clerk, last_on="R8.11.1")
    assert response.status_code == 422
    assert "access.last_day_in_past" in response.content.decode()


def test_the_same_request_hides_once(cast: Cast, admin: Client) -> None:
    number = str(uuid4())
    for _ in range(2):
        assert hide(admin, cast.clerk, request_id=number).status_code == 302
    assert Mask.objects.count() == 1


def test_the_number_of_a_request_does_not_pass_for_that_of_another_person(
    cast: Cast, admin: Client
) -> None:
    number = str(uuid4())
    for player in (cast.clerk, cast.supervisor):
        assert hide(admin, player, request_id=number).status_code == 302
        assert player.acting().masks == {HIDDEN["item"]}


def test_another_persons_row_is_not_there(cast: Cast, admin: Client) -> None:
    mask(cast.supervisor, "record_code")
    assert end(admin, cast.clerk).status_code == 404
    assert sent(admin, "end_mask", cast.clerk.operator.pk, 987654).status_code == 404


def test_who_leaves_and_comes_back_is_still_not_shown_it(cast: Cast) -> None:
    mask(cast.clerk, "record_code")
    own = permit(cast.administrator.acting(), "people.administration", TODAY)
    leaving.leave(own, cast.clerk.operator.pk, TODAY)
    assert cast.clerk.acting().masks == {"record_code"}, "a right gives, a mask takes away"


def test_the_door_asks_what_the_permit_is_for(cast: Cast) -> None:
    mask(cast.clerk, "record_code")
    looking = permit(cast.security_manager.acting(), "people.designation", TODAY)
    with pytest.raises(NotPermitted):
        masks.hide(looking, cast.clerk.operator.pk, "family_register", TODAY, None)
    with pytest.raises(NotPermitted):
        masks.show(looking, Mask.objects.get().pk, None)


@pytest.mark.parametrize("item", ["family_register", "record_code", "residence_status"])
def test_the_register_is_not_written_out_by_whom_a_part_is_not_shown(
    cast: Cast, tmp_path: Path, item: str
) -> None:
    mask(cast.system_operator, item)
    own = permit(cast.system_operator.acting(), "data.export", TODAY)
    with pytest.raises(NotPermitted) as refused:
        exporting.write(own, tmp_path)
    assert refused.value.finding.code == "access.item_masked"
    assert list(tmp_path.iterdir()) == []
