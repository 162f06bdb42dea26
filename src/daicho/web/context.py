"""画面の共通部分: what every page shows around its own content."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from daicho.access import clock, policy
from daicho.access.acting import Actor
from daicho.access.emergencies import asking
from daicho.access.relating import telling
from daicho.law import purposes
from daicho.web.asking import Request, present

TOLD: Mapping[str, str] = {
    "signed_out": "サインアウトしました。",
    "terminal_registered": "このブラウザを端末として登録しました。サインインできます。",
    "recorded": "登録しました。",
    "remarked": "備考を登録しました。",
    "kept": "仮登録しました。受付の一覧から開けます。",
    "password_changed": "パスワードを変更しました。ほかの端末の画面は使えなくなりました。",
}
"""What a page may say of the step before it: a closed table, so that no link can put words here."""


def page(request: HttpRequest) -> dict[str, Any]:
    """The header's words, the notice of the step before, and a fresh number for a form."""
    return {
        "role": settings.ROLE,
        "body_name": settings.BODY_NAME,
        "home": settings.LOGIN_REDIRECT_URL,
        "told": TOLD.get(request.GET.get("told", ""), ""),
        "form_number": uuid4,  # called by the template: every form of a page has its own
        "here": request.resolver_match.view_name if request.resolver_match else "",
        **_who(cast(Request, request)),
    }


def _who(request: Request) -> dict[str, Any]:
    found = present(request) if hasattr(request, "session") else None
    if found is None:
        return {}
    rules = policy.sign_in()
    shown = {
        "operator": found.operator,
        "presence": found,
        "idle_seconds": rules.idle_minutes * 60,
        "chooses_terminal": not rules.registered_terminals_only,
    }
    if found.actor is None:
        return shown
    held = purposes.purposes_for(found.actor.office_kind, found.actor.posts, on=clock.today())
    return {
        **shown,
        "terminal_name": found.terminal_name,
        "office_name": found.office_name,
        "may_open_console": any("console" in one.functions for one in held),
        "relations_on": telling.is_on(),
        "tells_relations": telling.waits(found.actor.operator_id, clock.today()),
        "emergency": _emergency(found.actor),
    }


def _emergency(actor: Actor) -> dict[str, Any] | None:
    """緊急の利用中: what is granted to the actor at this moment, and where it is used."""
    running = asking.running(actor)
    if running is None:
        return None
    search = reverse("counter:search", args=[running.purpose.replace(".", "-")])
    return {"use": running, "search": search}
