"""利用記録の分析の画面: judged by who is not concerned, signed for once, and nothing rewritten."""

from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client

from daicho.access.analysing import judging
from daicho.access.models import (
    Trail,
    TrailAnalysis,
    TrailAnalysisJudgement,
    TrailAnalysisSignature,
    TrailSubjects,
)
from daicho.web.console.analyses import pages
from people import Cast
from web.analysed import analysed, found, related_with_a_line
from web.emergencies import get, post

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]
ComeIn = Callable[..., Client]
SOMEBODY = UUID("00000000-0000-4000-8000-00000000abcd")


@pytest.fixture
def auditor(cast: Cast, come_in: ComeIn) -> Client:
    return come_in(cast.auditor)


@pytest.fixture
def month(cast: Cast) -> TrailAnalysis:
    return analysed()


def told(response: HttpResponse) -> str:
    return response.content.decode()


def judges(client: Client, month: TrailAnalysis, do: str = "judge", **said: str) -> HttpResponse:
    return post(client, "analysis", month.pk, do=do, **said)


def newest() -> Trail:
    return Trail.objects.filter(event__startswith="analysis_").latest("id")


def test_the_page_tells_why_whose_and_by_which_article(
    cast: Cast, auditor: Client, month: TrailAnalysis
) -> None:
    found(month, "watching.night", cast.clerk, count=17)
    found(month, "watching.person_by_many", cast.clerk, cast.supervisor, record_id=SOMEBODY)
    text = told(get(auditor, "analysis", month.pk))
    for said in ("7時より前又は20時から", "窓口 花", "clerk", "17", "標準仕様書", str(SOMEBODY)):
        assert said in text, said
    assert text.count("<svg") == 2
    assert newest().detail == {"analysis": month.pk, "rows": 2}
    assert TrailSubjects.objects.get(trail=newest()).record_ids == [SOMEBODY]


def test_judged_by_a_word_of_the_list_and_then_signed_once(
    cast: Cast, auditor: Client, month: TrailAnalysis
) -> None:
    one = found(month, "watching.night", cast.clerk)
    said = {f"outcome-{one.pk}": "proper", f"was-{one.pk}": ""}
    assert judges(auditor, month, **said).status_code == 302
    assert judging.outcomes(month.pk) == {one.pk: "proper"}
    said[f"was-{one.pk}"] = "proper"
    assert "確かめたら印を" in told(judges(auditor, month, "sign", **said))
    assert judges(auditor, month, "sign", sure="on", **said).status_code == 302
    assert TrailAnalysisSignature.objects.get().by == cast.auditor.operator
    assert newest().event == "analysis_changed"
    assert newest().detail == {"analysis": month.pk, "rows": 1, "what": "signed"}
    assert "監査 静" in told(get(auditor, "analyses"))
    late = judges(auditor, month, **{f"outcome-{one.pk}": "improper", f"was-{one.pk}": "proper"})
    assert late.status_code == 422
    assert "watching.signed" in told(late)
    assert TrailAnalysisJudgement.objects.count() == 1


@pytest.mark.parametrize("outcome", ["", "asking"])
def test_what_waits_for_a_judgement_is_not_signed_away(
    cast: Cast, auditor: Client, month: TrailAnalysis, outcome: str
) -> None:
    one = found(month, "watching.refusals", cast.clerk)
    said = {f"outcome-{one.pk}": outcome, f"was-{one.pk}": ""}
    refused = judges(auditor, month, "sign", sure="on", **said)
    assert refused.status_code == 422
    assert "watching.open" in told(refused)
    assert not TrailAnalysisSignature.objects.exists()


def test_nobody_judges_or_signs_for_uses_of_his_own(
    cast: Cast, auditor: Client, month: TrailAnalysis
) -> None:
    own = found(month, "watching.mass_search", cast.auditor)
    text = told(get(auditor, "analysis", month.pk))
    assert "自分に係る利用" in text
    assert f"outcome-{own.pk}" not in text
    for do in ("judge", "sign"):
        said = {f"outcome-{own.pk}": "proper", f"was-{own.pk}": "", "sure": "on"}
        refused = judges(auditor, month, do, **said)
        assert refused.status_code == 422
        assert "watching.concerned" in told(refused)
    assert not TrailAnalysisJudgement.objects.exists()
    row = Trail.objects.filter(event="people_refused").latest("id")
    assert row.finding == "watching.concerned"


