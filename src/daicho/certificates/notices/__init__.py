"""通知書: a letter with a table, set by typst: the decision on a request for disclosure.

It is no certificate: nothing is certified, numbered by terminal or signed. What it shares with one
is the font, the refusal of what the font cannot draw, and that it is read again before it leaves.
"""

from dataclasses import asdict, dataclass
from datetime import date

from daicho.certificates import reading
from daicho.certificates.font import face
from daicho.certificates.setting import FONT, compiled


@dataclass(frozen=True)
class Notice:
    """通知書: its texts; `cells` are the rows of the table under `head`, `widths` their shares."""

    number: str
    title: str
    dated: str
    to: str
    sender: str
    intro: str
    facts: tuple[tuple[str, str], ...]
    foot: tuple[str, ...]
    table_title: str = ""
    head: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that is drawn."""
        facts = (text for fact in self.facts for text in fact)
        cells = (text for row in self.cells for text in row)
        letter = (self.number, self.title, self.dated, self.to, self.sender, self.intro)
        return (*letter, *facts, *self.foot, self.table_title, *self.head, *cells)


class NotTheSame(Exception):
    """読み直しの食い違い: the finished letter does not say what it was made of."""


def is_printable(notice: Notice) -> bool:
    """印刷できるか: has the font a glyph for every character?"""
    return not face().missing("".join(notice.texts).replace("\n", ""))


def printed(notice: Notice, issued_on: date) -> tuple[bytes, int]:
    """通知書を組む: the PDF and how many pages it has; read again before it is given away.

    Raises SettingFailed, or NotTheSame where addressee, number or a row is not what was given.
    """
    assert is_printable(notice), "asked before: nothing is drawn in the place of a missing glyph"
    on = [issued_on.year, issued_on.month, issued_on.day]
    pdf = compiled("disclosure_notice", "notice", {**asdict(notice), "font": FONT, "on": on})
    text = reading.page_text(pdf)
    said = reading.normal_form(text)
    cells = {cell for row in notice.cells for cell in row}  # many rows say the same
    if any(reading.normal_form(one) not in said for one in (notice.to, notice.number, *cells)):
        raise NotTheSame(f"disclosure notice of {len(notice.cells)} rows")
    return pdf, text.count(reading.PAGE_BREAK) + 1
