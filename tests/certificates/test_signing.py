"""The signature: PAdES over the whole file, the binding inside, PDF/A-2 still."""

import io
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from certificates import samples
from daicho.certificates import code_token, keys, lock, reading
from daicho.certificates.verifying import Verdict, verify_pdf


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> samples.Town:
    return samples.town(tmp_path_factory.mktemp("town"))


@pytest.fixture(scope="module")
def signed(town: samples.Town) -> bytes:
    return samples.certificate(town, samples.own_sheet())


@cache  # an object of a file lives as long as its file
def _pdf(content: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(content))


# --- keys ---------------------------------------------------------------------------


def test_the_demo_key_is_private_and_its_chain_is_not(tmp_path: Path) -> None:
    samples.town(tmp_path / "town")
    assert (tmp_path / "town" / "key.pem").stat().st_mode & 0o777 == 0o600
    assert b"PRIVATE" not in (tmp_path / "town" / "chain.pem").read_bytes()


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    first, again = samples.town(tmp_path / "town"), samples.town(tmp_path / "town")
    assert first.key.chain == again.key.chain


def test_demo_certificates_say_that_they_are_made_up(town: samples.Town) -> None:
    for certificate in town.key.chain:
        assert "架空" in keys.common_name(certificate)
        assert keys.issuer_code(certificate) == samples.MUNICIPALITY
        assert "demo" in certificate.subject.rfc4514_string()


def test_a_key_does_not_show_itself(town: samples.Town) -> None:
    assert "EllipticCurve" not in repr(town.key)


def _pem(private: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    kinds = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return private.private_bytes(serialization.Encoding.PEM, *kinds)


def _with_key(folder: Path, content: bytes, mode: int = 0o600) -> tuple[Path, Path]:
    samples.town(folder)
    (folder / "key.pem").write_bytes(content)
    (folder / "key.pem").chmod(mode)
    return folder / "key.pem", folder / "chain.pem"


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (b"no key", 0o600, "読み取れません"),
        (_pem(ec.generate_private_key(ec.SECP256R1())), 0o644, "chmod 600"),
        (_pem(ec.generate_private_key(ec.SECP256R1())), 0o600, "署名鍵のものではありません"),
        (_pem(ec.generate_private_key(ec.SECP384R1())), 0o600, "P-256"),
        (_pem(rsa.generate_private_key(65537, 2048)), 0o600, "P-256"),
    ],
)
def test_an_unfit_key_is_refused_without_showing_it(
    tmp_path: Path, content: bytes, mode: int, words: str
) -> None:
    with pytest.raises(keys.KeyTrouble, match=words) as told:
        keys.load(*_with_key(tmp_path / "town", content, mode))
    assert content.decode() not in str(told.value)


def test_a_key_that_cannot_be_read_is_told_in_japanese_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(keys.KeyTrouble, match=r"ありません\)。場所と名前を確かめてください。"):
        keys.load(tmp_path / "none.pem", tmp_path / "none.pem")


def test_a_chain_that_does_not_hang_together_is_refused(tmp_path: Path) -> None:
    one, other = samples.town(tmp_path / "one"), samples.town(tmp_path / "other")
    pem = serialization.Encoding.PEM
    broken = one.key.chain[0].public_bytes(pem) + other.key.chain[1].public_bytes(pem)
    (tmp_path / "one" / "chain.pem").write_bytes(broken)
    with pytest.raises(keys.KeyTrouble, match="つながっていません"):
        keys.load(tmp_path / "one" / "key.pem", tmp_path / "one" / "chain.pem")


def test_a_private_key_among_the_published_is_refused(tmp_path: Path) -> None:
    town = samples.town(tmp_path / "town")
    key = (tmp_path / "town" / "key.pem").read_bytes()
    town.published.write_bytes(town.published.read_bytes() + key)
    with pytest.raises(keys.KeyTrouble, match="秘密鍵が入っています"):
        keys.published(town.published)


