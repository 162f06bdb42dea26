"""記載できなかった通知の画面: what came for the register and stands still; recorded or seen to."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from daicho.access.acting import Actor
from daicho.access.permits import Permit
from daicho.network.mending import arrived
from daicho.network.mending.arrived import Said, Standing
from daicho.network.messages.individual_number import IndividualNumber
from daicho.network.messages.record_codes import RecordCodes
from daicho.web.asking import Request
from daicho.web.console.acts import About, Act, answer, permit_among
from daicho.web.console.fields import ActForm
from daicho.web.console.lines.overview import MEND
from daicho.web.japanese import wareki_moment
from daicho.web.messages import MESSAGES, party_name
from daicho.web.required import at_terminal, methods

_NOT_RECORDED = "一覧から除き、届いた内容を消します。この通知は台帳に記載されません。"
_WARNINGS: Mapping[str, str] = {
    IndividualNumber.KIND: f"{_NOT_RECORDED}届いた番号は、この人の個人番号として指定されません。"
    "消した後に求め直す操作は、この版にはありません。番号が要るときは、原因を直して、もう一度記載してください。",
    RecordCodes.KIND: f"{_NOT_RECORDED}届いた住民票コードは、備えに加わりません。"
    "備えが足りなくなると、自動で求め直します。",
}


def _again(permit: Permit, standing: Standing, _typed: Mapping[str, Any]) -> None:
    arrived.record_again(permit, standing.notice_id)


def _seen(permit: Permit, standing: Standing, _typed: Mapping[str, Any]) -> None:
    arrived.seen_to(permit, standing.notice_id)


_ACTS: Mapping[str, Act[Standing]] = {
    "again": Act(
        "もう一度記載する",
        MEND[0],
        "もう一度記載する",
        lambda _permit, _standing, typed: ActForm(typed),
        _again,
    ),
    "seen-to": Act(
        "確認済みにする",
        MEND[0],
        "確認済みにする",
        lambda _permit, _standing, typed: ActForm(typed),
        _seen,
        warning=_NOT_RECORDED,
    ),
}


def section(permit: Permit, page: int) -> dict[str, Any]:
    """記載できなかった通知の欄: nothing in the tiers above, which have no register."""
    if arrived.FUNCTION not in permit.functions:
        return {}
    found, has_more = arrived.listed(permit, page)
    return {
        "notices": [(one, *_names(one), told(one), _goes_on(one)) for one in found],
        "notices_page": page,
        "notices_more": has_more,
    }


@methods("GET", "POST")
@at_terminal
def act_on_notice(request: Request, actor: Actor, notice_id: int, slug: str) -> HttpResponse:
    """一つの通知への操作: recorded again, or seen to. One that is recorded is no page any more."""
    permit = permit_among(actor, MEND)
    if slug not in _ACTS:
        raise Http404
    standing = arrived.one(permit, notice_id)
    if standing is None:
        if request.method == "POST":  # a second press, or it is recorded: nothing is left
            return redirect("console:message_errors")
        raise Http404
    act = _ACTS[slug]
    if act.warning:
        act = replace(act, warning=_WARNINGS.get(standing.kind, act.warning))
    return answer(request, permit, act, standing, _about(standing))


def told(standing: Standing) -> tuple[Said, ...]:
    """誤りの言葉: what the law says against it, else that it failed for a reason of ours."""
    if standing.said:
        return standing.said
    failed = Said(
        "",
        f"プログラムの都合で記載に{standing.failures}回失敗しました。",
        "自動で試し続けています。続くときは、情報システム担当に、処理の記録を確かめるよう依頼してください。",
        "",
    )
    return (failed,)


def _names(standing: Standing) -> tuple[str, str]:
    return MESSAGES.get(standing.kind, standing.kind), party_name(standing.origin)


def _goes_on(standing: Standing) -> str:
    """この後: when the program tries it again by itself; blank where it waits for somebody."""
    if standing.due_at is None:
        return ""
    return f"{wareki_moment(standing.due_at)}以後に、自動で記載を試みます。"


def _about(standing: Standing) -> About:
    kind, origin = _names(standing)
    facts = [("送り主", origin), ("受信", wareki_moment(standing.arrived_at))]
    for one in told(standing):
        facts += [
            ("誤り", f"{one.what}({one.cited})" if one.cited else one.what),
            ("すること", one.remedy),
        ]
    goes_on = _goes_on(standing)
    if goes_on:
        facts.append(("この後", goes_on))
    return About(kind, facts, reverse("console:message_errors"))
