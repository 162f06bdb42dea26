"""利用記録の対象者の廃棄: whom old rows concerned is gone; the rows and their proof stay."""

from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

import beginnings
from access.auditing import handed_over, verified
from access.conftest import Sealed, Superuser
from daicho.access import clock
from daicho.access.analysing.months import month_of
from daicho.access.disposing import carrying_out, lists, proposing
from daicho.access.models import (
    DisclosureRequest,
    DisclosureWaiting,
    OwnLogAnswer,
    OwnLogQuestion,
    RelationAnalysis,
    RelationFinding,
    Trail,
    TrailSubjects,
)
from daicho.access.refusals import Refused
from people import WARD, Cast
from retention import approved, worker

pytestmark = pytest.mark.durable

_LONG_AGO = "UPDATE access_trailsubjects SET at = at - interval '8 years' WHERE trail_id <= %s"


def _what_is_asked_about_is_not_listed(cast: Cast) -> None:
    asked = TrailSubjects.objects.exclude(record_ids=[]).order_by("trail_id").first()
    assert asked is not None
    about = {"request_id": uuid4(), "record_id": asked.record_ids[0]}
    by = cast.system_operator.operator
    request = DisclosureRequest.objects.create(
        **about,
        reception_id=uuid4(),
        kind="use_log",
        received_on=clock.today(),
        capacity="principal",
        requester_name="架空　花子",
        requester_address="",
        taken_by=by,
        office="001",
        ward=WARD,
    )
    waiting = DisclosureWaiting.objects.create(disclosure=request, ward=WARD)
    month = clock.today().replace(year=asked.at.year, month=asked.at.month, day=1)
    assert lists.is_held("trail", month), "it is to be disclosed"
    waiting.delete()
    assert not lists.is_held("trail", month)
    question = OwnLogQuestion.objects.create(
        **about, trail_id=asked.pk, asked_on=clock.today(), text="なぜですか。"
    )
    assert lists.is_held("trail", month), "nobody has answered yet"
    with pytest.raises(Refused):
        proposing.propose(worker(cast))
    OwnLogAnswer.objects.create(question=question, by=by, text="申請の審査のため。")
    assert not lists.is_held("trail", month)


def test_after_the_subjects_are_gone_the_trail_still_verifies(
    sealed: Sealed, superuser: Superuser, tmp_path: Path
) -> None:
    cast = beginnings.cast_again()
    newest, rows = Trail.objects.latest("id").pk, Trail.objects.count()
    superuser().execute(_LONG_AGO, [newest])
    today = clock.today()
    old, young = _related(cast, today - timedelta(days=365 * 8)), _related(cast, today)
    _what_is_asked_about_is_not_listed(cast)
    list_id = approved(cast)
    carrying_out.carry_out(worker(cast), list_id)
    assert lists.there(list_id).state == "done"
    assert not TrailSubjects.objects.filter(trail_id__lte=newest).exists()
    assert TrailSubjects.objects.exists(), "those of the present stay"
    assert set(RelationFinding.objects.all()) == {young}
    assert set(RelationAnalysis.objects.all()) == {old.analysis, young.analysis}, "judged, signed"
    assert Trail.objects.count() > rows, "no row of the trail itself is gone"
    code, told = verified(handed_over(tmp_path / "now"), "--older", sealed.older_heads)
    assert code == 0, told


def _related(cast: Cast, on: date) -> RelationFinding:
    """A line of the analysis of relations of the month of a day, judged."""
    month = month_of(on).first_on
    row = RelationAnalysis.objects.create(month=month, upto=1, told_count=1, untold_count=0)
    line = RelationFinding.objects.create(
        analysis=row,
        code="watching.relative",
        operators=[cast.clerk.operator.pk],
        record_id=uuid4(),
        day=month,
        count=1,
        days=1,
        figures={"looks": 1, "received": 0},
    )
    line.judgements.create(outcome="proper", by=cast.auditor.operator)
    return line