# --- the file ---------------------------------------------------------------------------


def test_qpdf_finds_nothing_wrong(signed: bytes) -> None:
    assert _pdf(signed).check_pdf_syntax() == []


def test_the_claim_of_pdf_a_stays_as_typst_wrote_it(signed: bytes) -> None:
    before, after = _pdf(samples.own_sheet()), _pdf(signed)
    metadata = after.Root.Metadata.read_bytes()
    assert metadata == before.Root.Metadata.read_bytes()
    assert b"<pdfaid:part>2</pdfaid:part>" in metadata
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in metadata
    assert dict(after.docinfo) == dict(before.docinfo), "what XMP says, Info says too"


def test_nothing_of_pdf_2_is_added(signed: bytes) -> None:
    root = _pdf(signed).Root
    assert "/Version" not in root
    assert "/Extensions" not in root
    assert signed.startswith(b"%PDF-1.7")


def test_the_tags_of_the_form_stay(signed: bytes) -> None:
    before, after = _pdf(samples.own_sheet()).Root, _pdf(signed).Root
    assert after.StructTreeRoot.objgen == before.StructTreeRoot.objgen
    assert after.MarkInfo.Marked


def test_the_signature_is_pades_and_tells_of_no_person(signed: bytes) -> None:
    (field,) = _pdf(signed).Root.AcroForm.Fields
    seal = field.V
    assert seal.SubFilter == "/ETSI.CAdES.detached"
    assert (str(seal.Reason), str(seal.Location)) == ("証明書の真正性の保証", "架空町")
    start, length, second, rest = (int(number) for number in seal.ByteRange)
    assert (start, second + rest) == (0, len(signed))
    assert second - length == 2 * len(bytes(seal.Contents)) + 2, (
        "all but the signature itself is signed"
    )


def test_what_is_added_holds_no_name(signed: bytes) -> None:
    added = signed[len(samples.own_sheet()) :]
    for text in (samples.NAME, samples.ADDRESS, "渡邉"):
        assert text.encode() not in added
        assert text.encode("utf-16-be") not in added
        assert text.encode("utf-16-be").hex().encode() not in added.lower()


def test_the_text_of_the_pages_is_untouched(signed: bytes) -> None:
    expected = f"住民票氏名{samples.NAME}住所{samples.ADDRESS}".replace("　", "")
    assert reading.page_text(signed) == expected == reading.page_text(samples.own_sheet())


def test_the_code_is_drawn_and_can_be_read(town: samples.Town) -> None:
    sheet = samples.sheet(("一枚目",), ("二枚目",))
    text = code_token.sign(samples.token(sheet), town.key)
    for pages, found_on in (((-1,), [False, True]), ((0, 1), [True, True])):
        place = replace(samples.CODE_PLACE, pages=pages)
        bound = samples.binding(sheet)
        document = pypdfium2.PdfDocument(
            town.signer.sign(sheet, bound, samples.SIGNED_AT, text, place)
        )
        images = [page.render(scale=200 / 72).to_pil() for page in document]
        read = [[one.text for one in zxingcpp.read_barcodes(image)] for image in images]
        assert read == [[text] if there else [] for there in found_on]


def test_the_code_stays_within_its_box(town: samples.Town) -> None:
    sheet = samples.sheet(("",))
    text = code_token.sign(samples.token(sheet), town.key)
    bound = samples.binding(sheet)
    signed = town.signer.sign(sheet, bound, samples.SIGNED_AT, text, samples.CODE_PLACE)
    (found,) = zxingcpp.read_barcodes(
        pypdfium2.PdfDocument(signed)[0].render(scale=254 / 72).to_pil()
    )
    place = samples.CODE_PLACE
    left, top, side = 10 * place.left_mm, 10 * place.top_mm, 10 * place.side_mm
    corners = (found.position.top_left, found.position.bottom_right)
    assert all(left < corner.x < left + side for corner in corners)
    assert all(top < corner.y < top + side for corner in corners)


