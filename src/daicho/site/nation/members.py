"""参加する団体: three made-up towns, their prefectures and the centre."""

from dataclasses import dataclass
from pathlib import Path

from daicho.law import packs
from daicho.network.protocol.parties import CENTRE, Party, above, party
from daicho.site.demo.materials.places import MUNICIPALITIES
from daicho.site.installation import Installation
from daicho.terms import numbers

TOWNS = ("072036", "072079", "092011")
"""町: two of one prefecture, one of another."""


@dataclass(frozen=True)
class Member:
    """団体: a party with its process; `code` is its 全国地方公共団体コード, blank of the centre."""

    party: Party
    role: str
    code: str
    name: str

    def installation(self, server: str) -> Installation:
        """設置: what its folder is for; its database is its own, on the server that all share."""
        return Installation(
            self.role,
            self.code,
            self.name,
            database=f"party_{self.party}",
            pack=packs.TRIAL,
            server=server,
        )

    def folder(self, nation: Path) -> Path:
        """Where its data are."""
        return nation / self.party


def prefecture_code(two: str) -> str:
    """都道府県の団体コード: its two figures, 000 and the check digit."""
    return f"{two}000" + numbers.local_government_code_check_digit(f"{two}000")


def members() -> tuple[Member, ...]:
    """団体の一覧: towns first, which have most to make, the centre last."""
    towns = [MUNICIPALITIES[code] for code in TOWNS]
    above_them = {one["code"][:2]: one["prefecture"] for one in towns}
    return (
        *(
            Member(party(one["code"]), "municipality", one["code"], f"{one['name']}(架空)")
            for one in towns
        ),
        *(
            Member(party(two), "prefecture", prefecture_code(two), f"{name}(架空)")
            for two, name in above_them.items()
        ),
        Member(CENTRE, "centre", "", "機構(架空)"),
    )


def neighbours(of: Member, among: tuple[Member, ...]) -> tuple[Member, ...]:
    """隣の団体: the one above it, and those below it."""
    return tuple(
        one for one in among if of.party == above(one.party) or above(of.party) == one.party
    )