def test_the_security_side_judges_what_the_auditor_may_not(
    cast: Cast, come_in: ComeIn, month: TrailAnalysis
) -> None:
    own = found(month, "watching.mass_search", cast.auditor)
    manager = come_in(cast.security_manager, Client())
    said = {f"outcome-{own.pk}": "proper", f"was-{own.pk}": "", "sure": "on"}
    assert judges(manager, month, "sign", **said).status_code == 302
    assert judging.is_signed(month.pk)


def test_what_somebody_else_judged_meanwhile_is_seen_before_it_is_signed(
    cast: Cast, auditor: Client, month: TrailAnalysis, come_in: ComeIn
) -> None:
    one = found(month, "watching.closed_day", cast.clerk)
    judges(auditor, month, **{f"outcome-{one.pk}": "proper", f"was-{one.pk}": ""})
    manager = come_in(cast.security_manager, Client())
    judges(manager, month, **{f"outcome-{one.pk}": "improper", f"was-{one.pk}": "proper"})
    stale = {f"outcome-{one.pk}": "proper", f"was-{one.pk}": "proper"}
    refused = judges(auditor, month, "sign", sure="on", **stale)
    assert refused.status_code == 422
    assert judging.outcomes(month.pk) == {one.pk: "improper"}


def test_over_what_somebody_judged_meanwhile_nobody_judges_unseen(
    cast: Cast, auditor: Client, month: TrailAnalysis, come_in: ComeIn
) -> None:
    one = found(month, "watching.closed_day", cast.clerk)
    manager = come_in(cast.security_manager, Client())
    judges(manager, month, **{f"outcome-{one.pk}": "improper", f"was-{one.pk}": ""})
    blank = {f"outcome-{one.pk}": "proper", f"was-{one.pk}": ""}  # of a page shown before
    for do in ("judge", "sign"):
        refused = judges(auditor, month, do, sure="on", **blank)
        assert refused.status_code == 422
        assert "watching.judged_meanwhile" in told(refused)
        assert '<option value="improper" selected>' in told(refused)
    assert judging.outcomes(month.pk) == {one.pk: "improper"}
    assert not judging.is_signed(month.pk)


def test_who_took_a_suspicion_back_leaves_the_signature_to_another(
    cast: Cast, auditor: Client, month: TrailAnalysis, come_in: ComeIn
) -> None:
    one = found(month, "watching.closed_day", cast.clerk)
    manager = come_in(cast.security_manager, Client())
    judges(manager, month, **{f"outcome-{one.pk}": "improper", f"was-{one.pk}": ""})
    back = {f"outcome-{one.pk}": "proper", f"was-{one.pk}": "improper"}
    refused = judges(auditor, month, "sign", sure="on", **back)
    assert "watching.withdrew" in told(refused)
    assert judging.outcomes(month.pk) == {one.pk: "improper"}
    assert judges(auditor, month, **back).status_code == 302
    seen = {f"outcome-{one.pk}": "proper", f"was-{one.pk}": "proper"}
    assert "watching.withdrew" in told(judges(auditor, month, "sign", sure="on", **seen))
    assert judges(manager, month, "sign", sure="on", **seen).status_code == 302


def test_a_line_leads_to_its_rows_of_the_trail(
    cast: Cast, auditor: Client, month: TrailAnalysis, come_in: ComeIn
) -> None:
    one = found(month, "watching.refusals", cast.clerk, day=date(2026, 11, 5))
    led = post(auditor, "analysis", month.pk, search=str(one.pk))
    assert led.status_code == 302
    text = auditor.get(led["Location"]).content.decode()
    for said in ("clerk", "令和8年11月5日", "拒まれたもの"):
        assert said in text, said
    assert "clerk" not in led["Location"]
    manager = come_in(cast.security_manager, Client())  # who may not search the trail
    assert post(manager, "analysis", month.pk, search=str(one.pk)).status_code == 403
    assert post(auditor, "analysis", month.pk, search="0").status_code == 404


def test_a_line_of_a_relation_leads_to_no_row_from_before_the_first_look(
    cast: Cast, auditor: Client, settings: LazySettings
) -> None:
    settings.EXTENSIONS = "trail-relations"
    row = related_with_a_line(cast.clerk)
    led = post(auditor, "relation", row.pk, search=str(row.findings.get().pk))
    text = auditor.get(led["Location"]).content.decode()
    assert "令和8年11月5日" in text
    assert "令和8年11月1日" not in text, "nothing is compared from before he was told"


