"""利用記録の対象者の保存: from which day on subjects of the trail are kept."""

from datetime import date

from django.db.models import Exists, OuterRef

from daicho.access import clock
from daicho.access.analysing.books import RELATIONS, USES, Book
from daicho.access.models import TrailSubjects


def oldest() -> date | None:
    """The day of the oldest subjects, or of the oldest month of which an analysis still names
    somebody; None where there is neither."""
    written = TrailSubjects.objects.order_by("trail_id").values_list("at", flat=True).first()
    day = written.astimezone(clock.TOKYO).date() if written else None
    days = (day, _oldest_month(USES), _oldest_month(RELATIONS))
    return min((one for one in days if one is not None), default=None)


def _oldest_month(book: Book) -> date | None:
    names = Exists(book.findings.filter(analysis=OuterRef("pk")))
    months = book.analyses.filter(names).order_by("month").values_list("month", flat=True)
    first: date | None = months.first()
    return first
