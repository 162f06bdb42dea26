"""開示決定等の通知書: the words of the letter, from the request, its decision and the sheet."""

from collections.abc import Mapping
from datetime import date

from django.conf import settings

from daicho.access.disclosure_requests.queries import Shown
from daicho.certificates.notices import Notice
from daicho.law.disclosure_requests import grounds
from daicho.register.queries import Person
from daicho.terms.dates import wareki
from daicho.web.counter.disclosing.sheet import Sheet

_TITLES: Mapping[str, str] = {
    "full": "保有個人情報開示決定通知書",
    "partial": "保有個人情報部分開示決定通知書",
    "none": "保有個人情報不開示決定通知書",
    "existence_refused": "保有個人情報不開示決定通知書",
}
"""通知書の題名: by the outcome; a refusal to say whether there is anything looks as any refusal."""


def letter(shown: Shown, person: Person, content: Sheet | None, on: date) -> Notice:
    """通知書: to whoever asked, with the grounds of what is not shown and the table of what is."""
    its = shown.decision
    assert its is not None, "asked before: what is not decided is not told"
    told = grounds.told(its.outcome, its.grounds, on=its.decided_on)
    says_more = its.outcome != "existence_refused"
    # the name of the record is told to nobody to whom it is not said whether there is one
    whose = shown.principal_name or shown.requester_name
    facts = [
        ("請求のあった情報", shown.line.kind),
        ("本人", whose if content is None else person.record.name.joined or whose),
        *_period(shown),
        ("請求を受けた日", wareki(shown.line.received_on)),
        ("決定", grounds.OUTCOMES[its.outcome] if says_more else "不開示"),
        ("決定した日", wareki(its.decided_on)),
        *(("開示しない理由", one) for one in told),
        *((("説明", its.reason),) if its.reason and says_more else ()),
    ]
    return Notice(
        number=f"開示請求 第{shown.line.disclosure_id}号",
        title=_TITLES[its.outcome],
        dated=wareki(on),
        to=f"{shown.requester_name} 様",
        sender=f"{settings.BODY_NAME}長",
        intro="請求のあった保有個人情報の開示について、次のとおり決定したので通知します。",
        facts=tuple(facts),
        foot=(*(content.notes if content else ()), grounds.text("appeal", on)),
        table_title="開示する内容" if content else "",
        head=content.head if content else (),
        widths=content.widths if content else (),
        cells=tuple(row for _, row in content.rows) if content else (),
    )


def _period(shown: Shown) -> tuple[tuple[str, str], ...]:
    if shown.since_on is None or shown.until_on is None:
        return ()
    return (("期間", f"{wareki(shown.since_on)}から{wareki(shown.until_on)}まで"),)
