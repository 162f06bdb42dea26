"""通信の誤りの画面 (7.1.1.1): the work list of the office, and what is done about each."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from daicho.access.acting import Actor
from daicho.access.permits import Permit
from daicho.law.network.mending import WAYS
from daicho.network.mending import acts, listing
from daicho.network.mending.listing import Wrong
from daicho.terms.changes.reasons import REASONS
from daicho.web.asking import Request
from daicho.web.console.acts import About, Act, answer, permit_among
from daicho.web.console.fields import ActForm, ChoiceField
from daicho.web.console.lines import notices
from daicho.web.console.lines.overview import MEND, counted
from daicho.web.japanese import wareki_moment
from daicho.web.messages import MESSAGES, party_name
from daicho.web.required import at_terminal, methods

_UNKNOWN = ("この版の知らない誤りです。", "プログラムを新しくしてから、もう一度確かめてください。")


class AgainForm(ActForm):
    """再送の入力: another 異動事由, of those that do the same to a record; or the same."""

    def __init__(self, _permit: Permit, wrong: Wrong, typed: QueryDict | None) -> None:
        super().__init__(typed)
        alike = [
            (one.code, one.text)
            for one in REASONS.values()
            if one.effect == wrong.what and one.code != wrong.reason
        ]
        if alike:
            now = REASONS[wrong.reason].text if wrong.reason in REASONS else "今のまま"
            self.fields["reason"] = ChoiceField("異動事由", alike, blank=f"変えない({now})")


def _again(permit: Permit, wrong: Wrong, typed: Mapping[str, Any]) -> None:
    acts.send_again(permit, wrong.message_id, typed.get("reason", ""))


def _seen(permit: Permit, wrong: Wrong, _typed: Mapping[str, Any]) -> None:
    acts.seen_to(permit, wrong.message_id)


_ACTS: Mapping[str, Act[Wrong]] = {
    "again": Act("再送", MEND[0], "送り直す", AgainForm, _again),
    "seen-to": Act(
        "確認済みにする",
        MEND[0],
        "確認済みにする",
        lambda _permit, _wrong, typed: ActForm(typed),
        _seen,
        warning="一覧から除きます。何も送りません。この電文の内容は、相手の団体に記録されないままになります。",
    ),
}


@methods("GET")
@at_terminal
def errors(request: Request, actor: Actor) -> HttpResponse:
    """通信の誤り: those that nobody has seen to, what came and could not be recorded, and the
    residents of whom nothing is sent."""
    permit = permit_among(actor, MEND)
    number = _page(request.GET.get("page", "1"))
    found, has_more = listing.errors(permit, number)
    context = {
        "rows": [(one, *_told(one)) for one in found],
        "count": counted(permit),
        "page": number,
        "has_more": has_more,
        **notices.section(permit, _page(request.GET.get("notices", "1"))),
        "holds": listing.held(permit) if "message_holds" in permit.functions else (),
        "holds_most": listing.HOLDS_MOST,
    }
    return render(request, "console/message_errors.html", context)


@methods("GET", "POST")
@at_terminal
def act_on_error(request: Request, actor: Actor, message_id: UUID, slug: str) -> HttpResponse:
    """一つの誤りへの操作: sent again, or seen to. One that is done already is no page any more."""
    permit = permit_among(actor, MEND)
    if slug not in _ACTS:
        raise Http404
    wrong = listing.error(permit, message_id)
    if wrong is None:
        if request.method == "POST":  # a second press, or somebody was quicker: nothing is left
            return redirect("console:message_errors")
        raise Http404
    return answer(request, permit, _ACTS[slug], wrong, _about(wrong))


def _about(wrong: Wrong) -> About:
    kind, to, what, remedy, cited = _told(wrong)
    facts = [
        ("宛先", to),
        ("作成", wareki_moment(wrong.made_at)),
        ("誤り", f"{what}({cited})" if cited else what),
        ("すること", remedy),
        ("送り直し方", WAYS[wrong.way]),
    ]
    return About(kind, facts, reverse("console:message_errors"))


def _told(wrong: Wrong) -> tuple[str, str, str, str, str]:
    """The kind, the receiver, what is wrong, what to do, and the articles."""
    fault = wrong.faulted.fault
    what, remedy = (fault.what, fault.remedy) if fault else _UNKNOWN
    where = "機構での誤り: " if wrong.faulted.at_centre else ""
    return (
        MESSAGES.get(wrong.kind, wrong.kind),
        party_name(wrong.to),
        f"{where}{what}",
        remedy,
        fault.cited if fault else "",
    )


def _page(text: str) -> int:
    # Six digits are more pages than a list has; anything else is the first page.
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= 6 else 1
