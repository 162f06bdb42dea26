"""操作者の登録: a person's account, its lock, and a forgotten password or a lost key."""

from dataclasses import dataclass
from datetime import date

from daicho.access.acting import roles_of
from daicho.access.entering import factors, leaves
from daicho.access.models import Office, Operator
from daicho.access.people.registering import NotThere, alone, held, refuse, step
from daicho.access.permits import Permit, demand_work, look
from daicho.law.rule import Finding
from daicho.law.safety import designating, entering, giving

EVENT = "operator_changed"


@dataclass(frozen=True)
class NewOperator:
    """新しい操作者: who it is, where the person belongs, and in which days the account works."""

    login: str
    name: str
    office: str
    kind: str  # a row of law/tables/operator_kinds.toml
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True)
class Registered:
    """登録の内容: what of an account may become another: all but the login."""

    name: str
    office: str
    kind: str
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True)
class Opened:
    """登録された操作者: the key, and the initial password, blank where a repeat asks again."""

    operator_id: int
    password: str


def open_account(permit: Permit, new: NewOperator) -> Opened:
    """操作者の登録: an account without any right; the initial password is given once."""
    demand_work(permit, "operators")
    with step(permit, EVENT, "accounts.open") as is_new:
        alone(f"login {new.login}")
        before = Operator.objects.filter(login=new.login).first()
        if not is_new and before is not None:
            return Opened(before.pk, "")
        wrong = entering.account_days(new.from_on, new.until_on, None, over=False, on=permit.on)
        refuse([giving.login_free(before is not None, on=permit.on), wrong])
        office = Office.objects.filter(code=new.office).first()
        if office is None:
            raise NotThere(new.office)
        operator = Operator(
            login=new.login,
            name=new.name,
            office=office,
            kind=new.kind,
            from_on=new.from_on,
            until_on=new.until_on,
        )
        operator.set_unusable_password()
        operator.save()
        _trail(permit, operator.pk, "added")
        password = leaves.reset_password(_giver(permit), operator, permit.request_id)
    return Opened(operator.pk, password)


def change(permit: Permit, operator_id: int, registered: Registered) -> None:
    """登録の変更: another name, office, kind, or other days; the rights stay as they are.

    Refused where it would lift what a contractor's person is asked for, set a last day gone by, or
    bring back whose account is over. The trail keeps what changed, before and after; no names.
    """
    demand_work(permit, "operators")
    with step(permit, EVENT, "accounts.change", operator_id) as is_new:
        if not is_new:
            return
        operator = held(permit, operator_id)
        office = Office.objects.filter(code=registered.office).first()
        if office is None:
            raise NotThere(registered.office)
        refuse(_hindering(permit, operator, registered))
        before = _codes(operator)
        operator.name, operator.kind, operator.office = registered.name, registered.kind, office
        operator.from_on, operator.until_on = registered.from_on, registered.until_on
        operator.save(update_fields=["name", "kind", "office", "from_on", "until_on"])
        _trail(permit, operator_id, "changed", **_changed(before, _codes(operator)))


def _hindering(permit: Permit, operator: Operator, registered: Registered) -> list[Finding | None]:
    until_before = operator.until_on
    over = entering.is_over(operator.is_active, until_before, permit.on)
    days = (registered.from_on, registered.until_on, until_before)
    borne = roles_of(operator.pk, permit.on)
    return [
        entering.stays(operator.kind, registered.kind, on=permit.on),
        entering.account_days(*days, over=over, on=permit.on),
        designating.may_bear(registered.kind, borne, on=permit.on),
    ]


def _codes(operator: Operator) -> dict[str, str]:
    """What the trail may keep of an account: codes and days, no name."""
    return {
        "kind": operator.kind,
        "office": operator.office.code,
        "from_on": operator.from_on.isoformat() if operator.from_on else "",
        "until_on": operator.until_on.isoformat() if operator.until_on else "",
    }


def _changed(before: dict[str, str], after: dict[str, str]) -> dict[str, str]:
    """Each code that is another now, with the one before beside it."""
    names = [name for name in after if after[name] != before[name]]
    was = {f"{name}_before": before[name] for name in names}
    return {name: after[name] for name in names} | was


def unlock(permit: Permit, operator_id: int) -> None:
    """停止の解除: the lock after repeated failures ends before its time."""
    demand_work(permit, "operators")
    with step(permit, EVENT, "accounts.unlock", operator_id) as is_new:
        if is_new:
            operator = held(permit, operator_id)
            operator.failures, operator.locked_until = 0, None
            operator.save(update_fields=["failures", "locked_until"])
            _trail(permit, operator_id, "unlocked")


def reset_password(permit: Permit, operator_id: int) -> str:
    """初期パスワードの再発行: a fresh one, shown once; blank where a repeat asks again."""
    demand_work(permit, "operators")
    with step(permit, EVENT, "accounts.reset_password", operator_id) as is_new:
        if not is_new:
            return ""
        operator = held(permit, operator_id)
        return leaves.reset_password(_giver(permit), operator, permit.request_id)


def allow_registration(permit: Permit, operator_id: int) -> None:
    """登録の許可: the person may register one authenticator, for a short time."""
    demand_work(permit, "operators")
    event = "registration_leave_given"
    with step(permit, event, "accounts.allow_registration", operator_id) as is_new:
        if is_new:
            operator = held(permit, operator_id)
            leaves.give(_giver(permit), operator, permit.request_id)


def remove_factor(permit: Permit, operator_id: int, factor_id: int) -> None:
    """認証器の取消し: a lost or suspended authenticator opens nothing any more."""
    demand_work(permit, "operators")
    with step(permit, "factor_removed", "accounts.remove_factor", operator_id) as is_new:
        if is_new:
            remove_held(permit, held(permit, operator_id), factor_id)


def remove_held(permit: Permit, operator: Operator, factor_id: int) -> None:
    """Remove a factor of an operator who is locked, in the running transaction; trailed."""
    factors.remove(
        operator,
        factor_id,
        by=_giver(permit),
        terminal=permit.actor.terminal if permit.actor else "",
        request_id=permit.request_id,
    )


def _giver(permit: Permit) -> Operator | None:
    return Operator.objects.get(pk=permit.actor.operator_id) if permit.actor else None


def _trail(permit: Permit, operator_id: int, what: str, **changed: str) -> None:
    detail: dict[str, int | str] = {"operator": operator_id, "what": what, **changed}
    look(permit, EVENT, f"people.accounts.{what}", detail=detail)
