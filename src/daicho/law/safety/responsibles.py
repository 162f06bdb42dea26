"""責任者: who answers for the safety of what is held, in trees that stand side by side.

One tree is for 住基ネット, one for 特定個人情報等. Which position bears a role is each
municipality's own rule (`law/packs`); what a role is there for, and which posts come with it,
stands here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.citation import Article
from daicho.law.purposes import POSTS
from daicho.law.tables import Row, table

TREES: Mapping[str, str] = {
    "juki_net": "住民基本台帳ネットワークシステム",
    "specific_personal_information": "特定個人情報等",
}
"""責任者の系統: the trees of responsibles, by code."""


@dataclass(frozen=True)
class Role:
    """責任者の役割: one responsibility of a tree."""

    code: str
    tree: str
    name: str
    reports_to: str  # the role above, or blank at the top
    posts: tuple[str, ...]  # rows of law/tables/posts.toml that come with it
    cites: tuple[Article, ...]
    since: date
    until: date | None


def _role(row: Row) -> Role:
    row.only("code", "tree", "name", "reports_to", "posts")
    if row.text("tree") not in TREES:
        raise row.wrong(f"tree must be one of {', '.join(TREES)}")
    return Role(
        code=row.text("code"),
        tree=row.text("tree"),
        name=row.text("name"),
        reports_to=row.text("reports_to", ""),
        posts=row.texts("posts", frozenset(POSTS)),
        cites=row.cites,
        since=row.since,
        until=row.until,
    )


ROLES: tuple[Role, ...] = tuple(_role(row) for row in table("responsibles").keyed())
"""責任者の役割の一覧: every row of the table, of every day."""


def roles(on: date) -> tuple[Role, ...]:
    """その日の役割: the roles of both trees on that day, from the top downwards in each."""
    return tuple(one for one in ROLES if one.since <= on and (one.until or on) >= on)


def posts_of(codes: Iterable[str], on: date) -> frozenset[str]:
    """責任に伴う担当: the posts that come with bearing these roles on that day."""
    borne = set(codes)
    return frozenset(post for one in roles(on) if one.code in borne for post in one.posts)
