"""回線と通信の誤り (7.1.1.1): seen in counts, mended by who may, once, and in its order."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from daicho.access import clock
from daicho.access.models import Trail
from daicho.access.permits import Permit, permit
from daicho.law.network.faults import FAULTS, MALFORMED, NOT_CONNECTED, NOT_LISTED, TURN_TAKEN
from daicho.network.lines import composing, doors, making, own, sending
from daicho.network.lines.making import Letter
from daicho.network.mending import acts, listing
from daicho.network.messages.identification_forwarded import IdentificationForwarded
from daicho.network.messages.outcomes import ABOVE, DONE, REFUSED
from daicho.network.models import Due, Forwarded, Hold, Outbox, Own, SendingLine, Sent
from daicho.network.protocol.parties import CENTRE
from daicho.network.wire.client import NO_KEY, NONSENSE, NOT_TRUSTED, UNREACHABLE
from daicho.network.wire.client import REFUSED as REFUSED_BY_NEIGHBOUR
from daicho.web.console.lines.words import TROUBLES, trouble
from network.wires import PREFECTURE, TOWN, Nation
from people import Cast, Player
from web import lines
from web.desk import HANAKO, TARO, who

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("family")]
ComeIn = Callable[..., Client]
LIST = "/console/lines/errors/"


@pytest.fixture
def nation(in_november: None, tmp_path: Path) -> Iterator[Nation]:
    found = lines.keys(tmp_path / "nation")
    with lines.connected(found):
        yield found


@pytest.fixture
def at(nation: Nation, cast: Cast, come_in: ComeIn) -> Client:
    """The supervisor of the counter, who mends."""
    return come_in(cast.supervisor)


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def act(client: Client, row: Sent, slug: str, **typed: str) -> tuple[int, str]:
    """An act on a message by its page: the status and what is told."""
    answer = client.post(reverse("console:message_act", args=[row.pk, slug]), typed)
    return answer.status_code, answer.content.decode()


def person(client: Client, record_id: UUID, work: str = "network-mend") -> str:
    return page(client, reverse("counter:person", args=[work, record_id]))


# -- The person's page -----------------------------------------------------------------------------


def test_each_step_of_a_notice_is_told_with_its_moment(at: Client, nation: Nation) -> None:
    taro = who(TARO)
    lines.caused(taro)
    assert "送信待ち" in person(at, taro)
    composing.compose()
    assert "送信済" in person(at, taro)
    lines.receipted()
    assert "<td>県受領</td>" in person(at, taro)
    (row,) = Sent.objects.all()
    lines.told({str(row.pk): DONE}, nation)
    assert "<td>県受領</td>" in person(at, taro)
    lines.told({str(row.pk): ABOVE + DONE}, nation)
    shown = person(at, taro)
    assert "<td>国受領</td>" in shown
    assert shown.count("令和8年11月22日 12:00") >= 3, "送信, 県受領, 国受領"


def test_a_fault_is_told_with_its_remedy_where_it_is_seen_first(at: Client) -> None:
    lines.refused(who(TARO), MALFORMED.code)
    shown = person(at, who(TARO))
    assert MALFORMED.what in shown
    assert MALFORMED.remedy in shown


def test_a_kind_that_is_not_sent_is_not_said_to_be_on_its_way(at: Client) -> None:
    row = lines.caused(who(TARO))
    outbox = Outbox.objects.get(pk=row)
    again = {"kind": "supplement_notice", "change_id": 2, "history_no": 1, "v": 1}
    same = ("article", "record_id", "request_id", "ward", "body")
    Outbox.objects.create(**again, **{name: getattr(outbox, name) for name in same})
    assert "この版では送りません" in person(at, who(TARO))


# -- Holding ---------------------------------------------------------------------------------------


def test_who_is_held_is_not_sent_until_somebody_lets_go(at: Client) -> None:
    taro = who(TARO)
    lines.caused(taro)
    hold = reverse("counter:hold", args=["network-mend", taro])
    for _ in range(2):
        assert at.post(hold, {"do": "hold", "reason": "correcting"}).status_code == 302
    assert composing.compose() == 0
    assert "<td>保留(記載の誤りを直してから送る)</td>" in person(at, taro)
    assert "送信を保留している人" in page(at, LIST)
    for _ in range(2):
        assert at.post(hold, {"do": "release"}).status_code == 302
    assert composing.compose() == 1
    told = Trail.objects.filter(event="message_held").order_by("id")
    assert [one.detail["what"] for one in told] == ["held", "held", "released"]


def test_a_hold_has_a_reason_of_the_table(at: Client) -> None:
    hold = reverse("counter:hold", args=["network-mend", who(TARO)])
    for reason in ("", "no_code", "later"):
        answer = at.post(hold, {"do": "hold", "reason": reason})
        assert answer.status_code == 422
        assert "理由を選んでください" in answer.content.decode()
    assert not Hold.objects.exists()


def test_a_clerk_sees_the_steps_and_holds_nobody(
    nation: Nation, cast: Cast, come_in: ComeIn
) -> None:
    lines.caused(who(TARO))
    clerk = come_in(cast.clerk)
    assert "送信を保留する" not in person(clerk, who(TARO), "change")
    for work in ("change", "network-mend"):
        hold = reverse("counter:hold", args=[work, who(TARO)])
        assert clerk.post(hold, {"do": "hold", "reason": "papers"}).status_code == 403
    assert not Hold.objects.exists()


# -- The work list ---------------------------------------------------------------------------------


def test_the_first_screen_counts_the_errors_and_leads_to_them(at: Client) -> None:
    assert "処理を待つ通信の誤り" not in page(at, "/")
    lines.refused(who(TARO), MALFORMED.code)
    assert "処理を待つ通信の誤りが1件あります" in page(at, "/")
    shown = page(at, LIST)
    assert MALFORMED.what in shown
    assert MALFORMED.remedy in shown
    assert "架空" not in shown, "whom it is about stands on the page of the person"
    look = Trail.objects.filter(event="look", door="network.errors").latest("id")
    assert look.subject_count == 1


def test_a_refused_message_goes_again_in_its_turn_mended_and_once(at: Client) -> None:
    first = lines.refused(who(TARO), MALFORMED.code)
    assert act(at, first, "again", reason="household_split")[0] == 302
    assert act(at, first, "again", reason="household_split")[0] == 302
    (again,) = lines.receipted()
    assert again.id == str(first.pk)
    assert (again.turn.epoch, again.turn.ordinal) == (first.epoch, first.ordinal)
    assert lines.body(again)["reason"] == "household_split"
    row = Sent.objects.get()
    assert (row.is_open, row.is_refused, row.outcome, row.place) == (False, False, "", 2)
    assert row.receipted_at is not None
    assert sending.parcel_to(PREFECTURE) is None, "it went once"
    (told,) = Trail.objects.filter(event="message_mended")
    assert told.detail == {
        "what": "sent_again",
        "how": "same_turn",
        "code": MALFORMED.code,
        "peer": PREFECTURE,
        "reason": "household_split",
    }
    assert told.subject_count == 1


def test_a_turn_that_another_message_took_is_not_used_again(at: Client) -> None:
    first = lines.refused(who(TARO), TURN_TAKEN.code)
    assert act(at, first, "again")[0] == 302
    (again,) = lines.receipted()
    assert (again.id, again.turn.ordinal) == (str(first.pk), first.ordinal + 1)


def test_what_could_not_be_carried_out_is_told_by_a_new_message(at: Client, nation: Nation) -> None:
    (first,) = lines.sent(who(TARO))
    lines.receipted()
    lines.told({str(first.pk): NOT_LISTED.code}, nation)
    assert "新しい電文として" in page(at, reverse("console:message_act", args=[first.pk, "again"]))
    assert act(at, first, "again")[0] == 302
    (again,) = lines.receipted()
    assert again.id != str(first.pk)
    old, new = Sent.objects.order_by("place")
    assert (old.is_open, old.outcome, old.outbox_id) == (False, NOT_LISTED.code, None)
    assert (new.outbox_id, new.ordinal) == (first.outbox_id, 2)


def test_nothing_older_goes_after_what_is_newer(at: Client, nation: Nation) -> None:
    taro = who(TARO)
    (first,) = lines.sent(taro)
    lines.sent(taro)
    lines.receipted()
    lines.told({str(first.pk): NOT_LISTED.code}, nation)
    status, told = act(at, first, "again")
    assert status == 422
    assert "std7-1-1-1.newer_sent" in told
    assert sending.parcel_to(PREFECTURE) is None
    assert act(at, first, "seen-to")[0] == 302
    assert not Sent.objects.filter(is_open=True).exists()


def test_what_the_centre_did_not_carry_out_is_mended_by_the_town(
    at: Client, nation: Nation
) -> None:
    (first,) = lines.sent(who(TARO))
    lines.receipted()
    lines.told({str(first.pk): ABOVE + NOT_LISTED.code}, nation)
    assert "機構での誤り" in page(at, LIST)
    assert act(at, first, "again")[0] == 302
    assert len(lines.receipted()) == 1


def test_what_others_wait_for_is_not_closed_without_being_sent(at: Client) -> None:
    first = lines.refused(who(TARO), MALFORMED.code)
    assert "確認済みにする" not in page(at, LIST)
    status, told = act(at, first, "seen-to")
    assert status == 422
    assert "std7-1-1-1.waited_for" in told
    assert Sent.objects.get().is_open
    assert Trail.objects.filter(event="message_refused").exists()


@pytest.mark.parametrize("reason", ["died", "no_such_reason"])
def test_a_reason_does_the_same_to_a_record_or_is_refused(at: Client, reason: str) -> None:
    first = lines.refused(who(TARO), MALFORMED.code)
    status, told = act(at, first, "again", reason=reason)
    assert status == 422
    assert "異動事由" in told
    assert Sent.objects.get().is_open


def test_of_who_is_held_nothing_goes_again(at: Client) -> None:
    first = lines.refused(who(TARO), MALFORMED.code)
    Hold.objects.create(record_id=who(TARO), reason="safety", held_at=clock.now())
    status, told = act(at, first, "again")
    assert status == 422
    assert "std7-1-1-1.is_held" in told


def test_before_a_neighbour_was_asked_nothing_goes_again(at: Client) -> None:
    first = lines.refused(who(TARO), MALFORMED.code)
    sending.came_back()
    assert "std7-1-1-1.line_unasked" in act(at, first, "again")[1]


def test_the_list_is_for_who_mends(nation: Nation, cast: Cast, come_in: ComeIn) -> None:
    first = lines.refused(who(TARO), MALFORMED.code)
    for player in (cast.clerk, cast.system_operator, cast.auditor):
        client = come_in(player, Client())
        assert client.get(LIST).status_code == 403
        assert act(client, first, "again")[0] == 403
    assert Sent.objects.get().is_open


# -- The lines -------------------------------------------------------------------------------------


def overview(cast: Cast, come_in: ComeIn, player: Player | None = None) -> str:
    return page(come_in(player or cast.system_operator, Client()), "/console/lines/")


def test_the_lines_are_told_in_counts_and_in_plain_words(
    nation: Nation, cast: Cast, come_in: ComeIn
) -> None:
    lines.sent(who(TARO), who(HANAKO))
    sending.tried(PREFECTURE, "unreachable")
    counted = doors.Doors()
    counted.count("", NOT_CONNECTED.code)
    counted.write()
    shown = overview(cast, come_in)
    assert "都道府県 07" in shown
    assert "つながりません。" in shown
    assert '<td class="number">2件</td>' in shown
    assert NOT_CONNECTED.what in shown
    assert "どこで待っているか" in shown
    assert "架空" not in shown
    sending.tried(PREFECTURE, f"{REFUSED}{NOT_CONNECTED.code}")
    assert "小包を拒まれました。" in overview(cast, come_in, cast.supervisor)


def test_one_that_waits_alone_does_not_look_like_a_jam(
    nation: Nation, cast: Cast, come_in: ComeIn
) -> None:
    lines.caused(who(TARO))
    shown = overview(cast, come_in)
    assert '<rect width="1" ' in shown
    assert "帯の幅いっぱいで100<" in shown
    assert "<dd>1分未満</dd>" in shown


def test_whatever_a_neighbour_fails_with_is_told_in_words() -> None:
    ours = {UNREACHABLE, NOT_TRUSTED, NONSENSE, NO_KEY, sending.TEXT_DISPOSED}
    assert ours == TROUBLES.keys()
    for fault in FAULTS.values():
        assert fault.what in trouble(f"{REFUSED_BY_NEIGHBOUR}{fault.code}")[0]


@pytest.mark.parametrize(
    ("minutes", "code"), [(9, ""), (11, "std7-1-1-1.waits_long"), (61, "std7-1-1-1.waits_too_long")]
)
def test_what_waits_too_long_is_told_on_the_first_screen(
    nation: Nation, cast: Cast, come_in: ComeIn, minutes: int, code: str
) -> None:
    lines.caused(who(TARO))
    Due.objects.update(due_at=clock.now() - timedelta(minutes=minutes))
    client = come_in(cast.system_operator)
    for address in ("/", "/console/", "/console/lines/"):
        shown = page(client, address)
        assert code in shown
        assert ("受領されていません" in shown) is bool(code)


def test_after_an_old_backup_a_person_says_when_everything_is_typed_in(
    at: Client, cast: Cast, come_in: ComeIn
) -> None:
    sending.came_back()
    assert "記録に反映していません" in page(at, "/")
    assert "入力し直しを終える" in page(at, "/console/lines/")
    assert "入力し直しを終える" not in overview(cast, come_in)
    address = reverse("console:caught_up")
    assert at.post(address, {}).status_code == 422
    assert Own.objects.get().is_catching_up
    assert at.post(address, {"sure": "on"}).status_code == 302
    assert not Own.objects.get().is_catching_up
    assert "記録に反映していません" not in page(at, "/")
    assert Trail.objects.filter(event="network_caught_up").count() == 1


# -- The tiers above -------------------------------------------------------------------------------


def of_the_prefecture(cast: Cast) -> Permit:
    """Leave for who operates the prefecture's computer."""
    actor = replace(cast.system_operator.acting(), office_kind="prefecture_municipal_affairs")
    return permit(actor, "network.mend_prefecture", clock.today())


