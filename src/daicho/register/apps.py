from collections.abc import Mapping, Sequence
from datetime import date
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
        from daicho.vault.disposing import sources

        sources.name(sources.Source(hold=_hold, kept=_kept))
        of_records.name(of_records.Source("reception", _oldest, _OF_RECEPTIONS))


_OF_RECEPTIONS = ("register_reception", "register_receptionending")


def _oldest() -> date | None:
    from daicho.register.retaining import of_receptions  # as below

    return of_receptions.oldest()


def _hold() -> None:
    from daicho.register.retaining import of_numbers  # only who disposes of numbers loads it

    of_numbers.hold()


def _kept(record_ids: Sequence[UUID], on: date) -> "Mapping[UUID, Kept]":
    from daicho.register.retaining import of_numbers  # as above

    return of_numbers.kept(record_ids, on)
