"""pki: the private authority of the network: new, sign; a party: ask, take; anybody: show.

A party makes its own keys. Only requests (PKCS#10) leave its folder, and certificates come back.
"""

import argparse
import ipaddress
import re
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from daicho.access import clock
from daicho.network.keys import folders
from daicho.network.keys.certificates import Known, Use, issue, key_id, make_authority
from daicho.network.keys.folders import AUTHORITY, AUTHORITY_KEY, Damaged, Directory
from daicho.network.protocol.parties import NotAParty, Party, party
from daicho.site.trouble import Trouble, on_disk
from daicho.terms.calendar_dates import wareki

AUTHORITY_DAYS, PARTY_DAYS, WARNED_DAYS = 3653, 400, 60
DIRECTORY = "directory"
_REQUEST = re.compile(
    b"-----BEGIN CERTIFICATE REQUEST-----.+?-----END CERTIFICATE REQUEST-----\n", re.DOTALL
)
_USES = {Use.SPEAK: "通信(TLS)", Use.SIGN: "署名", Use.SEAL: "封"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(dest="step", required=True, metavar="手順")
    new = steps.add_parser("new", help="認証局を作る")
    new.add_argument("folder", type=Path, metavar="認証局", help="認証局のフォルダー(まだないもの)")
    new.add_argument("--name", default="住基ネットワーク認証局", metavar="名", help="認証局の名前")
    ask = steps.add_parser("ask", help="団体の鍵を作り、証明書の申請を書き出す")
    ask.add_argument("folder", type=Path, metavar="鍵", help="団体の鍵のフォルダー")
    ask.add_argument("party", type=_party, metavar="団体", help="市区町村6桁、都道府県2桁、機構00")
    ask.add_argument("--host", action="append", default=[], metavar="宛先", help="通信の宛先")
    sign = steps.add_parser("sign", help="申請の指紋を団体に確かめた上で、証明書を出す")
    sign.add_argument("folder", type=Path, metavar="認証局", help="認証局のフォルダー")
    sign.add_argument("requests", type=Path, metavar="申請", help="団体が書き出した申請")
    sign.add_argument("party", type=_party, metavar="団体", help="申請した団体")
    sign.add_argument("--fingerprint", required=True, metavar="指紋", help="団体が告げた指紋")
    sign.add_argument("--days", type=int, default=PARTY_DAYS, metavar="日", help="有効の日数")
    take = steps.add_parser("take", help="出された証明書を、団体の鍵に添える")
    take.add_argument("folder", type=Path, metavar="鍵", help="団体の鍵のフォルダー")
    take.add_argument("directory", type=Path, metavar="名簿", help="証明書の名簿のフォルダー")
    show = steps.add_parser("show", help="名簿にある証明書と期限を示す")
    show.add_argument("folder", type=Path, metavar="認証局", help="認証局のフォルダー")


def run(arguments: argparse.Namespace) -> int:
    step = {"new": _new, "ask": _ask, "sign": _sign, "take": _take, "show": _show}[arguments.step]
    try:
        with on_disk(arguments.folder):
            sys.stdout.writelines(f"{line}\n" for line in step(arguments))
    except Damaged as damaged:
        raise Trouble(str(damaged)) from None
    return 0


def _party(code: str) -> Party:
    try:
        return party(code)
    except NotAParty:
        raise argparse.ArgumentTypeError(
            "市区町村6桁、都道府県2桁、機構00の番号で指定してください"
        ) from None


def _new(arguments: argparse.Namespace) -> Iterator[str]:
    folder: Path = arguments.folder
    if (folder / AUTHORITY_KEY).exists() or (folder / AUTHORITY).exists():
        raise Trouble(f"{folder} には認証局がもうあります。別のフォルダーにしてください。")
    (folder / DIRECTORY).mkdir(mode=0o755, parents=True, exist_ok=True)
    folder.chmod(0o700)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = make_authority(key, arguments.name, clock.now(), AUTHORITY_DAYS)
    folders.write_key(folder / AUTHORITY_KEY, key)
    folders.write_certificate(folder / AUTHORITY, certificate)
    yield f"認証局を {folder} に作りました。{AUTHORITY_KEY} の控えを別の場所に保管してください。"


def _ask(arguments: argparse.Namespace) -> Iterator[str]:
    folder: Path = arguments.folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    number = 1 + max((one for _, one in folders.numbers(folder)), default=0)
    requests = b""
    for use in Use:
        key = ec.generate_private_key(ec.SECP256R1())
        folders.write_key(folder / f"{use.value}-{number}.key", key)
        requests += _request(arguments.party, use, key, arguments.host)
    file = folder / f"requests-{number}.pem"
    file.write_bytes(requests)
    yield f"鍵を作りました。申請 {file} を認証局に渡し、指紋を別の手段で告げてください。"
    yield f"指紋 {_fingerprint(requests)}"


def _request(of: Party, use: Use, key: ec.EllipticCurvePrivateKey, hosts: list[str]) -> bytes:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"{of} {use.value}")])
    builder = x509.CertificateSigningRequestBuilder(subject)
    if use is Use.SPEAK and hosts:
        names = x509.SubjectAlternativeName([_host(one) for one in hosts])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    try:
        return x509.DNSName(name)
    except ValueError:
        raise Trouble(f"{name} は宛先の名前ではありません。") from None


