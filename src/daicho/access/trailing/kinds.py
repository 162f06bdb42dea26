"""利用記録の種別 (標準仕様書 10.2): the closed list, and what the rows of each kind must say."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

OWN = "detail."
"""個別の項目: before the name of a field that the events of a kind carry in `detail`."""


@dataclass(frozen=True)
class Kind:
    """種別: its name, and for each thing that it must say where the row says it.

    `asks`: what 10.2 asks, in its words, to columns of `Trail` or own fields; one of them says it.
    """

    code: str
    name: str
    about: str
    asks: Mapping[str, tuple[str, ...]]

    @property
    def own_fields(self) -> frozenset[str]:
        """個別の項目: what every event of the kind carries in `detail`."""
        places = (one for places in self.asks.values() for one in places)
        return frozenset(one.removeprefix(OWN) for one in places if one.startswith(OWN))


def _kind(code: str, row: Mapping[str, Any]) -> Kind:
    asks = {what: tuple(places) for what, places in row["asks"].items()}
    return Kind(code, row["name"], row["about"], asks)


KINDS: Mapping[str, Kind] = {
    code: _kind(code, row)
    for code, row in tomllib.loads(
        files(__package__).joinpath("kinds.toml").read_text("utf-8")
    ).items()
}
"""種別一覧: every kind by code, in the order of the standard."""


def checked(events: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Mapping[str, Any]]:
    """種別の確認: the events, each of a kind whose own fields it carries; asserted at import."""
    for code, row in events.items():
        kind = KINDS.get(row.get("kind", ""))
        assert kind, f"{code}: kind = one of {', '.join(KINDS)} (trail_events.toml)"
        missing = kind.own_fields - set(row["fields"])
        assert not missing, f"{code}: what is {kind.name} carries {sorted(missing)} too"
    return events


def events_of(kind: str, events: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """種別の利用: the codes of the events of a kind."""
    return tuple(code for code, row in events.items() if row["kind"] == kind)
