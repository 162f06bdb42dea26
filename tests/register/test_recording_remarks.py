"""備考: free text beside the history, of residents and of closed records, never lost."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.db import connection

import town
from daicho import recording
from daicho.access import clock
from daicho.access.permits import Permit, permit
from daicho.access.refusals import NotPermitted, Refused
from daicho.register import importing, rebuilding, remarks
from daicho.terms.changes import Died
from people import Cast, cast_of
from register.conftest import Import
from register.counter import Clerk, Family, family_here, next_form, record_id, rows


@pytest.fixture
def family(three_live_here: None) -> Family:
    return family_here()


@pytest.fixture
def clerk(cast: Cast) -> Permit:
    return permit(cast.clerk.acting(), "change.ex_officio", clock.today())


def _refused(allowed: Permit, record_id: UUID, text: str, seen: int) -> list[str]:
    with pytest.raises(Refused) as refused:
        recording.remark(allowed, record_id, text, seen)
    return [one.code for one in refused.value.findings]


@pytest.mark.django_db
def test_the_latest_remark_counts_and_the_older_ones_stay(
    clerk: Permit, family: Family, allowed: Permit
) -> None:
    assert recording.remark(clerk, family.hanako, "架空の備考", 1) == 2, (
        "an import brought the first"
    )
    assert recording.remark(next_form(clerk), family.hanako, "", 2) == 3
    texts = [one.text for one in remarks.of(clerk, family.hanako)]
    assert texts == ["", "架空の備考", "架空"]
    assert Clerk(clerk).see(family.hanako).history_no == 1, "a remark is no history"
    assert rebuilding.check(allowed).equal


@pytest.mark.django_db
def test_a_closed_record_takes_a_remark(clerk: Permit, family: Family) -> None:
    Clerk(clerk).record(Died(record_ids=(family.taro,)), basis="ex_officio")
    assert recording.remark(next_form(clerk), family.taro, "架空の備考", 1) == 2


@pytest.mark.django_db
def test_who_has_not_seen_the_last_remark_writes_none(clerk: Permit, family: Family) -> None:
    recording.remark(clerk, family.hanako, "先の備考", 1)
    assert _refused(next_form(clerk), family.hanako, "後の備考", 1) == ["std10-3.changed_since"]
    assert remarks.of(clerk, family.hanako)[0].text == "先の備考"


@pytest.mark.django_db
def test_a_repeat_gives_the_first_result_and_another_text_none(
    clerk: Permit, family: Family
) -> None:
    assert recording.remark(clerk, family.hanako, "架空の備考", 1) == 2
    assert recording.remark(clerk, family.hanako, "架空の備考", 1) == 2
    assert _refused(clerk, family.hanako, "別の備考", 2) == ["access.request_used"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "because"),
    [("あ" * 2_001, "too long"), ("一行\n二行", "a line end"), ("制御\x00", "a control character")],
)
def test_a_remark_that_no_box_holds_is_refused(
    clerk: Permit, family: Family, text: str, because: str
) -> None:
    assert _refused(clerk, family.hanako, text, 1) == ["std1-1-14.remark_unfit"], because


@pytest.mark.django_db
def test_nobody_has_no_remark(clerk: Permit) -> None:
    assert _refused(clerk, uuid4(), "架空の備考", 0) == ["std11-1.not_there"]


@pytest.mark.django_db
def test_a_remark_and_its_refusal_are_trailed(clerk: Permit, family: Family) -> None:
    recording.remark(clerk, family.hanako, "架空の備考", 1)
    _refused(next_form(clerk), family.hanako, "架空の備考", 1)
    trailed = rows(
        "SELECT t.event, t.finding, s.record_ids FROM access_trail t"
        " JOIN access_trailsubjects s ON s.trail_id = t.id"
        " WHERE t.detail->>'kind' = 'remark' ORDER BY t.id"
    )
    assert trailed == [
        ("change", "", [family.hanako]),
        ("refused", "std10-3.changed_since", [family.hanako]),
    ]
    assert rows("SELECT 1 FROM access_trail WHERE detail::text LIKE '%%備考%%'") == []


@pytest.mark.django_db
def test_an_inquiry_writes_no_remark(cast: Cast, family: Family) -> None:
    looking = permit(cast.clerk.acting(), "inquiry.change", clock.today())
    with pytest.raises(NotPermitted):
        recording.remark(looking, family.hanako, "架空の備考", 1)


@pytest.mark.django_db
def test_a_remark_of_a_withheld_person_is_not_shown(
    clerk: Permit, take_over: Import, tmp_path: Path
) -> None:
    take_over(town.write(tmp_path, [town.mary()]))
    assert remarks.of(clerk, record_id("000000000000159")) == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("process", "level", "codes"),
    [
        ("change", "error", ["std3-1.change_suppressed"]),
        ("look", "error", ["std3-1.remark_withheld"]),
        ("certificate", "error", []),
    ],
)
def test_whose_changes_or_inquiry_are_held_back_takes_no_remark(
    clerk: Permit, family: Family, process: str, level: str, codes: list[str]
) -> None:
    rows(
        "INSERT INTO register_suppression (record_id, process, level, from_on)"
        " VALUES (%s, %s, %s, '2020-01-01') RETURNING id",
        family.taro,
        process,
        level,
    )
    if codes:
        assert _refused(clerk, family.taro, "架空の備考", 0) == codes, "nothing of what was seen"
    else:
        assert recording.remark(clerk, family.taro, "架空の備考", 1) == 2


def _heeded(record_id: UUID) -> None:
    """Who types a change of that person is to be asked first."""
    rows(
        "INSERT INTO register_suppression (record_id, process, level, from_on)"
        " VALUES (%s, 'change', 'alert', '2020-01-01') RETURNING id",
        record_id,
    )


@pytest.mark.django_db
def test_a_remark_of_whom_to_heed_is_asked_and_written_once_confirmed(
    clerk: Permit, family: Family
) -> None:
    _heeded(family.taro)
    with pytest.raises(recording.Asked) as asked:
        recording.remark(clerk, family.taro, "架空の備考", 1)
    codes = [one.code for one in asked.value.findings]
    assert codes == ["std3-1.change_suppressed_alert"]
    assert rows("SELECT 1 FROM register_remark WHERE text = '架空の備考'") == []
    assert rows("SELECT 1 FROM access_trail WHERE event = 'refused'") == []
    assert recording.remark(clerk, family.taro, "架空の備考", 1, codes) == 2
    assert recording.remark(clerk, family.taro, "架空の備考", 1) == 2, "a repeat asks nothing"


@pytest.mark.django_db
def test_what_refuses_a_remark_is_told_before_anything_is_asked(
    clerk: Permit, family: Family
) -> None:
    _heeded(family.taro)
    assert _refused(clerk, family.taro, "架空の備考", 0) == ["std10-3.changed_since"]


@pytest.mark.durable
def test_of_two_clerks_at_once_one_writes(durable: str, tmp_path: Path) -> None:
    stage = cast_of()
    migrating = permit(stage.system_operator.acting(), "data.migration", clock.today())
    lines = town.write(tmp_path, [town.hanako()])
    importing.run(migrating, lines, ward=town.WARD, trial=False, keep_refusals=lambda _: None)
    hanako = record_id("000000000000108")
    first = permit(stage.clerk.acting(), "change.ex_officio", clock.today())

    def write(allowed: Permit) -> str:
        try:
            return str(recording.remark(allowed, hanako, "架空の備考", 1))
        except Refused as refused:
            return refused.findings[0].code
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as clerks:
        answers = sorted(clerks.map(write, [first, next_form(first), next_form(first)]))
    assert answers == ["2", "std10-3.changed_since", "std10-3.changed_since"]
