"""書体: IPAmj明朝, the one face of every form, and what it can draw.

The font lies packed in the repository (assets/fonts) and is unpacked once into a cache folder.
It knows the Moji_Joho sequences only, and nobody warns of an unknown one: an engine silently draws
the plain character. So whoever prints asks `Face.missing` first.
"""

import fcntl
import lzma
import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from errno import EDQUOT, ENOSPC
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

ASSETS = Path(__file__).parents[3] / "assets" / "fonts"
FONT = "ipamjm.ttf"
FULL_WIDTH_EM = 1.0
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_SELECTOR = re.compile(f"[{_SELECTORS}]")
_UNIT = re.compile(f".[{_SELECTORS}]*", re.DOTALL)  # a character with the selectors behind it
_SEQUENCES = 14  # the cmap format that holds base and selector


class FontTrouble(Exception):
    """書体を使えない: the font is missing, damaged or cannot be unpacked; says which."""


def font_dir() -> Path:
    """書体の置き場所: the folder that holds the unpacked font and no other.

    `DAICHO_FONTS` names another folder than assets/fonts; one with the font unpacked is used as it
    is. `DAICHO_FONT_CACHE` says where to unpack; without it, a temporary folder of this user.
    """
    source = Path(os.environ.get("DAICHO_FONTS") or ASSETS)
    if (source / FONT).is_file():
        return source
    packed = source / f"{FONT}.xz"
    try:
        return _unpacked(packed, packed.stat().st_size)
    except FileNotFoundError:
        raise FontTrouble(
            f"書体 {packed} がありません。DAICHO_FONTS に書体のフォルダーを設定してください。"
        ) from None
    except (lzma.LZMAError, EOFError):
        raise FontTrouble(f"書体 {packed} が壊れています。入れ直してください。") from None
    except OSError as refusal:
        reason = "ディスクの空きがありません" if refusal.errno in (ENOSPC, EDQUOT) else "書けません"
        raise FontTrouble(f"書体を展開できません({refusal.filename}: {reason})。") from None


def _unpacked(packed: Path, size_bytes: int) -> Path:
    # another packed file has another size and thus another folder
    folder = _cache_folder() / f"ipamjm-{size_bytes}"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / FONT).exists():
        _unpack(packed, folder)
    return folder


def _unpack(packed: Path, folder: Path) -> None:
    """Whole or not at all; who comes second waits for the first."""
    part = folder / f"{FONT}.part"
    with part.open("ab") as target:
        fcntl.flock(target, fcntl.LOCK_EX)
        if (folder / FONT).exists():
            return
        target.truncate(0)  # of a start that was cut off
        try:
            with lzma.open(packed) as source:
                shutil.copyfileobj(source, target, 1 << 20)
            target.flush()
            os.fsync(target.fileno())
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        part.chmod(0o644)
        part.replace(folder / FONT)


def _cache_folder() -> Path:
    if given := os.environ.get("DAICHO_FONT_CACHE"):
        return Path(given)
    folder = Path(tempfile.gettempdir()) / f"daicho-fonts-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != os.geteuid() or found.st_mode & 0o022 or folder.is_symlink():
        raise FontTrouble(f"{folder} はほかの利用者が書けるフォルダーなので使いません。")
    return folder


class Face:
    """字形の一覧: which characters and sequences a font file draws, and how wide."""

    def __init__(self, file: Path) -> None:
        try:
            with file.open("rb") as opened, TTFont(opened, lazy=True) as font:
                self._widths = _read(font)
        except Exception as damage:  # fontTools has no exception of its own for all of it
            raise FontTrouble(f"書体 {file} を読めません({type(damage).__name__})。") from damage

    def missing(self, text: str) -> tuple[str, ...]:
        """無い文字: what the font cannot draw, in order, each once; a sequence whole."""
        found = (unit for unit in _UNIT.findall(text) if unit not in self._widths)
        return tuple(dict.fromkeys(found))

    def advance(self, text: str) -> float:
        """字送り: the width of the text in em; of a missing character that of a full one."""
        width = self._widths.get
        return sum(width(unit, FULL_WIDTH_EM) for unit in _UNIT.findall(text))


@cache
def face() -> Face:
    """The face of the forms, read once in a process."""
    return Face(font_dir() / FONT)


def _read(font: TTFont) -> Mapping[str, float]:
    """The width in em of every character and every sequence that can be drawn."""
    em = font["head"].unitsPerEm
    metrics = font["hmtx"].metrics
    glyphs = font.getBestCmap()
    widths = {
        chr(code): metrics[glyph][0] / em
        for code, glyph in glyphs.items()
        if not _SELECTOR.match(chr(code))  # alone it is nothing that could be read
    }
    found = [table.uvsDict for table in font["cmap"].tables if table.format == _SEQUENCES]
    sequences = {
        # without a glyph of its own the sequence is the character's default form
        chr(base) + chr(selector): metrics[glyph or glyphs[base]][0] / em
        for by_selector in found
        for selector, pairs in by_selector.items()
        for base, glyph in pairs
    }
    return {**widths, **sequences}
