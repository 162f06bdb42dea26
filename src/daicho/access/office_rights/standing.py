"""所属から受ける権限: what persons have by their office on a day, for who decides."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from django.db.models import QuerySet

from daicho.access.hindering import hindered
from daicho.access.models import OfficeRight, OfficeRightExclusion, Operator

Row = TypeVar("Row", OfficeRight, OfficeRightExclusion)


def shared(operators: Sequence[Operator], on: date) -> Mapping[int, tuple[OfficeRight, ...]]:
    """所属から受ける権限: of each person, by id, the rights of the own office that hold that day.

    None to who is excluded, nor to who may not sign in then: a right of the office does not end
    with a person, so whoever has left, or works without contract, has none of it.
    """
    kept = {key for key, finding in hindered(operators, on).items() if finding is None}
    rights: dict[int, list[OfficeRight]] = defaultdict(list)
    offices = {one.office_id for one in operators}
    for right in _running(OfficeRight.objects.filter(office__in=offices), on).order_by("id"):
        rights[right.office_id].append(right)
    out = _running(OfficeRightExclusion.objects.filter(operator__in=kept), on)
    excluded = set(out.values_list("operator", "office", "post"))
    return {
        one.pk: tuple(
            right
            for right in rights[one.office_id]
            if one.pk in kept and (one.pk, right.office_id, right.post) not in excluded
        )
        for one in operators
    }


def _running(rows: "QuerySet[Row]", on: date) -> "QuerySet[Row]":
    return rows.filter(since__lte=on).exclude(until__lt=on)
