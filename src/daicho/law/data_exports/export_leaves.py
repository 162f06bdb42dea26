"""データの持出しの判断: asked for by one, decided by another, made within what the leave says."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from daicho.law.data_exports.kinds import ExportKind, kind_of
from daicho.law.rule import Finding, finding, rule

SINCE = date(1967, 11, 10)
_CITES = ["BRRA 36-2(1)", "PIPA 69(1)"]
SECONDS_MOST = 4 * 60
"""作成の時間: so long a screen waits for a file, and the web server in front a little longer."""


@dataclass(frozen=True)
class ExportLeave:
    """持出しの許可: the facts of one, by which each step is judged.

    `rows_most` counts the lines of one file, `times_most` the files; `decided_by` is 0 while nobody
    has decided.
    """

    kind: str
    columns: tuple[str, ...]
    asked_by: int
    state: str  # asked, refused, approved, ended
    from_on: date
    until_on: date
    rows_most: int
    times_most: int
    times_made: int = 0
    decided_by: int = 0

    @property
    def times_left(self) -> int:
        """残りの回数: so many files may still be made."""
        return max(0, self.times_most - self.times_made)

    def in_force(self, on: date) -> bool:
        """Does it let a file be made on that day?"""
        return self.state == "approved" and self.from_on <= on <= self.until_on


_UNKNOWN = finding(
    "exports.no_such_kind",
    refuses=True,
    cites=_CITES,
    what="持出しの種類の表にないため、データを持ち出せません。",
    remedy="表にある種類で足りるか確かめてください。"
    "足りないときは、情報セキュリティ管理者に、表に加えるかどうかの判断を依頼してください。",
)
_COLUMNS = finding(
    "exports.columns",
    refuses=True,
    cites=_CITES,
    what="「{kind}」に出せる項目から、一つ以上を選んでください。",
    remedy="必要な項目だけを選んでください。表にない項目は、この種類では出せません。",
    on_item="columns",
)
_PERIOD = finding(
    "exports.period",
    refuses=True,
    cites=_CITES,
    what="期間は、今日以後の日から始まり、{days}日を超えないようにしてください。",
    remedy="必要な間だけを入力してください。足りなければ、新しく求められます。",
    on_item="until_on",
)
_MOST = finding(
    "exports.most",
    refuses=True,
    cites=_CITES,
    what="行数と回数は、1から、この種類の限度までにしてください。",
    remedy="必要な行数と回数だけを入力してください。限度は種類の表に示されています。",
    on_item="rows_most",
)
_OWN = finding(
    "exports.own",
    refuses=True,
    cites=_CITES,
    what="自分が求めた持出しを、自分で許可することはできません。",
    remedy="情報セキュリティ管理者のうち、求めた者とは別の者に依頼してください。",
)
_DECIDED = finding(
    "exports.decided",
    refuses=True,
    cites=_CITES,
    what="この求めは、もう決められているか、取り下げられています。",
    remedy="画面を開き直して、今の状態を確かめてください。",
)
_NOT_ENDABLE = finding(
    "exports.not_endable",
    refuses=True,
    cites=_CITES,
    what="終えられるのは、許可を待っているものか、許可されたものだけです。",
    remedy="画面を開き直して、今の状態を確かめてください。",
)
_NO_LEAVE = finding(
    "exports.no_leave",
    refuses=True,
    cites=_CITES,
    what="「{kind}」の持出しの許可がないか、その期間の外です。",
    remedy="「データの持出し」の画面で求め、別の者の許可を受けてください。",
)
_NO_MORE = finding(
    "exports.no_more_times",
    refuses=True,
    cites=_CITES,
    what="許可された回数の持出しが、もう済んでいます。",
    remedy="もう一度要るときは、理由を添えて新しく求めてください。",
)
_BY_DECIDER = finding(
    "exports.by_decider",
    refuses=True,
    cites=_CITES,
    what="許可した者が、その持出しのファイルを作ることはできません。",
    remedy="求めた者か、持出しを担当する別の者が作ってください。",
)
_ROOM = finding(
    "exports.room",
    refuses=True,
    cites=[*_CITES, "MNA 12"],
    what="大量の持出しは、{room}の端末だけで行います。この端末はその部屋のものではありません。",
    remedy="{room}の端末でサインインして行ってください。"
    "この端末の設置場所の登録が誤っているときは、操作権限の管理担当に依頼してください。",
)
_ANOTHERS = finding(
    "exports.anothers",
    refuses=True,
    cites=_CITES,
    what="持出しのファイルは、作った者にだけ渡します。",
    remedy="作った者が受け取ってください。自分で要るときは、許可の回数のうちで作ってください。",
)
_BY_COMMAND = finding(
    "exports.by_command",
    refuses=True,
    cites=_CITES,
    what="「{kind}」は画面からは作れません。",
    remedy="許可の番号を添えて、サーバーで ./daicho export を実行してください。",
)
_NOT_BY_COMMAND = finding(
    "exports.not_by_command",
    refuses=True,
    cites=_CITES,
    what="「{kind}」は命令では作れません。",
    remedy="「データの持出し」の画面で作ってください。",
)
_TOO_MANY = finding(
    "exports.too_many_rows",
    refuses=True,
    cites=_CITES,
    what="条件に合う者が、許可された行数を超えています。ファイルは作っていません。",
    remedy="条件で必要な者だけに絞るか、必要な行数で新しく求めてください。",
)

_TOO_LONG = finding(
    "exports.too_long",
    refuses=True,
    cites=_CITES,
    what="{minutes}分のうちに作り終えられませんでした。ファイルは作っておらず、回数にも数えていません。",
    remedy="利用の少ない時間にもう一度作るか、区や年齢で分けて求めてください。"
    "繰り返すときは、システム運用担当に連絡してください。",
)


@rule(cites=["BRRA 36-2(1)", "PIPA 69(1)"], since=SINCE)
def may_ask(
    kind: str,
    columns: Collection[str],
    from_on: date,
    until_on: date,
    rows_most: int,
    times_most: int,
    on: date,
) -> tuple[Finding, ...]:
    """データの持出しは、表にある種類について、必要な項目、期間、行数、回数に限って求める。

    A kind of the table is asked for, with no column beyond its own, from today on, within the
    limits of its row. A whole register has no columns to choose.
    """
    row = kind_of(kind, on)
    if row is None:
        return (_UNKNOWN(),)
    found = []
    if bool(columns) == row.by_command or not set(columns).issubset(row.columns):
        found.append(_COLUMNS(kind=row.name))
    if not on <= from_on <= until_on or (until_on - from_on).days >= row.days_most:
        found.append(_PERIOD(days=row.days_most))
    if not (0 < rows_most <= row.rows_most and 0 < times_most <= row.times_most):
        found.append(_MOST())
    return tuple(found)


@rule(cites=["BRRA 36-2(1)", "PIPA 69(1)"], since=SINCE)
def may_decide(leave: ExportLeave, decider: int, on: date) -> Finding | None:
    """持出しは、求めた者とは別の者が、一度だけ決める。

    Another person than who asked decides once; which posts decide is said by the purpose.
    """
    del on  # so it was on every day of its force
    if decider == leave.asked_by:
        return _OWN()
    return None if leave.state == "asked" else _DECIDED()


@rule(cites=["BRRA 36-2(1)", "PIPA 69(1)"], since=SINCE)
def may_end(leave: ExportLeave, on: date) -> Finding | None:
    """要らなくなった持出しの許可は、いつでも終える。

    What waits is taken back, what is approved is ended; once.
    """
    del on  # as above
    return None if leave.state in ("asked", "approved") else _NOT_ENDABLE()


@rule(cites=["BRRA 36-2(1)", "PIPA 69(1)"], since=SINCE)
def may_make(
    leave: ExportLeave, maker: int, room: str, by_command: bool, on: date
) -> Finding | None:
    """持出しのファイルは、許可の期間と回数のうちで、許可した者とは別の者が、大量のものは定められた部屋で作る。

    Judged before anything of a resident is read. `room` is where the terminal stands; a command is
    run at the server itself, which is where a whole register is made.
    """
    row = kind_of(leave.kind, on)
    if row is None:
        return _UNKNOWN()
    if not leave.in_force(on) or leave.decided_by in (0, leave.asked_by):
        return _NO_LEAVE(kind=row.name)
    if maker == leave.decided_by:
        return _BY_DECIDER()
    return _made_so(row, leave, room, by_command)


def _made_so(row: ExportKind, leave: ExportLeave, room: str, by_command: bool) -> Finding | None:
    if row.by_command != by_command:
        return _BY_COMMAND(kind=row.name) if row.by_command else _NOT_BY_COMMAND(kind=row.name)
    if not by_command and row.is_bulk(leave.rows_most) and room != row.room:
        return _ROOM(room=row.room)
    return None if leave.times_left else _NO_MORE()


@rule(cites=["BRRA 36-2(1)", "PIPA 69(1)"], since=SINCE)
def may_hand_over(
    leave: ExportLeave, maker: int, taker: int, room: str, on: date
) -> Finding | None:
    """作られたファイルは、許可の期間のうちに、作った者にだけ、大量のものは定められた部屋の端末にだけ渡す。

    Only who made it takes it, while the leave is in force, where it may be made.
    """
    row = kind_of(leave.kind, on)
    if row is None or not leave.in_force(on):
        return _NO_LEAVE(kind=row.name) if row else _UNKNOWN()
    if taker != maker:
        return _ANOTHERS()
    if row.is_bulk(leave.rows_most) and room != row.room:
        return _ROOM(room=row.room)
    return None


@rule(cites=["BRRA 36-2(1)", "PIPA 69(1)"], since=SINCE)
def may_hold(leave: ExportLeave, rows: int, on: date) -> Finding | None:
    """持出しのファイルには、許可された行数を超えて入れない。

    Judged while the file is made: with one line too many there is no file.
    """
    del on  # as above
    return _TOO_MANY() if rows > leave.rows_most else None


@rule(cites=["BRRA 36-2(1)", "PIPA 69(1)"], since=SINCE)
def may_last(seconds: float, on: date) -> Finding | None:
    """持出しのファイルは、画面が待つ時間のうちに作り終える。

    Judged while the file is made: a screen that was given up would have taken its passphrase along.
    """
    del on  # as above
    return _TOO_LONG(minutes=SECONDS_MOST // 60) if seconds > SECONDS_MOST else None
