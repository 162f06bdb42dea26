"""独立した操作権限 (標準仕様書 10.3): who has one does that work, who has it not does not."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

import town
from daicho.access import clock
from daicho.access.models import Operator, Right, Trail
from daicho.access.permits import permit
from daicho.access.refusals import NotPermitted
from daicho.law import purposes
from daicho.register import importing
from daicho.register.models import ProtectiveMeasure
from people import Cast, Player, given
from web.desk import HANAKO, TARO, who
from web.emergencies import says
from web.exports import ASKED, asked, decided, get, passphrase_in, post, request_of, taken

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
ComeIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def found_by_an_index() -> None:
    """An extraction reads the table through: that is what it is for."""


def alone(player: Player, post: str) -> Player:
    """The player with this right and no other."""
    Right.objects.filter(operator=player.operator).delete()
    Operator.objects.filter(pk=player.operator.pk).update(post="")
    return given(player, post)


def shown(client: Client, address: str = "/") -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def person(client: Client, number: str) -> str:
    return shown(client, reverse("counter:person", args=["protection-flag", who(number)]))


def refused_for() -> tuple[str, str]:
    """The work and the finding of the newest refusal, as the trail has them."""
    row = Trail.objects.filter(event="not_permitted").latest("id")
    return row.purpose, row.finding


@pytest.mark.parametrize(
    ("post", "office", "opened"),
    [
        ("euc_operator", "clerk", {"exports.extract", "exports.take"}),
        ("protection_officer", "clerk", {"protection.flag"}),
        ("batch_operator", "system_operator", {"data.migration"}),
        ("numbering_officer", "system_operator", {"numbering.stock"}),
    ],
)
def test_one_right_alone_opens_its_own_work(
    cast: Cast, come_in: ComeIn, post: str, office: str, opened: set[str]
) -> None:
    player = alone(getattr(cast, office), post)
    actor = player.acting()
    found = purposes.purposes_for(actor.office_kind, actor.posts, on=clock.today())
    assert {one.code for one in found} == opened
    page = shown(come_in(player))
    assert all(one.name in page for one in found)


# -- EUC ----------------------------------------------------------------------


@pytest.fixture
def euc(cast: Cast, come_in: ComeIn, settings: LazySettings, tmp_path: Path) -> Client:
    settings.EXPORT_FOLDER = str(tmp_path / "exports")
    return come_in(alone(cast.clerk, "euc_operator"))


def test_who_has_the_right_of_euc_takes_out_what_another_has_allowed(
    cast: Cast, few_live_here: None, euc: Client, come_in: ComeIn
) -> None:
    request_no = asked(euc)
    assert decided(euc, request_no).status_code == 403
    assert decided(come_in(cast.security_manager, Client()), request_no).status_code == 302
    assert passphrase_in(post(euc, "make_export", request_no))
    assert taken(euc, request_no)
    rows = Trail.objects.filter(operator=cast.clerk.operator, event__startswith="data_export")
    assert list(rows.order_by("id").values_list("event", "purpose")) == [
        ("data_export_leave", "exports.extract"),
        ("data_exported", "exports.take"),
        ("data_export_handed_over", "exports.take"),
    ]


def test_without_the_right_nothing_is_asked_for_or_made(
    cast: Cast, few_live_here: None, come_in: ComeIn
) -> None:
    clerk, request_no = come_in(cast.clerk), request_of(cast).pk
    assert post(clerk, "ask_export", "mailing", **ASKED).status_code == 403
    assert get(clerk, "exports").status_code == 403
    assert post(clerk, "make_export", request_no).status_code == 403
    assert refused_for() == ("exports.take", "access.purpose_not_yours")


def test_a_whole_register_is_no_extraction(cast: Cast, euc: Client) -> None:
    listed = says(get(euc, "exports"))
    assert "送付先の一覧を求める" in listed
    assert "標準の形式での全件を求める" not in listed
    assert get(euc, "ask_export", "whole_register").status_code == 403
    assert post(euc, "ask_export", "whole_register", **ASKED).status_code == 403
    assert refused_for() == ("exports.extract", "access.purpose_not_yours")
    others = request_of(cast, kind="whole_register", columns=[], conditions={}).pk
    assert "取り下げる" not in says(get(euc, "export", others))
    assert post(euc, "end_export", others).status_code == 403
    assert not Trail.objects.filter(event="data_export_leave").exists()


def test_who_has_both_rights_asks_for_both(cast: Cast, come_in: ComeIn) -> None:
    client = come_in(given(cast.supervisor, "euc_operator"))
    listed = says(get(client, "exports"))
    assert "送付先の一覧を求める" in listed
    assert "標準の形式での全件を求める" in listed


def test_who_approves_ends_a_whole_register_with_the_right_of_euc_too(
    cast: Cast, come_in: ComeIn
) -> None:
    manager = given(alone(cast.supervisor, "security_manager"), "euc_operator")
    client = come_in(manager)
    request_no = request_of(cast, kind="whole_register", columns=[], conditions={}).pk
    assert "取り下げる" in says(get(client, "export", request_no))
    assert post(client, "end_export", request_no).status_code == 302
    row = Trail.objects.filter(event="data_export_leave").latest("id")
    assert row.purpose == "exports.approve"


# -- 一括処理 ----------------------------------------------------------------------


def _imported(player: Player, folder: Path) -> int:
    moving = permit(player.acting(), "data.migration", clock.today())
    file = town.write(folder, [town.hanako(), town.taro()])
    done = importing.run(moving, file, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    return done.accepted


def test_who_has_the_right_of_batches_takes_a_town_over(cast: Cast, tmp_path: Path) -> None:
    assert _imported(alone(cast.system_operator, "batch_operator"), tmp_path) == 2
    row = Trail.objects.filter(event="import").latest("id")
    assert (row.operator_id, row.purpose) == (cast.system_operator.operator.pk, "data.migration")
    with pytest.raises(NotPermitted):
        permit(cast.system_operator.acting(), "data.export", clock.today())
    assert refused_for() == ("data.export", "access.purpose_not_yours")


@pytest.mark.parametrize("player", ["clerk", "supervisor", "administrator"])
def test_without_the_right_no_town_is_taken_over(cast: Cast, tmp_path: Path, player: str) -> None:
    with pytest.raises(NotPermitted):
        _imported(getattr(cast, player), tmp_path)
    assert refused_for() == ("data.migration", "access.purpose_not_yours")


# -- 支援措置 ----------------------------------------------------------------------


@pytest.fixture
def protected(family: None) -> None:
    """太郎 was protected provisionally, is protected now, and will be again."""
    for provisional, from_on, until_on in (
        (True, "2025-10-01", "2025-11-30"),
        (False, "2025-12-01", "2026-11-30"),
        (False, "2026-12-01", None),
    ):
        ProtectiveMeasure.objects.create(
            record_id=who(TARO), provisional=provisional, from_on=from_on, until_on=until_on
        )


def test_who_answers_for_protection_sees_from_when_until_when(
    cast: Cast, protected: None, come_in: ComeIn
) -> None:
    client = come_in(alone(cast.clerk, "protection_officer"))
    assert reverse("counter:search", args=["protection-flag"]) in shown(client)
    page = person(client, TARO)
    part = page.partition("支援措置の期間</h2>")[2].partition("</section>")[0]
    lines = [
        ("支援措置", "令和8年12月1日", "定めなし", "始まる前"),
        ("支援措置", "令和7年12月1日", "令和8年11月30日", "期間中"),
        ("仮支援措置", "令和7年10月1日", "令和7年11月30日", "終了"),
    ]
    at = 0
    for words in lines:
        for word in words:
            assert word in part[at:], (words, word)
            at = part.index(word, at)
    row = Trail.objects.filter(door="register.protecting").latest("id")
    assert (row.event, row.purpose, row.subject_count) == ("look", "protection.flag", 1)
    assert "支援措置の記録はありません。" in person(client, HANAKO)


@pytest.mark.parametrize("work", ["change", "certificate"])
def test_at_the_counter_it_is_marked_and_not_how_long(
    cast: Cast, protected: None, come_in: ComeIn, work: str
) -> None:
    client = come_in(cast.clerk)
    page = shown(client, reverse("counter:person", args=[work, who(TARO)]))
    assert "支援措置期間中" in page
    assert "支援措置の期間</h2>" not in page
    assert "令和7年12月1日" not in page


@pytest.mark.parametrize("player", ["clerk", "supervisor", "auditor", "administrator"])
def test_without_the_right_nobody_looks_for_who_is_protected(
    cast: Cast, protected: None, come_in: ComeIn, player: str
) -> None:
    client = come_in(getattr(cast, player))
    assert client.get(reverse("counter:search", args=["protection-flag"])).status_code == 403
    assert refused_for() == ("protection.flag", "access.purpose_not_yours")


def test_who_answers_for_protection_changes_and_issues_nothing(
    cast: Cast, protected: None, come_in: ComeIn
) -> None:
    client = come_in(alone(cast.clerk, "protection_officer"))
    page = person(client, TARO)
    assert "備考を書く" not in page
    for work in ("change", "certificate"):
        assert client.get(reverse("counter:person", args=[work, who(TARO)])).status_code == 403
    assert client.get(reverse("counter:receive", args=["moved_in"])).status_code == 403
    assert "履歴" not in page.partition("この人の画面")[2].partition("</nav>")[0]
    history = client.get(reverse("counter:history", args=["protection-flag", who(TARO)]))
    assert history.status_code == 403
