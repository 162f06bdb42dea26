"""読み直し: what a finished certificate really says, and for whom it was made.

The wrong-person lock: request, records and text of the pages are bound in the signed PDF, and
whoever hands it out reads the file again and compares. The binding stands in the catalog's
/PieceInfo, which PDF/A-2 leaves to each program, and which costs nothing, since signing writes
the catalog anyway; a property of our own in the XMP would need an extension schema and a new
metadata stream. It holds digests only. Those of request and records are salted by the request's
random id, so that two certificates of one person have nothing in common.
"""

import ctypes
import io
import re
import threading
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

import pypdfium2
import pypdfium2.raw as pdfium
from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

PIECE = "/Daicho"
PAGE_BREAK = "\f"
_SET = b"\x31"  # as what attributes are signed, whatever tag they have in the message
# blanks and line ends of every script, control characters, and the no characters by which pdfium
# marks a hyphen at the end of a line
_NO_INK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ufffe\uffff]+")


class Unreadable(Exception):
    """読み取れない: not a PDF, cut off, encrypted or of another make."""


@dataclass(frozen=True)
class Binding:
    """結び付け: digests of the request, of its records, and of the text of the pages."""

    request: bytes
    records: bytes
    text: bytes


@dataclass(frozen=True)
class Seal:
    """署名の値: the CMS message as it lies in the file, zeros behind it, and the /ByteRange."""

    message: bytes
    covered: tuple[int, ...]


def bind_text(text: str, request_id: UUID, record_ids: Collection[UUID]) -> Binding:
    """結び付ける: the binding of pages that say this (`page_text`) to a request and its records."""
    salt = request_id.bytes
    records = b"".join(sorted(one.bytes for one in set(record_ids)))
    return Binding(
        sha256(b"daicho request\n" + salt).digest(),
        sha256(b"daicho records\n" + salt + records).digest(),
        sha256(text.encode()).digest(),
    )


def page_hash(pdf: bytes) -> bytes:
    """頁の要約値: SHA-256 over the UTF-8 of `page_text`."""
    return sha256(page_text(pdf).encode()).digest()


def page_text(pdf: bytes) -> str:
    """頁の文字: the code points of every page as they are drawn, pages parted by a form feed.

    The normal form leaves out whatever is no ink (blanks of every kind, line ends, control and
    no characters) and changes nothing else: no Unicode normalisation, selectors are kept.
    """
    with _document(pdf) as document:
        return _pages_of(document)


def page_text_and_seals(pdf: bytes) -> tuple[str, tuple[Seal, ...]]:
    """The same, with the signatures that lie in the file: it is opened once for both."""
    with _document(pdf) as document:
        return _pages_of(document), tuple(_seals(document))


_ALONE = threading.Lock()  # pdfium knows no threads, and is called without the interpreter's lock


@contextmanager
def _document(pdf: bytes) -> Iterator[pypdfium2.PdfDocument]:
    try:
        with _ALONE, pypdfium2.PdfDocument(pdf) as document:
            yield document
    except pypdfium2.PdfiumError:
        raise Unreadable("PDF として読み取れません。") from None


def _pages_of(document: pypdfium2.PdfDocument) -> str:
    return PAGE_BREAK.join(normal_form(_text(page)) for page in document)


def _seals(document: pypdfium2.PdfDocument) -> Iterator[Seal]:
    for place in range(pdfium.FPDF_GetSignatureCount(document)):
        signature = pdfium.FPDF_GetSignatureObject(document, place)
        size = pdfium.FPDFSignatureObj_GetContents(signature, None, 0)
        message = ctypes.create_string_buffer(size)
        pdfium.FPDFSignatureObj_GetContents(signature, message, size)
        size = pdfium.FPDFSignatureObj_GetByteRange(signature, None, 0)
        covered = (ctypes.c_int * size)()
        pdfium.FPDFSignatureObj_GetByteRange(signature, covered, size)
        yield Seal(message.raw, tuple(covered))


def _text(page: pypdfium2.PdfPage) -> str:
    text_page = page.get_textpage()
    try:
        text: str = text_page.get_text_range()
    finally:
        text_page.close()
        page.close()
    return text


def normal_form(text: str) -> str:
    """照合用の文字列: a text as `page_text` has it, within a page."""
    return _NO_INK.sub("", text)


