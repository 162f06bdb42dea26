"""受付への応答: what the write door asks of the 受付 under which a change is recorded."""

from uuid import UUID

from daicho.register import locks
from daicho.register.models import ReceptionEnding, RecordedChange

_REFUSED = ("withdrawn", "declined")


def take(reception_id: UUID) -> None:
    """Wait until nobody else answers this 受付; the lock ends with the transaction."""
    locks.take_numbers([f"reception:{reception_id}".encode()])


def change_count(reception_id: UUID) -> int:
    """異動の件数: the changes under the 受付 that stand; cancelled ones and cancellings do not."""
    under = RecordedChange.objects.filter(reception_id=reception_id, corrects_id=None)
    cancelled = RecordedChange.objects.filter(corrects_id__in=under.values("pk"))
    return under.exclude(pk__in=cancelled.values("corrects_id")).count()


def has_ended(reception_id: UUID) -> bool:
    """Was it withdrawn or declined?"""
    return ReceptionEnding.objects.filter(pk=reception_id, how__in=_REFUSED).exists()
