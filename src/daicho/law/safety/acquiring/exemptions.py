"""利用目的の明示を要しない場合 (個人情報保護法62条): the closed list of exemptions."""

from collections.abc import Mapping
from datetime import date

from daicho.law.citation import printed
from daicho.law.safety.acquiring.acquired import SHOWN
from daicho.law.tables import table

_ROWS = table("purpose_exemptions").keyed()
for _row in _ROWS:
    _row.only("code", "name")

NAMES: Mapping[str, str] = {
    SHOWN: "あらかじめ明示した",
    **{row.text("code"): row.text("name") for row in _ROWS},
}
"""利用目的の明示: what may have been said of it on any day, by code."""


def choices(on: date) -> tuple[tuple[str, str], ...]:
    """利用目的の明示の別: code and name, as the form offers them, the usual one first."""
    exempt = [(row.text("code"), row.text("name")) for row in _ROWS.on(on)]
    return ((SHOWN, NAMES[SHOWN]), *exempt)


def is_known(shown: str, on: date) -> bool:
    """Was the purpose shown, or is there such an exemption on that day?"""
    return shown == SHOWN or _ROWS.find(shown, on) is not None


def cited(shown: str, on: date) -> str:
    """明示を要しない根拠: the article of an exemption as printed; blank for anything else."""
    row = _ROWS.find(shown, on)
    return printed(row.cites) if row else ""