def _sign(arguments: argparse.Namespace) -> Iterator[str]:
    folder: Path = arguments.folder
    content = _requests(arguments)
    authority_key = folders.read_key(folder / AUTHORITY_KEY)
    authority = folders.read_certificate(folder / AUTHORITY)
    for request in content:
        use, public, hosts = _asked(request, arguments.party)
        now = clock.now()
        certificate = issue(
            arguments.party, use, public, authority, authority_key, now, arguments.days, hosts
        )
        name = f"{arguments.party}-{use.value}-{key_id(certificate)}.pem"
        folders.write_certificate(folder / DIRECTORY / name, certificate)
        yield f"{_USES[use]}の証明書を {DIRECTORY}/{name} に出しました。"
    yield f"名簿({DIRECTORY})と {AUTHORITY} を、すべての団体に配ってください。"


def _requests(arguments: argparse.Namespace) -> list[x509.CertificateSigningRequest]:
    if not 1 <= arguments.days <= AUTHORITY_DAYS:
        raise Trouble(f"日数は1から{AUTHORITY_DAYS:,}までにしてください。")
    content = arguments.requests.read_bytes()
    if _fingerprint(content) != arguments.fingerprint.replace(":", "").lower():
        raise Trouble("申請の指紋が、団体の告げたものと違います。証明書は出していません。")
    try:
        found = [x509.load_pem_x509_csr(one) for one in _REQUEST.findall(content)]
    except ValueError:
        found = []
    if not found:
        raise Trouble("申請を読めません。証明書は出していません。")
    return found


def _asked(
    request: x509.CertificateSigningRequest, of: Party
) -> tuple[Use, ec.EllipticCurvePublicKey, list[x509.GeneralName]]:
    public = request.public_key()
    common = request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    named, _, use = str(common[0].value).partition(" ") if common else ("", "", "")
    is_p256 = isinstance(public, ec.EllipticCurvePublicKey) and isinstance(
        public.curve, ec.SECP256R1
    )
    if (
        named != of
        or not is_p256
        or not request.is_signature_valid
        or use not in {u.value for u in Use}
    ):
        raise Trouble(
            "この団体の申請ではないか、鍵の種類が違います。ここから後の証明書は出していません。"
        )
    assert isinstance(public, ec.EllipticCurvePublicKey), "asked above"
    try:
        hosts = request.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return Use(use), public, []
    kinds = (x509.DNSName, x509.IPAddress)
    return Use(use), public, [one for one in hosts if isinstance(one, kinds)]


def _take(arguments: argparse.Namespace) -> Iterator[str]:
    folder, directory = arguments.folder, arguments.directory
    given = {
        _point(certificate.public_key()): certificate
        for certificate in map(folders.read_certificate, sorted(directory.glob("*.pem")))
    }
    taken = 0
    for use, number in sorted(folders.numbers(folder), key=str):
        key_file = folder / f"{use.value}-{number}.key"
        if key_file.with_suffix(".pem").exists() or not key_file.exists():
            continue
        found = given.get(_point(folders.read_key(key_file).public_key()))
        if found is not None:
            folders.write_certificate(key_file.with_suffix(".pem"), found)
            taken += 1
    yield f"{taken} 通の証明書を鍵に添えました。"


def _point(public: PublicKeyTypes) -> bytes:
    """A public key as bytes that can be compared."""
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _show(arguments: argparse.Namespace) -> Iterator[str]:
    folder: Path = arguments.folder
    authority = folders.read_certificate(folder / AUTHORITY)
    for one in Directory(folder / DIRECTORY, authority).all():
        yield f"{one.party:<6} {_USES[one.use]} {one.key_id} {_until(one)}"


def _until(one: Known) -> str:
    last_on = wareki(one.until_at.date())
    left = (one.until_at - clock.now()).days
    if left < 0:
        return f"{last_on}に切れた"
    return f"{last_on}まで" + (f"(あと{left}日)" if left <= WARNED_DAYS else "")


def _fingerprint(content: bytes) -> str:
    return sha256(content).hexdigest()
