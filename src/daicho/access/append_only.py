"""追記のみの表: rows that are written once and never changed.

The database keeps the promise, not the program: the role `app` has SELECT and INSERT on these
tables and nothing else, and triggers name the one role that may delete under an approved list
(`daicho.site.management.commands.grant`).
"""

from typing import Any, ClassVar, NoReturn

from django.db import models


class ClockTimestamp(models.Func):
    """The moment of the statement, not of the transaction's start (which `now()` would give)."""

    template = "clock_timestamp()"
    output_field = models.DateTimeField()


class CurrentTransaction(models.Func):
    template = "pg_current_xact_id()"


class TransactionIdField(models.Field):  # type: ignore[type-arg]  # written by the database
    """The 64-bit id of the transaction that wrote the row; readers of a ledger window over it."""

    def db_type(self, connection: Any) -> str:
        return "xid8"


class AppendOnly(models.Model):
    """Base of every append-only table: its moment and its transaction."""

    at = models.DateTimeField(db_default=ClockTimestamp(), editable=False)
    xid = TransactionIdField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        abstract = True

    # May the role `disposal` delete rows here, under an approved list?
    disposable: ClassVar[bool] = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        # A plain save() of a row with a key sends an UPDATE first, which `app` may not.
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AssertionError(f"{type(self).__name__} is append-only")
