"""権限の付与: who may give what to whom, and from when; rights are never given by rank."""

from collections.abc import Collection
from datetime import date, timedelta

from daicho.law.purposes import BY_PERSON, POSTS
from daicho.law.rule import Finding, finding, rule, words
from daicho.law.safety.responsibles import ROLES

POSTS_OF_ROLES = frozenset(post for role in ROLES for post in role.posts)
"""役割に伴う担当: posts that come with a responsibility borne, and are never given alone."""

words(POSTS.values())
words(BY_PERSON.values())

_ONESELF = finding(
    "access.not_to_oneself",
    refuses=True,
    cites=["STD 10.3", "BRRA 36-2(1)"],
    what="自分の登録や権限を、自分で変えることはできません。",
    remedy="ほかの担当者に依頼してください。",
)
_GIVER = finding(
    "access.not_by_giver",
    refuses=True,
    cites=["STD 10.3", "BRRA 36-2(1)"],
    what="点検する権限の中に、自分が与えたものがあるため、署名できません。",
    remedy="この所属の権限を与えていない、ほかの情報セキュリティ管理者又は事務取扱責任者に"
    "署名を依頼してください。",
)
_OF_ROLE = finding(
    "access.post_of_role",
    refuses=True,
    cites=["BRRA 36-2(1)", "MNA 12"],
    what="「{post}」は責任者の役割に伴う担当なので、単独では与えられません。",
    remedy="責任者の画面で、その役割を負う職と、その職に就く者を登録してください。",
    on_item="post",
)
_OF_ONESELF = finding(
    "access.not_of_oneself",
    refuses=True,
    cites=["STD 10.3", "BRRA 36-2(1)"],
    what="点検する権限の中に、自分の権限があるため、その判断も署名もできません。",
    remedy="この所属に権限を持たない、ほかの情報セキュリティ管理者、事務取扱責任者"
    "又は上の責任者に依頼してください。",
)
_BY_PERSON = finding(
    "access.post_by_person",
    refuses=True,
    cites=["STD 10.3", "BRRA 36-2(1)", "MNA 12"],
    what="{because}「{post}」は、所属の全員には与えられません。",
    remedy="必要な操作者を一人ずつ選び、操作者の画面で与えてください。",
    on_item="post",
)
_OWN_OFFICE = finding(
    "access.not_to_own_office",
    refuses=True,
    cites=["STD 10.3", "BRRA 36-2(1)"],
    what="自分の所属の操作権限を、自分で与え、変え、終わらせることはできません。",
    remedy="ほかの所属の、操作権限の管理担当に依頼してください。",
)
_IN_PAST = finding(
    "access.since_in_past",
    refuses=True,
    cites=["STD 10.3"],
    what="初日が過ぎた日になっています。さかのぼって与えることはできません。",
    remedy="初日は{on}以後の日にしてください。",
    on_item="since",
)
_LAST_PAST = finding(
    "access.last_day_in_past",
    refuses=True,
    cites=["STD 10.3"],
    what="最後の日が過ぎた日になっています。過ぎた日までさかのぼって終えることはできません。",
    remedy="最後の日は{earliest_on}以後の日にしてください。{earliest_on}とすると、今すぐ終わります。",
    on_item="last_on",
)
_WORKED = finding(
    "access.days_worked",
    refuses=True,
    cites=["STD 10.3"],
    what="前の者がこの職に就いていた日を、さかのぼって取り消すことはできません。",
    remedy="初日は{on}以後の日にしてください。",
    on_item="since",
)
_ORDER = finding(
    "access.until_before_since",
    refuses=True,
    cites=["STD 10.3"],
    what="終わりの日が初日より前になっています。",
    remedy="終わりの日は{since}以後の日にするか、決まっていなければ空けてください。",
    on_item="until",
)
_TWICE = finding(
    "access.held_twice",
    refuses=True,
    cites=["STD 10.3"],
    what="同じ内容の登録が、この期間にもうあります。",
    remedy="今の登録の終わりの日を確かめ、重ならない期間にしてください。",
    on_item="since",
)
_LOGIN = finding(
    "access.login_taken",
    refuses=True,
    cites=["STD 10.3"],
    what="この操作者IDは、もう使われています。",
    remedy="別の操作者IDにしてください。前の人のIDを引き継ぐことはできません。",
    on_item="login",
)
_TERMINAL = finding(
    "access.terminal_taken",
    refuses=True,
    cites=["STD 1.3.1"],
    what="この端末番号は、もう使われています。",
    remedy="別の端末番号にしてください。廃止した端末の番号も、記録に残るため使えません。",
    on_item="code",
)


@rule(cites=["STD 10.3"], since=date(1967, 11, 10))
def login_free(is_taken: bool, on: date) -> Finding | None:
    """操作者IDは一人に一つとし、終わった者のIDも使い回さない。

    A login means one person for ever: the trail names the person by it.
    """
    del on  # so it was on every day
    return _LOGIN() if is_taken else None


