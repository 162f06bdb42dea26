"""交付: what leaves the counter, of whom, and what of it is kept."""

import io
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
import zxingcpp
from django.conf import LazySettings
from django.core.management import CommandError, call_command

import town
from certificates.counter import (
    AWAY,
    HANAKO,
    MARY,
    NUMBERS,
    TARO,
    asked_for,
    issued,
    open_counter,
    order,
    page_count,
    picture,
    rows,
    signing,
    take_over,
    text,
    who,
)
from daicho.access import clock
from daicho.access.refusals import NotPermitted, Refused
from daicho.certificates import certifiers, code_token, lock, verifying
from daicho.certificates.issuing import Order, Unconfirmed, issue, signing_key
from daicho.certificates.verifying import Verdict
from people import Cast
from receptions import permit_under, received

pytestmark = pytest.mark.django_db

NAMES = {HANAKO: "架空　花子", TARO: "架空　太郎", AWAY: "架空　去"}


@pytest.fixture(autouse=True)
def counter(
    few_live_here: None, cast: Cast, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[None]:
    with signing(tmp_path / "key"):
        open_counter(cast, tmp_path, is_certified=getattr(request, "param", True))
        yield


def refused(cast: Cast, wanted: Order) -> set[str]:
    """The codes by which an order is refused."""
    with pytest.raises(Refused) as told:
        issued(cast.clerk, wanted)
    return {one.code for one in told.value.findings if one.refuses}


def test_a_copy_of_a_household_says_who_lives_there(cast: Cast) -> None:
    read = text(issued(cast.clerk, order(asked_for(cast.clerk), HANAKO, TARO)).pdf)
    assert read.index("架空花子") < read.index("架空太郎")
    assert "福島県郡山市長架空太郎" in read
    assert "見本" in read, "the demo's key certifies nobody who lives"
    assert NUMBERS[HANAKO] not in read
    assert "【省略】" in read


def test_a_part_of_a_household_may_be_certified(cast: Cast) -> None:
    read = text(
        issued(cast.clerk, order(asked_for(cast.clerk, visitor_name=NAMES[TARO]), TARO)).pdf
    )
    assert "平成22年10月10日" in read
    assert "昭和60年5月5日" not in read


def test_the_file_is_genuine_to_whoever_has_the_published_certificates(cast: Cast) -> None:
    made = issued(cast.clerk, order(asked_for(cast.clerk), HANAKO))
    report = verifying.verify_pdf(made.pdf, signing_key.key().chain)
    assert report.verdict is Verdict.GENUINE, [step for step in report.steps if not step.good]


def test_the_code_is_drawn_in_its_box_and_can_be_read(cast: Cast) -> None:
    made = issued(cast.clerk, order(asked_for(cast.clerk), HANAKO))
    (found,) = zxingcpp.read_barcodes(picture(made.pdf))
    token, _ = code_token.read(found.text, signing_key.key().chain)
    assert (token.issuer, token.issue_number) == (town.WARD, str(made.number))
    left, top, side = 15 / 210, 260.5 / 297, 24 / 210
    width, height = picture(made.pdf).size
    corner = found.position.top_left
    assert left < corner.x / width < left + side
    assert top < corner.y / height < 1


def test_a_strictly_standard_register_draws_no_code(cast: Cast, settings: LazySettings) -> None:
    settings.EXTENSIONS = "none"
    made = issued(cast.clerk, order(asked_for(cast.clerk), HANAKO))
    assert zxingcpp.read_barcodes(picture(made.pdf)) == []
    assert lock.check(made.pdf, uuid4(), [who(HANAKO)], signing_key.key()), "still bound"


def test_the_record_names_versions_and_articles_and_nobody(cast: Cast) -> None:
    asked = frozenset({"relationship", "individual_number"})
    reception = asked_for(cast.clerk, asked=tuple(asked))
    made = issued(cast.clerk, order(reception, HANAKO, TARO, asked=asked))
    ((number, record_ids, history_nos, shows, decision, everything),) = rows(
        "SELECT number, record_ids, history_nos, shows_individual_number, decision::text,"
        " to_jsonb(i)::text FROM certificates_issue i"
    )
    assert number.endswith(f"郡山市 C001 P001 {made.number.serial:03}")
    assert record_ids == [who(HANAKO), who(TARO)]
    assert history_nos == [2, 1]
    assert shows is True
    assert '"BRRA 12(5)"' in decision
    for personal in ("花子", "太郎", "架空町", "1985", *NUMBERS.values()):
        assert personal not in everything


def test_an_issue_is_one_look_one_row_of_the_trail_and_the_end_of_the_reception(
    cast: Cast,
) -> None:
    reception, request = asked_for(cast.clerk), uuid4()
    issued(cast.clerk, order(reception, HANAKO, TARO), request)
    found = rows(
        "SELECT event, purpose, subject_count, number_seen FROM access_trail"
        " WHERE request_id = %s ORDER BY id",
        request,
    )
    assert found == [
        ("look", "certificate.copy", 2, False),
        ("reception_shown", "certificate.copy", 0, False),
        ("issue", "certificate.copy", 2, False),
        ("reception_ended", "certificate.copy", 0, False),
    ]
    assert rows("SELECT how FROM register_receptionending") == [("issued",)]


def test_each_number_out_of_the_vault_is_trailed(cast: Cast) -> None:
    request, asked = uuid4(), frozenset({"individual_number"})
    reception = asked_for(cast.clerk, asked=tuple(asked))
    read = text(issued(cast.clerk, order(reception, HANAKO, TARO, asked=asked), request).pdf)
    assert all(number in read for number in NUMBERS.values())
    found = rows(
        "SELECT event, count(*) FROM access_trail WHERE number_seen AND request_id = %s"
        " AND purpose = 'certificate.individual_number' GROUP BY 1 ORDER BY 1",
        request,
    )
    assert found == [("issue", 1), ("vault_get", 2)]


def test_nothing_leaves_the_vault_for_what_is_refused(cast: Cast) -> None:
    reception = asked_for(cast.clerk, capacity="third_party", reason="債権の回収")
    asked = frozenset({"individual_number"})
    assert refused(cast, order(reception, HANAKO, asked=asked)) == {"brra12.item_not_for_requester"}
    assert rows("SELECT count(*) FROM access_trail WHERE number_seen") == [(0,)]
    assert rows("SELECT count(*) FROM certificates_serial") == [(0,)]


def test_an_alert_is_confirmed_before_anything_is_issued(cast: Cast) -> None:
    reception = asked_for(
        cast.clerk,
        capacity="third_party",
        reason="債権の回収",
        asked=("relationship",),
        accepted=frozenset({"brra12-3.necessity"}),
    )
    wanted = order(reception, HANAKO, asked=frozenset({"relationship"}))
    with pytest.raises(Unconfirmed) as told:
        issued(cast.clerk, wanted)
    codes = frozenset(one.code for one in told.value.findings)
    assert codes == {"brra12-3.necessity"}
    wanted = order(reception, HANAKO, asked=frozenset({"relationship"}), accepted=codes)
    assert "世帯主" in text(issued(cast.clerk, wanted).pdf)


STRANGER = "全然　別人"


@pytest.mark.parametrize(
    ("capacity", "named", "code"),
    [
        ("agent", {"principal_name": STRANGER}, "brra12.principal_not_certified"),
        ("agent", {"principal_name": NAMES[TARO]}, ""),
        ("agent", {"principal_name": "架空 太郎"}, ""),
        ("legal_representative", {"principal_name": STRANGER}, "brra12.principal_not_certified"),
        ("same_household", {"visitor_name": STRANGER}, "brra12.visitor_not_of_household"),
        ("same_household", {"visitor_name": NAMES[HANAKO]}, ""),
    ],
)
def test_a_name_that_does_not_fit_the_capacity_is_asked_about(
    cast: Cast, capacity: str, named: dict[str, str], code: str
) -> None:
    said = {"authority": ("letter",), "visitor_name": "来庁　次郎", **named}
    wanted = order(asked_for(cast.clerk, capacity=capacity, **said), TARO)
    if not code:
        assert "架空太郎" in text(issued(cast.clerk, wanted).pdf)
        return
    with pytest.raises(Unconfirmed) as told:
        issued(cast.clerk, wanted)
    assert [one.code for one in told.value.findings] == [code]
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)]


