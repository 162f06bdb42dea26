"""終わり: what puts an end to a presence."""

from uuid import UUID

from django.db import transaction

from daicho.access.models import Presence
from daicho.access.presences.rows import tell
from daicho.access.terminals import digest

REASONS = frozenset(
    {
        "signed_out",
        "locked_out",  # wrong answers at the locked screen
        "password_changed",
        "left",
        "right_ended",
        "replaced",
        "terminal_changed",  # another browser than that of the terminal, or the terminal is retired
    }
)
"""終了の理由: why a presence ended: a closed list, as trailed."""


def end(operator_id: int, reason: str, request_id: UUID, session_key: str = "") -> None:
    """在席の終わり: whatever session the operator has, or the named one, opens nothing any more.

    Trailed with its reason where somebody was present; a sign-out has a trail row of its own.
    """
    assert reason in REASONS, f"{reason} is no reason to end a presence"
    with transaction.atomic():
        present = Presence.objects.select_for_update(of=("self",)).filter(operator=operator_id)
        if session_key:  # another one may have begun meanwhile
            present = present.filter(session_digest=digest(session_key))
        found = present.select_related("terminal").first()
        if found is None:
            return
        terminal = found.terminal.code if found.terminal else ""
        found.delete()
        if reason != "signed_out":
            tell("session_ended", operator_id, terminal, request_id, reason=reason)


def end_at(terminal: str, request_id: UUID) -> None:
    """端末での在席の終わり: nobody goes on working at the terminal with that code."""
    present = Presence.objects.filter(terminal__code=terminal).order_by("operator")
    with transaction.atomic():
        for operator_id in present.values_list("operator", flat=True):
            end(operator_id, "terminal_changed", request_id)
