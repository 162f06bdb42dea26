"""表の頁: trail events, findings, purposes and items, from their lists."""

from collections.abc import Iterator

from daicho.access import trail
from daicho.access.trailing.kinds import KINDS
from daicho.law import purposes
from daicho.law.citation import printed
from daicho.law.rule import FINDINGS
from daicho.law.safety import grounds
from daicho.law.safety.masking import MASKABLE
from daicho.site.reference import laws, markdown
from daicho.site.reference.markdown import code
from daicho.terms.records import ITEMS

assert laws.ALL, "the rules and findings are registered by importing them"


def trail_page() -> str:
    """docs/reference/trail.md."""
    about = (
        "One row of `access.models.Trail` is written for each of these, in the transaction of what"
        " it tells of. Beside the event's own fields every row has moment, transaction, operator,"
        " office, terminal, ward, purpose or job, article, number of subjects and `request_id`."
        " Fields hold codes and counts only. The table is `access/trail_events.toml`; what each of"
        " the seven kinds must say stands in `access/trailing/kinds.toml`."
    )
    rows = [
        [
            code(event),
            KINDS[row["kind"]].name,
            row["name"],
            ", ".join(map(code, row["fields"])),
            row["holds"],
            row["kept"],
        ]
        for event, row in sorted(trail.EVENTS.items())
    ]
    head = ("event", "種別", "利用", "own fields", "個人に関する内容", "保存")
    return markdown.page("Trail events", about, markdown.table(head, rows))


def findings_page() -> str:
    """docs/reference/findings.md."""
    about = (
        "What the rules of `law` may find. エラー blocks, アラート asks and may go on. A code means"
        " one thing for ever and is never reused; its texts may be improved."
    )
    rows = [
        [
            code(name),
            "エラー" if kind.refuses else "アラート",
            kind.what,
            kind.remedy,
            printed(kind.articles),
        ]
        for name, kind in sorted(FINDINGS.items())
    ]
    head = ("code", "種別", "内容", "対応", "根拠")
    return markdown.page("Findings", about, markdown.table(head, rows))


def purposes_page() -> str:
    """docs/reference/purposes.md."""
    about = (
        "Who may look, for which 事務, under which article (`law/tables/purposes.toml`), and the"
        " jobs that run without an operator (`law/tables/system_jobs.toml`). A purpose comes from"
        " the work at hand, never from a question."
    )
    people = [
        [
            code(one.code),
            one.name,
            "、".join(purposes.OFFICE_KINDS[kind].name for kind in one.office_kinds),
            "、".join(purposes.POSTS[post] for post in one.posts),
            ", ".join(map(code, sorted(one.sees))),
            ", ".join(_conditions(one)),
            printed(one.cites),
        ]
        for one in sorted(purposes.PURPOSES, key=lambda one: (one.code, one.since))
    ]
    jobs = [
        [code(one.code), one.name, ", ".join(map(code, sorted(one.sees))), printed(one.cites)]
        for one in sorted(purposes.SYSTEM_JOBS, key=lambda one: (one.code, one.since))
    ]
    bases = [[code(one.code), one.name, printed(one.cites)] for one in grounds.GROUNDS]
    return markdown.page(
        "Purposes",
        about,
        "## Of operators",
        markdown.table(("code", "事務", "所属", "担当", "sees", "条件", "根拠"), people),
        "## Of machines",
        markdown.table(("code", "仕事", "sees", "根拠"), jobs),
        "## 個人番号を扱う根拠",
        markdown.table(("code", "根拠", "条項"), bases),
        "## 操作者ごとに表示しない設定のできる項目",
        markdown.table(("code", "項目"), [[code(one), name] for one, name in MASKABLE.items()]),
    )


def _conditions(one: purposes.Purpose) -> Iterator[str]:
    """What a purpose asks beside office and post, and what it cuts."""
    if one.tree:
        yield f"tree {code(one.tree)}"
    if one.ground:
        yield f"ground {code(one.ground)}"
    if one.reach == "ward":
        yield "ward"
    if one.protected == "withheld":
        yield "protected withheld"
    if one.needs_grant:
        yield "grant"


def items_page() -> str:
    """docs/reference/items.md."""
    about = (
        "The managed items of the 住民票 and the 除票, in their order. They are stated once, in"
        " `terms.records`; columns, import layout and forms are made from there. `chars` counts"
        " code points."
    )
    rows = [
        [
            code(one.column),
            one.japanese,
            code(one.kind.value),
            str(one.chars_max),
            code(one.holders.value),
            code(one.blank.value),
            one.article,
        ]
        for one in ITEMS
    ]
    head = ("item", "管理項目", "kind", "chars", "holders", "blank", "article")
    return markdown.page("Managed items", about, markdown.table(head, rows))
