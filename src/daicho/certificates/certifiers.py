"""認証者 (標準仕様書 1.3.9): who certifies on which day, with title, name and 電子公印."""

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import uuid4

from django.db import connection, transaction

from daicho.access import clock
from daicho.access.permits import look, system_permit
from daicho.certificates import models

Kind = Literal["mayor", "deputy"]

KINDS: dict[Kind, str] = {"mayor": "市区町村長", "deputy": "職務代理者"}
"""認証者の別: whoever deputises goes before the mayor for as long as that lasts."""


@dataclass(frozen=True)
class Certifier:
    """認証者: as certificates of one day name them."""

    certifier_id: int
    kind: str
    title: str
    name: str
    seal: str
    seal_svg: str


# Asked for every certificate, for which it would take longer to write by the ORM than to answer;
# deputy stands before mayor.
_OF_THE_DAY = """
SELECT id, kind, title, name, seal, seal_svg FROM certificates_certifier
WHERE %s BETWEEN from_on AND coalesce(until_on, 'infinity') ORDER BY kind, id DESC LIMIT 1
"""


def certifier(on: date) -> Certifier | None:
    """その日の認証者: None where nobody is registered for that day."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_THE_DAY, [on])
        row = cursor.fetchone()
    return None if row is None else Certifier(*row)


def register(
    kind: Kind,
    *,
    title: str,
    name: str,
    seal: str,
    from_on: date,
    until_on: date | None = None,
    seal_svg: str = "",
) -> None:
    """認証者を登録する: at the server's own terminal, by whoever may start the program there.

    Rows are never changed: a mayor's last day is told by the next one's first.
    """
    assert title.strip(), "a certifier has a title"
    assert name.strip(), "a certifier has a name"
    with transaction.atomic():
        models.Certifier.objects.create(
            kind=kind,
            title=title,
            name=name,
            seal=seal,
            seal_svg=seal_svg,
            from_on=from_on,
            until_on=until_on,
        )
        permit = system_permit("operators", clock.today(), uuid4())
        look(permit, "certifier_changed", "certificates.certifiers", detail={"what": kind})


def ensure_made_up(town: str, prefecture: str) -> None:
    """架空の認証者: of a made-up town, where nobody is registered yet."""
    if models.Certifier.objects.exists():
        return
    register(
        "mayor",
        title=f"{prefecture}{town}長",
        name="架空　太郎",
        seal=f"{town}長之印",
        from_on=date(2000, 1, 1),
    )
