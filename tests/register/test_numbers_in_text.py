"""個人番号の混入: a draft, a remark, a note and a 受付 know the same number when they see it."""

import pytest

from daicho import recording
from daicho.access.permits import Permit
from daicho.access.refusals import Refused
from daicho.law import receptions
from daicho.law.receptions.numbers_in_text import holds_number
from daicho.register.receiving import drafts
from daicho.terms.changes import Died
from people import Cast
from receptions import permit_under, received, said
from register.counter import Clerk, Family, next_form

pytestmark = pytest.mark.django_db

TEXTS = [
    ("番号は123456789018", True),
    ("1234・5678・9018", True),
    ("1234／5678／9018です", True),
    ("１２３４：５６７８：９０１８", True),
    ("1234 ・ 5678 ・ 9018", True),
    ("1234、5678 9018", True),
    ("マイナンバー1234ー5678ー9018", True),
    ("1234・5678・9018・0000", False),
    ("12345・5678・9018", False),
    ("123456789012", False),
    ("電話は090-1234-5678", False),
    ("2026年11月22日に申出", False),
]


def _remarked(allowed: Permit, family: Family, text: str) -> str:
    try:
        recording.remark(allowed, family.taro, text, 1)
    except Refused as refused:
        return refused.findings[0].code
    return ""


@pytest.mark.parametrize(("text", "is_number"), TEXTS)
def test_drafts_and_the_doors_agree_on_what_a_number_is(
    cast: Cast, clerk: Clerk, family: Family, text: str, is_number: bool
) -> None:
    assert holds_number([text]) is is_number
    found = received(cast.clerk)
    its = permit_under(cast.clerk, found)
    drafts.keep(its, found, "moved_within", {"note": text}, [])
    kept = drafts.find(its, found)
    assert kept is not None
    assert ("note" not in kept.typed) is is_number
    statement = clerk.state(Died(record_ids=(family.taro,)), basis="ex_officio", note=text)
    findings = recording.preview(clerk.permit, statement).findings
    assert ("mna12.number_in_change" in {one.code for one in findings}) is is_number
    refused = _remarked(next_form(clerk.permit), family, text)
    assert refused == ("mna12.number_in_change" if is_number else "")
    content = said(visitor_address=text)
    told = receptions.judge(content, clerk.permit.on)
    assert ("mna12.number_in_text" in {one.code for one in told}) is is_number