def test_a_closed_record_is_certified_on_a_sheet_of_its_own(cast: Cast) -> None:
    reception = asked_for(cast.clerk, visitor_name=NAMES[AWAY])
    read = text(issued(cast.clerk, order(reception, AWAY, form="individual_copy")).pdf)
    assert "住民票の除票の写し" in read
    assert "令和4年3月31日" in read
    assert refused(cast, order(reception, AWAY)) == {"std1-1-5.closed_on_individual_copy"}


def test_a_history_is_told_on_request(cast: Cast) -> None:
    reception = asked_for(cast.clerk)
    plain = order(reception, HANAKO, form="individual_copy")
    told = order(reception, HANAKO, form="individual_copy", with_history=True)
    assert "転居" not in text(issued(cast.clerk, plain).pdf)
    read = text(issued(cast.clerk, told).pdf)
    assert "令和5年5月1日転居" in read
    assert "異動前住所福島県郡山市架空町一丁目１番１号" in read


def test_a_changed_sex_stands_in_a_history_only_by_choice(cast: Cast, tmp_path: Path) -> None:
    before = town.hanako(address_number="000000000000167", household_number="000000000000256")
    after = {**before, "history_no": "2", "reason": "職権修正", "sex": "1"}
    after |= {"occurred_on": "2024-02-02", "received_on": "2024-02-02"}
    numberless = {"individual_number": "", "individual_number_state": "none"}
    lines = [one | numberless | {"resident_record_code": ""} for one in (before, after)]
    take_over(cast, town.write(tmp_path, lines, "more.csv"))
    reception, person = asked_for(cast.clerk), "000000000000167"
    told = {"form": "individual_copy", "with_history": True}
    assert refused(cast, order(reception, person, **told)) == {
        "std1-1-4.special_history_not_chosen"
    }
    hidden = order(reception, person, special_history="omitted", **told)
    shown = order(reception, person, special_history="shown", **told)
    assert "「女」から「男」" not in text(issued(cast.clerk, hidden).pdf)
    assert "「女」から「男」" in text(issued(cast.clerk, shown).pdf)


