"""検証ページの画面: the one page, with or without a result."""

from collections.abc import Sequence
from functools import cache
from html import escape
from importlib import resources
from string import Template

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from daicho.certificates.code_token import PREFIX, TEXT_LENGTH_MAX
from daicho.certificates.keys import common_name
from daicho.certificates.verifying import PDF_BYTES_MAX, Report, Verdict

_KIND = {
    Verdict.GENUINE: "genuine",
    Verdict.CODE_GENUINE: "genuine",
    Verdict.NOT_GENUINE: "not-genuine",
    Verdict.UNREADABLE: "unreadable",
}
_TITLE = "証明書の検証"


def render(certificates: Sequence[x509.Certificate], report: Report | None = None) -> bytes:
    """The page; the verdict stands in its title too, which is read out first."""
    entries = {
        "title": _TITLE if report is None else f"{report.verdict.value} - {_TITLE}",
        "issuer": common_name(certificates[0]),
        "size_mb": str(PDF_BYTES_MAX // (1024 * 1024)),
        "prefix": PREFIX,
        "code_max": str(TEXT_LENGTH_MAX),
    }
    escaped = {name: escape(text) for name, text in entries.items()}
    blocks = {
        "result": "" if report is None else _result(report),
        "certificates": "".join(map(_certificate, certificates)),
    }
    return Template(_file("page.html")).substitute(escaped, **blocks).encode()


def _result(report: Report) -> str:
    steps = "".join(
        f"<li>{step.mark} {escape(step.what)}: {escape(step.told)}</li>" for step in report.steps
    )
    return (
        f'<section class="result {_KIND[report.verdict]}" aria-labelledby="result" tabindex="-1"'
        f' autofocus><h2 id="result">結果: {escape(report.verdict.value)}</h2>'
        f"<ul>{steps}</ul></section>"
    )


def _certificate(certificate: x509.Certificate) -> str:
    return (
        f"<dt>{escape(common_name(certificate))}</dt>"
        f"<dd>{certificate.fingerprint(SHA256()).hex(' ', 2)}</dd>"
    )


def style() -> bytes:
    """The page's only style sheet."""
    return _file("style.css").encode()


@cache
def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
