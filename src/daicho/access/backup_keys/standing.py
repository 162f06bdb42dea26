"""控えの残り: which backups made until a moment may still be opened, by the keys and the trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from daicho.access.backup_keys import files, steps
from daicho.access.models import Trail

_ENDED = frozenset({"destroyed", "discarded"})


@dataclass(frozen=True)
class Left:
    """残る控え: `here_count` have their keys here, the newest made at `newest_at`. Of
    `unknown_count` the trail tells, and nothing that ended them: they were not sealed, or their
    keys are elsewhere."""

    here_count: int
    newest_at: datetime | None
    unknown_count: int


@dataclass(frozen=True)
class Standing:
    """控えの有様: the keys that are here, each with the moment at which the trail tells of its
    backup (where it does not, the whole second in its id); and of each backup that the trail knows
    and knows no end of, its id (blank: it was not sealed) and its moment."""

    keys: Mapping[str, datetime]
    trailed: tuple[tuple[str, datetime], ...]

    def until(self, moment: datetime) -> Left:
        """What is left of the backups that were begun until a moment."""
        here = [at for at in self.keys.values() if at <= moment]
        unknown = [one for one, at in self.trailed if at <= moment and one not in self.keys]
        return Left(len(here), max(here, default=None), len(unknown))


def standing(folder: Path | None) -> Standing:
    """控えの有様を読む: of the keys in a folder, and of every backup in the trail; no person's data
    is read, so no trail row."""
    ended = {
        str(detail["backup"])
        for detail in Trail.objects.filter(event=steps.DESTROYED).values_list("detail", flat=True)
        if detail["what"] in _ENDED
    }
    made = Trail.objects.filter(event="backup").order_by("id").values_list("detail", "at")
    known = [(str(detail.get("backup", "")), at) for detail, at in made]
    first = dict(reversed(known))  # a later row about the same backup makes it no younger
    keys = {one: first.get(one, at) for one, at in files.kept(folder).items()}
    return Standing(keys, tuple(one for one in known if one[0] not in ended))
