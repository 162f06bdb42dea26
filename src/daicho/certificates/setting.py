"""組版: the fitted sheets set by typst as a tagged PDF/A-2a: the same input, the same bytes.

One compiler a process keeps font and templates, so that a certificate costs what it draws. All
texts go in as one JSON value; a template never sees them as source.
"""

import json
import threading
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import typst

from daicho.certificates.font import font_dir
from daicho.certificates.forms.fitting import Fit

TEMPLATES = Path(__file__).parent / "forms"
FONT = "IPAmjMincho"


class SettingFailed(Exception):
    """組版の失敗: typst could not set a certificate: a fault of ours, told without its text."""


def compile_pdf(fitted: Fit, *, issued_on: date) -> bytes:
    """組版する: the PDF of one certificate, with a free place for its code.

    Whatever is refused in `fitted.findings` must not come here. Raises SettingFailed.
    """
    assert not any(one.refuses for one in fitted.findings), "refused text is never set"
    given = {
        **fitted.body,
        "font": FONT,
        "issued_on": [issued_on.year, issued_on.month, issued_on.day],
    }
    return compiled(fitted.sheets.form, "certificate", given)


def compiled(form: str, name: str, given: Mapping[str, Any]) -> bytes:
    """様式を組む: the template of that name with its one value; it says the font and all texts."""
    inputs = {name: json.dumps(given, ensure_ascii=False)}
    template = TEMPLATES / f"{form}.typ"
    with _ALONE:
        try:
            pdf = _compiler().compile(
                str(template), format="pdf", sys_inputs=inputs, pdf_standards="a-2a"
            )
        except typst.TypstError:
            # its message may quote the text: nothing of it goes on
            raise SettingFailed(f"typst could not set a {form}") from None
    assert isinstance(pdf, bytes)
    return pdf


_ALONE = threading.Lock()  # the compiler is one world of files; two threads must not share it


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        root=str(TEMPLATES), font_paths=[str(font_dir())], ignore_system_fonts=True
    )
