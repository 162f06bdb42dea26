"""見えない項目: what keeps an operator from making a paper of items that he is not shown (10.4).

Whoever makes a certificate holds it in his hands: what he is not shown is neither printed for him
nor left blank unsaid. A colleague makes it.
"""

from collections.abc import Iterator, Sequence

from daicho.access.permits import Permit, asked_by
from daicho.certificates.forms import past
from daicho.certificates.issuing.order import INDIVIDUAL, NUMBER
from daicho.certificates.queries import Certified
from daicho.law.disclosure import ITEMS, Decision
from daicho.law.rule import Finding
from daicho.law.safety import item_classes, permitting
from daicho.law.safety import unseen as law
from daicho.law.safety.masking import MASKABLE
from daicho.register import remarks

_TYPED = ("留意事項", "備考")


def unseen(
    permit: Permit, decision: Decision, certified: Sequence[Certified]
) -> tuple[Finding, ...]:
    """表示しない項目を載せる証明: a refusal for each class of items that the paper would show.

    For those asked for, for those that the form always shows, and for what somebody or an older
    system wrote into the 統合記載欄. The permit is that of the certificate's own purpose.
    """
    assert permit.actor is not None, "a certificate is made by a person"
    asked = asked_by(permit.actor, permit.purpose)
    hidden = item_classes.hidden(permit.sees, permit.on)
    needed = {
        *_of_items(permit, decision, hidden),
        *_of_texts(permit, decision, certified, hidden),
    }
    return tuple(permitting.not_seen(asked, one, on=permit.on) for one in MASKABLE if one in needed)


def _of_items(permit: Permit, decision: Decision, hidden: frozenset[str]) -> Iterator[str]:
    """The classes of the items that are shown of anybody and not to the operator."""
    for row in ITEMS.on(permit.on):
        code = row.text("code")
        columns = hidden.intersection(row.texts("columns"))
        is_number = code == NUMBER and NUMBER not in permit.sees  # which is no column
        if (columns or is_number) and any(decision.shows(one, code) for one in decision.entries):
            yield from law.classes_of(columns, permit.on)
            yield from (code,) if is_number else ()


def _of_texts(
    permit: Permit, decision: Decision, certified: Sequence[Certified], hidden: frozenset[str]
) -> Iterator[str]:
    """The classes of which a printed text may tell: all that are hidden, whatever its words are."""
    for one in certified if hidden else ():
        stored = [it.remark for it in one.pasts if it.remark]
        for line in past.lines(one.pasts, _remark(permit, decision, one), decision):
            if line.kind in _TYPED or any(text in line.text for text in stored):
                yield from law.classes_of(hidden, permit.on)


def _remark(permit: Permit, decision: Decision, one: Certified) -> str:
    """備考: that of the one whom a 個人票 is of; the other forms have none."""
    if decision.request.form != INDIVIDUAL:
        return ""
    written = remarks.of(permit, one.record_id)
    return written[0].text if written else ""
