"""The closed table of purposes: who may look for what, and what machines may do."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daicho.law import purposes
from daicho.law.purposes import OFFICE_KINDS, POSTS, PURPOSES, UnknownPurpose

TODAY = date(2026, 4, 1)
CODES = [one.code for one in PURPOSES]


@given(
    code=st.sampled_from(CODES),
    office_kind=st.sampled_from([*OFFICE_KINDS, "nowhere"]),
    post=st.sampled_from([*POSTS, "nobody"]),
)
def test_only_the_offices_and_posts_of_a_purpose_have_it(
    code: str, office_kind: str, post: str
) -> None:
    row = purposes.purpose(code, TODAY)
    theirs = office_kind in row.office_kinds and post in row.posts
    assert (purposes.may_use(code, office_kind, [post], on=TODAY) is None) is theirs


def test_nobody_has_every_purpose() -> None:
    for office_kind in OFFICE_KINDS:
        for post in POSTS:
            assert len(purposes.purposes_for(office_kind, [post], TODAY)) < len(CODES)


def test_each_purpose_can_be_had_by_someone_and_has_a_function() -> None:
    for one in PURPOSES:
        assert one.office_kinds
        assert one.posts
        assert one.functions


def test_who_checks_the_trail_sees_no_resident() -> None:
    theirs = purposes.purposes_for("audit", ["auditor"], TODAY)
    assert [one.code for one in theirs] == [
        "exports.look",
        "audit.trail",
        "audit.analysis",
        "audit.relations",
        "people.responsibles",
        "policy.look",
        "policy.standing",
        "disposal.look",
        "retention.look",
        "files.look",
    ]
    assert not any(one.sees for one in theirs)


def test_a_console_shows_no_resident() -> None:
    consoles = [one for one in PURPOSES if one.code.startswith("console.")]
    assert len(consoles) == 4
    assert not any(one.sees for one in consoles)


def test_an_office_works_in_one_role_only() -> None:
    for one in PURPOSES:
        assert len({OFFICE_KINDS[kind].role for kind in one.office_kinds}) == 1


def test_a_number_leaves_the_vault_for_few_purposes() -> None:
    assert {one.code for one in PURPOSES if one.sees_individual_number} == {
        "change.moved_in",
        "change.reviewed",
        "certificate.individual_number",
        "certificate.moved_out",
        "data.migration",
        "data.export",
    }


def test_who_sees_a_number_must_be_designated_for_it() -> None:
    for one in PURPOSES:
        assert one.sees_individual_number is (one.tree == "specific_personal_information")


def test_who_sees_a_number_sees_the_resident_too() -> None:
    for one in PURPOSES:
        assert "resident" in one.sees or not one.sees


def test_the_article_of_a_permit_is_the_first_citation() -> None:
    assert purposes.purpose("change.moved_in", on=TODAY).article == "BRRA 22(1)"
    assert purposes.system_job("backup", on=TODAY).article == "BRRA 36-2(1)"


@pytest.mark.parametrize(
    ("code", "on"), [("curiosity", TODAY), ("certificate.individual_number", date(2015, 10, 4))]
)
def test_a_purpose_that_no_row_has_is_our_own_error(code: str, on: date) -> None:
    with pytest.raises(UnknownPurpose):
        purposes.purpose(code, on)


def test_the_machine_jobs_are_closed() -> None:
    assert {job.code for job in purposes.SYSTEM_JOBS} == {
        "daily_closing",
        "migration_import",
        "rebuild_check",
        "backup",
        "demo",
        "operators",
        "record_codes",
        "vault_keys",
        "trail_analysis",
        "trail_relations",
        "own_log",
        "retention_proposal",
        "identification_sending",
        "identification_holding",
        "number_making",
        "number_assigning",
    }
    with pytest.raises(UnknownPurpose):
        purposes.system_job("mass_mailing", TODAY)
    assert not purposes.system_job("backup", TODAY).sees
