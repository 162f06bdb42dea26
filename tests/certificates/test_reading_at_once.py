"""同時に読む: pdfium knows no threads; the workers of a counter have four each."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from certificates import samples
from daicho.certificates import reading

THREADS = 8
ROUNDS = 160


def test_threads_that_read_at_once_each_read_their_own_pages() -> None:
    sheets = [samples.own_sheet(), samples.others_sheet()]
    texts = [reading.page_text(sheet) for sheet in sheets]
    assert texts[0] != texts[1]
    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(lambda n: reading.page_text(sheets[n % 2]), range(ROUNDS)))
        both = list(
            threads.map(lambda n: reading.page_text_and_seals(sheets[n % 2]), range(ROUNDS))
        )
    assert found == [texts[n % 2] for n in range(ROUNDS)]
    assert [text for text, _ in both] == found


def test_nobody_reads_while_another_has_a_file_open() -> None:
    """The races themselves are seldom: what keeps them away is looked at."""
    with ThreadPoolExecutor(1) as other:
        with reading._document(samples.own_sheet()):
            waits = other.submit(reading.page_text_and_seals, samples.others_sheet())
            with pytest.raises(TimeoutError):
                waits.result(timeout=0.5)
        assert waits.result(timeout=30)[0] == reading.page_text(samples.others_sheet())


def test_a_file_that_cannot_be_read_leaves_the_others_readable() -> None:
    def read(n: int) -> str:
        try:
            return reading.page_text(b"%PDF-1.7\n" if n % 3 else samples.own_sheet())
        except reading.Unreadable:
            return ""

    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(read, range(ROUNDS)))
    assert [bool(one) for one in found] == [n % 3 == 0 for n in range(ROUNDS)]
