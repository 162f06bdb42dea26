"""The PDF itself: what is read back from it, what it claims, and that nothing is markup."""

import re
from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

import pikepdf
import pypdfium2
import pytest

from certificates.households import ASKED, ON, PAPER, RARE, allowed, household, life, mover, numbers
from daicho.certificates import font, setting
from daicho.certificates.forms import (
    Paper,
    Sheets,
    fit,
    household_copy,
    individual_copy,
    moved_out_certificate,
)
from daicho.terms.records import Record

HOSTILE = ("#panic(1)", "*太*", "\\u{41}", "$x^2$", '"引用"', "= 見出し", "//", "@a <b> `c` ~ --")


def _copy(records: Sequence[Record], paper: Paper = PAPER) -> Sheets:
    return household_copy(records, allowed(records, asked=ASKED), paper, numbers(records))


def _individual() -> Sheets:
    (one,) = household(1)
    decision = allowed([one], "individual_copy", ASKED, with_history=True)
    return individual_copy(life(one), "備考", decision, PAPER, font.face(), "123456789018")


def _moved_out() -> Sheets:
    family = (mover(1), mover(2))
    return moved_out_certificate(
        family, allowed(family, "moved_out_certificate"), PAPER, numbers(family)
    )


FORMS = {"household": lambda: _copy(household(5)), "individual": _individual, "moved": _moved_out}


def _pdf(sheets: Sheets) -> bytes:
    fitted = fit(sheets, font.face(), ON)
    assert not fitted.findings
    return setting.compile_pdf(fitted, issued_on=ON)


def _pages(pdf: bytes) -> list[str]:
    """The text of each page without white space, as anybody reads it back."""
    document = pypdfium2.PdfDocument(pdf)
    texts = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return [re.sub(r"\s", "", text) for text in texts]


def _written(sheets: Sheets, place: int) -> str:
    """What the boxes of a page say, in the order in which they are read."""
    grids = sheets.pages[place].grids
    texts = [text for grid in grids for text in (grid.number, *(box.text for box in grid.boxes))]
    return re.sub(r"\s", "", "".join(texts))


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_text_read_back_is_the_text_that_was_set(form: str) -> None:
    sheets = FORMS[form]()
    read = _pages(_pdf(sheets))
    assert len(read) == len(sheets.pages)
    for place, text in enumerate(read):
        marks = re.sub(r"\s", "", sheets.title + "".join(sheets.marks))
        number = re.sub(r"\s", "", sheets.pages[place].number)
        assert text.startswith(marks + _written(sheets, place))
        assert text.endswith(number)


def test_rare_characters_keep_their_code_points() -> None:
    (text,) = _pages(_pdf(_copy(household(1))))
    assert text.count(RARE) == 3  # 世帯主, 氏名, 筆頭者
    assert [hex(ord(one)) for one in RARE] == ["0x9089", "0xe010f", "0x20bb7", "0x9ad9", "0xfa11"]


def test_the_statement_and_the_seal_stand_on_the_last_page_only() -> None:
    sheets = _copy(household(9))
    *others, last = _pages(_pdf(sheets))
    assert sheets.foot.statement in last
    assert "令和8年11月22日" in last
    assert "福島県郡山市長架空太郎" in last
    assert not any(sheets.foot.statement in text or "郡山市長架空" in text for text in others)
    assert [text[-3:] for text in (*others, last)] == ["1/3", "2/3", "3/3"]


def test_what_is_drawn_against_copying_is_not_read_as_text() -> None:
    (text,) = _pages(_pdf(_copy(household(1))))
    assert "複写" not in text
    assert "之印" not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_what_looks_like_markup_is_printed_as_it_is(text: str) -> None:
    (one,) = household(1)
    (read,) = _pages(_pdf(_copy([replace(one, given_name=text, address_building=text)])))
    assert read.count(re.sub(r"\s", "", text)) >= 2


