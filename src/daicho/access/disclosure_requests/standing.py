"""開示請求の今: what the steps on a request make of it, as the law judges it."""

from datetime import date

from daicho.access.models import DisclosureRequest, DisclosureStep
from daicho.law.disclosure_requests import clock as law
from daicho.law.disclosure_requests import kinds
from daicho.law.disclosure_requests.clock import Clock
from daicho.law.disclosure_requests.deciding import Standing

ENDINGS = ("given", "withdrawn")
"""終わりの歩み: after these nobody waits for anything any more."""
_MENDING = ("mending_asked", "mended")


def steps_of(row: DisclosureRequest) -> list[DisclosureStep]:
    """歩み: in the order in which they were taken."""
    return sorted(row.steps.all(), key=lambda one: one.pk)


def decision_of(row: DisclosureRequest) -> DisclosureStep | None:
    """決定: the last step by which it was decided, or None."""
    return next((one for one in reversed(steps_of(row)) if one.what == "decided"), None)


def state_of(row: DisclosureRequest) -> str:
    """状態: a key of `deciding.STATES`."""
    taken = [one.what for one in steps_of(row)]
    for ending in ("withdrawn", "given", "decided"):
        if ending in taken:
            return ending
    mending = [one for one in taken if one in _MENDING]
    return "mending" if mending[-1:] == ["mending_asked"] else "examined"


def mended_by(row: DisclosureRequest) -> date | None:
    """補正の期限: of what is waited for; None where nothing is."""
    asked = [one.until_on for one in steps_of(row) if one.what == "mending_asked"]
    return asked[-1] if state_of(row) == "mending" else None


def clock_of(row: DisclosureRequest, on: date) -> Clock:
    """期限: as it stands on a day; of what is decided or withdrawn, as it stood on that day."""
    steps = steps_of(row)
    over = [one.taken_on for one in steps if one.what in ("decided", "withdrawn")]
    at = over[0] if over else on
    kind = kinds.kind(row.kind, row.received_on)
    assert kind is not None, "what was asked for stood in the table on that day"
    return law.clock(
        row.received_on,
        _uncounted_days(steps, at),
        sum(one.days or 0 for one in steps if one.what == "extended"),
        state_of(row) == "mending",
        kind.period,
        on=at,
    )


def _uncounted_days(steps: list[DisclosureStep], at: date) -> int:
    asked_on: date | None = None
    days = 0
    for one in steps:
        if one.what == "mending_asked":
            asked_on = one.taken_on
        elif one.what == "mended" and asked_on is not None:
            days += law.mending_days(asked_on, one.taken_on, on=at)
            asked_on = None
    return days if asked_on is None else days + law.mending_days(asked_on, None, on=at)


def standing_of(
    row: DisclosureRequest,
    on: date,
    *,
    held_back: bool = False,
    is_upset: bool = False,
    hides_own: bool = False,
) -> Standing:
    """開示請求の今: the facts by which the next step is judged."""
    steps = steps_of(row)
    before = {one.by_id for one in steps if one.what != "decided"}
    return Standing(
        state=state_of(row),
        handled_by=frozenset(before | {row.taken_by_id}),
        is_extended=any(one.what == "extended" for one in steps),
        is_overdue=clock_of(row, on).is_overdue,
        held_back=held_back,
        mended_by=mended_by(row),
        is_upset=is_upset,
        hides_own=hides_own,
    )
