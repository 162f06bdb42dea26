"""同時に読む: pdfium knows no threads; the workers of a counter have four each.

The races themselves are seldom, so that to read at once and find nothing wrong proves nothing: what
keeps them away is looked at. Each test here fails where files are not opened one at a time.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from certificates import samples
from daicho.certificates import reading

WAITS_SECONDS = 0.5  # an unhindered reading takes some milliseconds
SECONDS_MOST = 30

Read = Callable[[bytes], object]
READS: tuple[Read, ...] = (
    reading.page_text,
    reading.page_text_and_seals,
    reading.page_hash,
)


@pytest.mark.parametrize("read", READS)
def test_nobody_reads_while_another_has_a_file_open(read: Read) -> None:
    alone = read(samples.others_sheet())
    with ThreadPoolExecutor(1) as other:
        with reading._document(samples.own_sheet()):
            waits = other.submit(read, samples.others_sheet())
            with pytest.raises(TimeoutError):
                waits.result(timeout=WAITS_SECONDS)
        assert waits.result(timeout=SECONDS_MOST) == alone


def test_what_cannot_be_read_waits_its_turn_and_lets_the_next_one_read() -> None:
    text = reading.page_text(samples.own_sheet())
    with ThreadPoolExecutor(1) as other:
        with reading._document(samples.own_sheet()):
            waits = other.submit(reading.page_text, b"%PDF-1.7\n")
            with pytest.raises(TimeoutError):
                waits.result(timeout=WAITS_SECONDS)
        with pytest.raises(reading.Unreadable):
            waits.result(timeout=SECONDS_MOST)
        following = other.submit(reading.page_text, samples.own_sheet())
        assert following.result(timeout=SECONDS_MOST) == text
