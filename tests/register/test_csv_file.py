"""A file that is no register is told so, by its line, and nothing of it is quoted."""

import errno
import io
from pathlib import Path

import pytest

import town
from daicho.register.importing import csv_file

SECRET = "秘密花子"
HEADER = ",".join(town.HEADER)
WITHOUT_SEX = ",".join(name for name in town.HEADER if name != "性別")


@pytest.mark.parametrize(
    ("content", "words", "because"),
    [
        (b"", "空です", "an empty file"),
        (SECRET.encode("shift_jis"), "UTF-8", "another encoding"),
        (b"\x89PNG\0\0\0", "文字でない", "a picture"),
        (f"宛名番号,{SECRET}\n".encode(), "様式にない", "an unknown column"),
        (f"{WITHOUT_SEX}\n".encode(), "見出しに 性別 がありません", "a missing column"),
        ("宛名番号,氏\n1,2\n".encode(), "など136列 がありません", "hardly any column"),
        (f"{HEADER}\n1,".encode() + "花".encode()[:2], "2行目の文字の途中で", "a cut in a letter"),
        (f"{HEADER}\n1,".encode() + b"\xe8\n2", "2行目がUTF-8ではありません", "and more after it"),
        (f"{HEADER},氏\n".encode(), "2度", "a column twice"),
        (f"{HEADER}\n1,{SECRET}\n".encode(), "列の数", "half a line"),
        (f'{HEADER}\n"{SECRET}\n'.encode(), "引用符", "half a file: a quote never closed"),
        (f"{HEADER}\n{SECRET * 100_000}".encode(), "長すぎ", "a line of a megabyte"),
    ],
)
def test_what_is_no_register_is_refused(
    tmp_path: Path, content: bytes, words: str, because: str
) -> None:
    file = tmp_path / "town.csv"
    file.write_bytes(content)
    with pytest.raises(csv_file.FileTrouble, match=words) as refused:
        list(csv_file.read(file))
    assert SECRET not in str(refused.value), because


def test_a_byte_order_mark_and_other_orders_of_columns_are_read(tmp_path: Path) -> None:
    file = tmp_path / "town.csv"
    first = ["根拠", "宛名番号", "history_no", "在住番号", "異動事由"]
    rest = [name for name in town.HEADER if name not in (*first, "履歴番号")]
    said = ["届出", "108", "1", "1", "出生", *("" for _ in rest)]
    text = f"\ufeff{','.join(first + rest)}\n{','.join(said)}\n"
    file.write_text(text, encoding="utf-8")
    (line,) = csv_file.read(file)
    assert (line.number, line.cells[:4], line.cells[6]) == (2, ["108", "1", "1", "出生"], "届出")


def test_what_cannot_be_read_is_told_in_japanese_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(csv_file.FileTrouble, match=r"ありません\)。場所と名前を確かめてください。"):
        list(csv_file.read(tmp_path / "none.csv"))
    with pytest.raises(
        csv_file.FileTrouble, match=r"フォルダーです\)。ファイルを指定してください。"
    ):
        list(csv_file.read(tmp_path))


def test_a_medium_that_fails_while_it_is_read_is_told_in_japanese() -> None:
    class Worn(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, _: object) -> int:
            raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(csv_file.FileTrouble, match="ディスクや媒体を確かめてください。"):
        csv_file.File(io.BufferedReader(Worn()))
