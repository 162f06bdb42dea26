"""署名: the electronic signature of a certificate (PAdES B-B), with binding and code.

One incremental update writes the code into its free box, the binding into the catalog and the
signature over the whole file. The file stays what it claims to be, PDF/A-2: no entry of PDF 2.0 is
added, and the XMP metadata of the form remains as typst wrote it.
"""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from daicho.certificates import code_token, reading
from daicho.certificates.keys import SigningKey
from daicho.certificates.own_thread import in_own_thread

FIELD = "Seal"
REASON = "証明書の真正性の保証"
SIGNATURE_BYTES_MAX = 2048  # signed attributes and the signature itself, beside the chain
POINTS_PER_MM = 72 / 25.4
_DARK = re.compile(rb"\x01+")  # modules of a row, side by side


@dataclass(frozen=True)
class Place:
    """符号の場所: the box's left upper corner and side, in millimetres, quiet zone included.

    `pages` counts from 0; -1 is the last one.
    """

    left_mm: float
    top_mm: float
    side_mm: float
    pages: Sequence[int] = (-1,)


class _Writer(IncrementalPdfFileWriter):
    def _update_meta(self) -> None:
        """Leave the metadata: rewritten by another program they would no longer be PDF/A's."""


class _Signer(signers.PdfSigner):
    def register_extensions(self, pdf_out: BasePdfFileWriter, *, md_algorithm: str) -> None:
        """None: they would raise the file to PDF 2.0, which PDF/A-2 does not know."""


class _OneKey(signers.SimpleSigner):
    """Signs with one key: of its messages only the digest and the signature differ.

    The first one is built from its parts by the library; the others are that one with their own
    digest and signature put in, for building costs ten times what signing does.
    """

    _made: tuple[tuple[bytes, reading.Places], ...] = ()  # one for each length

    async def async_sign(  # the parameters are the library's own
        self, data_digest: bytes, digest_algorithm: str, *given: Any, **named: Any
    ) -> cms.ContentInfo:
        if not self._made:
            made = await super().async_sign(data_digest, digest_algorithm, *given, **named)
            self._keep(made.dump())
        first, at = self._made[0]
        same = bytes(at.signature.stop - at.signature.start)
        signed = at.signed(at.filled(first, data_digest, same))
        signature = await self.async_sign_raw(signed, digest_algorithm)
        for message, at in self._made:
            if at.signature.stop - at.signature.start == len(signature):
                return cms.ContentInfo.load(at.filled(message, data_digest, signature))
        message = _resigned(first, data_digest, signature)
        self._keep(message)
        return cms.ContentInfo.load(message)

    def _keep(self, message: bytes) -> None:
        self._made = (*self._made, (message, reading.places(message)))


def _resigned(message: bytes, digest: bytes, signature: bytes) -> bytes:
    """The message with another digest and a signature of any length."""
    made = cms.ContentInfo.load(message)
    (signer,) = made["content"]["signer_infos"]
    (own,) = (one for one in signer["signed_attrs"] if one["type"].native == "message_digest")
    own["values"], signer["signature"] = [digest], signature
    found: bytes = made.dump()
    return found


class Signer:
    """署名者: signs with one key; made once, used for every certificate."""

    def __init__(self, key: SigningKey, location: str = "") -> None:
        """`location` is the municipality's name; nothing in it may tell of a person."""
        chain = [_asn1(one) for one in key.chain]
        store = SimpleCertificateStore()
        store.register_multiple(chain)
        private = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        by_key = _OneKey(
            signing_cert=chain[0],
            signing_key=asn1_keys.PrivateKeyInfo.load(private),
            cert_registry=store,
        )
        about = signers.PdfSignatureMetadata(
            field_name=FIELD,
            md_algorithm="sha256",
            reason=REASON,
            location=location or None,
            subfilter=fields.SigSeedSubFilter.PADES,
        )
        self._signer = _Signer(about, by_key, new_field_spec=fields.SigFieldSpec(FIELD))
        # hexadecimal: two letters a byte; said beforehand, since trying it out means signing twice
        self._reserved = 2 * (sum(len(one.dump()) for one in chain) + SIGNATURE_BYTES_MAX)

    def sign(
        self,
        pdf: bytes,
        binding: reading.Binding,
        signed_at: datetime,
        code: str = "",
        place: Place | None = None,
    ) -> bytes:
        """The signed certificate, bound as said.

        `code` is the text of its token, kept in the file; it is drawn too where `place` is given
        (the token needs the hash of pages that are set already).
        """
        writer: IncrementalPdfFileWriter = _Writer(io.BytesIO(pdf))
        if place is not None:
            _draw(writer, code, place)
        piece = reading.as_piece(binding, code, generic.pdf_date(signed_at))
        writer.root[generic.NameObject("/PieceInfo")] = piece
        writer.update_root()
        return in_own_thread(lambda: self._signed(writer))

    def _signed(self, writer: IncrementalPdfFileWriter) -> bytes:
        signed: io.BytesIO = self._signer.sign_pdf(writer, bytes_reserved=self._reserved)
        return signed.getvalue()


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def _draw(writer: IncrementalPdfFileWriter, code: str, place: Place) -> None:
    pages = writer.root["/Pages"]["/Count"]
    for number in sorted({page % pages for page in place.pages}):
        page = writer.find_page_for_modification(number)[0].get_object()
        height = float(page["/MediaBox"][3])
        stream = generic.StreamObject(stream_data=_strokes(code, place, height))
        stream.compress()
        writer.add_stream_to_page(number, writer.add_object(stream))


def _strokes(code: str, place: Place, page_height_points: float) -> bytes:
    """The code as rectangles, an artifact of the tagged page: its text would read as noise."""
    matrix = code_token.image(code).matrix
    quiet = code_token.QUIET_MODULES
    modules = len(matrix) + 2 * quiet
    scale = place.side_mm * POINTS_PER_MM / modules
    left = place.left_mm * POINTS_PER_MM
    top = page_height_points - place.top_mm * POINTS_PER_MM
    lines = ["/Artifact BMC", "q", f"{scale:.5f} 0 0 {-scale:.5f} {left:.3f} {top:.3f} cm"]
    lines += ["1 g", f"0 0 {modules} {modules} re", "f", "0 g"]
    for y, row in enumerate(matrix, start=quiet):
        runs = (one.span() for one in _DARK.finditer(row))
        lines += [f"{start + quiet} {y} {end - start} 1 re" for start, end in runs]
    return "\n".join([*lines, "f", "Q", "EMC"]).encode("ascii")
