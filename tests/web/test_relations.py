"""関係の分析: staff are told first, the auditor alone sees it; switched off there is nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import cast as cast_to
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from daicho.access import clock
from daicho.access.analysing import queries
from daicho.access.analysing.months import Month, month_of
from daicho.access.models import (
    OwnRecord,
    RelationAnalysis,
    RelationFinding,
    RelationNotice,
    RelationSignature,
    Trail,
    TrailSubjects,
)
from daicho.access.permits import system_permit
from daicho.access.relating import telling
from daicho.register.models import ProtectiveMeasure
from daicho.register.relating import deriving
from daicho.register.relating.deriving import Home
from daicho.site.serving import timetable
from people import Cast, Player
from web.desk import HANAKO, TARO, who
from web.emergencies import get, post

pytestmark = pytest.mark.django_db
ComeIn = Callable[..., Client]
MARY = "000000000000159"
NOBODYS = "000000000009992"


@pytest.fixture(autouse=True)
def switched_on(settings: LazySettings) -> None:
    settings.EXTENSIONS = "trail-relations"


@dataclass(frozen=True)
class Office:
    """The cast at their browsers, in a town of a few."""

    cast: Cast
    come_in: ComeIn

    def at(self, player: Player) -> Client:
        return self.come_in(player, Client())

    def tells(self, player: Player) -> HttpResponse:
        """The player reads the notice and says so."""
        typed = {"version": "1", "sure": "on"}
        return sent(self.at(player).post(reverse("entry:relations"), typed))

    def names(self, player: Player, address_number: str) -> HttpResponse:
        """Whoever keeps the people says which record is the player's."""
        page = reverse("counter:own_record", args=[player.operator.pk])
        return sent(self.at(self.cast.administrator).post(page, {"address_number": address_number}))

    def looks(self, player: Player, *address_numbers: str) -> None:
        client = self.at(player)
        for one in address_numbers:
            page = reverse("counter:person", args=["change", who(one)])
            assert client.get(page).status_code == 200


@pytest.fixture
def office(few_live_here: None, cast: Cast, come_in: ComeIn) -> Office:
    return Office(cast, come_in)


def sent(response: object) -> HttpResponse:
    return cast_to(HttpResponse, response)


def text(response: HttpResponse) -> str:
    return response.content.decode()


def present() -> Month:
    return month_of(clock.today())


def month_ends() -> None:
    """The timetable of the second day of the month to come."""
    timetable.relate_due(present().next_on + timedelta(days=1))


def found() -> set[tuple[str, tuple[int, ...], str, int, int]]:
    """What is kept: code, whose, at whom, looks, those with a 受付."""
    return {
        (
            one.code.removeprefix("watching."),
            tuple(one.operators),
            str(one.record_id),
            one.count,
            one.figures["received"],
        )
        for one in RelationFinding.objects.all()
    }


