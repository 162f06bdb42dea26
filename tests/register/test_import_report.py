"""The report of an import says of every refusal what is wrong, in which line and column."""

import csv
from pathlib import Path

import pytest

import town
from daicho.access.permits import Permit
from daicho.register import importing, layout
from daicho.register.importing import report
from daicho.register.reading import csv_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def reported(allowed: Permit, tmp_path: Path) -> "Reported":
    return Reported(allowed, tmp_path)


class Reported:
    """The files of a trial import of some lines."""

    def __init__(self, allowed: Permit, folder: Path) -> None:
        self._allowed = allowed
        self._folder = folder

    def of(self, lines: list[town.Line]) -> "Reported":
        file = town.write(self._folder, lines)
        importing.run(
            self._allowed,
            file,
            ward=town.WARD,
            trial=True,
            keep_refusals=lambda outcome: report.write(self._folder, file, outcome, trial=True),
        )
        return self

    @property
    def text(self) -> str:
        return (self._folder / "report.md").read_text("utf-8")

    @property
    def refused(self) -> list[csv_file.Line]:
        return list(csv_file.read(self._folder / "refused.csv"))

    @property
    def reasons(self) -> list[dict[str, str]]:
        with (self._folder / "reasons.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("changed", "sentence", "because"),
    [
        ({"born_on": "2024-02-30"}, "暦にない日です。", "the day is not in the calendar"),
        ({"resident_record_code": "12345678904"}, "検査数字が合いません", "a slip in the number"),
        ({"relationship": "祖父"}, "「父の父」、「母の父」のいずれか", "the word to write instead"),
        ({"reason": "引越し"}, "異動事由が一覧にありません", "no reason of 1.2.2"),
        ({"given_name": "花\u0007子"}, "使用できない文字（U+0007", "which character it is"),
        ({"resident_class": "日本人住民"}, "japanese(日本人住民)", "a file has codes, not words"),
        ({"residence_status": "永住者"}, "docs/reference/import.md の「符号」", "36 are too many"),
        ({"processed_on": "R2.4.6"}, "処理日は 2024-05-01 の形で", "which item, and its form"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_by_its_own_sentence(
    reported: Reported, changed: dict[str, str], sentence: str, because: str
) -> None:
    told = reported.of([town.hanako(**changed)])
    (column,) = changed
    (line,) = [one for one in told.text.splitlines() if sentence in one]
    assert line.endswith(": 2 |"), because
    assert [sentence in one["内容と対応"] for one in told.reasons] == [True], because
    assert [one["元のファイルの行"] for one in told.reasons] == ["2"], because
    assert told.reasons[0]["列"] == layout.BY_HEADER[column].japanese


def test_two_cells_of_one_code_are_told_apart(reported: Reported) -> None:
    lines = [town.hanako(sex="9"), town.taro(sex="9", resident_class="9")]
    told = [one for one in reported.of(lines).text.splitlines() if one.startswith("| item.code ")]
    assert [one.split(" | ")[1] for one in told] == ["1", "2"], "one sentence said once, one twice"
    assert [one.split(" | ")[3] for one in told] == ["住民種別: 3 |", "性別: 2、3 |"]


def test_what_was_typed_stands_in_no_reason(reported: Reported) -> None:
    told = reported.of([town.hanako(sex="架空の性別", reason="架空の事由", born_on="架空の日")])
    assert len(told.reasons) == 3
    assert "架空の" not in told.text + str(told.reasons)


def test_every_refused_line_has_its_numbers_in_both_files(reported: Reported) -> None:
    away = "架空町\n二丁目"  # a cell of two lines moves the numbers of those after it
    lines = [
        town.hanako(address_number="000000000000124", household_number="", remark=""),
        town.hanako(sex="9", address_building=away),
        town.taro(),
    ]
    told = reported.of(lines)
    assert [one.number for one in told.refused] == [2, 4, 5]
    numbers = [(one["元のファイルの行"], one["refused.csvの行"]) for one in told.reasons]
    assert numbers[-1] == ("5", "5")
    assert {of for _, of in numbers} == {"2", "4", "5"}
    assert [one["列"] for one in told.reasons if one["符号"].startswith("import.household")] == [
        "行全体"
    ]


def test_no_line_is_left_out_where_there_are_many(reported: Reported) -> None:
    most = report.LINES_SHOWN_MAX + 5
    told = reported.of([town.hanako(sex="9") for _ in range(most)])
    of_sex = [one for one in told.reasons if one["列"] == "性別"]
    assert [int(one["元のファイルの行"]) for one in of_sex] == [*range(2, most + 2)]
    assert "20、21 ほか |" in told.text


def test_the_sentences_of_one_code_have_an_end(
    reported: Reported, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "SENTENCES_MAX", 2)
    lines = [town.hanako(given_name=f"花{chr(1 + n)}") for n in range(4)]
    told = [
        one
        for one in reported.of(lines).text.splitlines()
        if one.startswith("| name.forbidden_character")
    ]
    assert [one.split(" | ")[1] for one in told] == ["2", "1", "1"]
    assert sum("このほかの内容は reasons.csv" in one for one in told) == 1


def test_an_alert_says_of_which_item_it_is(reported: Reported) -> None:
    told = reported.of([town.hanako(registered_domicile="", family_register_head=""), town.taro()])
    rows = [one for one in told.text.splitlines() if one.startswith("| std1-1-6.blank ")]
    assert [one.split(" | ")[1] for one in rows] == ["筆頭者", "本籍"]
    assert all("その項目" not in one for one in rows)
    assert rows[1].split(" | ")[3].startswith("本籍が空欄です。")
