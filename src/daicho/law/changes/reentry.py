"""再転入 (標準仕様書 4.1.1.2): is somebody who enters on a 除票, or a resident already?

The register compares and counts; what the law says of the counts stands here. A finding names
nobody: which records they are, the confirmation sheet shows to who may look.
"""

from datetime import date

from daicho.law.entries.case import ACT_IN_FORCE_ON
from daicho.law.rule import Finding, finding, rule

COUNT_MAX = 9_999  # a finding shows no larger figure

_MUST_REENTER = finding(
    "std4-1-1-2.must_reenter",
    refuses=True,
    cites=["STD 4.1.1.2"],
    what="個人番号、住民票コード、在留カードなどの番号のどれかが同じ除票が{closed}件あります。",
    remedy="新たな住民としては記載できません。除票の記録を選び、再転入として入力してください。"
    "番号の入力に誤りがないかも確かめてください。",
)
_LIKE_CLOSED = finding(
    "std4-1-1-2.three_items_closed",
    refuses=False,
    cites=["STD 4.1.1.2"],
    what="氏名、性別、生年月日が同じ除票が{closed}件あります。",
    remedy="同一人か確かめてください。同一人であれば、除票の記録を選び、再転入として入力します。"
    "別人であれば、このまま進められます。",
)
_LIKE_LIVING = finding(
    "brra6.three_items_living",
    refuses=False,
    cites=["BRRA 6(1)", "STD 11.1"],
    what="氏名、性別、生年月日が同じ住民が、ほかに{living}人います。",
    remedy="同じ人を重ねて記載していないか確かめてください。別人であれば、このまま進められます。",
)
_ADDRESS_NUMBER = finding(
    "std4-1-1-2.address_number_changed",
    refuses=True,
    cites=["STD 4.1.1.2", "STD 1.1.13"],
    what="再転入する者の宛名番号が、除票の宛名番号と異なります。",
    remedy="除票の記録を選び直し、同じ宛名番号で入力してください。",
    on_item="address_number",
)


@rule(cites=["STD 4.1.1.2"], since=ACT_IN_FORCE_ON)
def must_reenter(closed: int, *, on: date) -> Finding | None:
    """個人番号、住民票コード、在留カードなどの番号が除票と一致する者は、再転入者として処理する。

    Who has the number, the code or the card of a 除票 is entered as returning, never as new.
    `closed` counts such records.
    """
    return _MUST_REENTER(closed=min(closed, COUNT_MAX)) if closed else None


@rule(cites=["STD 4.1.1.2"], since=ACT_IN_FORCE_ON)
def like_closed(closed: int, *, on: date) -> Finding | None:
    """氏名、性別、生年月日が除票と一致する者は、再転入者かどうかを選ぶ。

    Who has the name, sex and day of birth of a 除票 may be returning: the clerk chooses. `closed`
    counts such records.
    """
    return _LIKE_CLOSED(closed=min(closed, COUNT_MAX)) if closed else None


@rule(cites=["BRRA 6(1)", "STD 11.1"], since=ACT_IN_FORCE_ON)
def like_living(living: int, *, on: date) -> Finding | None:
    """住民票は、個人を単位として作成する。同じ者を二重に記載しない。

    There is one record of each person: who has the name, sex and day of birth of a resident may
    be entered twice. `living` counts such residents.
    """
    return _LIKE_LIVING(living=min(living, COUNT_MAX)) if living else None


@rule(cites=["STD 4.1.1.2", "STD 1.1.13"], since=ACT_IN_FORCE_ON)
def address_number_kept(is_same: bool, *, on: date) -> Finding | None:
    """再転入者の宛名番号は、転出前と同じ番号とする。

    Who returns has the 宛名番号 of before.
    """
    return None if is_same else _ADDRESS_NUMBER()
