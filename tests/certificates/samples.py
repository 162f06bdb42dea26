"""Made-up sheets, keys and finished certificates for the tests of signing and verifying."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID

import typst

from daicho.certificates import code_token, font, keys, reading
from daicho.certificates.signing import Place, Signer

MADE_AT = datetime(2026, 11, 1, 3, tzinfo=UTC)
SIGNED_AT = datetime(2026, 11, 21, 3, tzinfo=UTC)
ISSUED_ON = date(2026, 11, 21)
MUNICIPALITY = "072036"
OTHER_MUNICIPALITY = "011002"
NAME = "渡邉\U000e010f　太郎"
ADDRESS = "架空県架空市𠮷田町１番地"
OTHERS_NAME = "髙橋　﨑子"
REQUEST = UUID(int=1 << 100)
OTHERS_REQUEST = UUID(int=2 << 100)
RECORDS = (UUID(int=3 << 100), UUID(int=4 << 100))
OTHERS_RECORDS = (UUID(int=5 << 100),)
CODE_PLACE = Place(left_mm=150, top_mm=240, side_mm=30)

_SHEET = """
#let lines = json(bytes(sys.inputs.lines))
#set document(title: "住民票の写し", date: datetime(year: 2026, month: 11, day: 21))
#set text(font: "IPAmjMincho", lang: "ja", size: 10pt)
#set page("a4", margin: 20mm)
#for page in lines { [= 住民票]; for line in page { par(line) }; pagebreak(weak: true) }
"""


@cache
def sheet(*pages: tuple[str, ...]) -> bytes:
    """An unsigned PDF/A-2a with these lines on its pages."""
    return typst.compile(
        _SHEET.encode(),
        format="pdf",
        font_paths=typst.Fonts(include_system_fonts=False, font_paths=[font.font_dir()]),
        pdf_standards="a-2a",
        sys_inputs={"lines": json.dumps(pages)},
    )


@dataclass(frozen=True)
class Town:
    """A municipality that signs: its key, its signer and the file it publishes."""

    key: keys.SigningKey
    signer: Signer
    published: Path


def town(folder: Path, municipality: str = MUNICIPALITY, name: str = "架空町") -> Town:
    """A municipality with a demo key of its own."""
    folder.mkdir(exist_ok=True)
    key_file, chain_file = folder / "key.pem", folder / "chain.pem"
    keys.ensure_demo(key_file, chain_file, municipality, name, MADE_AT)
    key = keys.load(key_file, chain_file)
    return Town(key, Signer(key, name), chain_file)


def token(pdf: bytes, issuer: str = MUNICIPALITY) -> code_token.Token:
    """The token of these pages."""
    page = reading.page_hash(pdf)[: code_token.PAGE_BYTES]
    return code_token.Token(issuer, "20261121-000123", ISSUED_ON, page)


def binding(
    pdf: bytes, request_id: UUID = REQUEST, record_ids: tuple[UUID, ...] = RECORDS
) -> reading.Binding:
    """The binding of these pages."""
    return reading.bind_text(reading.page_text(pdf), request_id, record_ids)


def certificate(
    signing: Town,
    pdf: bytes,
    request_id: UUID = REQUEST,
    record_ids: tuple[UUID, ...] = RECORDS,
    code: str | None = None,
) -> bytes:
    """A finished certificate: bound, with its code, signed. `code` replaces the right one."""
    text = code_token.sign(token(pdf), signing.key) if code is None else code
    bound = binding(pdf, request_id, record_ids)
    place = CODE_PLACE if text else None
    return signing.signer.sign(pdf, bound, SIGNED_AT, text, place)


def own_sheet() -> bytes:
    return sheet((f"氏名 {NAME}", f"住所 {ADDRESS}"))


def others_sheet() -> bytes:
    return sheet((f"氏名 {OTHERS_NAME}", f"住所 {ADDRESS}"))
