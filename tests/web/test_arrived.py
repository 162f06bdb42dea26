"""記載できなかった通知: it stands in the work list until it is recorded or seen to."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from daicho.access import clock
from daicho.access.models import Trail
from daicho.access.refusals import NotPermitted
from daicho.law.network.faults import NOT_RESIDENT
from daicho.network.keys.certificates import Use
from daicho.network.lines import composing
from daicho.network.mending import arrived
from daicho.network.messages.outcomes import DONE
from daicho.network.models import RegisterNotice, Sent
from daicho.network.protocol.parties import CENTRE
from daicho.recording.arrived import record_due
from daicho.web.console.lines.notices import section
from daicho.web.console.lines.overview import counted
from network.wires import Nation
from people import Cast
from web import lines, notices
from web.desk import HANAKO, TARO, now, who
from web.test_lines import LIST, of_the_prefecture, page, person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("family")]
ComeIn = Callable[..., Client]
NOT_OF_PERSON, HAS_NUMBER = "mna7.not_of_person", "mna7.has_number"
REQUEST = "individual_number_request"


@pytest.fixture
def nation(in_november: None, tmp_path: Path) -> Iterator[Nation]:
    found = lines.keys(tmp_path / "nation", (Use.SIGN, Use.SEAL))
    with lines.connected(found):
        yield found


@pytest.fixture
def at(nation: Nation, cast: Cast, come_in: ComeIn) -> Client:
    """The supervisor of the counter, who mends."""
    return come_in(cast.supervisor)


def act(client: Client, row: RegisterNotice, slug: str) -> tuple[int, str]:
    """An act on a notice by its page: the status and what is told."""
    answer = client.post(reverse("console:notice_act", args=[row.pk, slug]))
    return answer.status_code, answer.content.decode()


def refused(resident: str = TARO) -> RegisterNotice:
    """A number of another code than the person's: the law is against it."""
    row = notices.number_came(who(resident))
    assert record_due() == 1
    row.refresh_from_db()
    assert row.is_open
    return row


def mended() -> list[Trail]:
    return list(Trail.objects.filter(event="notice_mended").order_by("id"))


# -- The work list ---------------------------------------------------------------------------------


def test_what_the_law_is_against_is_counted_and_told_with_its_article(at: Client) -> None:
    assert "処理を待つ通信の誤り" not in page(at, "/")
    assert "記載できなかった通知" not in page(at, LIST)
    refused()
    assert "処理を待つ通信の誤りが1件あります" in page(at, "/")
    shown = page(at, LIST)
    for told in ("記載できなかった通知", "個人番号とすべき番号の通知", NOT_OF_PERSON, "第7条第1項"):
        assert told in shown
    assert "その者に有効な番号を機構に照会してください" in shown
    assert reverse("counter:person", args=["network-mend", who(TARO)]) in shown
    for kept_back in ("架空", notices.NUMBER, notices.CODE):
        assert kept_back not in shown
    look = Trail.objects.filter(event="look", door="network.notices").latest("id")
    assert (look.subject_count, look.detail) == (1, {"rows": 1})


def test_it_is_recorded_again_when_a_person_says_so_and_once(at: Client) -> None:
    code, before = now(who(TARO), "resident_record_code", "history_no")
    row = notices.number_came(who(TARO), code, "requested")
    RegisterNotice.objects.filter(pk=row.pk).update(
        due_at=None, is_open=True, findings=[notices.AGAINST]
    )
    for _ in range(2):
        assert act(at, row, "again")[0] == 302
    assert "自動で記載を試みます" in page(at, LIST)
    (told,) = mended()
    assert told.subject_count == 1
    assert told.detail == {
        "what": "recorded_again",
        "kind": "individual_number",
        "peer": CENTRE,
        "findings": HAS_NUMBER,
    }
    assert record_due() == 1
    assert now(who(TARO), "individual_number_state", "history_no") == ("held", before + 1)
    assert not RegisterNotice.objects.exists()
    assert act(at, row, "again")[0] == 302
    assert at.get(reverse("console:notice_act", args=[row.pk, "again"])).status_code == 404
    assert len(mended()) == 1


def test_what_the_law_is_still_against_comes_back(at: Client) -> None:
    row = refused()
    assert act(at, row, "again")[0] == 302
    assert record_due() == 1
    row.refresh_from_db()
    assert (row.is_open, row.due_at, row.findings[0]["code"]) == (True, None, NOT_OF_PERSON)
    assert "自動で記載を試みます" not in page(at, LIST)


def test_what_is_seen_to_goes_with_all_it_holds_and_is_never_recorded(at: Client) -> None:
    row = refused()
    warned = page(at, reverse("console:notice_act", args=[row.pk, "seen-to"]))
    assert "この人の個人番号として指定されません" in warned
    for _ in range(2):
        assert act(at, row, "seen-to")[0] == 302
    assert not RegisterNotice.objects.exists()
    assert record_due() == 0
    (told,) = mended()
    assert (told.detail["what"], told.detail["findings"]) == ("seen_to", NOT_OF_PERSON)
    assert "処理を待つ誤りはありません。" in page(at, LIST)


