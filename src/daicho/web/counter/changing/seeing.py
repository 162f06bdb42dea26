"""見えない項目の扱い: what a form makes of items that are not shown to this clerk (10.4).

What one types oneself from the paper that was brought is one's own to see, and the entry needs it
(本籍, 住民票コード, 在留資格): the fields stay, never filled from the register. Those who type a
個人番号 are charged with it (番号法12条): without that its field is left out.
"""

import re
from copy import copy

from django import forms

from daicho.access.permits import Permit
from daicho.law.rule import Finding
from daicho.law.safety import item_classes, unseen
from daicho.register.receiving.drafts import Kept
from daicho.web.counter.changing.desk import Desk
from daicho.web.counter.changing.typed import OFFERED

TYPED_FROM_PAPER = "表示しない設定のため、届書などから入力します"

_PERSON = re.compile(r"person-\d+-")


def hidden(desk: Desk) -> frozenset[str]:
    """表示しない項目: the columns that the permit of this desk does not show."""
    return item_classes.hidden(desk.permit.sees, desk.on)


def from_paper(field: forms.Field) -> forms.Field:
    """紙から入力する欄: the field, which says why nothing stands in it."""
    own = copy(field)  # a form's fields are made once for every clerk
    own.help_text = TYPED_FROM_PAPER
    return own


def unseen_in(desk: Desk, kept: Kept) -> str:
    """仮登録の見えない項目: a class of items that the draft holds and this clerk is not shown.

    Blank where there is none. What the clerk typed himself of one who enters he may go on with;
    of a correction the form has no field for it, and opening it would lose what was typed, an item
    that was made blank too. The 留意事項 of a colleague may tell of every item.
    """
    actor = desk.permit.actor
    is_own = actor is not None and actor.operator_id == kept.operator_id
    columns = {
        _PERSON.sub("", name, count=1)
        for name, text in kept.typed.items()
        if text and not (is_own and _PERSON.match(name))
    }
    columns |= set(kept.typed.get(OFFERED, "").split())
    if kept.typed.get("note") and not is_own:
        columns |= hidden(desk)
    return next(iter(unseen.classes_of(columns & hidden(desk), desk.on)), "")


def of_item(finding: Finding, permit: Permit) -> Finding:
    """判定の伝え方: without its content where it is of an item that the permit does not show."""
    column, on = finding.on_item, permit.on
    if column not in item_classes.hidden(permit.sees, on):
        return finding
    (of,) = unseen.classes_of([column], on)
    return unseen.judged(of, finding.refuses, on=on)
