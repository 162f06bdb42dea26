"""運用: the state of the running program in figures, and what its checks tell those who run it.

An app registers such a check with Django, under the tag `OPERATING`: it is then told at every start
and on the first screens of those who can act.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core import checks
from django.db import connection

from daicho.access import clock, policy
from daicho.access.acting import FAILED
from daicho.access.analysing import judging, making
from daicho.access.emergencies import proofs, reviewing
from daicho.access.models import Trail
from daicho.access.people import overviews, reviews
from daicho.access.permits import Permit, demand_work
from daicho.law.packs import TRIAL

OPERATING = "operating"
"""運用の点検: the tag of checks whose answer changes while the program runs, as days go by."""

_ASK_AUDIT = (
    "「緊急の利用」の画面で、赤い注意のあるものを確かめ、利用記録の点検担当に知らせてください。"
)
_FILL = "責任者の画面で、役割を負う職と、その職に就く者を登録してください。"


@dataclass(frozen=True)
class Warned:
    """運用の注意: what is so, what to do about it, and the code under which the log has it."""

    code: str
    what: str
    remedy: str


def warned(permit: Permit) -> tuple[Warned, ...]:
    """運用の注意: everything that the checks find at this moment."""
    demand_work(permit, "console")
    found = checks.run_checks(tags=[OPERATING])
    told = tuple(Warned(one.id or "", str(one.msg), str(one.hint or "")) for one in found)
    return (*told, *of_people(permit))


def of_people(permit: Permit) -> tuple[Warned, ...]:
    """人と権限の注意: overdue reviews of rights, of emergencies and of the trail's months,
    emergencies whose record was changed past the program, and roles that nobody bears.

    In a made-up town nobody need bear them.
    """
    demand_work(permit, "console")
    overdue = [(one.office, one.finding) for one in reviews.overdue(permit.on)]
    overdue += [(one.office, one.finding) for one in reviewing.overdue(permit.on)]
    late = [Warned(it.code, f"{office}: {it.what}", it.remedy) for office, it in overdue]
    of_months = (*making.missing(permit.on), *judging.overdue(permit.on))
    late += [Warned(it.code, it.what, it.remedy) for it in of_months]
    if count := proofs.altered_count():
        what = f"緊急の利用の記録{count}件が、利用記録に残る証しと合いません。"
        late.append(Warned("access.emergency_altered", what, _ASK_AUDIT))
    vacant = () if policy.pack().code == TRIAL else overviews.vacant(permit.on)
    if not vacant:
        return tuple(late)
    names = "、".join(one.name for one in vacant)
    return (*late, Warned("access.vacant", f"責任者の役割が空席です: {names}。", _FILL))


@dataclass(frozen=True)
class AppliedMigration:
    """適用済みの移行: the newest migration of one app and how many stand before and with it."""

    app: str
    newest: str
    count: int
    applied_at: datetime


@dataclass(frozen=True)
class Database:
    """データベースの状態: server version, size in bytes, and what is applied."""

    server_version: str
    size_bytes: int
    migrations: tuple[AppliedMigration, ...]


@dataclass(frozen=True)
class TrailFigures:
    """利用記録の件数: rows of the business day, and failed sign-ins of the last 24 hours."""

    rows_today: int
    failed_sign_ins_24h: int


_MIGRATIONS = """
SELECT DISTINCT ON (app) app, name, count(*) OVER (PARTITION BY app), applied
FROM django_migrations ORDER BY app, name DESC
"""


def database(permit: Permit) -> Database:
    """The state of the database; concerns no person, so it leaves no trail row."""
    _for_console(permit)
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (version,) = cursor.fetchone()
        cursor.execute("SELECT pg_database_size(current_database())")
        (size_bytes,) = cursor.fetchone()
        cursor.execute(_MIGRATIONS)
        migrations = tuple(AppliedMigration(*row) for row in cursor.fetchall())
    return Database(str(version), int(size_bytes), migrations)


def trail_figures(permit: Permit) -> TrailFigures:
    """Counts over the trail; they concern no person, so they leave no trail row."""
    _for_console(permit)
    today_from = datetime.combine(permit.on, time.min, clock.TOKYO)
    failed = Trail.objects.filter(event__in=FAILED, at__gte=clock.now() - timedelta(hours=24))
    return TrailFigures(Trail.objects.filter(at__gte=today_from).count(), failed.count())


def _for_console(permit: Permit) -> None:
    # What a permit for another 事務 would show here is nobody's need there.
    assert permit.purpose.startswith("console."), f"{permit.purpose} does not open the console"