@pytest.mark.parametrize("form", sorted(FORMS))
def test_the_file_is_a_tagged_pdf_a_2a_in_japanese(form: str) -> None:
    sheets = FORMS[form]()
    with pikepdf.open(BytesIO(_pdf(sheets))) as pdf:
        assert pdf.check_pdf_syntax() == []
        with pdf.open_metadata() as told:
            assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "A")
            assert told["dc:title"] == sheets.title
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang).startswith("ja")
        tags = _tags(pdf.Root.StructTreeRoot)
        assert {"/Table", "/TR", "/TD", "/Figure"} <= tags
        assert "/JavaScript" not in str(pdf.Root.keys())
        sizes = {tuple(round(float(x)) for x in page.mediabox) for page in pdf.pages}
        assert sizes == {(0, 0, 595, 842)}


def _tags(node: Any) -> set[str]:
    if not isinstance(node, pikepdf.Dictionary):
        return set()
    own = {str(node["/S"])} if "/S" in node else set()
    kids: Any = node.get("/K", [])
    below = kids if isinstance(kids, pikepdf.Array) else [kids]
    return own.union(*(_tags(one) for one in below))


def test_the_file_tells_no_person_beside_the_pages() -> None:
    with pikepdf.open(BytesIO(_pdf(_copy(household(1))))) as pdf:
        beside = str(pdf.docinfo) + str(pdf.Root.Metadata.read_bytes(), "utf-8")
    assert not any(word in beside for word in (RARE, "架空", "123456789018"))


def test_the_same_input_gives_the_same_bytes() -> None:
    assert _pdf(_copy(household(4))) == _pdf(_copy(household(4)))
    assert _pdf(_copy(household(4))) != _pdf(_copy(household(3)))


def test_a_real_seal_can_take_the_place_of_the_drawn_one() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>'
    sheets = _copy(household(1))
    sealed = _copy(household(1), replace(PAPER, seal_svg=svg))
    assert _pdf(sealed) != _pdf(sheets)
    assert _pages(_pdf(sealed)) == _pages(_pdf(sheets))
    assert sheets.seal_mm <= 25


def test_the_largest_seal_leaves_the_number_of_issue_free() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9H0z"/></svg>'
    sheets = replace(_copy(household(1), replace(PAPER, seal_svg=svg)), seal_mm=25.0)
    with pypdfium2.PdfDocument(_pdf(sheets)) as document:
        page = document[0]
        picture = page.render(scale=10 / 25.4 * 25.4 / 72 * 72 / 7.2).to_pil().convert("L")
        text = page.get_textpage()
        last = text.count_chars() - 1
        top_of_number = (page.get_height() - text.get_charbox(last)[3]) / 72
    x = picture.width * 185 // 210  # within the seal, right of the name
    dark = [y for y in range(picture.height) if picture.getpixel((x, y)) < 40]
    bottom_of_seal = dark[-1] / picture.height * 297 / 25.4
    assert bottom_of_seal < top_of_number


def test_no_fitted_line_is_broken_again_by_the_setting() -> None:
    """The letters as wide as their box: what typst broke would read as more lines than were set."""
    (one,) = household(1)
    for length in range(18, 26):
        sheets = _copy([replace(one, given_name="子" * length)])
        fitted = fit(sheets, font.face(), ON)
        boxes = fitted.body["pages"][0]["grids"][1]["boxes"]
        wanted = next(box["lines"] for box in boxes if "子" * 5 in "".join(box["lines"]))
        document = pypdfium2.PdfDocument(_pdf(sheets))
        read = document[0].get_textpage().get_text_bounded().replace("\r", "").split("\n")
        document.close()
        assert all(any(line in row for row in read) for line in wanted), length


def test_refused_text_is_never_set() -> None:
    (one,) = household(1)
    fitted = fit(_copy([replace(one, given_name="\ue000")]), font.face(), ON)
    with pytest.raises(AssertionError):
        setting.compile_pdf(fitted, issued_on=ON)


def test_a_failure_of_the_setting_does_not_tell_the_text() -> None:
    fitted = fit(_copy(household(1)), font.face(), ON)
    broken = replace(fitted, body={**fitted.body, "pages": [{"number": "秘密", "grids": 1}]})
    with pytest.raises(setting.SettingFailed) as failed:
        setting.compile_pdf(broken, issued_on=ON)
    assert "秘密" not in str(failed.value)
    assert failed.value.__cause__ is None
