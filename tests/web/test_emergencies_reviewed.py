"""緊急の利用の点検: by a third person, of what was done, without the names of those looked at."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

import town
from daicho.access import clock, operating, permits
from daicho.access.models import EmergencyUse, Trail
from daicho.access.permits import permit
from daicho.register import importing
from people import Cast
from web.emergencies import LOOK, asked, decided, get, goes_by, post, reviewed, says, steps

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_the_day")]
ComeIn = Callable[..., Client]


@pytest.fixture
def on_the_day() -> Iterator[None]:
    with clock.fixed(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        yield


@pytest.fixture
def clerk(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.clerk)


@pytest.fixture
def supervisor(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.supervisor, Client())


@pytest.fixture
def manager(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.security_manager, Client())


@pytest.fixture
def residents(cast: Cast, tmp_path: Path) -> None:
    moving = permit(cast.system_operator.acting(), "data.migration", clock.today())
    file = town.write(tmp_path, [town.hanako(), town.taro(born_on="2005-10-10")])
    importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)


@pytest.fixture
def over(clerk: Client, supervisor: Client) -> EmergencyUse:
    """A use that was granted and has come to its end."""
    use = asked(clerk)
    decided(supervisor, use)
    goes_by(use, hours=1)
    return use


def search(client: Client) -> str:
    """Look for the family under the grant; the page of what was found."""
    name, args = LOOK
    sent = client.post(reverse(name, args=args), {"kana": "カクウ"})
    assert sent.status_code == 302
    found = client.get(sent.headers["Location"])
    assert found.status_code == 200
    return found.content.decode()


def test_a_third_person_reviews_what_is_over(
    cast: Cast, manager: Client, over: EmergencyUse
) -> None:
    assert "点検を待つもの" in says(get(manager, "emergencies"))
    assert reviewed(manager, over).status_code == 302
    over.refresh_from_db()
    assert (over.reviewed_by, over.outcome) == (cast.security_manager.operator, "proper")
    assert "点検済み" in says(get(manager, "emergency", over.pk))
    assert steps().what == ["asked", "granted", "reviewed"]


@pytest.mark.usefixtures("residents")
def test_who_reviews_sees_what_was_done_and_no_resident(
    clerk: Client, supervisor: Client, manager: Client
) -> None:
    use = asked(clerk)
    decided(supervisor, use)
    assert "架空" in search(clerk)
    clerk.get(reverse("counter:search", args=["change"]))  # ordinary work meanwhile
    post(clerk, "end_emergency", use.pk)
    assert clerk.get(reverse(LOOK[0], args=LOOK[1])).status_code == 403
    page = says(get(manager, "emergency", use.pk))
    rows = Trail.objects.filter(purpose="emergency.life").order_by("id")
    assert {one.event for one in rows} >= {"search", "not_permitted"}
    assert f"{len(rows)}件" in page
    assert "2人" in page
    assert "access.emergency_not_granted" in page
    assert "架空" not in page
    assert "000000000000108" not in page


@pytest.mark.usefixtures("residents")
def test_two_uses_of_one_person_are_kept_apart(
    clerk: Client, supervisor: Client, manager: Client
) -> None:
    uses = []
    for _ in range(2):
        use = asked(clerk)
        decided(supervisor, use)
        search(clerk)
        post(clerk, "end_emergency", use.pk)
        uses.append(use)
    count = Trail.objects.filter(purpose="emergency.life").count()
    for use in uses:
        assert f"{count // 2}件" in says(get(manager, "emergency", use.pk))


def test_what_opened_nothing_is_said_so(manager: Client, over: EmergencyUse) -> None:
    assert "何も開かれていません" in says(get(manager, "emergency", over.pk))


def test_who_asked_and_who_granted_do_not_review(
    cast: Cast, come_in: ComeIn, clerk: Client, supervisor: Client, manager: Client
) -> None:
    use = asked(clerk)
    decided(manager, use)
    goes_by(use, hours=1)
    assert reviewed(clerk, use).status_code == 403
    assert reviewed(supervisor, use).status_code == 403
    page = says(get(manager, "emergency", use.pk))
    assert "点検を終える" not in page
    assert "access.emergency_review_own" in says(reviewed(manager, use))
    use.refresh_from_db()
    assert use.reviewed_at is None


def test_what_still_runs_is_not_reviewed(
    clerk: Client, supervisor: Client, manager: Client
) -> None:
    use = asked(clerk)
    decided(supervisor, use)
    assert reviewed(manager, use).status_code == 404
    assert "点検を待つものはありません。" in says(get(manager, "emergencies"))


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"outcome": ""}, "結果を選んでください。"),
        ({"outcome": "improper"}, "access.emergency_no_note"),
        ({"outcome": "improper", "note": "123456789018を見た"}, "access.number_in_reason"),
        ({"note": "あ" * 201}, "200文字以内"),
    ],
)
def test_a_review_that_is_not_whole_is_told(
    manager: Client, over: EmergencyUse, typed: dict[str, str], told: str
) -> None:
    response = reviewed(manager, over, **typed)
    assert response.status_code == 422
    assert told in says(response)
    over.refresh_from_db()
    assert over.reviewed_at is None


def test_a_review_is_done_once(manager: Client, over: EmergencyUse) -> None:
    reviewed(manager, over, outcome="improper", note="理由に合わない検索がある")
    again = reviewed(manager, over)
    assert "access.emergency_not_over" in says(again)
    over.refresh_from_db()
    assert (over.outcome, over.note) == ("improper", "理由に合わない検索がある")
    assert "不適正" in says(get(manager, "emergencies"))


def test_a_review_that_is_late_is_told_to_those_who_must_do_it(
    cast: Cast, manager: Client, over: EmergencyUse
) -> None:
    def warned() -> set[str]:
        asked_for = permits.permit(
            cast.security_manager.acting(), "emergency.review", clock.today()
        )
        return {one.code for one in operating.of_people(asked_for)}

    goes_by(over, days=7)
    assert "access.emergency_overdue" not in warned()
    goes_by(over, days=1)
    assert "access.emergency_overdue" in warned()
    home = says(get(manager, "home"))
    assert "市民課: 令和8年11月21日までに済ませる緊急の利用の点検" in home
    reviewed(manager, over)
    assert "access.emergency_overdue" not in warned()


def test_the_console_leads_there_who_reviews(manager: Client, clerk: Client) -> None:
    assert reverse("console:emergencies") in says(get(manager, "home"))
    assert reverse("console:emergencies") in clerk.get(reverse("counter:home")).content.decode()
