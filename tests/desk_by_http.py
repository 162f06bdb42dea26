"""A counter as people reach it: forms of a running town, filled in and sent by HTTP."""

import re
from urllib.parse import urlencode

from processes import Visitor
from web.pages import Form, Forms, form_in

_RECEPTION = re.compile(r"/(?:inquiry|change)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


class Counter:
    """A clerk who has signed in at a terminal of that town."""

    def __init__(self, clerk: Visitor) -> None:
        self._clerk = clerk

    def reads(self, path: str) -> str:
        """The page as it is sent."""
        return self._clerk.get(path)[1]

    def changes(
        self, work: str, basis: str, about: str, received: dict[str, str], **typed: str
    ) -> str:
        """Receive, fill in the form of that record, confirm all that is asked; gives the 受付."""
        reception = self._receives(work, basis, received)
        path = f"/change/{reception}/{about}"
        form = form_in(self.reads(path))
        sheet = self._sends(path, {**form.typed, **typed, "do": "check"})[1]
        form = form_in(sheet)
        assert "record" in form.buttons, re.sub(r"<[^>]+>|\s+", " ", sheet)
        address, _ = self._sends(path, {**form.typed, "do": "record"}, form.ticks)
        assert address.endswith("told=recorded"), address
        return reception

    def _receives(self, work: str, basis: str, received: dict[str, str]) -> str:
        path = f"/reception/new/{work}?basis={basis}"
        form = _received(self.reads(path))
        address, page = self._sends(path, {**form.typed, "basis": basis, **received})
        found = _RECEPTION.search(address)
        assert found is not None, re.sub(r"<[^>]+>|\s+", " ", page)
        return found[1]

    def _sends(
        self, path: str, typed: dict[str, str], ticks: list[str] | None = None
    ) -> tuple[str, str]:
        pairs = [*typed.items(), *(("accept", one) for one in ticks or ())]
        return self._clerk.sends(path, urlencode(pairs).encode())


def _received(page: str) -> Form:
    parser = Forms()
    parser.feed(page)
    return next(one for one in parser.forms if "request_id" in one.typed)