def test_what_fails_for_a_reason_of_ours_is_shown_when_it_failed_often(at: Client) -> None:
    row = notices.number_came(who(TARO))
    rows = RegisterNotice.objects.filter(pk=row.pk)
    later = clock.now() + timedelta(minutes=5)
    rows.update(failures=arrived.FAILURES_LEAST - 1, due_at=later)
    assert "記載できなかった通知" not in page(at, LIST)
    assert at.get(reverse("console:notice_act", args=[row.pk, "again"])).status_code == 404
    rows.update(failures=arrived.FAILURES_LEAST)
    shown = page(at, LIST)
    assert "3回失敗しました" in shown
    assert "自動で記載を試みます" in shown
    assert act(at, row, "again")[0] == 302
    row.refresh_from_db()
    assert row.due_at is not None
    assert row.due_at <= clock.now()
    assert mended()[0].detail["failures"] == arrived.FAILURES_LEAST


def test_what_is_being_recorded_is_not_dropped(at: Client) -> None:
    row = refused()
    RegisterNotice.objects.filter(pk=row.pk).update(due_at=clock.now())
    status, told = act(at, row, "seen-to")
    assert status == 422
    assert "std7-1-1-1.is_tried" in told
    assert RegisterNotice.objects.filter(pk=row.pk).exists()
    assert Trail.objects.filter(event="message_refused").exists()
    assert not mended()


def test_codes_are_about_nobody(at: Client) -> None:
    row = notices.codes_came()
    RegisterNotice.objects.filter(pk=row.pk).update(due_at=None, is_open=True)
    shown = page(at, LIST)
    assert "住民票コードの指定の通知" in shown
    assert "対象者を開く" not in shown
    assert Trail.objects.filter(door="network.notices").latest("id").subject_count == 0
    warned = page(at, reverse("console:notice_act", args=[row.pk, "seen-to"]))
    assert "備えに加わりません" in warned


def test_notices_are_numbered_on_after_the_messages_and_turned_over(at: Client) -> None:
    lines.refused(who(HANAKO), NOT_RESIDENT.code)
    for _ in range(arrived.PAGE_ROWS + 1):
        notices.stands(who(TARO))
    shown = page(at, LIST)
    assert "21番を確認済みにする" in shown
    assert "22番を" not in shown
    assert '通信の誤り <span class="day">22件</span>' in shown
    older = page(at, f"{LIST}?notices=2")
    assert "2番を確認済みにする" in older
    assert "3番を" not in older
    assert "このページに通知はありません。" in page(at, f"{LIST}?notices=3")


def test_it_is_for_who_mends_in_a_municipality(nation: Nation, cast: Cast, come_in: ComeIn) -> None:
    row = refused()
    for player in (cast.clerk, cast.system_operator, cast.auditor):
        assert act(come_in(player, Client()), row, "seen-to")[0] == 403
    with lines.at_the_prefecture(nation):
        mends = of_the_prefecture(cast)
        assert section(mends, 1) == {}
        assert counted(mends) == 0
        with pytest.raises(NotPermitted):
            arrived.seen_to(mends, row.pk)
    assert RegisterNotice.objects.get().is_open


# -- The person's page -----------------------------------------------------------------------------


def test_the_way_of_a_request_for_a_number_is_told_step_by_step(at: Client, nation: Nation) -> None:
    taro = who(TARO)
    lines.caused(taro, kind=REQUEST)
    assert "送信待ち" in person(at, taro)
    composing.compose()
    (row,) = Sent.objects.all()
    assert (row.to, row.kind) == (CENTRE, REQUEST)
    lines.receipted()
    shown = person(at, taro)
    assert "<td>送信済</td>" in shown
    assert "<td>県受領</td>" not in shown
    assert "県は通すだけで、受領しません" in shown
    lines.told({str(row.pk): DONE}, nation, CENTRE)
    assert "<td>国受領</td>" in person(at, taro)
    refused()
    shown = person(at, taro)
    assert "回答を記載できません" in shown
    assert "その者に有効な番号を機構に照会してください" in shown
    assert f"{LIST}#notices-title" in shown
    RegisterNotice.objects.all().delete()
    assert "<td>国受領</td>" in person(at, taro)


def test_a_clerk_is_told_that_the_answer_stands_and_led_nowhere(
    nation: Nation, cast: Cast, come_in: ComeIn
) -> None:
    lines.caused(who(TARO), kind=REQUEST)
    composing.compose()
    refused()
    shown = person(come_in(cast.clerk), who(TARO), "change")
    assert "回答を記載できません" in shown
    assert LIST not in shown


def test_what_the_centre_refuses_is_a_fault_of_the_request(at: Client, nation: Nation) -> None:
    lines.caused(who(TARO), kind=REQUEST)
    composing.compose()
    (row,) = Sent.objects.all()
    lines.receipted()
    lines.told({str(row.pk): NOT_RESIDENT.code}, nation, CENTRE)
    shown = person(at, who(TARO))
    assert NOT_RESIDENT.what in shown
    assert "回答を記載できません" not in shown
    assert "個人番号の生成・変更の求め(機構へ)" in page(at, LIST)
