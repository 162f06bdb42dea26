"""`./daicho verify`: what a stranger's file is told, line by line, and by the exit code."""

import argparse
import io
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields

from certificates import samples
from daicho.certificates import code_token, keys, verifying
from daicho.certificates.signing import Signer
from daicho.certificates.verifying import Report, Verdict
from daicho.site.commands import verify


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("towns")


@pytest.fixture(scope="module")
def town(folder: Path) -> samples.Town:
    return samples.town(folder / "town")


@pytest.fixture(scope="module")
def other(folder: Path) -> samples.Town:
    return samples.town(folder / "other", samples.OTHER_MUNICIPALITY, "別の町")


@pytest.fixture(scope="module")
def signed(town: samples.Town) -> bytes:
    return samples.certificate(town, samples.own_sheet())


def _report(town: samples.Town, pdf: bytes) -> Report:
    return verifying.verify_pdf(pdf, keys.published(town.published))


def _wrong(report: Report) -> list[str]:
    return [step.what for step in report.steps if step.good is False]


# --- genuine ---------------------------------------------------------------------------


def test_a_genuine_certificate_is_told_as_genuine(town: samples.Town, signed: bytes) -> None:
    report = _report(town, signed)
    assert (report.verdict, _wrong(report)) == (Verdict.GENUINE, [])
    looked_at = [step.what for step in report.steps if step.good]
    assert looked_at == ["ファイル", "署名", "範囲", "署名者", "頁の文字", "符号"]
    told = " ".join(step.told for step in report.steps)
    assert "20261121-000123" in told
    assert "令和8年11月21日" in told


def test_a_certificate_without_code_is_genuine_too(town: samples.Town) -> None:
    report = _report(town, samples.certificate(town, samples.own_sheet(), code=""))
    assert report.verdict is Verdict.GENUINE
    assert "検証用符号のない証明書です。" in [step.told for step in report.steps]


def test_what_is_not_looked_at_is_said(town: samples.Town, signed: bytes) -> None:
    revoked = next(step for step in _report(town, signed).steps if step.what == "失効")
    assert revoked.good is None
    assert "確かめていません" in revoked.told


def test_the_authority_alone_proves_nothing(town: samples.Town, signed: bytes) -> None:
    """An authority certifies many: who of them is this municipality is not told by its own."""
    report = verifying.verify_pdf(signed, town.key.chain[1:])
    assert report.verdict is Verdict.UNREADABLE
    assert "署名者の証明書がなく" in report.steps[0].told
    token = code_token.sign(samples.token(samples.own_sheet()), town.key)
    assert verifying.verify_code(token, town.key.chain[1:]).verdict is Verdict.UNREADABLE


def test_the_signer_alone_suffices(town: samples.Town, signed: bytes) -> None:
    assert verifying.verify_pdf(signed, town.key.chain[:1]).verdict is Verdict.GENUINE


# --- not genuine -----------------------------------------------------------------------


def test_another_authoritys_signature_is_refused(town: samples.Town, other: samples.Town) -> None:
    report = _report(town, samples.certificate(other, samples.own_sheet()))
    assert (report.verdict, _wrong(report)) == (Verdict.NOT_GENUINE, ["署名者"])


def test_a_signer_of_the_same_authority_who_is_not_published_is_refused(
    town: samples.Town, folder: Path, signed: bytes
) -> None:
    """A public authority certifies many: one municipality's file names its own signers."""
    second = samples.town(folder / "second")
    published = (second.key.chain[0], town.key.chain[1])
    assert _wrong(verifying.verify_pdf(signed, published)) == ["署名者"]


@pytest.mark.parametrize("part", ["Title", "Reason", "obj", "%PDF-1.7\n"])
def test_a_changed_byte_is_refused(town: samples.Town, signed: bytes, part: str) -> None:
    place = signed.index(part.encode()) + len(part) - 1
    changed = signed[:place] + bytes([signed[place] ^ 1]) + signed[place + 1 :]
    assert _report(town, changed).verdict is not Verdict.GENUINE


