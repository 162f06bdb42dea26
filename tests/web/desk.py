"""A clerk's browser before the form of a change: opened under a 受付, sent with all that stands."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from typing import cast as cast_to
from uuid import UUID

from django.db import connection
from django.http import HttpResponse
from django.test import Client

from daicho.access import clock
from daicho.access.permits import permit
from daicho.law.receptions import Said
from daicho.law.receptions.works import basis as basis_of
from daicho.register.receiving import taking
from people import Player
from web.pages import Form, form_in

HANAKO, TARO = "000000000000108", "000000000000116"
NEW_ADDRESS = {
    "address_postal_code": "9638601",
    "address_prefecture": "福島県",
    "address_municipality": "郡山市",
    "address_town": "朝日一丁目",
    "address_lot": "２３番７号",
}
MOVER = {
    "occurred_on": "R8.11.1",
    "whence": "domestic",
    "evidence": "certificate",
    **NEW_ADDRESS,
    "person-0-resident_class": "japanese",
    "person-0-family_name": "新入",
    "person-0-given_name": "𠮷子",
    "person-0-family_name_kana": "シンニュウ",
    "person-0-given_name_kana": "ヨシコ",
    "person-0-born_on": "H2.4.1",
    "person-0-sex": "2",
    "person-0-relationship": "世帯主",
    "person-0-registered_domicile": "栃木県宇都宮市架空一丁目１番地",
    "person-0-family_register_head": "新入　𠮷子",
    "person-0-resident_record_code": "24727059608",
    "person-0-previous_address_prefecture": "栃木県",
    "person-0-previous_address_municipality": "宇都宮市",
    "person-0-previous_address_town": "架空一丁目",
}


def received(player: Player, work: str, basis: str = "notification") -> UUID:
    """Somebody, or something, was received for that work."""
    actor, on = player.acting(), clock.today()
    stands_there = basis not in {"ex_officio", "notice"}
    said = Said(
        work=work,
        basis=basis,
        received_on=None if basis == "ex_officio" else on,
        capacity="principal" if stands_there else "",
        visitor_name="架空　花子" if stands_there else "",
        visitor_address="架空町一丁目１番１号" if work == "disclosure_request" else "",
        identity=("individual_number_card",) if stands_there else (),
        sender="架空市" if basis == "notice" else "",
        reference="架市第1号" if basis == "notice" else "",
        reason="実態調査" if basis == "ex_officio" else "",
    )
    found = taking.receive(permit(actor, basis_of(work, basis, on).purpose, on), said)
    return found.reception_id


def who(address_number: str) -> UUID:
    (found,) = rows(
        "SELECT record_id FROM register_current WHERE address_number = %s", address_number
    )
    return cast_to(UUID, found[0])


def rows(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return list(cursor.fetchall())


@dataclass
class Desk:
    """A clerk's browser before the form of one 受付."""

    client: Client
    address: str

    def open(self) -> str:
        response = self.client.get(self.address)
        assert response.status_code == 200, response.status_code
        return response.content.decode()

    def send(self, form: Form, do: str, accept: Any = None, **typed: Any) -> HttpResponse:
        everything: dict[str, Any] = {**form.typed, **typed, "do": do}
        if accept is not None:
            everything["accept"] = accept
        return cast_to(HttpResponse, self.client.post(self.address, everything))

    def to_sheet(self, **typed: str) -> tuple[str, Form]:
        response = self.send(form_in(self.open()), "check", **typed)
        page = response.content.decode()
        assert response.status_code == 200, page
        return page, form_in(page)

    def record(self, **typed: str) -> HttpResponse:
        _, sheet = self.to_sheet(**typed)
        return self.send(sheet, "record", accept=sheet.ticks)


Opened = Callable[..., Desk]


def now(record_id: UUID, *columns: str) -> tuple[Any, ...]:
    """What stands in the present version of that person."""
    (found,) = rows(
        f"SELECT {', '.join(f'v.{one}' for one in columns)} FROM register_recordversion v"  # noqa: S608  our own names
        " JOIN register_current c USING (record_id, history_no) WHERE v.record_id = %s",
        record_id,
    )
    return found


def suppress(record_id: object, level: str) -> None:
    """Changes of that person are held back from today on."""
    rows(
        "INSERT INTO register_suppression (record_id, process, level, from_on)"
        " VALUES (%s, 'change', %s, '2020-01-01') RETURNING id",
        record_id,
        level,
    )


def two(**second: str) -> dict[str, str]:
    """MOVER, and a second one like it but for what is said."""
    hers = {name: text for name, text in MOVER.items() if name.startswith("person-0-")}
    his = {name.replace("person-0-", "person-1-"): text for name, text in hers.items()}
    his |= {"person-1-family_name": "架空", "person-1-given_name": "二郎", "person-1-sex": "1"}
    his |= {"person-1-relationship": "子", "person-1-resident_record_code": "24727059616"}
    return {**MOVER, "person_count": "2", **his, **{f"person-1-{k}": v for k, v in second.items()}}


def wrongs(page: str) -> list[str]:
    """The lines of the box that says what is wrong."""
    (box,) = re.findall(r'<section class="wrong".*?</section>', page, re.DOTALL)
    return re.findall(r"<li>(.*?)</li>", box, re.DOTALL)
