"""利用目的: who may look, for which 事務, under which article: a closed, dated table.

The purpose comes from the work at hand (受付 and function), never from a question (a clerk has two
hundred visitors a day). Machines have a table of their own, of jobs.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.citation import Article
from daicho.law.rule import Finding, finding, rule, words
from daicho.law.tables import Row, Table, table

SEES = frozenset(
    {
        "resident",  # 氏名・住所・生年月日・性別・世帯
        "family_register",  # 本籍・筆頭者
        "residence_status",  # 30条の45の事項
        "record_code",  # 住民票コード
        "individual_number",  # 個人番号
        "protection",  # 支援措置の内容
    }
)
"""見える項目: the classes of items a purpose may let one see (標準仕様書 10.4)."""


class UnknownPurpose(LookupError):
    """利用目的にない: our own code asked for a purpose or job that no table has on that day."""


@dataclass(frozen=True)
class OfficeKind:
    """所属の種別: a kind of office, and the role (DAICHO_ROLE) in whose process it works."""

    code: str
    name: str
    role: str


@dataclass(frozen=True)
class Purpose:
    """利用目的: one purpose: the 事務, its articles, and who may have it (標準仕様書 10.3)."""

    code: str
    name: str
    affairs: str
    cites: tuple[Article, ...]
    office_kinds: tuple[str, ...]
    posts: tuple[str, ...]
    functions: tuple[str, ...]
    sees: frozenset[str]
    tree: str  # of whose responsibles one must be designated for it, or blank
    since: date
    until: date | None
    checked_on: date

    @property
    def article(self) -> str:
        """The article a trail row shows, as written in code: "BRRA 22(1)"."""
        return str(self.cites[0])

    @property
    def sees_individual_number(self) -> bool:
        """May an 個人番号 leave the vault for this purpose?"""
        return "individual_number" in self.sees


@dataclass(frozen=True)
class SystemJob:
    """機械の仕事: a job that runs without an operator, its articles and what it reads."""

    code: str
    name: str
    affairs: str
    cites: tuple[Article, ...]
    sees: frozenset[str]
    since: date
    until: date | None
    checked_on: date

    @property
    def article(self) -> str:
        """The article a trail row shows, as written in code."""
        return str(self.cites[0])

    @property
    def sees_individual_number(self) -> bool:
        """May an 個人番号 leave the vault for this job?"""
        return "individual_number" in self.sees


def _office_kind(row: Row) -> OfficeKind:
    row.only("code", "name", "role")
    roles = ("municipality", "prefecture", "centre", "information-network")
    if row.text("role") not in roles:
        raise row.wrong(f"role must be one of {', '.join(roles)}")
    return OfficeKind(row.text("code"), row.text("name"), row.text("role"))


def _posts(posts: Table) -> dict[str, str]:
    for row in posts:
        row.only("code", "name")
    return {row.text("code"): row.text("name") for row in posts}


OFFICE_KINDS: Mapping[str, OfficeKind] = {
    row.text("code"): _office_kind(row) for row in table("office_kinds").keyed()
}
"""所属の種別一覧: every kind of office by code (`law/tables/office_kinds.toml`)."""

POSTS: Mapping[str, str] = _posts(table("posts").keyed())
"""担当一覧: Japanese name of every post by code. A post is a duty, never a rank."""


def _purpose(row: Row) -> Purpose:
    row.only("code", "name", "affairs", "office_kinds", "posts", "functions", "sees", "tree")
    if len(row.text("code")) > 40 or len(str(row.cites[0])) > 40:
        raise row.wrong("code and first citation go into trail columns of 40 characters")
    return Purpose(
        code=row.text("code"),
        name=row.text("name"),
        affairs=row.text("affairs"),
        cites=row.cites,
        office_kinds=row.texts("office_kinds", frozenset(OFFICE_KINDS)),
        posts=row.texts("posts", frozenset(POSTS)),
        functions=row.texts("functions"),
        sees=frozenset(row.texts("sees", SEES)),
        tree=row.text("tree", ""),
        since=row.since,
        until=row.until,
        checked_on=row.checked_on,
    )


def _system_job(row: Row) -> SystemJob:
    row.only("code", "name", "affairs", "sees")
    sees = frozenset(row.texts("sees", SEES))
    return SystemJob(
        row.text("code"),
        row.text("name"),
        row.text("affairs"),
        row.cites,
        sees,
        row.since,
        row.until,
        row.checked_on,
    )


PURPOSES: tuple[Purpose, ...] = tuple(_purpose(row) for row in table("purposes").keyed())
"""利用目的一覧: every row of the purpose table, of every day."""

SYSTEM_JOBS: tuple[SystemJob, ...] = tuple(_system_job(row) for row in table("system_jobs").keyed())
"""機械の仕事一覧: every row of the job table, of every day."""

words(one.name for one in PURPOSES)
words(kind.name for kind in OFFICE_KINDS.values())

_NOT_YOURS = finding(
    "access.purpose_not_yours",
    refuses=True,
    cites=["BRRA 36-2(1)", "STD 10.3"],
    what="「{purpose}」は、今の所属と担当では利用できない事務です。",
    remedy="この事務を担当する所属の職員に引き継いでください。"
    "担当が変わったときは、操作権限の管理担当に登録の変更を依頼してください。",
)
_UNKNOWN = finding(
    "access.purpose_unknown",
    refuses=True,
    cites=["BRRA 36-2(1)", "STD 10.3"],
    what="利用目的の表にない事務のため、利用できません。",
    remedy="画面を開き直し、受付と機能を選んでやり直してください。"
    "続くときは、システム運用担当に連絡してください。",
)


def _in_force(one: Purpose | SystemJob, code: str, on: date) -> bool:
    return one.code == code and one.since <= on and (one.until is None or on <= one.until)


def purpose(code: str, on: date) -> Purpose:
    """利用目的: the purpose with that code as it stood on that day; raises UnknownPurpose."""
    found = next((one for one in PURPOSES if _in_force(one, code, on)), None)
    if found is None:
        raise UnknownPurpose(f"no purpose {code!r} on {on}")
    return found


def purposes_for(office_kind: str, posts: Collection[str], on: date) -> tuple[Purpose, ...]:
    """担当の利用目的: the purposes that these posts in that kind of office had on that day."""
    return tuple(one for one in PURPOSES if may_use(one.code, office_kind, posts, on) is None)


def system_job(job: str, on: date) -> SystemJob:
    """機械の仕事: the job with that code as it stood on that day; raises UnknownPurpose."""
    found = next((one for one in SYSTEM_JOBS if _in_force(one, job, on)), None)
    if found is None:
        raise UnknownPurpose(f"no machine job {job!r} on {on}")
    return found


@rule(cites=["BRRA 36-2(1)", "STD 10.3"], since=date(1967, 11, 10))
def may_use(purpose: str, office_kind: str, posts: Collection[str], on: date) -> Finding | None:
    """住民票の記載事項は、その事務を担当する所属の、その事務を担当する者だけが利用する。

    Only an office charged with the affairs, and who has a post charged with them there, may use
    the register for a purpose; None means that it may.
    """
    found = next((one for one in PURPOSES if _in_force(one, purpose, on)), None)
    if found is None:
        return _UNKNOWN()
    if office_kind in found.office_kinds and not set(found.posts).isdisjoint(posts):
        return None
    return _NOT_YOURS(purpose=found.name)


def not_seen(purpose: str, on: date) -> Finding:
    """見えない項目: what to say where a purpose is used for items that it does not see."""
    return _NOT_YOURS(purpose=next(p.name for p in PURPOSES if _in_force(p, purpose, on)))