def test_every_tenth_byte_matters(town: samples.Town, signed: bytes) -> None:
    places = range(0, len(signed), len(signed) // 60)
    for place in places:
        changed = signed[:place] + bytes([signed[place] ^ 0x10]) + signed[place + 1 :]
        if not _is_padding(signed, place):
            assert _report(town, changed).verdict is not Verdict.GENUINE, place


def _is_padding(pdf: bytes, place: int) -> bool:
    """Within /Contents, the only bytes that a signature cannot cover."""
    start = pdf.index(b"/Contents <") + len(b"/Contents <")
    return start <= place < pdf.index(b">", start)


def _replaced_pages(signed: bytes, sheet: bytes) -> bytes:
    """The content streams of the first page replaced by another sheet's, in the same file."""
    with pikepdf.open(io.BytesIO(signed)) as ours, pikepdf.open(io.BytesIO(sheet)) as theirs:
        ours.pages[0].Contents = ours.copy_foreign(theirs.pages[0].Contents)
        ours.pages[0].Resources = ours.copy_foreign(theirs.pages[0].Resources)
        made = io.BytesIO()
        ours.save(made)
    return made.getvalue()


def test_a_replaced_page_is_refused(town: samples.Town, signed: bytes) -> None:
    report = _report(town, _replaced_pages(signed, samples.others_sheet()))
    assert report.verdict is Verdict.NOT_GENUINE
    assert "署名" in _wrong(report)


def _updated(signed: bytes, *, with_field: bool = False) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    if with_field:
        fields.append_signature_field(writer, fields.SigFieldSpec("Second"))
    else:
        writer.root[generic.NameObject("/Lang")] = generic.TextStringObject("en")
        writer.update_root()
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def test_an_appended_update_is_refused(town: samples.Town, signed: bytes) -> None:
    for updated in (_updated(signed), _updated(signed, with_field=True), signed + b"\n% more\n"):
        report = _report(town, updated)
        assert report.verdict is Verdict.NOT_GENUINE
        assert "範囲" in _wrong(report)


def test_a_second_signature_is_refused(
    town: samples.Town, other: samples.Town, signed: bytes
) -> None:
    from pyhanko.sign import signers

    about = signers.PdfSignatureMetadata(field_name="Second")
    by_other = other.signer._signer.signer  # what a forger would use
    second = signers.PdfSigner(about, by_other).sign_pdf(
        IncrementalPdfFileWriter(io.BytesIO(signed))
    )
    assert _wrong(_report(town, second.getvalue())) == ["署名"]


def test_a_stripped_signature_is_refused(town: samples.Town, signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as file:
        del file.Root.AcroForm
        del file.pages[0].Annots
        made = io.BytesIO()
        file.save(made)
    for stripped in (made.getvalue(), samples.own_sheet()):
        report = _report(town, stripped)
        assert (report.verdict, _wrong(report)) == (Verdict.NOT_GENUINE, ["署名"])


def test_an_expired_signer_is_told(folder: Path) -> None:
    keys_of = (folder / "old-key.pem", folder / "old-chain.pem")
    made_at = samples.MADE_AT - timedelta(days=2 * keys.DEMO_DAYS)
    keys.ensure_demo(*keys_of, samples.MUNICIPALITY, "架空町", made_at)
    old = keys.load(*keys_of)
    bound = samples.binding(samples.own_sheet())
    signed = Signer(old).sign(samples.own_sheet(), bound, samples.SIGNED_AT)
    report = verifying.verify_pdf(signed, old.chain)
    assert _wrong(report) == ["署名者"]
    assert any("有効期間の外" in step.told for step in report.steps)


def test_a_file_of_ours_that_is_no_certificate_is_refused(town: samples.Town) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(samples.own_sheet()))
    signed = town.signer._signer.sign_pdf(writer, bytes_reserved=8192)  # nothing bound
    assert _wrong(_report(town, signed.getvalue())) == ["結び付け"]


def test_text_that_is_not_the_bound_one_is_refused(town: samples.Town) -> None:
    bound = samples.binding(samples.others_sheet())
    signed = town.signer.sign(samples.own_sheet(), bound, samples.SIGNED_AT)
    assert _wrong(_report(town, signed)) == ["頁の文字"]


def test_the_code_of_other_pages_is_refused(town: samples.Town) -> None:
    others_code = code_token.sign(samples.token(samples.others_sheet()), town.key)
    report = _report(town, samples.certificate(town, samples.own_sheet(), code=others_code))
    assert _wrong(report) == ["符号"]


def test_the_code_of_another_issuer_is_refused(town: samples.Town, other: samples.Town) -> None:
    sheet = samples.own_sheet()
    by_other = code_token.sign(samples.token(sheet), other.key)
    for_other = code_token.sign(samples.token(sheet, samples.OTHER_MUNICIPALITY), town.key)
    for code in (by_other, for_other):
        assert _wrong(_report(town, samples.certificate(town, sheet, code=code))) == ["符号"]


# --- a code from paper -----------------------------------------------------------------


def test_a_code_from_paper_asks_to_compare_the_paper(town: samples.Town) -> None:
    text = code_token.sign(samples.token(samples.own_sheet()), town.key)
    report = verifying.verify_code(text, town.key.chain)
    assert report.verdict is Verdict.CODE_GENUINE
    assert report.steps[-1].what == "紙面"


def test_a_code_from_another_town_is_refused(town: samples.Town, other: samples.Town) -> None:
    text = code_token.sign(samples.token(samples.own_sheet()), other.key)
    assert verifying.verify_code(text, town.key.chain).verdict is Verdict.NOT_GENUINE


# --- hostile files and the command -----------------------------------------------------


def _encrypted() -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(samples.own_sheet())) as file:
        file.save(made, encryption=pikepdf.Encryption(owner="x", user="y"))
    return made.getvalue()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda _: b"", "PDF ではありません"),
        (lambda _: b"GIF89a" + bytes(1000), "PDF ではありません"),
        (lambda _: "住民票".encode("shift_jis"), "PDF ではありません"),
        (lambda _: b"%PDF-1.7\n", "途中で切れています"),
        (lambda _: b"%PDF-1.7\n" + b"[" * 100_000, "途中で切れています"),
        (lambda signed: signed[: len(signed) // 2], "途中で切れています"),
        (lambda signed: signed[:-200], "途中で切れています"),
        (lambda _: _encrypted(), "暗号化された"),
        (lambda signed: signed + bytes(100 * 1024 * 1024), "大きすぎます"),
    ],
    ids=["empty", "gif", "text", "head", "brackets", "half", "tail", "encrypted", "100MB"],
)
def test_what_cannot_be_read_is_told_by_the_command(
    town: samples.Town,
    signed: bytes,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    make: object,
    words: str,
) -> None:
    assert callable(make)
    (tmp_path / "x.pdf").write_bytes(make(signed))
    assert _run(tmp_path / "x.pdf", "--key", town.published) == 2
    told = capsys.readouterr()
    assert words in told.out
    assert told.err == ""


