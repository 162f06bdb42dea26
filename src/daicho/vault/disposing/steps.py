"""廃棄の一歩: those of the lists of numbers."""

from functools import partial

from daicho.access.disposing import steps
from daicho.access.disposing.steps import Way, who
from daicho.access.people.registering import NotThere
from daicho.law.retention import disposing
from daicho.vault.disposing import rows
from daicho.vault.disposing.rows import Listed

__all__ = ["step", "there", "trail", "who"]


def _list_of(trail_id: int) -> int:
    return next((one.list_id for one in rows.lists() if one.proposed_trail == trail_id), 0)


_WAY = Way(of=disposing.NUMBERS, event="disposal", door="disposals", list_of=_list_of)
step = partial(steps.step, _WAY)
trail = _WAY.trail


def there(list_id: int) -> Listed:
    """The list; raises NotThere."""
    found = rows.listed(list_id)
    if found is None:
        raise NotThere(list_id)
    return found
