"""受付と異動: a change rests on a 受付 of the same office, for its kind, which says the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from daicho.law.receptions import works
from daicho.law.rule import Finding, finding, rule


@dataclass(frozen=True)
class Standing:
    """受付の今: what is recorded of a 受付, as a change under it finds it.

    `change_count` is of the changes under it that nobody has cancelled; `has_ended`: it was
    withdrawn or declined; `has_draft`: something typed is kept under it.
    """

    office: str
    work: str
    basis: str
    received_on: date
    taken_on: date
    has_ended: bool
    has_draft: bool
    change_count: int

    @property
    def purpose(self) -> str:
        """利用目的: what it opens records for; blank where its day had no such basis."""
        its = (one for one in works.bases(self.work, self.taken_on) if one.code == self.basis)
        return next((one.purpose for one in its), "")


_NONE = finding(
    "brra27.no_reception",
    refuses=True,
    cites=["BRRA 27(1)", "BRRA 8"],
    what="受付がないため、この異動を記録できません。",
    remedy="最初の画面から受け付け、その受付で入力してください。",
)
_UNKNOWN = finding(
    "std4-0.reception_unknown",
    refuses=True,
    cites=["BRRA 36-2(1)", "STD 10.3"],
    what="この所属で受け付けた受付ではないため、異動を記録できません。",
    remedy="最初の画面から、受付を開き直してください。",
)
_OTHER_WORK = finding(
    "std4-0.reception_other_work",
    refuses=True,
    cites=["BRRA 8", "BRRA 27(1)"],
    what="この受付の種類では、この異動を記録できません。",
    remedy="この異動の種類で、新しく受け付けてください。",
)
_OTHER_PURPOSE = finding(
    "std10-3.purpose_of_reception",
    refuses=True,
    cites=["BRRA 36-2(1)", "STD 10.3"],
    what="この操作の利用目的は、この受付の事務の利用目的ではないため、異動を記録できません。",
    remedy="最初の画面から受付を開き直し、その受付で入力してください。",
)
_OTHER_BASIS = finding(
    "brra8.basis_of_reception",
    refuses=True,
    cites=["BRRA 8", "STD 4.2.0.1"],
    what="異動の根拠が、受付に記録した根拠と異なります。",
    remedy="最初の画面から受付を開き直してください。根拠が違うときは、新しく受け付けてください。",
    on_item="basis",
)
_OTHER_DAY = finding(
    "std4-1-0-2.day_of_reception",
    refuses=True,
    cites=["STD 4.1.0.2"],
    what="届出日、申出日、通知日又は請求日が、受付に記録した日と異なります。",
    remedy="最初の画面から受付を開き直してください。日が違うときは、新しく受け付けてください。",
    on_item="received_on",
)
_USED = finding(
    "std4-0.reception_has_change",
    refuses=False,
    cites=["BRRA 27(1)", "STD 10.3"],
    what="この受付では、すでに異動が{count}件記録されています。",
    remedy="同じ異動を重ねて入力していないか確かめてください。別の届出であれば、新しく受け付けてください。"
    "同じ届出による異動であれば、このまま進められます。",
)
_CLOSED = finding(
    "std4-0.reception_closed",
    refuses=True,
    cites=["BRRA 36-2(1)", "STD 10.3"],
    what="取下げ又は不受理とした受付なので、この受付では異動を記録できません。",
    remedy="最初の画面から、新しく受け付けてください。",
)


@rule(cites=["BRRA 27(1)", "BRRA 8"], since=date(1967, 11, 10))
def reception_taken(
    kind: str, has_reception: bool, has_operator: bool, *, on: date
) -> Finding | None:
    """操作者が記録する異動は、届出、申出、通知、請求又は職権による受付に基づく。

    What an operator records rests on a 受付; only what follows from an earlier change by itself,
    the closing on the planned day of moving out, has none. `kind` is a stem.
    """
    is_needed = has_operator and works.is_received(kind, on)
    return _NONE() if is_needed and not has_reception else None


@rule(cites=["BRRA 36-2(1)", "STD 10.3"], since=date(1967, 11, 10))
def reception_is_own(is_own: bool, *, on: date) -> Finding | None:
    """異動は、その所属で受け付けた受付により記録する。

    A 受付 serves the office that took it; of another's nothing is told, not even that it is there.
    """
    return None if is_own else _UNKNOWN()


@rule(cites=["BRRA 8", "BRRA 27(1)"], since=date(1967, 11, 10))
def reception_for(work: str, kind: str, *, on: date) -> Finding | None:
    """受付により記録する異動は、その受付の種類のものに限る。

    Under a 受付 the kinds of its work are recorded and no other. `work` is a code of the table of
    receptions, `kind` a stem.
    """
    its = works.work(work, on)
    return None if its is not None and kind in its.kinds else _OTHER_WORK()


@rule(cites=["BRRA 36-2(1)", "STD 10.3"], since=date(1967, 11, 10))
def purpose_of_reception(purpose: str, received_for: str, *, on: date) -> Finding | None:
    """受付により記録する異動は、その受付の事務を利用目的とする許可により行う。

    What is recorded under a 受付 is recorded for the purpose that its work and basis have, and so
    under its article; another purpose may see and do other things. Both are codes of `PURPOSES`.
    """
    return None if received_for and purpose == received_for else _OTHER_PURPOSE()


@rule(cites=["BRRA 8", "STD 4.2.0.1"], since=date(1967, 11, 10))
def basis_of_reception(basis: str, received: str, *, on: date) -> Finding | None:
    """異動の根拠は、受付で明らかにした根拠である。

    A change rests on what its 受付 says that it rests on. Both are codes of `BASES`.
    """
    return None if basis == received else _OTHER_BASIS()


@rule(cites=["STD 4.1.0.2"], since=date(1967, 11, 10))
def day_of_reception(
    basis: str, received_on: date | None, reception_on: date, *, on: date
) -> Finding | None:
    """異動の届出日等は、受付に記録した日である。職権による異動には届出日等がない。

    The day of a notification, application, notice or request is that of its 受付; a change ex
    officio has none, so it may stand blank there alone.
    """
    is_blank = basis == "ex_officio" and received_on is None
    return None if is_blank or received_on == reception_on else _OTHER_DAY()


@rule(cites=["BRRA 27(1)", "STD 10.3"], since=date(1967, 11, 10))
def reception_unused(count: int, *, on: date) -> Finding | None:
    """一つの受付に続けて二つ目の異動を入力するときは、重ねての入力でないか注意喚起する。

    A second change under one 受付 asks whether it is the same once more. `count` is of the changes
    recorded under it that nobody has cancelled.
    """
    return _USED(count=count) if count else None


@rule(cites=["BRRA 36-2(1)", "STD 10.3"], since=date(1967, 11, 10))
def reception_goes_on(has_ended: bool, *, on: date) -> Finding | None:
    """取り下げられ、又は受理しなかった届出により、住民票の記載等をすることはない。

    Under a 受付 that was withdrawn or declined no change is recorded.
    """
    return _CLOSED() if has_ended else None


def judge(
    its: Standing | None,
    kind: str,
    basis: str,
    received_on: date | None,
    *,
    office: str,
    purpose: str,
    on: date,
) -> Iterator[Finding]:
    """受付による異動の審査: what the law says of a change that names a 受付, on the day `on`.

    `its` is None where there is none of that id; `office` is where the change is entered, and
    `purpose` what the permit is for.
    """
    unknown = reception_is_own(its is not None and its.office == office, on=on)
    if its is None or unknown is not None:
        yield from (one for one in (unknown,) if one is not None)
        return
    found = (
        reception_goes_on(its.has_ended, on=on),
        reception_for(its.work, kind, on=on),
        purpose_of_reception(purpose, its.purpose, on=on),
        basis_of_reception(basis, its.basis, on=on),
        day_of_reception(basis, received_on, its.received_on, on=on),
        reception_unused(its.change_count, on=on),
    )
    yield from (one for one in found if one is not None)