def as_piece(binding: Binding, code: str, moment: str) -> generic.DictionaryObject:
    """The binding and the code's text as the private data of a page-piece dictionary."""
    private = {
        "/Request": generic.TextStringObject(binding.request.hex()),
        "/Records": generic.TextStringObject(binding.records.hex()),
        "/Text": generic.TextStringObject(binding.text.hex()),
    }
    if code:
        private["/Code"] = generic.TextStringObject(code)
    piece = {"/LastModified": generic.TextStringObject(moment), "/Private": _dictionary(private)}
    return _dictionary({PIECE: _dictionary(piece)})


def _dictionary(entries: Mapping[str, generic.PdfObject]) -> generic.DictionaryObject:
    return generic.DictionaryObject({generic.NameObject(key): v for key, v in entries.items()})


def opened(pdf: bytes) -> PdfFileReader:
    """A reader of the file's objects; raises Unreadable."""
    try:
        reader = PdfFileReader(io.BytesIO(pdf))
        if reader.encrypted:
            raise Unreadable("暗号化された PDF です。交付した証明書は暗号化していません。")
        reader.root["/Pages"]
    except Unreadable:
        raise
    except Exception:  # the file is anyone's: whatever it makes of the library, it is unreadable
        raise Unreadable("PDF として読み取れません(壊れているか、途中で切れています)。") from None
    return reader


def bound_in(reader: PdfFileReader) -> tuple[Binding, str] | None:
    """The binding that a file holds, with its code's text or blank; None where there is none."""
    try:
        private = reader.root["/PieceInfo"][PIECE]["/Private"]
        digests = [bytes.fromhex(private[name]) for name in ("/Request", "/Records", "/Text")]
        code = str(private["/Code"]) if "/Code" in private else ""
    except Exception:  # as above: a made-up file holds anything in these places
        return None
    return Binding(*digests), code


def binding(pdf: bytes) -> Binding | None:
    """結び付けを読む: the binding of a finished certificate; raises Unreadable."""
    found = bound_in(opened(pdf))
    return None if found is None else found[0]


@dataclass(frozen=True)
class Places:
    """電文の中の場所: where the digest, the signed attributes and the signature lie.

    Of two messages of one key and one length only digest and signature differ. So a message is
    taken apart once for each length (DER: what is equal everywhere else is of the same structure),
    and the next is made, or read, by putting in or taking out these two. `form` is the SHA-256 of
    all the rest.
    """

    digest: slice
    attributes: slice
    signature: slice
    form: bytes

    def fits(self, message: bytes) -> bool:
        """同じ形: is it the same message, but for digest and signature?"""
        return sha256(_blank(message, self.digest, self.signature)).digest() == self.form

    def signed(self, message: bytes) -> bytes:
        """署名の対象: what the signature is over."""
        return _SET + message[self.attributes][1:]

    def filled(self, message: bytes, digest: bytes, signature: bytes) -> bytes:
        """The message with another digest and another signature of the same lengths."""
        return _put(_put(message, self.digest, digest), self.signature, signature)


def places(message: bytes) -> Places:
    """電文の中の場所を調べる: of a message without padding.

    Raises KeyError, TypeError or ValueError: a message is read as far as it is asked, so that any
    question may find it spoilt.
    """
    (signer,) = cms.ContentInfo.load(message, strict=True)["content"]["signer_infos"]
    attributes = signer["signed_attrs"]
    (own,) = (one for one in attributes if one["type"].native == "message_digest")
    (digest,) = own["values"].native
    around = _place(message, attributes.dump())
    within = _place(message[around], digest)
    at = slice(around.start + within.start, around.start + within.stop)
    signature = _place(message, signer["signature"].native)
    return Places(at, around, signature, sha256(_blank(message, at, signature)).digest())


def _place(message: bytes, part: bytes) -> slice:
    """Where the part stands; ValueError where it is nowhere, or at two places."""
    start = message.index(part)
    if not part or message.find(part, start + 1) >= 0:
        raise ValueError("this part of the message does not tell its own place")
    return slice(start, start + len(part))


def _blank(message: bytes, *places_of: slice) -> bytes:
    for one in places_of:
        message = _put(message, one, bytes(one.stop - one.start))
    return message


def _put(message: bytes, at: slice, part: bytes) -> bytes:
    assert len(part) == at.stop - at.start, "another length is another message"
    return message[: at.start] + part + message[at.stop :]
