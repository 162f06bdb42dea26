"""廃棄の手続: a list is proposed, another person decides on it, and only then is it carried out.

The list says what is due and why, never a number and nobody's name. Two matters: `numbers`, the
個人番号 of records (番号法20条), and `records`, what is kept of the work itself. Who decides is a
responsible of the tree of that matter who did not propose it; he may take lines off, with a reason,
and add none.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.retention import kinds
from daicho.law.retention.of_numbers import SINCE
from daicho.law.rule import Finding, FindingKind, finding, rule
from daicho.law.safety.designating import designators

NUMBERS, RECORDS = "numbers", "records"
TREES: Mapping[str, str] = {NUMBERS: "specific_personal_information", RECORDS: "juki_net"}
"""廃棄を決める責任者の系統: of each matter a row of the trees of responsibles."""

STATES: Mapping[str, str] = {
    "proposed": "承認待ち",
    "refused": "承認されなかった",
    "approved": "承認済み（廃棄の途中を含む）",
    "done": "廃棄済み",
}
"""廃棄の一覧の状態: by code."""

OUTCOMES: Mapping[str, str] = {
    "": "まだ",
    "destroyed": "廃棄した",
    "kept": "残した（また必要になった）",
    "stopped": "残した（責任者が止めた）",
    "gone": "もうなかった",
}
"""行の結果: by code."""

REASONS: Mapping[str, str] = {
    "needed": "ほかの事務でまだ必要",
    "disputed": "請求、争訟又は調査に関わる",
    "wrong": "廃棄の理由が事実と合わない",
}
"""行を外す理由: by code; no text is typed, so that nobody is named in it."""

HOLDS: Mapping[str, str] = {code: REASONS[code] for code in ("disputed", "needed")}
"""差止めの理由: by code."""

_WORDS = {NUMBERS: "個人番号", RECORDS: "保存期間の過ぎた記録"}
_PREFIXES = {NUMBERS: "mna20", RECORDS: "brra36-2"}
_CITES = {NUMBERS: ("MNA 20", "MNA 12"), RECORDS: ("BRRA 36-2(1)",)}


def _of_each(
    name: str, what: str, remedy: str, also: Mapping[str, tuple[str, ...]] | None = None
) -> Mapping[str, FindingKind]:
    """One finding for each matter, under its own article; `also` gives one other articles."""
    cites = {**_CITES, **(also or {})}
    return {
        of: finding(
            f"{prefix}.{name}",
            refuses=True,
            cites=cites[of],
            what=what.replace("［もの］", _WORDS[of]),
            remedy=remedy,
        )
        for of, prefix in _PREFIXES.items()
    }


_ONLY_MNA_20 = {NUMBERS: ("MNA 20",)}
_OPEN = _of_each(
    "disposal_open",
    "終わっていない廃棄の一覧があります。",
    "その一覧の承認と廃棄を終えてから、次の一覧を作ってください。",
)
_NOTHING = _of_each(
    "nothing_due",
    "廃棄すべき［もの］はありません。",
    "必要と保存期間の両方が終わったものが見つかったときに、一覧ができます。何もしなくて構いません。",
    {NUMBERS: ("MNA 20", "BRRO 34(1)")},
)
_OWN = _of_each(
    "disposal_own",
    "自分が作った廃棄の一覧を、自分で承認することはできません。",
    "{decider}のうち、一覧を作った者とは別の者に依頼してください。",
)
_NOT_RESPONSIBLE = _of_each(
    "disposal_not_responsible",
    "［もの］の廃棄は、{decider}だけが決められます。",
    "{decider}に依頼してください。",
)
_DECIDED = _of_each(
    "disposal_decided",
    "この一覧は、もう決められています。",
    "画面を開き直して、今の状態を確かめてください。",
    _ONLY_MNA_20,
)
_CHANGED = _of_each(
    "disposal_changed",
    "画面に示した後で、一覧の内容が変わっています。",
    "画面を開き直して、行を確かめてから決めてください。",
)
_EMPTY = _of_each(
    "disposal_empty",
    "廃棄する行が残っていません。",
    "すべての行を外したときは、「承認しない」を選んでください。",
    _ONLY_MNA_20,
)
_NOT_APPROVED = _of_each(
    "disposal_not_approved",
    "承認された一覧だけを廃棄できます。",
    "一覧の状態を確かめてください。承認は、一覧を作った者とは別の責任者が行います。",
)
_ALTERED = _of_each(
    "disposal_altered",
    "承認された後で、一覧の内容が書き換えられています。廃棄していません。",
    "利用記録の点検担当と{decider}に、一覧の番号を示して知らせてください。",
)
_NOT_STOPPABLE = _of_each(
    "disposal_not_stoppable",
    "止められるのは、承認されて、まだ廃棄を終えていない一覧だけです。",
    "画面を開き直して、今の状態を確かめてください。廃棄したものは元に戻せません。",
)
_NOT_PROVEN = _of_each(
    "disposal_not_proven",
    "この一覧の内容は、利用記録に残る証しと合いません。廃棄証明は出せません。",
    "利用記録の点検担当と{decider}に、一覧の番号を示して知らせてください。",
)
_NOT_DONE = _of_each(
    "disposal_not_done",
    "廃棄を終えた一覧だけに、証明を出せます。",
    "承認された一覧であれば、先に廃棄してください。",
    _ONLY_MNA_20,
)
_DECIDER_CARRIES = finding(
    "brra36-2.disposal_by_decider",
    refuses=True,
    cites=["BRRA 36-2(1)"],
    what="承認した者は、その一覧の廃棄を自分で行うことができません。",
    remedy="システム運用の担当者のうち、承認した者とは別の者に依頼してください。",
)
_BUSY = finding(
    "brra36-2.disposal_busy",
    refuses=True,
    cites=["BRRA 36-2(1)"],
    what="行は廃棄しましたが、ほかの処理が使っているため、表のファイルを書き直せませんでした。",
    remedy="控えの作成などが終わってから、もう一度「廃棄する」を押してください。続きから行います。",
)
_LARGE = finding(
    "brra36-2.disposal_large",
    refuses=True,
    cites=["BRRA 36-2(1)"],
    what="表が大きく、書き直す間は窓口の事務が止まるので、画面からは廃棄しません。",
    remedy=(
        "窓口を閉めた時間に、サーバーで「./daicho manage record_disposal carry_out 一覧の番号"
        " --as 操作者ID」を実行してください。"
    ),
)
_LEFT = finding(
    "brra36-2.disposal_left",
    refuses=True,
    cites=["BRRA 36-2(1)"],
    what="廃棄した後の点検で、廃棄したはずの行が見つかりました。一覧は閉じていません。",
    remedy="利用記録の点検担当と{decider}に、一覧の番号を示して知らせてください。",
)


_OTHER_FIRST = finding(
    "brra36-2.disposal_other_first",
    refuses=False,
    cites=["BRRA 36-2(1)"],
    what="期間の過ぎた除票がありますが、「{first}」が残っているため、まだ廃棄できません。",
    remedy="「{first}」の期間が過ぎて廃棄を終えると、次の一覧に出ます。"
    "受領されていない電文や誤りの残る電文があれば、先に対処してください。送信を保留したままの者は、保留を解いてください。",
)


@dataclass(frozen=True)
class Disposal:
    """廃棄の一覧: the facts of one, by which each step is judged.

    `proposed_by` is None where the machine proposed it by itself.
    """

    state: str
    proposed_by: int | None
    lines_left: int  # lines that are not taken off
    of: str = NUMBERS


def _decider(of: str, on: date) -> str:
    return designators(TREES[of], on)[0].name


@rule(cites=["MNA 20", "MNA 12", "BRRA 36-2(1)"], since=SINCE)
def came_between(step: str, why: str, on: date, of: str = NUMBERS) -> Finding:
    """一覧は、示されたままのものを決め、承認されたままのものを廃棄する。

    What is said where the database finds a list other than it was just judged. `step`: propose,
    take_off, decide, stop, carry_out. `why`: state, own, altered (before the decision another
    content than was shown, after it a forgery), busy, large or left.
    """
    decider = _decider(of, on)
    if step == "propose":
        return _OPEN[of]()
    if step == "stop":
        return _NOT_STOPPABLE[of]()
    if step == "carry_out":
        return _not_carried_out(of, why, decider)
    if why == "own":
        return _OWN[of](decider=decider)
    return _CHANGED[of]() if why == "altered" else _DECIDED[of]()


def _not_carried_out(of: str, why: str, decider: str) -> Finding:
    found = {
        "altered": _ALTERED[of](decider=decider),
        "own": _DECIDER_CARRIES(),
        "busy": _BUSY(),
        "large": _LARGE(),
        "left": _LEFT(decider=decider),
    }
    return found.get(why) or _NOT_APPROVED[of]()


@rule(cites=["MNA 20", "MNA 12", "BRRA 36-2(1)"], since=SINCE)
def may_propose(has_open: bool, found: int, on: date, of: str = NUMBERS) -> Finding | None:
    """廃棄の一覧は、一つずつ、廃棄すべきものがあるときに作る。

    One list at a time, and none with nothing in it; `found` counts what is due.
    """
    del on  # so it was on every day of its force
    if has_open:
        return _OPEN[of]()
    return None if found else _NOTHING[of]()


@rule(cites=["BRRA 36-2(1)"], since=SINCE)
def goes_first(first: str, on: date) -> Finding:
    """除票は、その者についての送信の記録をすべて廃棄した後に廃棄する。

    What is said where a month waits for a kind of the table of periods that goes first.
    """
    return _OTHER_FIRST(first=kinds.kind(first, on).name)


@rule(cites=["MNA 20", "MNA 12", "BRRA 36-2(1)"], since=SINCE)
def may_decide(
    disposal: Disposal, decider: int, roles_borne: Collection[str], on: date
) -> Finding | None:
    """廃棄は、一覧を作った者とは別の、その系統の責任者の役割を負う者が、一度だけ決める。

    Another person than who proposed it, who bears the role of that tree, decides once.
    """
    of = disposal.of
    if decider == disposal.proposed_by:
        return _OWN[of](decider=_decider(of, on))
    if not any(one.code in roles_borne for one in designators(TREES[of], on)):
        return _NOT_RESPONSIBLE[of](decider=_decider(of, on))
    return None if disposal.state == "proposed" else _DECIDED[of]()


@rule(cites=["MNA 20", "MNA 12", "BRRA 36-2(1)"], since=SINCE)
def may_approve(disposal: Disposal, on: date) -> Finding | None:
    """行がすべて外された一覧は、承認しない。

    A list of which every line was taken off is not approved but refused.
    """
    del on  # so it was on every day of its force
    return None if disposal.lines_left else _EMPTY[disposal.of]()


@rule(cites=["MNA 20", "MNA 12", "BRRA 36-2(1)"], since=SINCE)
def may_carry_out(disposal: Disposal, on: date) -> Finding | None:
    """廃棄は、承認された一覧に従って行う。

    Only an approved list is carried out, as often as it takes to come to its end.
    """
    del on  # so it was on every day of its force
    return None if disposal.state == "approved" else _NOT_APPROVED[disposal.of]()


@rule(cites=["MNA 20", "MNA 12", "BRRA 36-2(1)"], since=SINCE)
def may_stop(disposal: Disposal, roles_borne: Collection[str], on: date) -> Finding | None:
    """承認された廃棄は、その系統の責任者の役割を負う者が、いつでも止められる。

    Whoever bears the role of that tree stops what is approved and not yet carried out.
    """
    of = disposal.of
    if not any(one.code in roles_borne for one in designators(TREES[of], on)):
        return _NOT_RESPONSIBLE[of](decider=_decider(of, on))
    return None if disposal.state == "approved" else _NOT_STOPPABLE[of]()


@rule(cites=["BRRA 36-2(1)"], since=SINCE)
def may_hold(roles_borne: Collection[str], on: date) -> Finding | None:
    """記録の廃棄を差し止め、差止めを解くのは、その系統の責任者の役割を負う者である。

    Whoever bears the role of that tree holds records back from disposal, and lifts it again.
    """
    if any(one.code in roles_borne for one in designators(TREES[RECORDS], on)):
        return None
    return _NOT_RESPONSIBLE[RECORDS](decider=_decider(RECORDS, on))


@rule(cites=["MNA 20", "MNA 12", "BRRA 36-2(1)"], since=SINCE)
def may_certify(disposal: Disposal, is_altered: bool, on: date) -> Finding | None:
    """廃棄は、終えたものを、利用記録に残る証しと合うときに限り、証明する。

    Only what is done is certified, and only where the trail bears it out.
    """
    of = disposal.of
    if disposal.state != "done":
        return _NOT_DONE[of]()
    return _NOT_PROVEN[of](decider=_decider(of, on)) if is_altered else None