def test_what_a_prefecture_tells_anew_is_still_told_of_the_same_notice(
    nation: Nation, cast: Cast
) -> None:
    with lines.at_the_prefecture(nation):
        first, notice = uuid4(), uuid4()
        to_centre = own.sending_lines([CENTRE])
        said = IdentificationForwarded("signed")
        letter = Letter(first, CENTRE, uuid4(), said.KIND, 1, said.ARTICLE, said.written())
        making.send([letter], to_centre, own.shared().epoch)
        Forwarded.objects.create(forwarded_id=first, origin=TOWN, message_id=notice)
        Sent.objects.update(outcome=NOT_LISTED.code, is_open=True)
        mends = of_the_prefecture(cast)
        ((wrong,), _) = listing.errors(mends)
        assert wrong.resident is None, "it sees nobody"
        acts.send_again(mends, first)
        again = Sent.objects.get(is_open=False, outcome="")
    told = Forwarded.objects.get(pk=again.message_id)
    assert (told.origin, told.message_id) == (TOWN, notice)


def test_without_a_key_nothing_goes_again_and_it_is_said_why(at: Client, nation: Nation) -> None:
    first = lines.refused(who(TARO), MALFORMED.code)
    with override_settings(NETWORK_KEYS=str(nation.folder / "nobody")):
        status, told = act(at, first, "again")
    assert status == 422
    assert "std7-1-1-1.no_key" in told
    assert SendingLine.objects.get().handed == 1
