"""転出の審査: what only a moving-out asks (住民基本台帳法24条)."""

from collections.abc import Iterator, Sequence
from datetime import date

from daicho.law.dates_of_changes import leaves_before_residence
from daicho.law.entries.places import parts_of, says_where
from daicho.law.rule import Finding, finding, rule
from daicho.terms.changes import MovedOut, Scene
from daicho.terms.changes.closing_cells import LEAVING
from daicho.terms.changes.household_cells import left_behind
from daicho.terms.changes.reasons import BASES
from daicho.terms.dates import from_cell
from daicho.terms.records import Record

_UNCERTAIN = finding(
    "std1-1-8.moved_out_uncertain",
    refuses=True,
    cites=["STD 1.1.8", "BRRA 24"],
    what="転出の予定日が、暦の上の一日ではありません。",
    remedy="転出の予定年月日を届出のとおり入力してください。不詳の年月日は、転出には使えません。",
    on_item="occurred_on",
)
_DESTINATION = finding(
    "brra24.destination_blank",
    refuses=False,
    cites=["BRRA 24", "STD 4.1.3.0.2"],
    what="転出先の住所が空欄か、市区町村まで入力されていません。",
    remedy="転出先を届出のとおり入力してください。特別養子縁組などで記載しないときは、そのまま進められます。",
    on_item="planned_destination",
)
_PLANNED = finding(
    "std4-1-3.planned_already",
    refuses=False,
    cites=["STD 4.1.3.0.1", "STD 11.1"],
    what="すでに転出の予定がある者が{count}人います。",
    remedy="前の転出の届出を確かめてください。進めると、前の予定は新しい予定に改まります。"
    "前の転出が特例によるものであれば、取り消してから入力してください。",
    on_item="occurred_on",
)
_HOUSEHOLDER_LEAVES = finding(
    "std4-0-4.householder_leaves",
    refuses=False,
    cites=["STD 4.0.4", "BRRA 25"],
    what="世帯主が転出し、転出の予定日から、残る世帯員{count}人が世帯主未設定になります。",
    remedy="残る世帯員に、新しい世帯主を届け出るよう案内し、世帯主変更を受け付けてください。"
    "世帯主未設定のまま、転出を先に登録することもできます。",
    on_item="relationship",
)
_SPECIAL_ABROAD = finding(
    "brra24-2.special_abroad",
    refuses=True,
    cites=["BRRA 24-2", "STD 4.1.3.0.4"],
    what="国外への転出が、特例による転出とされています。",
    remedy="特例による転出の別を外してください。特例は、国内の市区町村への転入届についてのものです。",
    on_item="special",
)
_SPECIAL_LATER = finding(
    "std4-1-3-0-4.special_afterwards",
    refuses=True,
    cites=["STD 4.1.3.0.4"],
    what="すでに転出の予定がある者が、特例による転出とされています。",
    remedy="記載した転出を後から特例による転出に変えることはできません。"
    "転出証明書を返してもらい、前の転出を取り消してから入力してください。",
    on_item="special",
)
_SPECIAL_BASIS = finding(
    "brra24-2.special_basis",
    refuses=True,
    cites=["BRRA 24-2"],
    what="届出によらない転出が、特例による転出とされています。",
    remedy="特例による転出の別を外すか、根拠を届出に改めてください。"
    "職権による転出には、転出証明書に準ずる証明書又は除票の写しを交付します。",
    on_item="special",
)


@rule(cites=["STD 1.1.8", "BRRA 24"], since=date(1967, 11, 10))
def planned_day_uncertain(is_certain: bool, *, on: date) -> Finding | None:
    """転出をする者は、転出の予定年月日を届け出る。不詳の年月日は、転出の日には認められない。

    Who moves out says on what day; a day that is not one of the calendar cannot close a record.
    """
    return None if is_certain else _UNCERTAIN()


@rule(cites=["BRRA 24", "STD 4.1.3.0.2"], since=date(1967, 11, 10))
def destination_blank(is_blank: bool, *, on: date) -> Finding | None:
    """転出をする者は、転出先を届け出る。転出先を記載しない場合があるので、空欄は注意喚起する。

    Who moves out says where to; a blank asks, for there are lawful ones.
    """
    return _DESTINATION() if is_blank else None


