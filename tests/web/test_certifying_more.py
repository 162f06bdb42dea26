"""証明の画面のつづき: the 転出証明書, the next copy, and a paper found bad the next day."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

import town
from certificates.counter import (
    HANAKO,
    NUMBERS,
    TARO,
    asked_for,
    open_counter,
    rows,
    signing,
    take_over,
    text,
    who,
)
from daicho.access import clock
from daicho.terms.changes import MovedOut
from people import Cast, Player
from receptions import permit_under, received
from register.counter import Clerk, place
from web.certifying import at, page, send
from web.pages import Form, Forms

pytestmark = pytest.mark.django_db

ComeIn = Callable[..., Client]


@pytest.fixture(autouse=True)
def counter(few_live_here: None, cast: Cast, tmp_path: Path) -> Iterator[None]:
    with signing(tmp_path / "key"):
        open_counter(cast, tmp_path)
        yield


def _moves_out(player: Player, *persons: str) -> UUID:
    """A 転出届 of these, recorded; gives its 受付."""
    under = received(player, "moved_out")
    change = MovedOut(
        abroad=False, destination=place("planned_destination"), record_ids=tuple(map(who, persons))
    )
    clerk = Clerk(permit_under(player, under))
    day = clock.today() + timedelta(days=10)
    clerk.record(change, occurred_on=day, reception_id=under.reception_id)
    return under.reception_id


def _forms_in(told: str) -> list[Form]:
    read = Forms()
    read.feed(told)
    return read.forms


def _forms(told: str) -> list[str]:
    select = told[told.index('name="form"') :]
    return re.findall(r'<option value="([a-z_]+)"', select[: select.index("</select>")])


@pytest.mark.parametrize(
    ("capacity", "forms"),
    [
        ("principal", ["household_copy", "individual_copy", "moved_out_certificate", "reissue"]),
        ("third_party", ["household_copy", "individual_copy"]),
    ],
)
def test_only_what_the_capacity_may_have_is_offered(
    cast: Cast, come_in: ComeIn, capacity: str, forms: list[str]
) -> None:
    reception = asked_for(cast.clerk, capacity=capacity, reason="債権の回収")
    client = come_in(cast.clerk)
    assert _forms(page(client.get(at("certificate", reception, HANAKO)))) == forms


def test_a_notification_offers_the_certificate_of_its_own_movers(
    cast: Cast, come_in: ComeIn
) -> None:
    client, under = come_in(cast.clerk), _moves_out(cast.clerk, TARO)
    told = page(client.get(at("certificate", under, TARO)))
    assert _forms(told) == ["moved_out_certificate", "reissue"]
    assert (str(who(TARO)) in told, f'value="{who(HANAKO)}"' in told) == (True, False)
    made = send(client, "print", under, TARO, form="moved_out_certificate")
    assert NUMBERS[TARO] in text(made.content)


def test_a_notification_of_others_prints_nothing(cast: Cast, come_in: ComeIn) -> None:
    _moves_out(cast.clerk, TARO)
    client, other = come_in(cast.clerk), received(cast.clerk, "moved_out").reception_id
    told = page(client.get(at("certificate", other, TARO)))
    assert "brro23.not_of_notification" in told
    assert _forms(told) == []
    for form in ("moved_out_certificate", "reissue"):
        assert "brro23.not_of_notification" in page(
            send(client, "print", other, TARO, form=form), 422
        )
    assert rows("SELECT count(*) FROM access_trail WHERE number_seen") == [(0,)]


@pytest.mark.parametrize("form", ["moved_out_certificate", "reissue"])
def test_a_third_party_gets_no_certificate_of_moving_out(
    cast: Cast, come_in: ComeIn, form: str
) -> None:
    client, under = come_in(cast.clerk), _moves_out(cast.clerk, TARO)
    send(client, "print", under, TARO, form="moved_out_certificate")
    seen = rows("SELECT count(*) FROM access_trail WHERE number_seen")
    reception = asked_for(cast.clerk, capacity="third_party", reason="債権の回収")
    told = page(send(client, "print", reception, TARO, form=form), 422)
    assert "brro24.not_for_requester" in told
    assert rows("SELECT count(*) FROM access_trail WHERE number_seen") == seen


# --- 次の部と次の日 ---


def test_the_next_copy_does_not_ask_again_what_the_paper_could_not_say(
    cast: Cast, come_in: ComeIn, tmp_path: Path
) -> None:
    line = town.mary(
        address_number="000000000000167",
        household_number="000000000000256",
        suppressions="",
        nationality="架空𪜀国",
    )
    take_over(cast, town.write(tmp_path, [line], "more.csv"))
    said: dict[str, Any] = {"visitor_name": line["common_name"], "copy_count": 2}
    client, reception = come_in(cast.clerk), asked_for(cast.clerk, asked=("nationality",), **said)
    more: dict[str, Any] = {"asked": ["nationality"], "copy_count": "2"}
    person = "000000000000167"
    assert "std5-8.glyph_replaced" in page(send(client, "print", reception, person, **more), 422)
    assert (
        send(
            client, "print", reception, person, accept=["std5-8.glyph_replaced"], **more
        ).status_code
        == 200
    )
    (carried,) = [
        one
        for one in _forms_in(page(client.get(at("issued", reception, person))))
        if one.typed.get("copy_no") == "2"
    ]
    accept = carried.ticks
    assert (
        send(client, "print", reception, person, accept=accept, copy_no="2", **more).status_code
        == 200
    )


def test_a_paper_found_bad_the_next_day_is_spoiled_and_not_made_again(
    cast: Cast, come_in: ComeIn
) -> None:
    with clock.fixed(datetime(2026, 11, 20, 3, tzinfo=UTC)):
        client, reception = come_in(cast.clerk), asked_for(cast.clerk)
        send(client, "print", reception, HANAKO)
        ((issue_id,),) = rows("SELECT issue_id FROM certificates_issue")
    with clock.fixed(datetime(2026, 11, 21, 3, tzinfo=UTC)):
        client, later = come_in(cast.clerk), asked_for(cast.clerk)
        assert at("issued", reception, HANAKO) in page(
            client.get(at("issue_history", later, HANAKO))
        )
        told = page(client.get(at("issued", reception, HANAKO)))
        assert "書損だけができます" in told
        assert "架空" not in told, "no record is opened under it"
        spoil = at("spoil", reception, HANAKO, issue_id)
        assert client.post(spoil, {"reason": "misprint"}).status_code == 302
        assert "発行し直す" not in page(client.get(at("issued", reception, HANAKO)))
        more = {"replaces": str(issue_id)}
        assert send(client, "print", reception, HANAKO, **more).status_code == 403
    assert rows("SELECT count(*) FROM certificates_issue") == [(1,)]
    assert rows("SELECT count(*) FROM access_trail WHERE event = 'issue_spoiled'") == [(1,)]


def test_the_history_of_who_is_withheld_tells_nothing(cast: Cast, come_in: ComeIn) -> None:
    client, reception = come_in(cast.clerk), asked_for(cast.clerk)
    send(client, "print", reception, HANAKO)
    assert "P001 001" in page(client.get(at("issue_history", reception, HANAKO)))
    rows(
        "INSERT INTO register_suppression (record_id, process, level, from_on)"
        " VALUES (%s, 'look', 'error', '2020-01-01') RETURNING id",
        who(HANAKO),
    )
    assert "P001 001" not in page(client.get(at("issue_history", reception, HANAKO)))
