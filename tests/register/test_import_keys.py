"""What is made of a line beside the database is what the database would make of it."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.db import connection

import made_up_town
import town
from daicho.access.permits import Permit
from daicho.register import importing, rebuilding
from daicho.register.reading import csv_file
from daicho.register.reading.judging import BlockReader, Judged, Order
from daicho.register.reading.rows import HistoryRow, RowReader
from daicho.register.search import keys
from register.conftest import Import


def _file(lines: list[town.Line]) -> csv_file.File:
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(town.HEADER)
    writer.writerows(line.values() for line in lines)
    return csv_file.File(io.BytesIO(written.getvalue().encode()))


def _judged(lines: list[town.Line]) -> Judged:
    file = _file(lines)
    order = Order(ward=town.WARD, on=made_up_town.ON, header=file.header, seed=bytes(32))
    (block,) = file.blocks()
    return BlockReader(order).judge(block)


def _rows(lines: list[town.Line]) -> Iterator[HistoryRow]:
    file, reader = _file(lines), RowReader(town.WARD, made_up_town.ON)
    for block in file.blocks():
        for line in csv_file.lines(block, file.header):
            row = reader.read(line, UUID(int=1))
            assert isinstance(row, HistoryRow), row
            yield row


def _keys(judged: Judged) -> list[dict[str, str]]:
    rows = (row.split("\t") for row in judged.keys.split("\n")[:-1])
    return [dict(zip(keys.HELD, row, strict=True)) for row in rows]


def _other(address_number: str) -> town.Line:
    return town.hanako(address_number=address_number, household_number=address_number)


FIRST, LAST = _other("000000000000019"), _other("000000000000027")


def test_the_body_is_that_of_the_change() -> None:
    odd = town.hanako(note='"い"\\う', ward="", suppressions="change:alert:2024-04-01:")
    lines = [*made_up_town.rows(made_up_town.written(100)), odd]
    for row in _rows(lines):
        assert json.loads(_as_copy_reads(row.body())) == row.change().to_body()


def _as_copy_reads(cell: str) -> str:
    assert not {"\t", "\n", "\r"} & {*cell}, "it would end the cell"
    meant = {"t": "\t", "n": "\n", "r": "\r", "\\": "\\"}
    return re.sub(r"\\(.)", lambda found: meant[found[1]], cell)


def test_the_first_and_the_last_person_of_a_block_may_have_lines_elsewhere() -> None:
    judged = _judged([FIRST, town.hanako(), town.hanako_moved(), LAST])
    (made,) = _keys(judged)
    assert (made["history_no"], made["address"]) == ("2", "架空町1-2-2-\f架空町1-1-1-")


def test_lines_in_falling_order_give_the_same_keys() -> None:
    rising = _judged([FIRST, town.hanako(), town.hanako_moved(), LAST])
    falling = _judged([FIRST, town.hanako_moved(), town.hanako(), LAST])
    assert rising.keys == falling.keys


def test_who_has_a_line_that_is_refused_has_no_keys() -> None:
    judged = _judged([FIRST, town.hanako(), town.hanako_moved(sex="9"), LAST])
    assert (judged.keys, len(judged.faults)) == ("", 1)


@pytest.mark.django_db
def test_keys_made_beside_the_database_are_those_of_its_versions(
    allowed: Permit, tmp_path: Path
) -> None:
    file = tmp_path / "town.csv"
    file.write_text(made_up_town.written(300), encoding="utf-8")
    importing.run(
        allowed, file, ward=made_up_town.KORIYAMA, trial=False, keep_refusals=lambda _: None
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM staged_key")
        made_beside = cursor.fetchone()[0]
        cursor.execute("SELECT count(*) FROM register_searchkey")
        assert cursor.fetchone() == (made_beside + 2,)
    assert rebuilding.check(allowed).equal


@pytest.mark.django_db
def test_keys_of_whoever_is_refused_are_not_taken(
    take_over: Import, allowed: Permit, tmp_path: Path
) -> None:
    refused = town.hanako(
        address_number="000000000000124",
        household_number="000000000000213",
        relationship="子",
        individual_number="379474484458",
        resident_record_code="24727059608",
    )
    closing = town.hanako(
        address_number="000000000000132", household_number="000000000000213", sex="9"
    )
    take_over(town.write(tmp_path, [town.hanako(), town.taro(), refused, closing]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_searchkey")
        assert cursor.fetchone() == (2,)
    assert rebuilding.check(allowed).equal
