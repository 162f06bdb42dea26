"""除票の保存: from which day on they are kept, and what is made of them, for their disposal."""

from datetime import date

from daicho.register.locks import take_whole_register
from daicho.register.models import RecordVersion
from daicho.register.search import keeping


def oldest() -> date | None:
    """The day of the oldest closing; None where there is none."""
    closed = RecordVersion.objects.filter(closed_on__isnull=False).order_by("closed_on")
    return closed.values_list("closed_on", flat=True).first()


def hold() -> None:
    """Keep everybody from changing a record until the transaction ends."""
    take_whole_register()


def renew() -> None:
    """Make the search keys anew of who is left with another residence."""
    keeping.make_left()
