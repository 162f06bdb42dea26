"""問合せ: everything that a page must know of who is there, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from daicho.access import clock
from daicho.access.acting import STANDING
from daicho.access.models import Office, Operator
from daicho.law.safety import entering

_OF_OPERATOR = [field.attname for field in Operator._meta.concrete_fields]
_OF_OFFICE = [field.attname for field in Office._meta.concrete_fields]


def _columns(model: type[Operator | Office], alias: str) -> str:
    return ", ".join(f"{alias}.{field.column}" for field in model._meta.concrete_fields)


_ASKED = f"""
SELECT s.session_digest, s.factors, s.began_at, s.seen_at, s.locked_at,
    coalesce(t.code, ''), coalesce(t.name, ''), coalesce(t.zone, ''), t.key_digest,
    o.code, o.name, o.kind, o.ward, {STANDING},
    e.contract_until, e.pledged_on, e.trained_until,
    {_columns(Operator, "p")}, {_columns(Office, "h")}
FROM access_operator p
JOIN access_office h ON h.id = p.office_id
LEFT JOIN access_presence s ON s.operator_id = p.id
LEFT JOIN access_terminal t ON t.id = s.terminal_id AND t.retired_on IS NULL
LEFT JOIN access_office o ON o.id = t.office_id
LEFT JOIN LATERAL (SELECT contract_until, pledged_on, trained_until FROM access_engagement
    WHERE operator_id = p.id ORDER BY id DESC LIMIT 1) e ON true
WHERE p.id = %(operator)s
"""  # noqa: S608  our own words


@dataclass(frozen=True)
class Asked:
    """What the one statement brings: the presence, the place, the rights, the person."""

    session_digest: bytes | None
    factors: str
    began_at: datetime
    seen_at: datetime
    locked_at: datetime | None
    terminal: str
    terminal_name: str
    zone: str
    key_digest: bytes | None
    office: str | None
    office_name: str | None
    office_kind: str
    ward: str
    posts: list[str]
    office_posts: list[str]
    roles: list[str]
    trees: list[str]
    masks: list[str]
    granted: list[str]
    engagement: entering.EngagementFacts | None
    operator: Operator

    @classmethod
    def of(cls, fetched: Sequence[Any]) -> "Asked":
        engaged, rest = fetched[19:22], fetched[22:]
        operator = Operator.from_db("default", _OF_OPERATOR, rest[: len(_OF_OPERATOR)])
        operator.office = Office.from_db("default", _OF_OFFICE, rest[len(_OF_OPERATOR) :])
        engagement = entering.EngagementFacts(*engaged) if engaged[0] is not None else None
        everything: list[Any] = [*fetched[:19], engagement, operator]
        return cls(*everything)


def ask(operator_id: int, on: date) -> Asked | None:
    """問う: None where there is no such operator."""
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, {"operator": operator_id, "on": on, "now": clock.now()})
        fetched = cursor.fetchone()
    return Asked.of(fetched) if fetched else None
