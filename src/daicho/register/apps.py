from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.apps import AppConfig

if TYPE_CHECKING:
    from daicho.law.retention.of_numbers import Kept


class RegisterConfig(AppConfig):
    name = "daicho.register"
    label = "register"
    verbose_name = "台帳"

    def ready(self) -> None:
        from daicho.access.disposing import sources as of_records
        from daicho.access.own_log import residence
        from daicho.vault.disposing import sources

        residence.name(_closed_since)
        sources.name(sources.Source(hold=_hold, kept=_kept))
        of_records.name(of_records.Source("reception", _oldest, _OF_RECEPTIONS))
        for kind in _CLOSED:
            of_records.name(
                of_records.Source(
                    kind, _oldest_closed, _OF_CLOSED, _hold_closed, _renew_closed, after="outbox"
                )
            )


_OF_RECEPTIONS = ("register_reception", "register_receptionending")
_CLOSED = ("closed_five_years", "closed_record")
_OF_CLOSED = (
    "register_recordedchange",
    "register_recordversion",
    "register_remark",
    "register_suppression",
    "register_protectivemeasure",
    "register_current",
    "register_searchkey",
    "network_giventurn",
    "network_arrived",
    "network_stream",
)


def _closed_since(record_id: UUID, moment: datetime) -> bool:
    from daicho.register.ledger import standing  # as below

    return standing.closed_since(record_id, moment)


def _oldest() -> date | None:
    from daicho.register.retaining import of_receptions  # as below

    return of_receptions.oldest()


def _oldest_closed() -> date | None:
    from daicho.register.retaining import of_closed_records  # as below

    return of_closed_records.oldest()


def _hold_closed() -> None:
    from daicho.register.retaining import of_closed_records  # as below

    of_closed_records.hold()


def _renew_closed() -> None:
    from daicho.register.retaining import of_closed_records  # as below

    of_closed_records.renew()


def _hold() -> None:
    from daicho.register.retaining import of_numbers  # only who disposes of numbers loads it

    of_numbers.hold()


def _kept(record_ids: Sequence[UUID], on: date) -> "Mapping[UUID, Kept]":
    from daicho.register.retaining import of_numbers  # as above

    return of_numbers.kept(record_ids, on)
