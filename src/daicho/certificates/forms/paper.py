"""用紙: what a certificate says beside the record: who certifies, when, under which number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil, sqrt

from daicho.certificates.forms.sheets import Foot, Grid, Page, Sheets
from daicho.law.disclosure import Decision, printing
from daicho.terms.dates import wareki


@dataclass(frozen=True, kw_only=True)
class Paper:
    """用紙: the facts of one issue that are not of the record (standard 5.5 to 5.7).

    `issuer_title` is the certifier's title as printed (福島県郡山市長, or a 職務代理者's),
    `seal` the letters of the drawn seal; `seal_svg` is the picture of a real one. `terminal` and
    `printer` are their names, `serial` the running number of the day. `is_specimen`: of a made-up
    town, so that nobody takes the paper for a real one.
    """

    municipality: str
    issuer_title: str
    issuer_name: str
    seal: str
    issued_on: date
    terminal: str
    printer: str
    serial: int
    is_specimen: bool = False
    seal_svg: str = ""

    def number(self, page: int, pages: int) -> str:
        """発行番号: "20261122 郡山市 本庁1 プリンタ001 011 1/2" (standard 5.5)."""
        day = self.issued_on.strftime("%Y%m%d")
        parts = (day, self.municipality, self.terminal, self.printer, f"{self.serial:03}")
        return " ".join((*parts, f"{page}/{pages}"))

    def sheets(self, decision: Decision, words: str, pages: Sequence[Sequence[Grid]]) -> Sheets:
        """証明書: the pages with their numbers; `words` names the title and the statement."""
        request = decision.request
        marks = {
            "official": request.requester == "official",
            "reissue": request.is_reissue,
            "specimen": self.is_specimen,
        }
        return self._of(
            request.form, words, pages, [one for one, wanted in marks.items() if wanted]
        )

    def told(self, form: str, words: str, grids: Sequence[Grid]) -> Sheets:
        """通知票: one page by which somebody is told something, and nothing is certified."""
        return self._of(form, words, [grids], ["specimen"] if self.is_specimen else [])

    def _of(
        self, form: str, words: str, pages: Sequence[Sequence[Grid]], marks: Sequence[str]
    ) -> Sheets:
        on = self.issued_on
        return Sheets(
            form=form,
            title=printing.text(f"{words}.title", on),
            marks=tuple(printing.text(mark, on) for mark in marks),
            pages=tuple(
                Page(grids=tuple(grids), number=self.number(place, len(pages)))
                for place, grids in enumerate(pages, start=1)
            ),
            foot=Foot(
                statement=printing.text(f"{words}.statement", on),
                issued_on=wareki(on),
                title=self.issuer_title,
                name=self.issuer_name,
                seal_note=printing.text("seal_note", on),
            ),
            seal_columns=seal_columns(self.seal),
            seal_svg=self.seal_svg,
            seal_mm=printing.parameter("seal_side", on) / 10,
            copied=printing.text("copied", on),
        )


def seal_columns(letters: str) -> tuple[str, ...]:
    """印影の列: the letters in columns, the first on the right, as square as they can stand."""
    height = ceil(sqrt(len(letters))) if letters else 1
    return tuple(letters[at : at + height] for at in range(0, len(letters), height))
