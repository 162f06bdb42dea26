"""再転入 (標準仕様書 4.1.1.2): is somebody who enters on a 除票, or a resident already?

The register compares and counts; what the law says of the counts stands here. A finding names
nobody: which records they are, the confirmation sheet shows to who may look.
"""

from datetime import date

from daicho.law.entries.case import ACT_IN_FORCE_ON
from daicho.law.rule import COUNT_MAX, Finding, finding, rule

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
_DEAD = finding(
    "std4-1-1-2.reenters_dead",
    refuses=True,
    cites=["STD 4.1.1.2", "STD 11.1"],
    what="再転入する者の除票は、死亡により消除した者のものです。",
    remedy="別人の除票を選んでいないか確かめてください。死亡の記載が誤りであれば、先にその異動を取り消してください。",
)
_MISSING = finding(
    "std4-1-1-2.reenters_missing",
    refuses=True,
    cites=["STD 4.1.1.2", "CC 31", "CC 32"],
    what="再転入する者の除票は、失踪宣告により消除した者のものです。",
    remedy="別人の除票を選んでいないか確かめてください。失踪宣告が取り消されたのであれば、先にその異動を取り消してください。",
)
_OTHER_CODE = finding(
    "std4-1-1-2.other_code",
    refuses=True,
    cites=["STD 4.1.1.2", "BRRA 7[13]"],
    what="再転入する者の住民票コードが、除票の住民票コードと異なります。",
    remedy="除票を選び直してください。同一人のコードが他市町村で変更されていれば、除票のコードで記載した後に修正してください。",
    on_item="resident_record_code",
)
_OTHER_SEX = finding(
    "std4-1-1-2.other_sex",
    refuses=True,
    cites=["STD 4.1.1.2", "BRRA 7[3]"],
    what="再転入する者の性別が、除票の性別と異なります。",
    remedy="除票を選び直してください。同一人の性別が変わっていれば、除票のとおり記載した後に修正してください。",
    on_item="sex",
)
_OTHER_BIRTH = finding(
    "std4-1-1-2.other_birth",
    refuses=True,
    cites=["STD 4.1.1.2", "BRRA 7[2]"],
    what="再転入する者の生年月日が、除票の生年月日と異なります。",
    remedy="除票を選び直してください。同一人の除票の記載が誤りであれば、除票のとおり記載した後に修正してください。",
    on_item="born_on",
)
_OTHER_NAME = finding(
    "std4-1-1-2.other_name",
    refuses=False,
    cites=["STD 4.1.1.2", "BRRA 7[1]"],
    what="再転入する者の氏名が、除票の氏名と異なります。",
    remedy="同一人か確かめてください。婚姻などにより氏名が変わった同一人であれば、このまま進められます。",
    on_item="name",
)
_OTHER_NUMBER = finding(
    "mna7.other_number",
    refuses=True,
    cites=["MNA 7(2)", "STD 4.1.1.2"],
    what="入力された個人番号が、除票の者の個人番号と異なります。",
    remedy="番号の入力と、選んだ除票に誤りがないか確かめてください。消除の後に個人番号が変更された"
    "者は、個人番号を空欄にすれば、除票の個人番号のまま記載できます。"
    "変更後の個人番号はこの画面では記載できないので、住基ネットの担当に引き継いでください。",
    on_item="individual_number",
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


@rule(cites=["STD 4.1.1.2", "STD 11.1", "CC 31", "CC 32"], since=ACT_IN_FORCE_ON)
def may_return(is_dead: bool, is_missing: bool, *, on: date) -> Finding | None:
    """死亡した者は転入しない。失踪宣告を受けた者は死亡したものとみなす。

    Who has died does not return, nor, until the court takes it back, who was declared missing;
    `is_missing` says that the record was closed for that.
    """
    if is_dead:
        return _DEAD()
    return _MISSING() if is_missing else None


@rule(cites=["STD 4.1.1.2", "BRRA 7[13]"], since=date(2002, 8, 5))
def code_kept(closed: str, stated: str, *, on: date) -> Finding | None:
    """再転入者の住民票コードは、除票の住民票コードと一致する。

    Two codes are two persons. `closed` is that of the 除票, `stated` that of who enters; a blank
    one says nothing.
    """
    return _OTHER_CODE() if closed and stated and closed != stated else None


@rule(cites=["STD 4.1.1.2", "BRRA 7[2]", "BRRA 7[3]"], since=ACT_IN_FORCE_ON)
def same_person(
    sexes: tuple[str, str], births: tuple[date | None, date | None], *, on: date
) -> tuple[Finding, ...]:
    """性別又は生年月日の異なる者は、除票の者ではない。

    Who differs in sex or day of birth is another person. Each pair is that of the 除票 and that of
    who enters; a blank sex and an uncertain day (None) say nothing.
    """
    found = (
        _OTHER_SEX() if all(sexes) and sexes[0] != sexes[1] else None,
        _OTHER_BIRTH() if all(births) and births[0] != births[1] else None,
    )
    return tuple(one for one in found if one is not None)


@rule(cites=["STD 4.1.1.2", "BRRA 7[1]"], since=ACT_IN_FORCE_ON)
def same_name(is_same: bool, *, on: date) -> Finding | None:
    """氏名が除票と異なる再転入者は、同一人であることを確かめる。

    A name may have changed elsewhere: another name than that of the 除票 asks. Variants of a
    letter are one name.
    """
    return None if is_same else _OTHER_NAME()


@rule(cites=["MNA 7(2)", "STD 4.1.1.2"], since=date(2015, 10, 5))
def number_kept(is_same: bool, *, on: date) -> Finding | None:
    """個人番号は、請求又は職権により変更し、転入により変更することはない。

    A number changes by a request or ex officio, never by a moving-in: who returns has that which
    the vault holds.
    """
    return None if is_same else _OTHER_NUMBER()
