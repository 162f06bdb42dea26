"""本人の確認: by which certificate a person comes to the own log, and when a card is stopped."""

from dataclasses import dataclass
from datetime import date

from daicho.law.own_log.limits import limits
from daicho.law.own_log.stops import stopped_by_record
from daicho.law.own_log.withheld import SINCE
from daicho.law.rule import Finding, finding, rule

_CITES = ("BRRA 36-2(1)", "PIPA 77(2)")

_NOT_PROVED = finding(
    "own-log.not_proved",
    refuses=True,
    cites=_CITES,
    what="カードで本人であることを確かめられませんでした。",
    remedy="カードと暗証番号を確かめて、もう一度試してください。{failures_most}回続けて誤ると、"
    "そのカードは使えなくなります。使えないときは、市区町村の窓口に来てください。",
)


@dataclass(frozen=True)
class Shown:
    """示された証明書: what was found of it, of the answer and of the card; all must hold.

    `is_of_challenge`: the answer is to a question that this session was asked a short time ago and
    nobody has answered before. `was_closed`: the record of its person, at any moment since the card
    was registered. `failures`: wrong answers since the last right one.
    """

    is_ours: bool = True
    is_in_force: bool = True
    proves_users: bool = True
    is_signed: bool = True
    is_of_challenge: bool = True
    is_registered: bool = True
    is_revoked: bool = False
    was_closed: bool = False
    failures: int = 0


@rule(cites=_CITES, since=SINCE)
def proved(shown: Shown, on: date) -> Finding | None:
    """本人は、有効な利用者証明用の電子証明書と、その場の問いへの署名で確かめる。

    A person is proved by a valid certificate for user authentication and a signature under a fresh
    challenge. Whatever is wrong is refused in the same words, which tell nothing of a card.
    """
    most = limits(on).failures_most
    holds = (
        shown.is_ours,
        shown.is_in_force,
        shown.proves_users,
        shown.is_signed,
        shown.is_of_challenge,
        shown.is_registered,
        not shown.is_revoked,
        not stopped_by_record(shown.was_closed, on=on),
        shown.failures < most,
    )
    return None if all(holds) else _NOT_PROVED(failures_most=most)
