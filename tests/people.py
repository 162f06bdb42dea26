"""The cast: permission tests read as sentences about these people. All of them are made up."""

from dataclasses import dataclass, field
from datetime import date
from uuid import uuid4

from daicho.access import clock, staff
from daicho.access.acting import Actor, actor
from daicho.access.models import Engagement, Operator, Right

PASSWORD = "correct-horse-battery"
WARD = "072036"
LONG_AGO = date(2000, 1, 1)  # so that a test may turn the clock back
FAR_AWAY = date(2099, 12, 31)

OFFICES = (
    staff.OfficeRow(
        "001",
        "市民課",
        "resident_counter",
        WARD,
        (
            staff.TerminalRow("C001", "窓口1番", "1階 市民課"),
            staff.TerminalRow("C002", "窓口2番", "1階 市民課"),
        ),
    ),
    staff.OfficeRow(
        "101", "東行政センター", "branch", WARD, (staff.TerminalRow("B101", "東1番", "東"),)
    ),
    staff.OfficeRow(
        "201",
        "国保年金課",
        "other_division",
        WARD,
        (staff.TerminalRow("K201", "国保1番", "2階 国保年金課"),),
    ),
    staff.OfficeRow(
        "900",
        "情報システム課",
        "information_systems",
        WARD,
        (staff.TerminalRow("S901", "運用端末", "情報システム室"),),
    ),
    staff.OfficeRow(
        "950", "監査室", "audit", WARD, (staff.TerminalRow("A951", "監査端末", "4階"),)
    ),
)


@dataclass(frozen=True)
class Player:
    """One operator of the cast, with the terminal they sit at."""

    operator: Operator
    terminal: str
    password: str = field(default=PASSWORD, repr=False)

    @property
    def login(self) -> str:
        return self.operator.login

    def acting(self) -> Actor:
        """The player during one request."""
        return actor(self.operator, self.terminal, uuid4())


@dataclass(frozen=True)
class Cast:
    """Who is on stage: at the counter, at another office, at the machines, at the books."""

    clerk: Player
    supervisor: Player
    clerk_of_another_office: Player
    clerk_of_another_division: Player
    system_operator: Player
    administrator: Player
    auditor: Player
    security_manager: Player
    contractor: Player


# 市民課長 is 情報セキュリティ管理者 and 事務取扱責任者; nobody bears the other roles.
BEARERS = tuple(
    staff.BearerRow(role, "市民課長", "試験", "kacho")
    for role in ("juki_net.manager", "specific_personal_information.affairs")
)


def _player(
    login: str, name: str, office: str, post: str, terminal: str, kind: str = "staff"
) -> Player:
    staff.ensure_operator(
        login=login,
        name=name,
        office=office,
        post=post,
        password=PASSWORD,
        kind=kind,
        since=LONG_AGO,
        is_demo=True,  # made up, so that the trial's rules may hold
    )
    found = Operator.objects.select_related("office").get(login=login)
    return Player(found, terminal)


def cast_of() -> Cast:
    """Bring the cast on stage, in the present database."""
    staff.ensure_offices(OFFICES)
    cast = Cast(
        clerk=_player("clerk", "窓口 花", "001", "clerk", "C001"),
        supervisor=_player("supervisor", "審査 太郎", "001", "supervisor", "C002"),
        clerk_of_another_office=_player("branch", "支所 緑", "101", "clerk", "B101"),
        clerk_of_another_division=_player(
            "kokuho", "国保 実", "201", "national_health_insurance", "K201"
        ),
        system_operator=_player("system", "運用 悟", "900", "system_operator", "S901"),
        administrator=_player("admin", "管理 恵", "900", "administrator", "S901"),
        auditor=_player("auditor", "監査 静", "950", "auditor", "A951"),
        security_manager=_player("kacho", "課長 律", "001", "supervisor", "C002"),
        contractor=_player(
            "contractor", "委託 進", "900", "batch_operator", "S901", "contractor_staff"
        ),
    )
    staff.ensure_responsibles(BEARERS, since=date(2016, 1, 1))  # the roles are no older
    engage(cast.contractor)
    return cast


def given(player: Player, post: str) -> Player:
    """The same player with one right more, in the own office."""
    Right.objects.create(
        operator=player.operator,
        office=player.operator.office,
        post=post,
        since=LONG_AGO,
        given_at=clock.now(),
    )
    return player


def engage(player: Player, **said: date | None) -> None:
    """Contract, pledge and training of a contractor's person; all in force unless said."""
    facts: dict[str, date | None] = {
        "contract_until": FAR_AWAY,
        "pledged_on": LONG_AGO,
        "trained_until": FAR_AWAY,
    }
    Engagement.objects.create(
        operator=player.operator,
        company="架空システム",
        contract="令和7年第1号",
        entered_at=clock.now(),
        **(facts | said),
    )