def test_of_who_was_told_the_looks_thereafter_are_compared_and_the_auditor_alone_sees_it(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = office.cast
    office.looks(cast.clerk, HANAKO, TARO)  # before anybody was told
    for player, own in ((cast.clerk, HANAKO), (cast.supervisor, MARY)):
        assert office.tells(player).status_code == 302
        assert office.names(player, own).status_code == 302
    office.looks(cast.clerk, TARO, TARO, HANAKO, MARY)
    office.looks(cast.clerk_of_another_office, HANAKO)  # nobody told him
    month_ends()
    clerk = (cast.clerk.operator.pk,)
    assert found() == {
        ("relative", clerk, str(who(TARO)), 2, 0),
        ("own_record", clerk, str(who(HANAKO)), 1, 0),
        ("colleague", clerk, str(who(MARY)), 1, 0),
    }
    row = RelationAnalysis.objects.get()
    auditor = office.at(cast.auditor)
    monkeypatch.setattr(queries, "SUBJECTS_MOST", 1)
    assert "関係の分析" in text(get(auditor, "home"))
    assert get(auditor, "relations").status_code == 200
    page = text(get(auditor, "relation", row.pk))
    for said in (
        "不正を意味しません",
        "受付のある事務での利用は0件",
        "窓口 花",
        str(who(TARO)),
        "2人",
    ):
        assert said in page, said
    shown = Trail.objects.filter(event="relations_shown").latest("id")
    named = TrailSubjects.objects.get(trail=shown).record_ids
    assert set(named) == {who(TARO), who(HANAKO), who(MARY)}, "all of them, however many"
    for player in (cast.clerk, cast.supervisor, cast.security_manager, cast.administrator):
        client = office.at(player)
        assert "関係の分析</a>" not in text(get(client, "home"))
        for status in (get(client, "relations"), get(client, "relation", row.pk)):
            assert status.status_code == 403


def test_each_line_is_judged_and_the_month_signed_by_an_auditor(office: Office) -> None:
    cast = office.cast
    office.tells(cast.clerk)
    office.names(cast.clerk, HANAKO)
    office.looks(cast.clerk, TARO)
    month_ends()
    row, one = RelationAnalysis.objects.get(), RelationFinding.objects.get()
    auditor = office.at(cast.auditor)
    said = {f"outcome-{one.pk}": "proper", f"was-{one.pk}": "", "sure": "on"}
    manager = office.at(cast.security_manager)
    assert post(manager, "relation", row.pk, do="sign", **said).status_code == 403
    assert post(auditor, "relation", row.pk, do="sign", **said).status_code == 302
    assert RelationSignature.objects.get().by == cast.auditor.operator
    late = {f"outcome-{one.pk}": "improper", f"was-{one.pk}": "proper"}
    assert "watching.signed" in text(post(auditor, "relation", row.pk, do="judge", **late))


def test_who_was_not_told_is_not_named_and_not_analysed(office: Office) -> None:
    clerk = office.cast.clerk
    page = reverse("counter:own_record", args=[clerk.operator.pk])
    admin = office.at(office.cast.administrator)
    assert page in text(get(admin, "person", clerk.operator.pk))
    assert "まだ確認していない" in text(sent(admin.get(page)))
    for number in (HANAKO, NOBODYS):  # nor is it told whether the number is anybody's
        refused = office.names(clerk, number)
        assert refused.status_code == 422
        assert "watching.not_told" in text(refused)
    assert not Trail.objects.filter(event="search", purpose="people.own_record").exists()
    assert not OwnRecord.objects.exists()
    office.looks(clerk, HANAKO, TARO)
    month_ends()
    assert not RelationAnalysis.objects.exists()
    assert not Trail.objects.filter(event="relations_compared").exists()


def test_the_notice_is_confirmed_by_who_read_it_and_once(office: Office) -> None:
    clerk = office.at(office.cast.clerk)
    page = reverse("entry:relations")
    assert "監査担当だけが見ます" in text(sent(clerk.get(page)))
    assert f'href="{page}"' in text(sent(clerk.get(reverse("counter:home"))))
    for typed in ({"version": "1"}, {"version": "0", "sure": "on"}):
        assert clerk.post(page, typed).status_code == 422
    assert not RelationNotice.objects.exists()
    for _ in range(2):
        assert clerk.post(page, {"version": "1", "sure": "on"}).status_code == 302
    row = RelationNotice.objects.get()
    assert (row.operator_id, row.version) == (office.cast.clerk.operator.pk, 1)
    assert Trail.objects.filter(event="relation_told").count() == 1
    assert "に確認しました" in text(sent(clerk.get(page)))
    assert f'href="{page}"' not in text(sent(clerk.get(reverse("counter:home"))))
    assert f'href="{page}"' in text(sent(clerk.get(reverse("entry:password"))))


def test_a_registration_ends_only_where_that_is_said(office: Office) -> None:
    clerk = office.cast.clerk
    office.tells(clerk)
    office.names(clerk, HANAKO)
    assert office.names(clerk, "").status_code == 422
    page = reverse("counter:own_record", args=[clerk.operator.pk])
    ended = office.at(office.cast.administrator).post(page, {"address_number": "", "ends": "on"})
    assert ended.status_code == 302
    office.looks(clerk, TARO)
    month_ends()
    assert not RelationAnalysis.objects.exists()


def test_switched_off_nothing_is_shown_and_nothing_computed(
    office: Office, settings: LazySettings
) -> None:
    cast = office.cast
    office.tells(cast.clerk)
    office.names(cast.clerk, HANAKO)
    office.looks(cast.clerk, TARO)
    settings.EXTENSIONS = "none"
    month_ends()
    assert not RelationAnalysis.objects.exists()
    assert get(office.at(cast.auditor), "relations").status_code == 404
    assert office.at(cast.clerk).get(reverse("entry:relations")).status_code == 404
    assert office.names(cast.clerk, TARO).status_code == 404


HERE = Home(("架空市", "架空町一丁目"), "１番１号", "架空荘")


@pytest.mark.parametrize(
    ("other", "is_beside", "because"),
    [
        (Home(HERE.town, "１番１号", ""), True, "同じ番地に住む"),
        (Home(HERE.town, "２番", "架空荘"), True, "番地の書き方が違っても、同じ建物に住む"),
        (Home(HERE.town, "２番", ""), False, "隣の番地である"),
        (Home(("架空市", "架空町二丁目"), "１番１号", "架空荘"), False, "町字が違う"),
        (Home(("別架空市", "架空町一丁目"), "１番１号", "架空荘"), False, "市が違う"),
    ],
)
def test_neighbours_live_at_one_lot_or_in_one_building(
    other: Home, is_beside: bool, because: str
) -> None:
    assert HERE.is_beside(other) == is_beside, because


def test_what_is_not_known_of_two_homes_makes_no_neighbours() -> None:
    nowhere = Home(("", ""), "", "")
    assert not nowhere.is_beside(nowhere)
    assert not Home(HERE.town, "", "").is_beside(Home(HERE.town, "", ""))


def test_a_month_that_has_not_settled_is_not_compared(office: Office) -> None:
    office.tells(office.cast.clerk)
    office.names(office.cast.clerk, HANAKO)
    office.looks(office.cast.clerk, TARO)
    first: date = present().next_on
    timetable.relate_due(first)
    assert not RelationAnalysis.objects.exists()
    timetable.relate_due(first + timedelta(days=1))
    timetable.relate_due(first + timedelta(days=2))
    assert RelationAnalysis.objects.count() == 1


def test_who_names_a_record_has_not_looked_at_it(office: Office) -> None:
    cast = office.cast
    office.tells(cast.clerk)
    office.tells(cast.administrator)
    OwnRecord.objects.create(
        operator=cast.administrator.operator,
        record_id=who(MARY),
        since=clock.today(),
        by=cast.clerk.operator,
    )
    assert office.names(cast.clerk, HANAKO).status_code == 302
    month_ends()
    assert RelationAnalysis.objects.get().told_count == 2
    assert found() == set()


MARCH = Month(date(2026, 3, 1))
THE_31ST = date(2026, 3, 31)
ONE, TWO = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("named", "held", "because"),
    [
        ([(1, ONE)], {(ONE, None)}, "月を通して登録されている"),
        ([(1, ONE), (31, None)], {(ONE, THE_31ST)}, "月末に終えても、それまでは比べる"),
        ([(1, ONE), (2, None), (31, ONE)], {(ONE, None)}, "終えて登録し直した"),
        ([(5, ONE), (5, TWO)], {(TWO, None)}, "同じ日に直した"),
        ([(5, ONE), (5, None)], set(), "登録した日に終えた"),
        ([(32, ONE)], set(), "翌月に登録した"),
    ],
)
def test_the_record_of_a_month_is_one_that_held_in_it(
    cast: Cast,
    named: list[tuple[int, UUID | None]],
    held: set[tuple[UUID, date | None]],
    because: str,
) -> None:
    for day, record_id in named:
        OwnRecord.objects.create(
            operator=cast.clerk.operator,
            record_id=record_id,
            since=MARCH.first_on + timedelta(days=day - 1),
            by=cast.administrator.operator,
        )
    own = telling.own_records(MARCH.first_on, MARCH.last_on)
    said = {(one.record_id, one.ends_on) for one in own.values()}
    assert said == held, because
    after = MARCH.next_on
    if named[-1][1] is None:
        assert telling.own_records(after, after) == {}, because


