"""A certificate as a whole: what is refused, what is shown of whom, and what is kept of it."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from certificates.households import ASKED, FOREIGN_ASKED, ON, foreigner, household, mover, person
from daicho.law.disclosure import ITEMS, Decision, Request, Subject, decide, item_names
from daicho.terms.dates import certain
from daicho.terms.records import ITEMS as COLUMNS
from daicho.terms.records import Record

BASIC = {"name", "address", "birth", "sex", "resident_since", "notified", "previous_address"}
NUMBERS = {"individual_number", "record_code"}
DEAD = replace(person(2), state="died", closing_reason="died", closing_event_on=certain(ON))
GONE = replace(mover(1), state="moved_out")


def _decided(*records: Record, **asked: Any) -> Decision:
    request = Request(**{"form": "household_copy", "requester": "principal", **asked})
    return decide(request, [Subject(record=one) for one in records], ON)


def _leaving(*records: Record, **asked: Any) -> Decision:
    """A 転出証明書 under the 転出届 of these persons."""
    asked = {"form": "moved_out_certificate", "under": "own_notification", **asked}
    return _decided(*records, **asked)


def _codes(decision: Decision) -> list[str]:
    return [one.code for one in decision.findings]


def _shown(decision: Decision, record: Record) -> set[str]:
    return {one.item for one in decision.entries[record.record_id] if one.how == "shown"}


def test_a_copy_shows_the_basic_items_and_leaves_the_others_out() -> None:
    family = household(3)
    decision = _decided(*family)
    assert not decision.findings
    for one in family:
        assert _shown(decision, one) >= BASIC
        omitted = {e.item for e in decision.entries[one.record_id] if e.how == "omitted"}
        assert omitted == {"relationship", "family_register", *NUMBERS}


def test_what_is_asked_for_is_shown() -> None:
    decision = _decided(person(), asked=ASKED)
    assert _shown(decision, person()) >= ASKED


@pytest.mark.parametrize("item", sorted(FOREIGN_ASKED))
def test_each_item_of_a_foreign_resident_is_a_switch_of_its_own(item: str) -> None:
    woman = foreigner()
    shown = _shown(_decided(woman, asked=frozenset({item})), woman)
    assert shown & FOREIGN_ASKED == {item}


def test_a_japanese_has_no_box_of_a_foreign_resident_and_the_reverse() -> None:
    woman = foreigner()
    decision = _decided(person(), woman, asked=ASKED | FOREIGN_ASKED)
    assert decision.how(person().record_id, "residence_status") == "absent"
    assert decision.how(woman.record_id, "family_register") == "absent"
    assert decision.how(woman.record_id, "former_name") == "absent"


@pytest.mark.parametrize("requester", ["third_party", "specified_business", "official"])
@pytest.mark.parametrize("item", sorted(NUMBERS))
def test_a_number_is_not_for_others_and_not_shown_with_the_refusal(
    requester: str, item: str
) -> None:
    decision = _decided(person(), requester=requester, asked=frozenset({item}))
    assert [one.code for one in decision.refused] == ["brra12.item_not_for_requester"]
    assert not decision.shows(person().record_id, item)


def test_others_are_asked_why_they_need_more_than_the_basic_items() -> None:
    decision = _decided(person(), requester="third_party", asked=frozenset({"family_register"}))
    assert not decision.refused
    assert [one.code for one in decision.alerts] == ["brra12-3.necessity"]
    assert decision.shows(person().record_id, "family_register")


def test_an_agents_copy_with_a_number_is_posted_to_the_person() -> None:
    assert _decided(person(), requester="agent", asked=frozenset({"record_code"})).post_to_principal
    assert not _decided(
        person(), requester="agent", asked=frozenset({"relationship"})
    ).post_to_principal


@pytest.mark.parametrize(
    "marks",
    [
        {"protected": True},
        {"provisionally_protected": True},
        {"suppressed": "error"},
        {"protected": True, "suppressed": "alert"},
    ],
)
@pytest.mark.parametrize("requester", ["principal", "third_party", "official"])
def test_a_refusal_that_protects_is_one_and_the_same_and_comes_alone(
    marks: dict[str, Any], requester: str
) -> None:
    request = Request(form="household_copy", requester=requester, asked=frozenset({"zzz"}))
    (finding,) = decide(
        request, [Subject(record=person(1)), Subject(record=person(2), **marks)], ON
    ).findings
    assert finding.code == "std5-1.withheld"
    told = finding.what + finding.remedy + finding.cited
    assert not any(word in told for word in ("支援", "抑止", "措置", "保護", "3.4"))


def test_a_copy_of_a_household_mixes_no_closed_with_living_members() -> None:
    assert _codes(_decided(person(1), DEAD)) == ["std5-1.mixed"]
    assert _codes(_decided(DEAD)) == ["std1-1-5.closed_on_individual_copy"]
    assert not _decided(DEAD, form="individual_copy").findings


def test_a_former_member_asks_for_a_closed_record_as_a_third_party() -> None:
    asked = _decided(GONE, form="individual_copy", requester="same_household")
    assert _codes(asked) == ["brra15-4.no_same_household"]
    assert not _decided(GONE, form="individual_copy", requester="third_party").findings


@pytest.mark.parametrize("item", sorted(NUMBERS))
def test_the_numbers_of_the_dead_are_never_shown(item: str) -> None:
    decision = _decided(DEAD, form="individual_copy", asked=frozenset({item}))
    assert _codes(decision) == ["brra15-4.number_of_dead"]
    assert decision.how(DEAD.record_id, item) == "omitted"


@pytest.mark.parametrize("item", sorted(NUMBERS))
def test_the_numbers_of_who_was_declared_missing_are_not_shown_either(item: str) -> None:
    missing = replace(person(2), state="closed", closing_reason="ex_officio")
    request = Request(form="individual_copy", requester="principal", asked=frozenset({item}))
    of_a_court, ex_officio, found_again = (
        decide(request, [Subject(record=one, declared_missing=declared)], ON)
        for one, declared in ((missing, True), (missing, False), (person(2), True))
    )
    assert _codes(of_a_court) == ["brra15-4.number_of_dead"], "deemed dead (CC 31)"
    assert not _codes(ex_officio), "nobody said that this person is dead"
    assert not _codes(found_again), "the declaration was taken back (CC 32)"


def test_plans_of_moving_out_are_on_no_copy_before_the_record_closes() -> None:
    plans = {"planned_destination", "closing"}
    planning = _decided(mover(), form="individual_copy")
    assert not _shown(planning, mover()) & plans
    assert _shown(_decided(GONE, form="individual_copy"), GONE) >= plans


def test_special_history_waits_for_an_explicit_choice() -> None:
    def codes(choice: str, requester: str = "principal") -> list[str]:
        request = Request(
            form="individual_copy",
            requester=requester,
            with_history=True,
            special_history=choice,  # type: ignore[arg-type]  # words of a test
        )
        subject = Subject(record=person(), has_special_history=True)
        return _codes(decide(request, [subject], ON))

    assert codes("") == ["std1-1-4.special_history_not_chosen"]
    assert codes("omitted") == []
    assert codes("shown") == []
    assert codes("shown", "official") == ["std1-1-4.special_history_not_for_them"]


def test_the_moved_out_certificate_shows_all_that_the_next_town_enters() -> None:
    decision = _leaving(mover(), requester="agent")
    assert not decision.findings
    shown = _shown(decision, mover())
    assert shown >= {*NUMBERS, "family_register", "relationship", "health_insurance"}
    assert "planned_destination" in shown
    assert "resident_since" not in shown
    assert not decision.post_to_principal


def test_a_second_moved_out_certificate_is_a_reissue() -> None:
    def codes(**asked: bool) -> list[str]:
        return _codes(_leaving(mover(), **asked))

    assert codes(has_first_issue=True) == ["brro24.issued_before"]
    assert codes(has_first_issue=True, is_reissue=True) == []
    assert codes(is_reissue=True) == ["brro24.no_first_issue"]
    assert codes(by_special=True) == ["brra24-2.no_certificate"]


def test_a_moved_out_certificate_on_a_request_is_given_as_a_copy_with_numbers_is() -> None:
    def again(requester: str) -> Decision:
        asked = {"is_reissue": True, "has_first_issue": True, "requester": requester}
        return _leaving(mover(), under="request", **asked)

    assert not again("same_household").findings
    assert not again("same_household").post_to_principal
    assert again("agent").post_to_principal, "it holds the numbers"
    assert again("agent").to_body()["basis"] == ["BRRA 12(4)", "BRRA 15-4"]
    for other in ("third_party", "specified_business", "official", "messenger", ""):
        assert _codes(again(other)) == ["brro24.not_for_requester"]


def test_who_stays_has_no_moved_out_certificate() -> None:
    assert _codes(_leaving(mover(), person(2))) == ["brro23.not_moving_out"]


def test_who_moves_elsewhere_or_on_another_day_has_a_certificate_of_their_own() -> None:
    another_day = replace(mover(2), closing_event_on=certain(date(2026, 12, 2)))
    elsewhere = replace(mover(2), planned_destination_town="架空四丁目１番")
    for other in (another_day, elsewhere):
        codes = _codes(_leaving(mover(1), other))
        assert codes == ["brro23.two_movings"]
        first = {"is_reissue": True, "has_first_issue": True}
        assert not _codes(_leaving(mover(1), other, **first))
    assert not _codes(_leaving(mover(1), mover(2)))


def test_what_is_kept_of_a_decision_names_articles_and_no_values() -> None:
    decision = _decided(person(), asked=ASKED)
    kept = json.dumps(decision.to_body(), ensure_ascii=False)
    assert decision.to_body()["basis"] == ["BRRA 12(1)", "BRRA 15-4"]
    assert decision.to_body()["entries"][str(person().record_id)]["individual_number"] == [
        "shown",
        "BRRA 12(5)",
    ]
    assert not any(word in kept for word in (person().family_name, "架空", "24727059608"))


def test_every_statutory_column_belongs_to_one_item() -> None:
    held = [column for row in ITEMS for column in row.texts("columns")]
    assert len(held) == len(set(held))
    statutory = {one.column for one in COLUMNS if one.statutory}
    number_codes = {column for column in statutory if column.endswith("address_code")}
    assert statutory - number_codes <= set(held)


def test_what_may_be_asked_for_is_listed_by_name() -> None:
    assert item_names(ON)["family_register"] == "本籍・筆頭者"
    assert "individual_number" not in item_names(date(2015, 10, 4))
    assert not BASIC & item_names(ON).keys()
