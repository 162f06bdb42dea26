"""方書と部屋: the name of a building without the room, and without whoever lives there. Pure."""

import re
import unicodedata

_ROOM = re.compile(
    r"\s*(?:[A-Za-zＡ-Ｚａ-ｚ][-－‐―−ー]?)?"
    r"[0-9０-９]+(?:[-－‐―−ー][0-9０-９]+)*(?:号室|号|室)?$"
)
_NAMES_A_PERSON = ("方", "様方", "気付")


def building_of(written: str) -> str:
    """方書から建物名: カクウ荘 of カクウ荘１０２号; blank where a person is named."""
    if unicodedata.normalize("NFKC", written).rstrip().endswith(_NAMES_A_PERSON):
        return ""
    return _ROOM.sub("", written).strip()