def test_a_registration_that_was_ended_hides_no_look_from_before(office: Office) -> None:
    office.tells(office.cast.clerk)
    office.names(office.cast.clerk, HANAKO)
    office.looks(office.cast.clerk, TARO)
    OwnRecord.objects.create(
        operator=office.cast.clerk.operator,
        record_id=None,
        since=clock.today() + timedelta(days=1),
        by=office.cast.administrator.operator,
    )
    month_ends()
    assert {one[0] for one in found()} == {"relative"}


def test_the_auditor_sees_by_name_who_is_not_compared(office: Office) -> None:
    cast = office.cast
    office.tells(cast.clerk)
    office.names(cast.clerk, HANAKO)
    office.tells(cast.supervisor)
    page = text(get(office.at(cast.auditor), "relations"))
    assert "窓口 花" not in page
    for name, why in (("審査 太郎", "本人の記録の登録がない"), ("支所 緑", "説明の確認がない")):
        row = next(one for one in page.split("<tr>") if name in one)
        assert why in row, name


@pytest.mark.parametrize("protected", [HANAKO, TARO])
def test_of_a_protected_person_it_is_not_told_where_they_live(
    office: Office, protected: str
) -> None:
    permit = system_permit(deriving.WORK, clock.today(), uuid4())
    ask = (permit, office.cast.clerk.operator.pk, who(HANAKO), [who(TARO)])
    assert deriving.related(*ask)[who(TARO)] == {"relative", "neighbour"}
    ProtectiveMeasure.objects.create(
        record_id=who(protected), provisional=False, from_on=clock.today()
    )
    assert deriving.related(*ask)[who(TARO)] == {"relative"}
