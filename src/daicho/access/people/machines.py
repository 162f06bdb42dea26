"""端末の登録: terminals with room and zone; the browser's own key is of `access.terminals`."""

from daicho.access import presences, terminals
from daicho.access.models import Office, Terminal
from daicho.access.people.registering import NotThere, alone, refuse, step
from daicho.access.permits import Permit, demand_work, look
from daicho.law.safety import giving

EVENT = "terminal_changed"


def add(permit: Permit, office_code: str, code: str, name: str, room: str, zone: str) -> None:
    """端末の登録: a terminal of an office; its code stands in every record made there."""
    demand_work(permit, "terminals")
    with step(permit, EVENT, "machines.add") as is_new:
        if not is_new:
            return
        alone(f"terminal {code}")
        is_taken = Terminal.objects.filter(code=code).exists()
        refuse([giving.terminal_free(is_taken, on=permit.on)])
        office = Office.objects.filter(code=office_code).first()
        if office is None:
            raise NotThere(office_code)
        Terminal.objects.create(code=code, name=name, room=room, office=office, zone=zone)
        _trail(permit, code, "added", zone=zone)


def change(permit: Permit, code: str, name: str, room: str, zone: str) -> None:
    """端末の変更: another name, room or zone."""
    demand_work(permit, "terminals")
    with step(permit, EVENT, "machines.change") as is_new:
        if is_new:
            terminal = _held(code)
            before = terminal.zone
            terminal.name, terminal.room, terminal.zone = name, room, zone
            terminal.save(update_fields=["name", "room", "zone"])
            _trail(permit, code, "changed", zone=zone, zone_before=before)


def retire(permit: Permit, code: str) -> None:
    """端末の廃止: nobody works there any more; its code is never given again."""
    demand_work(permit, "terminals")
    with step(permit, EVENT, "machines.retire") as is_new:
        if is_new:
            terminal = _held(code)
            terminals.forget(permit.actor, code)
            terminal.retired_on = permit.on
            terminal.save(update_fields=["retired_on"])
            presences.end_at(code, permit.request_id)
            _trail(permit, code, "retired")


def issue_code(permit: Permit, code: str) -> str:
    """登録番号の発行: by which a browser becomes that terminal; blank where a repeat asks again."""
    demand_work(permit, "terminals")
    with step(permit, "terminal_code_issued", "machines.issue_code") as is_new:
        if not is_new:
            return ""
        _held(code)
        return terminals.issue_code(permit.actor, code)


def forget(permit: Permit, code: str) -> None:
    """登録の取消し: no browser is that terminal, until another code is typed."""
    demand_work(permit, "terminals")
    with step(permit, "terminal_forgotten", "machines.forget") as is_new:
        if is_new:
            _held(code)
            terminals.forget(permit.actor, code)


def _held(code: str) -> Terminal:
    found = Terminal.objects.select_for_update().filter(code=code, retired_on=None).first()
    if found is None:
        raise NotThere(code)
    return found


def _trail(permit: Permit, code: str, what: str, **zones: str) -> None:
    detail = {"terminal": code, "what": what, **zones}
    look(permit, EVENT, f"people.machines.{what}", detail=detail)
