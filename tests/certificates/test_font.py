"""The font: unpacked once and whole, and asked what it can draw before anything is drawn."""

import lzma
import os
import resource
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from daicho.certificates import font
from processes import environment

CONTENT = os.urandom(1 << 20)


@pytest.fixture
def packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a packed file of its own, and an empty cache beside it."""
    file = tmp_path / "fonts" / "ipamjm.ttf.xz"
    file.parent.mkdir()
    file.write_bytes(lzma.compress(CONTENT, preset=0))
    monkeypatch.setenv("DAICHO_FONTS", str(file.parent))
    monkeypatch.setenv("DAICHO_FONT_CACHE", str(tmp_path / "cache"))
    return file


def _left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_it_is_unpacked_once_into_a_folder_of_its_own(packed: Path) -> None:
    first = font.font_dir()
    inode = (first / font.FONT).stat().st_ino
    assert font.font_dir() == first
    assert (first / font.FONT).stat().st_ino == inode
    assert _left(first) == [font.FONT]
    assert (first / font.FONT).read_bytes() == CONTENT


def test_all_may_read_what_one_has_unpacked(packed: Path) -> None:
    file = font.font_dir() / font.FONT
    assert file.stat().st_mode & 0o777 == 0o644


def test_who_comes_at_the_same_time_gets_the_whole_file(packed: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: (font.font_dir() / font.FONT).read_bytes(), range(8)))
    assert all(content == CONTENT for content in found)


def test_another_packed_file_is_unpacked_anew(packed: Path) -> None:
    first = font.font_dir()
    packed.write_bytes(lzma.compress(CONTENT[:1000], preset=0))
    assert font.font_dir() != first
    assert (font.font_dir() / font.FONT).read_bytes() == CONTENT[:1000]


def test_an_unpacked_font_is_used_where_it_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / font.FONT).write_bytes(CONTENT)
    monkeypatch.setenv("DAICHO_FONTS", str(tmp_path))
    assert font.font_dir() == tmp_path


def test_a_start_that_was_cut_off_does_no_harm(packed: Path) -> None:
    folder = font.font_dir()
    (folder / font.FONT).unlink()
    (folder / f"{font.FONT}.part").write_bytes(b"half a font")
    assert (font.font_dir() / font.FONT).read_bytes() == CONTENT
    assert _left(folder) == [font.FONT]


@pytest.mark.parametrize("content", [b"no xz", lzma.compress(CONTENT, preset=0)[:5000]])
def test_a_damaged_file_is_told_and_leaves_nothing(packed: Path, content: bytes) -> None:
    packed.write_bytes(content)
    with pytest.raises(font.FontTrouble, match="壊れています"):
        font.font_dir()
    assert _left(packed.parents[1] / "cache") == []


def test_a_missing_font_is_told(packed: Path) -> None:
    packed.unlink()
    with pytest.raises(font.FontTrouble, match="DAICHO_FONTS"):
        font.font_dir()


def test_a_disk_that_takes_no_more_is_told_and_nothing_is_left(packed: Path) -> None:
    ask = "from daicho.certificates import font\ntry: font.font_dir()\n"
    ask += "except font.FontTrouble as told: print(told)"
    run = subprocess.run(
        [sys.executable, "-c", ask],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)),
    )
    assert "展開できません" in run.stdout
    assert _left(packed.parents[1] / "cache") == []


def test_a_folder_that_others_may_write_is_not_used(
    packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DAICHO_FONT_CACHE")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    folder = tmp_path / f"daicho-fonts-{os.geteuid()}"
    folder.mkdir()
    folder.chmod(0o777)
    with pytest.raises(font.FontTrouble, match="ほかの利用者"):
        font.font_dir()


@pytest.mark.parametrize(
    ("text", "missing", "because"),
    [
        ("渡邉\U000e010f　太郎", (), "the default form of 邉 is a sequence too"),
        ("邉\U000e0110邉\U000e011f", (), "16 forms of 邉 are registered"),
        ("𠮷田髙橋﨑", (), "outside the basic plane, and two compatibility ideographs"),
        ("神塚羽", (), "compatibility ideographs that NFC would replace"),
        ("住所 A-1 ー\u3000ｱ", (), "blanks, Latin letters, narrow kana"),
        ("𛀂", (), "hentaigana"),
        ("", (), "nothing is missing of nothing"),
        ("邉\U000e0100", ("邉\U000e0100",), "a number of Adobe-Japan1, not of Moji_Joho"),
        ("葛\U000e0100城", ("葛\U000e0100",), "the sequence is named whole"),
        ("近\U000e0199", ("近\U000e0199",), "an engine would draw plain 近 and say nothing"),
        ("あ\U000e0100", ("あ\U000e0100",), "kana have no forms"),
        ("\U000e010f邉", ("\U000e010f",), "a selector without a character before it"),
        ("邉\U000e010f\U000e010f", ("邉\U000e010f\U000e010f",), "two selectors are no sequence"),
        ("\u0378", ("\u0378",), "not assigned"),
        ("\ue000山\uf8ff", ("\ue000", "\uf8ff"), "private use means nothing to a reader"),
        ("😀", ("😀",), "emoji"),
        ("\x07\n", ("\x07", "\n"), "control characters"),
        ("近\U000e0199近\U000e0199", ("近\U000e0199",), "each is named once"),
    ],
)
def test_what_cannot_be_drawn_is_named(text: str, missing: tuple[str, ...], because: str) -> None:
    assert font.face().missing(text) == missing, because


@pytest.mark.parametrize(
    ("text", "em"), [("", 0), ("山", 1), ("邉\U000e0110", 1), ("𠮷田", 2), ("😀", 1)]
)
def test_ideographs_are_one_em_wide(text: str, em: float) -> None:
    assert font.face().advance(text) == em


def test_latin_letters_are_narrower_and_widths_add_up() -> None:
    face = font.face()
    assert 0 < face.advance("i") < face.advance("W") <= 1
    assert face.advance("AW山") == pytest.approx(face.advance("A") + face.advance("W") + 1)


def test_a_file_that_is_no_font_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.ttf").write_bytes(b"no font")
    with pytest.raises(font.FontTrouble, match="読めません"):
        font.Face(tmp_path / "x.ttf")
