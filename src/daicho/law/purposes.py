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
        "suppressed",  # 照会が抑止されている者の記載
    }
)
"""見える項目: the classes of items a purpose may let one see (標準仕様書 10.4)."""

REACHES = frozenset({"municipality", "ward"})
"""届く範囲: whose records a purpose reaches: of the whole municipality, or of the office's ward."""

PROTECTED = frozenset({"marked", "withheld"})
"""支援措置の対象者の見え方: shown with the mark, or by name and number alone."""


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
    ground: str  # by which row of the grounds of the 番号法 numbers may be used for it, or blank
    reach: str  # one of REACHES
    protected: str  # one of PROTECTED
    needs_grant: bool  # an emergency: only while a second person has granted it
    since: date
    until: date | None
    checked_on: date

    @property
    def article(self) -> str:
        """The article a trail row shows, as written in code: "BRRA 22(1)"."""
        return str(self.cites[0])

    @property
    def line(self) -> str:
        """決まりの行: by which a decision names this row."""
        return f"purposes:{self.code}@{self.since}"

    @property
    def sees_individual_number(self) -> bool:
        """May an 個人番号 leave the vault for this purpose?"""
        return "individual_number" in self.sees

    def in_force(self, on: date) -> bool:
        """Did the row hold on that day?"""
        return self.since <= on and (self.until is None or on <= self.until)


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
    def line(self) -> str:
        """決まりの行: by which a decision names this row."""
        return f"system_jobs:{self.code}@{self.since}"

    @property
    def sees_individual_number(self) -> bool:
        """May an 個人番号 leave the vault for this job?"""
        return "individual_number" in self.sees

    def in_force(self, on: date) -> bool:
        """Did the row hold on that day?"""
        return self.since <= on and (self.until is None or on <= self.until)


def _office_kind(row: Row) -> OfficeKind:
    row.only("code", "name", "role")
    roles = ("municipality", "prefecture", "centre", "information-network")
    if row.text("role") not in roles:
        raise row.wrong(f"role must be one of {', '.join(roles)}")
    return OfficeKind(row.text("code"), row.text("name"), row.text("role"))


def _posts(posts: Table) -> dict[str, str]:
    for row in posts:
        row.only("code", "name", "to_offices")
    return {row.text("code"): row.text("name") for row in posts}


def _by_person(row: Row) -> str:
    if not row.because:
        raise row.wrong("because must say why a whole office may not have it")
    return row.because


OFFICE_KINDS: Mapping[str, OfficeKind] = {
    row.text("code"): _office_kind(row) for row in table("office_kinds").keyed()
}
"""所属の種別一覧: every kind of office by code (`law/tables/office_kinds.toml`)."""

POSTS: Mapping[str, str] = _posts(table("posts").keyed())
"""担当一覧: Japanese name of every post by code. A post is a duty, never a rank."""

BY_PERSON: Mapping[str, str] = {
    row.text("code"): _by_person(row) for row in table("posts") if not row.flag("to_offices")
}
"""一人ずつ与える担当: why a post is given to persons alone, never to a whole office, by code."""


_ENTRIES = (
    "code",
    "name",
    "affairs",
    "office_kinds",
    "posts",
    "functions",
    "sees",
    "tree",
    "ground",
    "reach",
    "protected",
    "needs_grant",
)


def _among(row: Row, name: str, default: str, known: frozenset[str]) -> str:
    said = row.text(name, default)
    if said not in known:
        raise row.wrong(f"{name} must be one of {', '.join(sorted(known))}")
    return said


def _purpose(row: Row) -> Purpose:
    row.only(*_ENTRIES)
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
        ground=row.text("ground", ""),
        reach=_among(row, "reach", "municipality", REACHES),
        protected=_among(row, "protected", "marked", PROTECTED),
        needs_grant=row.flag("needs_grant") if "needs_grant" in row.entries else False,
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


_BY_CODE: dict[str, list[Purpose]] = {}
for _one in PURPOSES:
    _BY_CODE.setdefault(_one.code, []).append(_one)


def _found(code: str, on: date) -> Purpose | None:
    return next((one for one in _BY_CODE.get(code, ()) if one.in_force(on)), None)


def purpose(code: str, on: date) -> Purpose:
    """利用目的: the purpose with that code as it stood on that day; raises UnknownPurpose."""
    found = _found(code, on)
    if found is None:
        raise UnknownPurpose(f"no purpose {code!r} on {on}")
    return found


def purposes_for(
    office_kind: str, posts: Collection[str], on: date, granted: Collection[str] = ()
) -> tuple[Purpose, ...]:
    """担当の利用目的: the purposes that these posts in that kind of office had on that day.

    Of the emergencies only those in `granted`, the codes granted to the person at this moment.
    """
    return tuple(
        one
        for one in PURPOSES
        if may_use(one.code, office_kind, posts, on) is None
        and (not one.needs_grant or one.code in granted)
    )


def system_job(job: str, on: date) -> SystemJob:
    """機械の仕事: the job with that code as it stood on that day; raises UnknownPurpose."""
    found = next((one for one in SYSTEM_JOBS if one.code == job and one.in_force(on)), None)
    if found is None:
        raise UnknownPurpose(f"no machine job {job!r} on {on}")
    return found


@rule(cites=["BRRA 36-2(1)", "STD 10.3"], since=date(1967, 11, 10))
def may_use(purpose: str, office_kind: str, posts: Collection[str], on: date) -> Finding | None:
    """住民票の記載事項は、その事務を担当する所属の、その事務を担当する者だけが利用する。

    Only an office charged with the affairs, and who has a post charged with them there, may use
    the register for a purpose; None means that it may.
    """
    found = _found(purpose, on)
    if found is None:
        return _UNKNOWN()
    if office_kind in found.office_kinds and not set(found.posts).isdisjoint(posts):
        return None
    return _NOT_YOURS(purpose=found.name)


def not_seen(code: str, on: date) -> Finding:
    """見えない項目: what to say where a purpose is used for items that it does not see."""
    return _NOT_YOURS(purpose=purpose(code, on).name)
