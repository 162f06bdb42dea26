"""受付: for what someone is received, on what basis, and what must be known of the visitor.

Without a recorded 受付 there is no 届出 and no certificate; everything opened under it is opened
for the purpose that work and basis give. `judge` says what is missing from a 受付.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date

from daicho.law import dates_of_changes, notifications
from daicho.law.disclosure.items import NUMBERS, is_posted_to_principal, may_be_asked
from daicho.law.disclosure_requests import requesters as of_data_subjects
from daicho.law.receptions import (
    numbers_in_text,
    of_changes,
    of_record_codes,
    papers,
    requesters,
    works,
)
from daicho.law.receptions.said import Said
from daicho.law.receptions.works import Basis, Work
from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes.reasons import BASES

_NAME = finding(
    "brra27.name",
    refuses=True,
    cites=["BRRA 27(1)", "BRRA 27(2)"],
    what="届出や申出の任に当たっている者の氏名が入力されていません。",
    remedy="来庁した人の氏名を、本人確認書類のとおりに入力してください。",
    on_item="visitor_name",
)
_PRINCIPAL = finding(
    "brra27.principal",
    refuses=True,
    cites=["BRRA 27(3)"],
    what="誰の依頼により、又は誰のために届出の任に当たっているかが入力されていません。",
    remedy="依頼した者（法定代理人のときは本人）の氏名を入力してください。",
    on_item="principal_name",
)
_APPLICANT = finding(
    "brra8.applicant",
    refuses=False,
    cites=["BRRA 8", "STD 4.1.0.2"],
    what="申出や請求をした者が本人であること、又はその代理人であることが、確かめられていません。",
    remedy="書類の提示又は説明を求めてください。確かめられないときは、実態を調査してから職権で記載してください。",
    on_item="identity",
)
_SENDER = finding(
    "brra9.sender",
    refuses=True,
    cites=["BRRA 9(1)", "BRRA 9(2)"],
    what="通知をした市区町村や官公署が入力されていません。",
    remedy="通知書の発信者を入力してください。",
    on_item="sender",
)
_REFERENCE = finding(
    "brra9.reference",
    refuses=False,
    cites=["BRRA 9(1)", "BRRA 9(2)"],
    what="通知の文書番号や受附番号が入力されていません。",
    remedy="通知書に番号があれば入力してください。ないときは、そのまま進められます。",
    on_item="reference",
)
_REASON = finding(
    "brra8.reason",
    refuses=True,
    cites=["BRRA 8", "BRRO 12"],
    what="職権で記載等をする事由が入力されていません。",
    remedy="実態調査の結果、届出の催告など、職権による理由を入力してください。",
    on_item="reason",
)
_ENDED = finding(
    "std4-0.reception_ended",
    refuses=True,
    cites=["BRRA 36-2(1)", "STD 10.3"],
    what="この受付は終わっているため、この受付では住民の記載を開けません。",
    remedy="最初の画面から、新しく受け付けてください。",
)
_OTHER_REQUEST = finding(
    "std10-3.reception_request_used",
    refuses=True,
    cites=["STD 10.3", "STD 11.1"],
    what="この画面からは、内容の違う受付がすでに記録されています。この入力は記録していません。",
    remedy="最初の画面から開き直して、受け付けてください。",
)


@rule(cites=["BRRA 27(1)", "BRRA 27(2)", "BRRA 27(3)"], since=date(2008, 5, 1))
def visitor_named(
    capacity: str, is_named: bool, principal_is_named: bool, *, on: date
) -> tuple[Finding, ...]:
    """届出の任に当たっている者が誰であるか、誰の依頼によるかを明らかにする。

    Whoever brings a notification is named, and who sent him where he comes for another.
    """
    for_another = any(
        one.needs_authority for one in notifications.notifiers(on) if one.code == capacity
    )
    unsaid = for_another and not principal_is_named
    return (() if is_named else (_NAME(),)) + ((_PRINCIPAL(),) if unsaid else ())


@rule(cites=["BRRA 8", "STD 4.1.0.2"], since=date(1967, 11, 10))
def may_apply(
    capacity: str, authority_confirmed: bool, identity_confirmed: bool, *, on: date
) -> Finding | None:
    """申出や請求による記載は、申し出た者が本人又はその代理人であることを確かめて行う。

    An entry on application rests on who applied; doubt about that is told and never refuses, since
    the mayor may still record ex officio.
    """
    known = next((one for one in notifications.notifiers(on) if one.code == capacity), None)
    unproven = known is None or (known.needs_authority and not authority_confirmed)
    return _APPLICANT() if unproven or not identity_confirmed else None


@rule(cites=["BRRA 9(1)", "BRRA 9(2)"], since=date(1967, 11, 10))
def notice_traced(
    sender_is_given: bool, reference_is_given: bool, *, on: date
) -> tuple[Finding, ...]:
    """通知による記載等は、どの市区町村長又は官公署のどの通知によるかを明らかにして行う。

    An entry on a notice rests on a certain authority's notice; a notice need not have a number.
    """
    if not sender_is_given:
        return (_SENDER(),)
    return () if reference_is_given else (_REFERENCE(),)


@rule(cites=["BRRA 8", "BRRO 12"], since=date(1967, 11, 10))
def ex_officio_grounded(reason_is_given: bool, *, on: date) -> Finding | None:
    """職権による記載等は、その事由があるときに行う。

    What is recorded ex officio has its ground recorded with it.
    """
    return None if reason_is_given else _REASON()


@rule(cites=["BRRA 36-2(1)", "STD 10.3"], since=date(1967, 11, 10))
def still_open(taken_on: date, is_answered: bool, is_ended: bool, *, on: date) -> Finding | None:
    """住民の記載は、受け付けた事務を処理するために必要な間に限り、その受付により開く。

    A reception opens records while its work goes on: not once it was withdrawn or declined, and
    after what it asked for was done only until the end of the day on which it was taken.
    """
    return _ENDED() if is_ended or (is_answered and taken_on < on) else None


@rule(cites=["STD 10.3", "STD 11.1"], since=date(1967, 11, 10))
def same_request(is_same: bool, *, on: date) -> Finding | None:
    """一つの画面から記録する受付は、一つである。

    One form records one reception: sent twice it gives the first, with another content none.
    """
    return None if is_same else _OTHER_REQUEST()


def judge(said: Said, on: date) -> tuple[Finding, ...]:
    """受付の審査: every finding on a 受付 as it is about to be recorded on the day `on`."""
    if unlawful := works.lawful_basis(said.work, said.basis, on=on):
        return (unlawful,)
    found: list[Finding | None] = [
        dates_of_changes.received_in_future(said.received_on, on, on=on),
        dates_of_changes.received_blank(BASES[said.basis], said.received_on, on=on),
        numbers_in_text.no_number(numbers_in_text.holds_number(said.texts), on=on),
        *_OF[works.basis(said.work, said.basis, on).party](said, on),
    ]
    return tuple(one for one in found if one is not None)


def _is_given(text: str) -> bool:
    return bool(text.strip())  # of blanks alone nothing is said; what is kept stays as typed


def _of_notifier(said: Said, on: date) -> Iterable[Finding]:
    authority = papers.authority_confirmed(said.authority, "notification", on=on)
    identity = papers.identity_confirmed(said.identity, on=on)
    yield from visitor_named(
        said.capacity, _is_given(said.visitor_name), _is_given(said.principal_name), on=on
    )
    yield from notifications.may_notify(said.capacity, authority, identity, on=on)


def _of_applicant(said: Said, on: date) -> Iterator[Finding | None]:
    authority = papers.authority_confirmed(said.authority, serves(said.work, "applicant"), on=on)
    identity = papers.identity_confirmed(said.identity, on=on)
    yield from visitor_named(
        said.capacity, _is_given(said.visitor_name), _is_given(said.principal_name), on=on
    )
    asks_for_code = tuple(
        of_record_codes.judge(
            said.work,
            said.capacity,
            identity_confirmed=identity,
            authority_confirmed=authority,
            on=on,
        )
    )
    yield from asks_for_code or (may_apply(said.capacity, authority, identity, on=on),)


def _of_requester(said: Said, on: date) -> Iterator[Finding | None]:
    yield from requesters.may_request(
        requesters.MadeClear(
            name=_is_given(said.visitor_name),
            address=_is_given(said.visitor_address),
            principal=_is_given(said.principal_name),
            body=_is_given(said.sender),
            reason=_is_given(said.reason),
            identity=papers.identity_confirmed(said.identity, on=on),
            authority=papers.authority_confirmed(said.authority, "request", on=on),
        ),
        said.capacity,
        on=on,
    )
    if requesters.requester(said.capacity, on) is None:
        return
    for item in said.asked:  # whether what may be shown is needed, is asked with the certificate
        wrong = may_be_asked(item, said.capacity, False, on=on)
        yield wrong if wrong and wrong.refuses else None


def _of_data_subject(said: Said, on: date) -> Iterable[Finding]:
    return of_data_subjects.may_request_disclosure(
        of_data_subjects.MadeClear(
            name=_is_given(said.visitor_name),
            address=_is_given(said.visitor_address),
            principal=_is_given(said.principal_name),
            identity=papers.identity_confirmed(said.identity, on=on),
            authority=papers.authority_confirmed(said.authority, "request", on=on),
        ),
        said.capacity,
        on=on,
    )


def is_posted(said: Said, on: date) -> bool:
    """本人への送付: whether the copy asked for goes by post to the person, not over the counter."""
    if requesters.requester(said.capacity, on) is None:
        return False
    asks_number = not set(NUMBERS).isdisjoint(said.asked)
    return is_posted_to_principal(said.capacity, asks_number, on=on)


_OF: Mapping[str, Callable[[Said, date], Iterable[Finding | None]]] = {
    "notifier": _of_notifier,
    "applicant": _of_applicant,
    "requester": _of_requester,
    "data_subject": _of_data_subject,
    "sender": lambda said, on: notice_traced(
        _is_given(said.sender), _is_given(said.reference), on=on
    ),
    "nobody": lambda said, on: (ex_officio_grounded(_is_given(said.reason), on=on),),
}
assert set(_OF) == works.PARTIES


def serves(work: str, party: str) -> str:
    """権限の書類の用途: what a paper of authority must serve: `notification` or `request`."""
    of_request = party in ("requester", "data_subject") or work == of_record_codes.WORK
    return "request" if of_request else "notification"


def capacities(party: str, on: date, work: str = "") -> tuple[tuple[str, str], ...]:
    """来庁した者の資格: code and name of what the form of that party offers, in order; for a work
    that not everybody may ask for, of who may."""
    if party == "requester":
        return tuple((one.code, one.name) for one in requesters.requesters(on))
    if party == "data_subject":
        return tuple((one.code, one.name) for one in of_data_subjects.requesters(on))
    if party in ("notifier", "applicant"):
        return tuple(
            (one.code, one.name)
            for one in notifications.notifiers(on)
            if of_record_codes.may_stand(work, one.code, on)
        )
    return ()


__all__ = [
    "Basis",
    "Said",
    "Work",
    "capacities",
    "is_posted",
    "judge",
    "of_changes",
    "papers",
    "requesters",
    "serves",
    "still_open",
    "works",
]
