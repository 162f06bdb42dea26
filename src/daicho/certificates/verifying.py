"""検証: is this certificate what a municipality issued, unchanged? Published certificates suffice.

Nothing here knows the register. The file is anyone's: its signature is checked first, and only a
file that we signed ourselves is given to the reader of pages.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from daicho.certificates import code_token, reading
from daicho.certificates.keys import common_name, issuer_code, signers
from daicho.certificates.own_thread import in_own_thread
from daicho.terms.calendar_dates import wareki

PDF_BYTES_MAX = 10 * 1024 * 1024
_OUT_OF_DATE = {
    AdESIndeterminate.EXPIRED,
    AdESIndeterminate.NOT_YET_VALID,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED,
}
# what these say of a stranger's file is for the report alone, never for a log
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class Verdict(Enum):
    """判定: what the whole comes to."""

    GENUINE = "本物と確かめました"
    CODE_GENUINE = "符号は本物です(紙面と見比べてください)"
    NOT_GENUINE = "本物と認められません"
    UNREADABLE = "確かめられません"


@dataclass(frozen=True)
class Step:
    """確認した事項: `good` is None for what is only told, or was not looked at."""

    what: str
    good: bool | None
    told: str

    @property
    def mark(self) -> str:
        """○, × or −, as printed before the line."""
        return "−" if self.good is None else "○" if self.good else "×"


@dataclass(frozen=True)
class Report:
    """検証の結果: the steps in order; `of_code` where only a code was looked at."""

    steps: tuple[Step, ...]
    unreadable: bool = False
    of_code: bool = False

    @property
    def verdict(self) -> Verdict:
        """Genuine where every step that was looked at is good."""
        if self.unreadable:
            return Verdict.UNREADABLE
        if not _all_good(self.steps):
            return Verdict.NOT_GENUINE
        return Verdict.CODE_GENUINE if self.of_code else Verdict.GENUINE


_NO_SIGNER = Report(
    (
        Step(
            "公開の証明書",
            False,
            "署名者の証明書がなく、認証局のものだけです。"
            "認証局が証明した誰の署名かを見分けられません。署名者の証明書も指定してください。",
        ),
    ),
    unreadable=True,
)


def _all_good(steps: Sequence[Step]) -> bool:
    return all(step.good is not False for step in steps)


def verify_pdf(pdf: bytes, certificates: Sequence[x509.Certificate]) -> Report:
    """PDFの検証: signature, signer, whole file, text of the pages, binding and code."""
    if not signers(certificates):
        return _NO_SIGNER
    try:
        reader = _readable(pdf)
    except reading.Unreadable as trouble:
        return Report((Step("ファイル", False, str(trouble)),), unreadable=True)
    steps = [Step("ファイル", True, f"PDF として読み取れました({len(pdf):,} バイト)。")]
    signed, signer = signature(reader, certificates)
    steps += signed
    if signer is None:
        told = "確かめていません(署名が正しくないため)。"
        return Report((*steps, Step("頁の文字", None, told), Step("符号", None, told)))
    return Report((*steps, *_content(pdf, reader, signer)))


def _readable(pdf: bytes) -> PdfFileReader:
    if len(pdf) > PDF_BYTES_MAX:
        raise reading.Unreadable(too_large())
    if not pdf.startswith(b"%PDF-"):
        raise reading.Unreadable("PDF ではありません。交付された PDF ファイルを指定してください。")
    return reading.opened(pdf)


def too_large() -> str:
    """The sentence for a file that no certificate can be."""
    mebibytes = PDF_BYTES_MAX // (1024 * 1024)
    return f"大きすぎます(証明書は {mebibytes} MB を超えません)。"


def signature(
    reader: PdfFileReader, certificates: Sequence[x509.Certificate]
) -> tuple[list[Step], x509.Certificate | None]:
    """署名の検証: the steps, and the signer's certificate where all of them are good."""
    try:
        found = [*reader.embedded_signatures, *reader.embedded_timestamp_signatures]
        if len(found) != 1:
            number = f"{len(found)}個あります" if found else "ありません"
            return [Step("署名", False, f"電子署名が{number}(証明書には1個だけです)。")], None
        status = in_own_thread(lambda: validate_pdf_signature(found[0], _context(certificates)))
    except Exception:  # a made-up signature makes anything of the library
        return [Step("署名", False, "電子署名を読み取れません。")], None
    signer = x509.load_der_x509_certificate(status.signing_cert.dump())
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    steps = [
        _intact(status),
        Step("範囲", whole, _COVERS[whole]),
        _trusted(status, signer, certificates),
        Step("失効", None, "署名者の証明書が失効していないかは、確かめていません。"),
    ]
    return steps, signer if _all_good(steps) else None