# --- the lock ---------------------------------------------------------------------------


def _codes(town: samples.Town, pdf: bytes, request: object = None, **more: object) -> list[str]:
    of_own = {"request_id": samples.REQUEST, "record_ids": samples.RECORDS, "shows": ()}
    found = lock.check(pdf, key=town.key, **{**of_own, **more})  # type: ignore[arg-type]  # by name
    return [one.code for one in found]


def test_the_right_certificate_passes(town: samples.Town, signed: bytes) -> None:
    assert _codes(town, signed, shows=(samples.NAME, samples.ADDRESS)) == []
    backwards = tuple(reversed(samples.RECORDS))
    assert _codes(town, signed, record_ids=backwards) == [], "the order of records says nothing"


def test_two_swapped_buffers_are_refused(town: samples.Town, signed: bytes) -> None:
    others = samples.certificate(
        town, samples.others_sheet(), samples.OTHERS_REQUEST, samples.OTHERS_RECORDS
    )
    assert _codes(town, others) == ["certificate.another_persons"]
    swapped = {"request_id": samples.OTHERS_REQUEST, "record_ids": samples.OTHERS_RECORDS}
    assert _codes(town, others, **swapped) == []
    assert _codes(town, signed, **swapped) == ["certificate.another_persons"]


def test_pages_swapped_before_signing_are_refused(town: samples.Town) -> None:
    others_pages = samples.certificate(town, samples.others_sheet())
    assert _codes(town, others_pages, shows=(samples.NAME,)) == ["certificate.another_persons"]


def test_other_records_under_the_same_request_are_refused(
    town: samples.Town, signed: bytes
) -> None:
    found = _codes(town, signed, record_ids=samples.RECORDS[:1])
    assert found == ["certificate.another_persons"]


def test_a_text_that_differs_from_the_bound_one_is_refused(town: samples.Town) -> None:
    bound = samples.binding(samples.others_sheet())
    signed = town.signer.sign(samples.own_sheet(), bound, samples.SIGNED_AT)
    assert _codes(town, signed) == ["certificate.altered"]


def test_what_we_did_not_sign_is_refused(town: samples.Town, tmp_path: Path) -> None:
    other = samples.town(tmp_path / "other")
    for pdf in (
        samples.own_sheet(),
        samples.certificate(other, samples.own_sheet()),
        b"",
        b"%PDF-",
    ):
        assert _codes(town, pdf) == ["certificate.altered"]


