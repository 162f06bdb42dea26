"""窓口での提示: to whom the own log is shown at a counter, and which offices a list names."""

from datetime import date

from daicho.law.own_log.withheld import SINCE
from daicho.law.rule import Finding, finding, rule

_CITES = ("PIPA 77(2)", "BRRA 36-2(1)")
PRINCIPAL = "principal"
OF_PLACES = frozenset({"branch"})
"""地域の所属: kinds of office of which there is one for each part of the municipality."""

_NOT_THE_PERSON = finding(
    "own-log.not_the_person",
    refuses=True,
    cites=_CITES,
    what="この受付では、利用記録を示せません。"
    "示せるのは、本人が来て、本人であることを示す書類を見せ、その氏名がこの記載と同じときだけです。",
    remedy="本人の受付をして、本人確認の書類を見てから開いてください。"
    "代理人には示さず、開示の請求を案内してください。",
)


@rule(cites=_CITES, since=SINCE)
def may_show(capacity: str, is_identified: bool, is_named: bool, on: date) -> Finding | None:
    """窓口では、本人であることを書類で確かめた本人にだけ、利用記録を示す。

    The person alone, who came in the own name and showed who that is; nobody who stands for him.
    """
    del on  # so it was on every day of its force
    is_the_person = capacity == PRINCIPAL and is_identified and is_named
    return None if is_the_person else _NOT_THE_PERSON()


@rule(cites=["PIPA 78(1)[1]", "STD 3.4"], since=SINCE)
def names_office(office_kind: str, is_of_ward: bool, is_at_counter: bool, on: date) -> bool:
    """カードで見る一覧では、区の所属や支所・出張所を、だれの一覧でも名で示さない。

    Does a list name the office? With a card none that serves a part of the municipality alone: its
    name tells whoever holds the card where the person went. It is so for everybody, since a list
    without names would itself tell that its person is protected. At the counter, to who was
    identified there, every office is named.
    """
    del on  # so it was on every day of its force
    return is_at_counter or not (is_of_ward or office_kind in OF_PLACES)