_COVERS = {
    True: "署名はファイルの全体に及び、後から加えられたものはありません。",
    False: "署名の及ばない部分があります(署名の後に書き加えられています)。",
}


def _context(certificates: Sequence[x509.Certificate]) -> ValidationContext:
    given = [
        (one, asn1_x509.Certificate.load(one.public_bytes(Encoding.DER))) for one in certificates
    ]
    roots = [loaded for one, loaded in given if one.subject == one.issuer]
    every = [loaded for _, loaded in given]
    return ValidationContext(trust_roots=roots or every, other_certs=every, allow_fetching=False)


def _intact(status: PdfSignatureStatus) -> Step:
    good = bool(status.intact and status.valid)
    told = (
        "電子署名は正しく、内容は署名したときのままです。"
        if good
        else "電子署名が内容と合いません。署名の後に変えられています。"
    )
    return Step("署名", good, told)


def _trusted(
    status: PdfSignatureStatus, signer: x509.Certificate, certificates: Sequence[x509.Certificate]
) -> Step:
    """By the chain, and one of the signers that the published file names: an authority certifies
    many, and a certificate is genuine that this municipality has signed.
    """
    name = common_name(signer)
    if status.trust_problem_indic in _OUT_OF_DATE:
        return Step("署名者", False, f"{name}: 証明書の有効期間の外です。")
    if not status.bottom_line and status.intact and status.valid and status.trusted:
        return Step("署名者", False, f"{name}: この用途の証明書ではありません。")
    if not status.trusted or signer not in signers(certificates):
        return Step("署名者", False, "公開されている証明書の署名者ではありません。")
    return Step("署名者", True, f"{name} {issuer_code(signer)}".rstrip())


def _content(pdf: bytes, reader: PdfFileReader, signer: x509.Certificate) -> list[Step]:
    found = reading.bound_in(reader)
    if found is None:
        return [
            Step("結び付け", False, "台帳の証明書ではありません(請求との結び付けがありません)。")
        ]
    binding, text = found
    try:
        same = reading.page_hash(pdf) == binding.text
    except reading.Unreadable as trouble:
        return [Step("頁の文字", False, str(trouble))]
    told = "頁の文字は、署名したときの要約値と合います。"
    wrong = "頁の文字が、署名したときの要約値と合いません。"
    steps = [Step("頁の文字", same, told if same else wrong)]
    if not text:
        return [*steps, Step("符号", None, "検証用符号のない証明書です。")]
    return [*steps, *_code(text, [signer], binding.text)]


def verify_code(text: str, certificates: Sequence[x509.Certificate]) -> Report:
    """符号の検証: the token read from paper; the paper itself must be compared by eye."""
    if not signers(certificates):
        return replace(_NO_SIGNER, of_code=True)
    steps = _code(text, certificates, None)
    if _all_good(steps):
        steps.append(
            Step(
                "紙面",
                None,
                "紙面の発行番号、発行日、団体名と同じか、見比べてください。"
                "氏名などは符号に入っていないので、紙面の記載の改ざんはこの確認では分かりません。",
            )
        )
    return Report(tuple(steps), of_code=True)


def _code(
    text: str, certificates: Sequence[x509.Certificate], page_hash: bytes | None
) -> list[Step]:
    try:
        token, signer = code_token.read(text, signers(certificates))
    except code_token.WrongCode as trouble:
        return [Step("符号", False, str(trouble))]
    named = issuer_code(signer)
    if named and named != token.issuer:
        return [Step("符号", False, "符号の団体が、署名者の団体と違います。")]
    if page_hash is not None and page_hash[: code_token.PAGE_BYTES] != token.page:
        return [Step("符号", False, "符号が、この証明書の頁のものではありません。")]
    start = signer.not_valid_before_utc.astimezone(code_token.JAPAN).date()
    end = signer.not_valid_after_utc.astimezone(code_token.JAPAN).date()
    if not start <= token.issued_on <= end:
        return [Step("符号", False, "発行日が、署名者の証明書の有効期間の外です。")]
    told = f"団体 {token.issuer}、発行番号 {token.issue_number}、発行日 {wareki(token.issued_on)}"
    return [Step("符号", True, f"署名は正しいものです({common_name(signer)})。{told}")]