@rule(cites=["STD 1.3.1"], since=date(1967, 11, 10))
def terminal_free(is_taken: bool, on: date) -> Finding | None:
    """端末番号は一台に一つとし、廃止した端末の番号も使い回さない。

    A terminal's code means one terminal for ever: records name it.
    """
    del on  # so it was on every day
    return _TERMINAL() if is_taken else None


@rule(cites=["STD 10.3", "BRRA 36-2(1)"], since=date(1967, 11, 10))
def not_to_oneself(giver: int | None, operator: int, on: date) -> Finding | None:
    """操作権限は、本人以外の担当者が与え、変え、終わらせる。

    Nobody gives, changes or ends what is his own; None as the giver is the server's own terminal.
    """
    del on  # so it was on every day
    return _ONESELF() if giver == operator else None


@rule(cites=["STD 10.3", "BRRA 36-2(1)"], since=date(1967, 11, 10))
def not_by_giver(signer: int, givers: Collection[int], on: date) -> Finding | None:
    """操作権限の点検は、その権限を与えた者とは別の者が行う。

    Who gave a right does not sign for the review of it.
    """
    del on  # so it was on every day
    return _GIVER() if signer in givers else None


@rule(cites=["STD 10.3", "BRRA 36-2(1)"], since=date(1967, 11, 10))
def not_of_oneself(signer: int, holders: Collection[int], on: date) -> Finding | None:
    """操作権限の点検は、その権限を持つ者とは別の者が行う。

    Who has a right decides nothing of it in a review, and does not sign for the review.
    """
    del on  # so it was on every day
    return _OF_ONESELF() if signer in holders else None


@rule(cites=["BRRA 36-2(1)", "MNA 12"], since=date(1967, 11, 10))
def given_alone(post: str, on: date) -> Finding | None:
    """責任者の役割に伴う担当は、その役割を負う者だけが持つ。

    A post that comes with a responsibility is held by who bears it, and given to nobody else.
    """
    del on  # so it was on every day
    return _OF_ROLE(post=POSTS[post]) if post in POSTS_OF_ROLES else None


@rule(cites=["STD 10.3", "BRRA 36-2(1)", "MNA 12"], since=date(1967, 11, 10))
def to_an_office(post: str, on: date) -> Finding | None:
    """独立して制御する権限と、責任者の役割に伴う担当は、組織単位ではなく一人ずつ与える。

    What is controlled apart from other rights, checks others, or comes with a responsibility is
    given person by person; the table of posts says which and why.
    """
    del on  # the posts have no second version yet
    if post not in BY_PERSON:
        return None
    return _BY_PERSON(post=POSTS[post], because=BY_PERSON[post])


@rule(cites=["STD 10.3", "BRRA 36-2(1)"], since=date(1967, 11, 10))
def not_to_own_office(giver: str | None, office: str, on: date) -> Finding | None:
    """所属の操作権限は、その所属に属さない担当者が与え、変え、終わらせる。

    What an office has each of its people has, so nobody gives or ends a right of the own office.
    Both are codes of offices; None as the giver's is the server's own terminal.
    """
    del on  # so it was on every day
    return _OWN_OFFICE() if giver == office else None


@rule(cites=["STD 10.3"], since=date(1967, 11, 10))
def in_order(since: date, until: date | None, on: date) -> Finding | None:
    """期間の終わりの日は、初日より前にならない。

    The last day of a period is not before its first.
    """
    del on  # so it was on every day
    return _ORDER(since=since) if until is not None and until < since else None


@rule(cites=["STD 10.3"], since=date(1967, 11, 10))
def given_period(since: date, until: date | None, on: date) -> tuple[Finding, ...]:
    """操作権限と従事者の指定は、与える日以後の期間について与える。

    Rights and designations are given for the days to come: what was done before stays undone.
    """
    found = [_IN_PAST(on=on)] if since < on else []
    wrong = in_order(since, until, on=on)
    return tuple([*found, wrong] if wrong else found)


@rule(cites=["STD 10.3"], since=date(1967, 11, 10))
def ended_from_now(last_on: date, on: date) -> Finding | None:
    """権限、在職、指定は、過ぎた日にさかのぼって終わらせない。

    What held on a day gone by held on it: the earliest last day is yesterday, which ends at once.
    """
    earliest_on = on - timedelta(days=1)
    return _LAST_PAST(earliest_on=earliest_on) if last_on < earliest_on else None


@rule(cites=["STD 10.3"], since=date(1967, 11, 10))
def succeeds(since: date, on: date) -> Finding | None:
    """職を引き継ぐ者の初日は、前の者が就いていた過ぎた日に掛からない。

    Who follows another in a position begins today or later; only a vacant one is filled for days
    gone by.
    """
    return _WORKED(on=on) if since < on else None


@rule(cites=["STD 10.3"], since=date(1967, 11, 10))
def held_once(
    since: date, until: date | None, held_since: date, held_until: date | None, on: date
) -> Finding | None:
    """同じ権限、同じ職、同じ指定は、重なる期間に二つ登録しない。

    What a person holds already is not given again for days that overlap. What was ended before its
    first day was never held.
    """
    del on  # so it was on every day
    is_before = until is not None and until < held_since
    is_over = held_until is not None and held_until < max(since, held_since)
    return None if is_before or is_over else _TWICE()
