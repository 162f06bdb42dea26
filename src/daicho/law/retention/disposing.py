"""廃棄の手続: a list is proposed, another person decides on it, and only then is it carried out.

The list says which records' numbers are due and why, never a number. Who decides is a responsible
of 特定個人情報等 who did not propose it; he may take lines off, with a reason, and add none.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.retention.of_numbers import SINCE
from daicho.law.rule import Finding, finding, rule
from daicho.law.safety.designating import designators

TREE = "specific_personal_information"
"""廃棄を決める責任者の系統: a row of the trees of responsibles."""

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

_OPEN = finding(
    "mna20.disposal_open",
    refuses=True,
    cites=["MNA 20", "MNA 12"],
    what="終わっていない廃棄の一覧があります。",
    remedy="その一覧の承認と廃棄を終えてから、次の一覧を作ってください。",
)
_NOTHING = finding(
    "mna20.nothing_due",
    refuses=True,
    cites=["MNA 20", "BRRO 34(1)"],
    what="廃棄すべき個人番号はありません。",
    remedy="必要と保存期間の両方が終わった番号が見つかったときに、一覧ができます。何もしなくて構いません。",
)
_OWN = finding(
    "mna20.disposal_own",
    refuses=True,
    cites=["MNA 12", "MNA 20"],
    what="自分が作った廃棄の一覧を、自分で承認することはできません。",
    remedy="{decider}のうち、一覧を作った者とは別の者に依頼してください。",
)
_NOT_RESPONSIBLE = finding(
    "mna20.disposal_not_responsible",
    refuses=True,
    cites=["MNA 12", "MNA 20"],
    what="個人番号の廃棄は、{decider}だけが決められます。",
    remedy="{decider}に依頼してください。",
)
_DECIDED = finding(
    "mna20.disposal_decided",
    refuses=True,
    cites=["MNA 20"],
    what="この一覧は、もう決められています。",
    remedy="画面を開き直して、今の状態を確かめてください。",
)
_CHANGED = finding(
    "mna20.disposal_changed",
    refuses=True,
    cites=["MNA 20", "MNA 12"],
    what="画面に示した後で、一覧の内容が変わっています。",
    remedy="画面を開き直して、行を確かめてから決めてください。",
)
_EMPTY = finding(
    "mna20.disposal_empty",
    refuses=True,
    cites=["MNA 20"],
    what="廃棄する行が残っていません。",
    remedy="すべての行を外したときは、「承認しない」を選んでください。",
)
_NOT_APPROVED = finding(
    "mna20.disposal_not_approved",
    refuses=True,
    cites=["MNA 20", "MNA 12"],
    what="承認された一覧だけを廃棄できます。",
    remedy="一覧の状態を確かめてください。承認は、一覧を作った者とは別の責任者が行います。",
)
_ALTERED = finding(
    "mna20.disposal_altered",
    refuses=True,
    cites=["MNA 20", "MNA 12"],
    what="承認された後で、一覧の内容が書き換えられています。廃棄していません。",
    remedy="利用記録の点検担当と{decider}に、一覧の番号を示して知らせてください。",
)


_NOT_STOPPABLE = finding(
    "mna20.disposal_not_stoppable",
    refuses=True,
    cites=["MNA 20", "MNA 12"],
    what="止められるのは、承認されて、まだ廃棄を終えていない一覧だけです。",
    remedy="画面を開き直して、今の状態を確かめてください。廃棄した番号は元に戻せません。",
)
_NOT_PROVEN = finding(
    "mna20.disposal_not_proven",
    refuses=True,
    cites=["MNA 20", "MNA 12"],
    what="この一覧の内容は、利用記録に残る証しと合いません。廃棄証明は出せません。",
    remedy="利用記録の点検担当と{decider}に、一覧の番号を示して知らせてください。",
)
_NOT_DONE = finding(
    "mna20.disposal_not_done",
    refuses=True,
    cites=["MNA 20"],
    what="廃棄を終えた一覧だけに、証明を出せます。",
    remedy="承認された一覧であれば、先に廃棄してください。",
)


@dataclass(frozen=True)
class Disposal:
    """廃棄の一覧: the facts of one, by which each step is judged."""

    state: str
    proposed_by: int
    lines_left: int  # lines that are not taken off


def _decider(on: date) -> str:
    return designators(TREE, on)[0].name


@rule(cites=["MNA 20", "MNA 12"], since=SINCE)
def came_between(step: str, why: str, on: date) -> Finding:
    """一覧は、示されたままのものを決め、承認されたままのものを廃棄する。

    What is said where the database finds a list other than it was just judged. `step`: propose,
    take_off, decide, stop, carry_out. `why`: state, own, or altered, which before the decision is
    another content than was shown, and after it a forgery.
    """
    decider = _decider(on)
    if step == "propose":
        return _OPEN()
    if step == "stop":
        return _NOT_STOPPABLE()
    if step == "carry_out":
        return _ALTERED(decider=decider) if why == "altered" else _NOT_APPROVED()
    if why == "own":
        return _OWN(decider=decider)
    return _CHANGED() if why == "altered" else _DECIDED()


@rule(cites=["MNA 20", "MNA 12"], since=SINCE)
def may_propose(has_open: bool, found: int, on: date) -> Finding | None:
    """廃棄の一覧は、一つずつ、廃棄すべき番号があるときに作る。

    One list at a time, and none with nothing in it; `found` counts what is due.
    """
    del on  # so it was on every day of its force
    if has_open:
        return _OPEN()
    return None if found else _NOTHING()


@rule(cites=["MNA 20", "MNA 12"], since=SINCE)
def may_decide(
    disposal: Disposal, decider: int, roles_borne: Collection[str], on: date
) -> Finding | None:
    """廃棄は、一覧を作った者とは別の、特定個人情報等の責任者の役割を負う者が、一度だけ決める。

    Another person than who proposed it, who bears the role of that tree, decides once.
    """
    if decider == disposal.proposed_by:
        return _OWN(decider=_decider(on))
    if not any(one.code in roles_borne for one in designators(TREE, on)):
        return _NOT_RESPONSIBLE(decider=_decider(on))
    return None if disposal.state == "proposed" else _DECIDED()


@rule(cites=["MNA 20", "MNA 12"], since=SINCE)
def may_approve(disposal: Disposal, on: date) -> Finding | None:
    """行がすべて外された一覧は、承認しない。

    A list of which every line was taken off is not approved but refused.
    """
    del on  # so it was on every day of its force
    return None if disposal.lines_left else _EMPTY()


@rule(cites=["MNA 20", "MNA 12"], since=SINCE)
def may_carry_out(disposal: Disposal, on: date) -> Finding | None:
    """廃棄は、承認された一覧に従って行う。

    Only an approved list is carried out, as often as it takes to come to its end.
    """
    del on  # so it was on every day of its force
    return None if disposal.state == "approved" else _NOT_APPROVED()


@rule(cites=["MNA 20", "MNA 12"], since=SINCE)
def may_stop(disposal: Disposal, roles_borne: Collection[str], on: date) -> Finding | None:
    """承認された廃棄は、特定個人情報等の責任者の役割を負う者が、いつでも止められる。

    Whoever bears the role of that tree stops what is approved and not yet carried out.
    """
    if not any(one.code in roles_borne for one in designators(TREE, on)):
        return _NOT_RESPONSIBLE(decider=_decider(on))
    return None if disposal.state == "approved" else _NOT_STOPPABLE()


@rule(cites=["MNA 20", "MNA 12"], since=SINCE)
def may_certify(disposal: Disposal, is_altered: bool, on: date) -> Finding | None:
    """廃棄は、終えたものを、利用記録に残る証しと合うときに限り、証明する。

    Only what is done is certified, and only where the trail bears it out.
    """
    if disposal.state != "done":
        return _NOT_DONE()
    return _NOT_PROVEN(decider=_decider(on)) if is_altered else None