def test_whatever_changes_in_a_signed_file_is_refused(town: samples.Town, signed: bytes) -> None:
    assert _codes(town, signed) == []
    assert _codes(town, signed + b"\n") == ["certificate.altered"]
    assert _codes(town, signed[:-1]) == ["certificate.altered"]
    start = signed.index(b"/Contents <") + len(b"/Contents <")
    end = signed.index(b">", start)
    spread = range(0, len(signed), len(signed) // 120)
    around = (place for place in spread if not start <= place < end)  # within it: the next test
    for place in (*around, start, start + 900, end - 1):
        changed = signed[:place] + bytes([signed[place] ^ 0x01]) + signed[place + 1 :]
        assert _codes(town, changed) == ["certificate.altered"], place


def test_a_spoilt_message_is_refused_or_says_the_same(town: samples.Town, signed: bytes) -> None:
    """Around what is signed a message names its version and its ways of digesting once more; no
    reader asks for them. Everything else is refused, and nothing stops the program."""
    start = signed.index(b"/Contents <") + len(b"/Contents <")
    same = 0
    for place in range(start + 1, start + 1200, 7):
        changed = signed[:place] + bytes([signed[place] ^ 0x01]) + signed[place + 1 :]
        if not _codes(town, changed):
            same += 1
            assert verify_pdf(changed, town.key.chain).verdict is Verdict.GENUINE, place
    assert same < 10


def test_each_signature_of_a_key_is_of_its_own_file(town: samples.Town) -> None:
    """The messages of a key are made of its first one: only digest and signature differ."""
    sheets = [samples.sheet((f"氏名 架空{n}",)) for n in range(3)]
    seals = []
    for sheet in sheets:
        signed = samples.certificate(town, sheet)
        (seal,) = reading.page_text_and_seals(signed)[1]
        assert verify_pdf(signed, town.key.chain).verdict is Verdict.GENUINE
        seals.append(cms.ContentInfo.load(seal.message)["content"])
    (first, *_, last) = (one["signer_infos"][0] for one in seals)
    kinds = [[one["type"].native for one in info["signed_attrs"]] for info in (first, last)]
    assert kinds[0] == kinds[1]
    assert len({one["signer_infos"][0]["signature"].native for one in seals}) == 3


def test_a_message_of_any_length_is_made_and_checked(town: samples.Town) -> None:
    """A signature takes 70 to 72 bytes, so that of some there are messages of several lengths."""
    for n in range(12):
        signed = samples.certificate(town, samples.sheet((f"氏名 架空{n}",)))
        _, seals = reading.page_text_and_seals(signed)
        assert lock.is_ours(signed, seals, town.key, samples.SIGNED_AT)
        assert verify_pdf(signed, town.key.chain).verdict is Verdict.GENUINE


def test_a_message_of_another_file_is_not_this_files(town: samples.Town) -> None:
    signed = [samples.certificate(town, samples.sheet((f"氏名 架空{n}",))) for n in range(2)]
    (own,), (other,) = (reading.page_text_and_seals(one)[1] for one in signed)
    taken = replace(own, message=other.message)
    gap = [b"<" + one.message.hex().upper().encode() + b">" for one in (own, other)]
    swapped = signed[0].replace(gap[0], gap[1])
    assert swapped != signed[0]
    assert not lock.is_ours(swapped, (taken,), town.key, samples.SIGNED_AT)


def test_a_signer_whose_certificate_has_ended_hands_nothing_out(
    town: samples.Town, signed: bytes
) -> None:
    _, seals = reading.page_text_and_seals(signed)
    ends_at = town.key.chain[0].not_valid_after_utc
    assert lock.is_ours(signed, seals, town.key, ends_at)
    assert not lock.is_ours(signed, seals, town.key, ends_at + timedelta(seconds=1))
    assert not lock.is_ours(signed, (), town.key, ends_at)
    assert not lock.is_ours(signed, (*seals, *seals), town.key, ends_at)


def test_a_signature_over_a_part_of_the_file_is_refused(town: samples.Town, signed: bytes) -> None:
    _, (seal,) = reading.page_text_and_seals(signed)
    start, length, second, rest = seal.covered
    for covered in ((start, length), (1, length, second, rest), (start, length, second, rest - 1)):
        other = replace(seal, covered=covered)
        assert not lock.is_ours(signed, (other,), town.key, samples.SIGNED_AT)


def test_two_certificates_of_one_person_have_nothing_in_common(town: samples.Town) -> None:
    bound = [
        samples.binding(samples.own_sheet(), request)
        for request in (samples.REQUEST, samples.OTHERS_REQUEST)
    ]
    assert bound[0].records != bound[1].records
    assert bound[0].request != bound[1].request


def test_the_binding_is_read_back(signed: bytes) -> None:
    expected = samples.binding(samples.own_sheet())
    assert reading.binding(signed) == expected
    assert reading.binding(samples.own_sheet()) is None


def test_the_normal_form_keeps_every_code_point_that_is_ink() -> None:
    text = "渡邉\U000e010f　太 郎\r\n𠮷\u00a0神か\u3099\u0002-"
    assert reading.normal_form(text) == "渡邉\U000e010f太郎𠮷神か\u3099-"


def test_the_demo_certificate_is_issued_by_its_authority(town: samples.Town) -> None:
    signer, authority = town.key.chain
    signer.verify_directly_issued_by(authority)
    usage = signer.extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.content_commitment
    assert not usage.key_cert_sign
