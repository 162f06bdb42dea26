"""取得の記録: what is kept of how a number was acquired."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Acquired:
    """取得: codes of the tables, never a number of the person or of a document.

    `source` is of `acquisition_sources.toml`, `given_by` a capacity of `notifiers.toml`,
    `number_document` of `number_documents.toml`; `identity` and `authority` are documents of who
    gave it. `shown` tells of the purpose: SHOWN, an exemption, or blank where nothing was said.
    """

    source: str
    given_by: str = ""
    number_document: str = ""
    identity: tuple[str, ...] = ()
    authority: tuple[str, ...] = ()
    shown: str = ""


SHOWN = "shown"
"""明示した: the purpose was shown to who gave the number, before it was taken."""

IMPORTED = Acquired("import")
"""移行の取込み: of every number that a register is taken over with."""
