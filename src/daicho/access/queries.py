"""利用の照会: figures of the console, each behind a Permit; frozen values, never models."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection, transaction

from daicho.access import clock
from daicho.access.models import Operator, Trail
from daicho.access.permits import Permit, look


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


@dataclass(frozen=True)
class LockedOperator:
    """停止中の操作者: whom the administrators may be asked about, and until when."""

    login: str
    office: str
    locked_until: datetime


@dataclass(frozen=True)
class Listed:
    """操作者の一覧の行: one operator, in what office and post, and whether he may sign in."""

    login: str
    name: str
    office_code: str
    office: str
    post: str  # a row of law/tables/posts.toml
    is_active: bool
    locked_until: datetime | None  # None: not locked at this moment


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
    failed = Trail.objects.filter(
        event__in=("sign_in_failed", "sign_in_locked"), at__gte=clock.now() - timedelta(hours=24)
    )
    return TrailFigures(Trail.objects.filter(at__gte=today_from).count(), failed.count())


def locked_operators(permit: Permit) -> tuple[LockedOperator, ...]:
    """The operators who cannot sign in at this moment, by login; one look, trailed."""
    _for_console(permit)
    with transaction.atomic():
        locked = Operator.objects.filter(locked_until__gt=clock.now()).select_related("office")
        shown = tuple(
            LockedOperator(one.login, one.office.name, one.locked_until)
            for one in locked.order_by("login")
            if one.locked_until is not None
        )
        if shown:
            look(permit, "look", "console.locked_operators", detail={"rows": len(shown)})
    return shown


def operators(permit: Permit) -> tuple[Listed, ...]:
    """Every operator, those who have ended too, by login; one look, trailed."""
    assert permit.job == "operators", f"the job {permit.job} does not list operators"
    now = clock.now()
    with transaction.atomic():
        shown = tuple(
            Listed(
                login=one.login,
                name=one.name,
                office_code=one.office.code,
                office=one.office.name,
                post=one.post,
                is_active=one.is_active,
                locked_until=one.locked_until if (one.locked_until or now) > now else None,
            )
            for one in Operator.objects.select_related("office").order_by("login")
        )
        look(permit, "look", "operators", detail={"rows": len(shown)})
    return shown


def _for_console(permit: Permit) -> None:
    # What a permit for another 事務 would show here is nobody's need there.
    assert permit.purpose.startswith("console."), f"{permit.purpose} does not open the console"