@rule(cites=["STD 4.1.3.0.1", "STD 11.1"], since=date(1967, 11, 10))
def planned_already(count: int, *, on: date) -> Finding | None:
    """すでに転出の予定がある者の転出は、注意喚起する。

    Who has said already that they move out, and says so again, replaces the plans; this asks.
    """
    return _PLANNED(count=count) if count else None


@rule(cites=["STD 4.0.4", "BRRA 25"], since=date(1967, 11, 10))
def householder_leaves(unheaded: int, *, on: date) -> Finding | None:
    """世帯主が転出し、世帯員が二人以上残るときは、世帯主変更の必要を注意喚起する。

    Where the householder moves out, those who stay notify who heads them; one alone becomes 世帯主
    ex officio. `unheaded` counts who would stand without one.
    """
    return _HOUSEHOLDER_LEAVES(count=unheaded) if unheaded else None


@rule(cites=["BRRA 24-2", "STD 4.1.3.0.4"], since=date(2016, 1, 1))
def special(
    is_special: bool, abroad: bool, planned: bool, basis: str, *, on: date
) -> tuple[Finding, ...]:
    """特例による転出は、国内への転出の届出について行い、すでに記載した転出を後から特例に変えない。

    Moving out with the card, without a certificate: a notification, to another town, from the
    start. `planned`: there is a moving-out already; `basis` is 届出, 職権, 申出, 通知 or 請求.
    """
    found = (
        _SPECIAL_ABROAD() if is_special and abroad else None,
        _SPECIAL_LATER() if is_special and planned else None,
        _SPECIAL_BASIS() if is_special and basis != "届出" else None,
    )
    return tuple(one for one in found if one is not None)


def judge_special(change: MovedOut, scene: Scene, basis: str, *, on: date) -> tuple[Finding, ...]:
    """特例による転出の審査: `basis` is a code of `BASES`."""
    if not change.special:
        return ()
    planned = any(scene.befores[one].closing_reason for one in change.record_ids)
    return special(change.special, change.abroad, planned, BASES[basis], on=on)


def judge(change: MovedOut, scene: Scene, *, on: date) -> tuple[Finding, ...]:
    """転出の審査: every finding that only a moving-out has."""
    return tuple(one for one in _found(change, scene, on) if one is not None)


def _found(change: MovedOut, scene: Scene, on: date) -> Iterator[Finding | None]:
    moves_on = from_cell(scene.when.occurred_on)
    yield planned_day_uncertain(moves_on.certain, on=on)
    to = parts_of(change.destination, "planned_destination")
    yield destination_blank(not says_where(to, change.abroad, on=on), on=on)
    movers = [scene.befores[one] for one in change.record_ids]
    yield planned_already(sum(bool(one.closing_reason) for one in movers), on=on)
    if moves_on.certain:
        yield householder_leaves(_unheaded(change, scene, moves_on.sort_on), on=on)
        for one in movers:
            yield leaves_before_residence(moves_on.sort_on, _resident_since(one), on=on)


def leaves_by(one: Record, day: date) -> bool:
    """転出予定者: has this resident said before that they move out, by that day at the latest?"""
    planned = one.closing_event_on if one.closing_reason in LEAVING else None
    return planned is not None and planned.certain and planned.sort_on <= day


def _unheaded(change: MovedOut, scene: Scene, moves_on: date) -> int:
    """How many stay without a householder once all are gone who move out by that day."""
    return sum(_left(members, change, scene, moves_on) for members in scene.members.values())


def _left(members: Sequence[Record], change: MovedOut, scene: Scene, moves_on: date) -> int:
    leaving = [
        one for one in members if one.record_id in change.record_ids or leaves_by(one, moves_on)
    ]
    staying = left_behind(members, leaving=leaving, scene=scene)
    return sum(one.cells["relationship"] == "" for one in staying)


def _resident_since(one: Record) -> date | None:
    since = one.foreign_resident_since_on if one.is_foreign else one.resident_since_on
    return since.sort_on if since is not None and since.certain else None