def _run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    verify.add_arguments(parser)
    return verify.run(parser.parse_args([str(word) for word in words]))


def test_the_command_prints_each_check_and_the_verdict(
    town: samples.Town, signed: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.pdf").write_bytes(signed)
    assert _run(tmp_path / "x.pdf", "--key", town.published) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "本物と確かめました。"
    assert all(line[0] in "○−" for line in lines[:-1])


def test_a_forgery_ends_with_1(
    town: samples.Town, other: samples.Town, signed: bytes, tmp_path: Path
) -> None:
    (tmp_path / "x.pdf").write_bytes(signed)
    assert _run(tmp_path / "x.pdf", "--key", other.published) == 1


@pytest.mark.parametrize("content", [None, b"no certificate", b""])
def test_a_key_that_is_none_is_told(
    signed: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    (tmp_path / "x.pdf").write_bytes(signed)
    if content is not None:
        (tmp_path / "key.pem").write_bytes(content)
    assert _run(tmp_path / "x.pdf", "--key", tmp_path / "key.pem") == 2
    assert "--key" in capsys.readouterr().err


def test_without_a_key_the_installations_is_taken(
    signed: bytes, town: samples.Town, tmp_path: Path
) -> None:
    (tmp_path / "x.pdf").write_bytes(signed)
    assert _run(tmp_path / "x.pdf", "--data", tmp_path) == 2
    published = keys.demo_files(tmp_path)[1]
    published.parent.mkdir()
    published.write_bytes(town.published.read_bytes())
    assert _run(tmp_path / "x.pdf", "--data", tmp_path) == 0