def test_a_character_without_a_glyph_refuses_the_certificate(cast: Cast, tmp_path: Path) -> None:
    line = town.hanako(
        address_number="000000000000167",
        household_number="000000000000256",
        given_name="𪜀",
        individual_number="",
        individual_number_state="none",
        resident_record_code="",
    )
    take_over(cast, town.write(tmp_path, [line], "more.csv"))
    reception = asked_for(cast.clerk, visitor_name="架空　𪜀")
    wanted = order(reception, "000000000000167")
    assert refused(cast, wanted) == {"std5-8.no_glyph"}
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)]


@pytest.mark.parametrize("counter", [False], indirect=True, ids=["nobody is registered"])
def test_without_a_certifier_nothing_is_certified(cast: Cast) -> None:
    assert refused(cast, order(asked_for(cast.clerk), HANAKO)) == {"std1-3-9.no_certifier"}


def test_a_deputy_certifies_for_as_long_as_that_lasts(cast: Cast) -> None:
    more = {"title": "福島県郡山市長職務代理者", "name": "代理　次郎", "seal": "職務代理者印"}
    days = date(2026, 11, 1), date(2026, 11, 30)
    certifiers.register("deputy", from_on=days[0], until_on=days[1], **more)
    certifiers.register(
        "mayor", title="福島県郡山市長", name="新任　三郎", seal="印", from_on=date(2026, 12, 1)
    )
    names = {
        day: one.name
        for day in (date(2026, 10, 31), *days, date(2026, 12, 1))
        if (one := certifiers.certifier(day))
    }
    assert [*names.values()] == ["架空　太郎", "代理　次郎", "代理　次郎", "新任　三郎"]


def test_a_reception_of_another_office_or_work_issues_nothing(cast: Cast) -> None:
    branch = cast.clerk_of_another_office
    elsewhere = permit_under(branch, received(branch, "certificate", basis="request"))
    other_work = permit_under(cast.clerk, received(cast.clerk, "moved_within"))
    for its in (elsewhere, other_work):
        with pytest.raises(NotPermitted):
            issue(its, order(asked_for(cast.clerk), HANAKO))
    assert rows("SELECT count(*) FROM certificates_issue") == [(0,)]