def test_what_stood_out_keeps_the_figures_of_its_day(
    cast: Cast, auditor: Client, month: TrailAnalysis
) -> None:
    found(month, "watching.night", cast.clerk, figures={"opens_hour": 5, "closes_hour": 22})
    assert "5時より前又は22時から" in told(get(auditor, "analysis", month.pk))


def test_more_lines_than_a_form_holds_are_judged_one_page_after_the_other(
    cast: Cast, auditor: Client, month: TrailAnalysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "LINES_MOST", 2)
    rows = [found(month, "watching.night", cast.clerk, count=9 - n) for n in range(3)]
    text = told(get(auditor, "analysis", month.pk))
    assert [f"outcome-{one.pk}" in text for one in rows] == [True, True, False]
    said = {f"outcome-{one.pk}": "proper" for one in rows[:2]}
    judges(auditor, month, **said, **{f"was-{one.pk}": "" for one in rows[:2]})
    text = told(get(auditor, "analysis", month.pk))
    at = [text.find(f"outcome-{one.pk}") for one in rows]
    assert 0 < at[2] < at[0], "what can be judged stands above what was"


def test_a_word_that_is_not_offered_is_no_judgement(
    cast: Cast, auditor: Client, month: TrailAnalysis
) -> None:
    one = found(month, "watching.night", cast.clerk)
    assert judges(auditor, month, **{f"outcome-{one.pk}": "山田"}).status_code == 422
    assert not TrailAnalysisJudgement.objects.exists()


def test_sent_twice_it_is_judged_once(cast: Cast, auditor: Client, month: TrailAnalysis) -> None:
    one = found(month, "watching.night", cast.clerk)
    said = {f"outcome-{one.pk}": "mistaken", f"was-{one.pk}": "", "request_id": str(uuid4())}
    for _ in range(2):
        assert judges(auditor, month, **said).status_code == 302
    assert TrailAnalysisJudgement.objects.count() == 1


def test_of_a_page_sent_again_with_other_words_nothing_is_said_to_be_recorded(
    cast: Cast, auditor: Client, month: TrailAnalysis
) -> None:
    one = found(month, "watching.night", cast.clerk)
    number = {"request_id": str(uuid4())}  # of a page to which the browser went back
    said = {f"was-{one.pk}": "", **number}
    assert judges(auditor, month, **{f"outcome-{one.pk}": "mistaken"}, **said).status_code == 302
    again = judges(auditor, month, **{f"outcome-{one.pk}": "proper"}, **said)
    assert again.status_code == 422
    said = {f"outcome-{one.pk}": "mistaken", f"was-{one.pk}": "mistaken", "sure": "on", **number}
    for _ in range(2):
        assert judges(auditor, month, "sign", **said).status_code == 302
    assert judging.is_signed(month.pk)


def test_a_month_long_unsigned_is_told_on_the_first_screen(
    cast: Cast, auditor: Client, month: TrailAnalysis
) -> None:
    TrailAnalysis.objects.create(
        month=month.month.replace(month=9), upto=1, uses_by_day=[1], uses_by_hour=[1]
    )
    text = told(get(auditor, "home"))
    assert "令和8年9月1日の属する月の利用記録の分析が" in text
    assert "令和8年11月1日の属する月" not in text


def test_the_first_screen_says_how_much_waits_for_a_judgement(
    cast: Cast, auditor: Client, month: TrailAnalysis
) -> None:
    line = found(month, "watching.night", cast.clerk, count=17)
    found(month, "watching.person_by_many", cast.clerk, cast.supervisor, record_id=SOMEBODY)
    assert "利用記録の分析（判断待ち2件）" in told(get(auditor, "home"))
    judges(auditor, month, **{f"outcome-{line.pk}": "proper", f"was-{line.pk}": ""})
    assert "利用記録の分析（判断待ち1件）" in told(get(auditor, "home"))


def test_nobody_else_sees_what_stood_out(cast: Cast, come_in: ComeIn, month: TrailAnalysis) -> None:
    for player in (cast.clerk, cast.supervisor, cast.administrator, cast.system_operator):
        client = come_in(player, Client())
        for status in (get(client, "analyses"), get(client, "analysis", month.pk)):
            assert status.status_code == 403