def test_an_answered_reception_issues_more_on_its_day_only(cast: Cast) -> None:
    with clock.fixed(datetime(2026, 11, 20, 3, tzinfo=UTC)):
        reception = asked_for(cast.clerk)
        issued(cast.clerk, order(reception, HANAKO, copy_count=2))
        second = issued(cast.clerk, order(reception, HANAKO, copy_no=2, copy_count=2))
        assert str(second.number) == "20261120-C001-P001-002"
    with clock.fixed(datetime(2026, 11, 21, 3, tzinfo=UTC)), pytest.raises(NotPermitted):
        issued(cast.clerk, order(reception, HANAKO))


def test_numbers_begin_anew_each_day_and_run_for_each_terminal(cast: Cast) -> None:
    reception = asked_for(cast.clerk)
    one = issued(cast.clerk, order(reception, HANAKO, copy_count=2))
    two = issued(cast.supervisor, order(reception, HANAKO, copy_no=2, copy_count=2))
    assert (one.number.serial, two.number.serial) == (1, 1)
    assert one.number.terminal != two.number.terminal
    with clock.fixed(datetime(2030, 1, 2, 3, tzinfo=UTC)):
        later = issued(cast.clerk, order(asked_for(cast.clerk), HANAKO))
    assert str(later.number) == "20300102-C001-P001-001"


def test_a_foreign_residents_items_are_shown_when_asked_for(cast: Cast, tmp_path: Path) -> None:
    line = town.mary(
        address_number="000000000000167", household_number="000000000000256", suppressions=""
    )
    take_over(cast, town.write(tmp_path, [line], "more.csv"))
    asked = frozenset({"nationality", "residence_status", "card_number"})
    reception = asked_for(cast.clerk, visitor_name=line["common_name"], asked=tuple(asked))
    made = issued(cast.clerk, order(reception, "000000000000167", asked=asked))
    read = text(made.pdf)
    assert all(shown in read for shown in ("フィリピン", "永住者", "AB12345678CD", "通称愛"))
    assert "無期限" not in read
    assert page_count(made.pdf) == made.page_count == 1


def test_who_is_withheld_from_looks_is_on_no_paper(cast: Cast) -> None:
    assert refused(cast, order(asked_for(cast.clerk), MARY)) == {"std5-1.withheld"}


def test_a_pdf_holds_no_name_beside_its_pages(cast: Cast) -> None:
    import pikepdf

    made = issued(cast.clerk, order(asked_for(cast.clerk), HANAKO))
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        beside = str(pdf.docinfo) + pdf.Root.Metadata.read_bytes().decode()
    assert not any(name in beside for name in ("花子", "架空　", str(who(HANAKO))))


def test_what_is_handed_out_is_sound_and_still_an_archival_file(cast: Cast) -> None:
    import pikepdf

    made = issued(cast.clerk, order(asked_for(cast.clerk), HANAKO, TARO))
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        assert pdf.check_pdf_syntax() == []
        claimed = pdf.Root.Metadata.read_bytes().decode()
        assert "<pdfaid:part>2</pdfaid:part>" in claimed
        assert "<pdfaid:conformance>A</pdfaid:conformance>" in claimed
        assert pdf.Root.MarkInfo.Marked


def test_a_certifier_is_registered_from_the_terminal(cast: Cast) -> None:
    words = ("--title", "福島県郡山市長", "--name", "登録　四郎", "--seal", "郡山市長之印")
    call_command("certifier", "mayor", *words, "--from", "2026-01-01")
    assert "登録四郎" in text(issued(cast.clerk, order(asked_for(cast.clerk), HANAKO)).pdf)
    events = rows("SELECT event, job FROM access_trail WHERE event = 'certifier_changed'")
    assert events == [("certifier_changed", "operators")] * 2
    with pytest.raises(CommandError):
        call_command(
            "certifier", "mayor", *words[:2], "--name", "　", *words[4:], "--from", "2026-01-01"
        )
