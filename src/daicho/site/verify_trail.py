"""利用記録の検証: does a trail that was handed over still hold what its signed heads say?

One file, for an auditor's own machine: Python 3.11 and the package `cryptography`, nothing of ours.

    python verify_trail.py trail.jsonl --heads heads.json --key PUBLIC.pem --older OLDER.json

A line of the export is a leaf of a Merkle tree (RFC 9162, 2.1), hashed as it stands, byte by byte.
A head is the root of the tree at a size, signed. Whoever keeps heads of his own (`--older`), and
knows the key from elsewhere (`--key`), need trust neither the file nor who made it; nor need who
knows the key of a witness, or the certificate of an authority that stamped the heads (RFC 3161).

Exit codes: 0 nothing wrong, 1 something was altered, 2 the files cannot be read.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial, reduce
from hashlib import sha256
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

TITLE, COSIGNED = "daicho trail head v1", "daicho trail cosignature v1"
MOMENT, TOLD_AT_MOST = "%Y-%m-%dT%H:%M:%SZ", 20
CLOCKS_DIFFER = timedelta(minutes=10)
STAMPED_WITHIN = timedelta(hours=2)  # the newest head is stamped, and there is one each hour
UNSEEN = {
    "key": "だれの署名かは確かめていません。鍵ごと作り直された記録も一致します",
    "older": "手元の先頭との続きは確かめていません。末尾を切った記録も一致します",
}
# What a token is of, as OBJECT IDENTIFIERs (their content). Nothing else is understood.
SIGNED_DATA, TST_INFO = bytes.fromhex("2a864886f70d010702"), bytes.fromhex("2a864886f70d0109100104")
CONTENT_TYPE, DIGEST = bytes.fromhex("2a864886f70d010903"), bytes.fromhex("2a864886f70d010904")
SHA2: tuple[hashes.HashAlgorithm, ...] = (hashes.SHA256(), hashes.SHA384(), hashes.SHA512())
HASHES = {bytes.fromhex("6086480165030402") + bytes([i]): how for i, how in enumerate(SHA2, 1)}

_bytes = partial(base64.b64decode, validate=True)
Keys = Mapping[str, ec.EllipticCurvePublicKey]  # by fingerprint


class Unreadable(Exception):
    """読めない: a file is not what it must be; nothing can be said of the trail."""


class Wrong(ValueError):
    """不一致: what can be read and proves nothing, or the opposite; with the sentence."""


@dataclass(frozen=True)
class Head:
    """先頭: what a signed note says."""

    whose: str
    size: int
    root: bytes
    at: str
    file: str
    note: str = ""
    cosignatures: tuple[tuple[str, str, bytes], ...] = ()  # moment, key, signature
    tokens: tuple[bytes, ...] = ()


class Tree:
    """木: grows leaf by leaf; holds one hash for each full subtree at its right edge."""

    def __init__(self) -> None:
        self.size = 0
        self._edge: list[bytes] = []

    def add(self, line: bytes) -> None:
        """Add the next leaf."""
        found = sha256(b"\x00" + line).digest()
        left = self.size
        while left & 1:
            found = sha256(b"\x01" + self._edge.pop() + found).digest()
            left >>= 1
        self._edge.append(found)
        self.size += 1

    def root(self) -> bytes:
        """The root over what was added."""
        if not self._edge:
            return sha256(b"").digest()
        return reduce(lambda on, it: sha256(b"\x01" + it + on).digest(), reversed(self._edge))


def read_heads(path: Path, keys: Keys) -> list[Head]:
    """The heads of a file, each with a right signature; raises Unreadable, Wrong, OSError."""
    try:
        content = json.loads(path.read_text("utf-8"))
        raw = list(content["heads"])
        keys = keys or _keys(content["public_keys"])
    except (LookupError, RecursionError, TypeError, ValueError):
        raise Unreadable(f"{path.name} は先頭のファイルではありません。") from None
    if not raw:
        raise Wrong(f"{path.name}: 先頭が1つもないので、何も確かめられません。")
    return [_head(one, keys, path.name) for one in raw]


def _keys(pems: Iterable[str]) -> dict[str, ec.EllipticCurvePublicKey]:
    found = {}
    for pem in pems:
        try:
            key = serialization.load_pem_public_key(pem.encode())
        except (ValueError, AttributeError):
            raise Unreadable("公開鍵を読めません。") from None
        if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
            raise Unreadable("公開鍵がP-256の鍵ではありません。")
        form = serialization.PublicFormat.SubjectPublicKeyInfo
        found[sha256(key.public_bytes(serialization.Encoding.DER, form)).hexdigest()] = key
    return found


def _head(raw: Any, keys: Keys, file: str) -> Head:
    """One head; Wrong says what is wrong with its signature or its text."""
    try:
        note, signature = str(raw["note"]), _bytes(raw["signature"])
        key = keys.get(str(raw["key"]))
        title, whose, size, root, at = note.removesuffix("\n").split("\n")
        given = [
            (str(it["at"]), str(it["key"]), _bytes(it["signature"]))
            for it in raw.get("cosignatures", [])
        ]
        tokens = tuple(_bytes(it) for it in raw.get("tokens", []))
        head = Head(whose, int(size), _bytes(root), at, file, note, tuple(given), tokens)
        # one way to write each: moments are compared as text, and whose it is goes to a terminal
        moments = all(f"{_moment(it):{MOMENT}}" == it for it in (at, *(one[0] for one in given)))
        is_ours = title == TITLE and note.endswith("\n") and whose.isprintable()
        if not (is_ours and moments and str(abs(head.size)) == size):
            raise ValueError
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Wrong(f"{file}: 先頭の形か版が正しくありません。") from None
    if key is None:
        raise Wrong(f"{file}: 大きさ {head.size} の先頭は、知らない鍵で署名されています。")
    try:
        key.verify(signature, note.encode(), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise Wrong(f"{file}: 大きさ {head.size} の先頭の署名が合いません。") from None
    return head


def lines_of(path: Path) -> Iterator[bytes]:
    """The lines of an export, without their ends; one that is cut off is an end too early."""
    with path.open("rb") as file:
        for line in file:
            yield line.removesuffix(b"\n")


def check(lines: Iterable[bytes], heads: Sequence[Head]) -> Iterator[str]:
    """Everything that is wrong with these lines by these heads; nothing where all is well."""
    yield from _of_each_other(heads)
    wanted = {head.size: head for head in heads}  # two of one size were compared already
    tree, right = Tree(), 0
    for line in chain((None,), lines):  # a head may stand before the first
        if line is not None:
            tree.add(line)
        if now := wanted.pop(tree.size, None):
            if tree.root() != now.root:
                yield (
                    f"{now.at} の先頭({now.size}件、{now.file})と記録が合いません。"
                    f"{right + 1}件目から{now.size}件目までのどこかが、"
                    "書き換え、消去、挿入、並べ替えのいずれかを受けています。"
                )
                return  # every later one is wrong too
            right = tree.size
    for size in sorted(wanted):
        yield f"{size}件の先頭がありますが、渡された記録は{tree.size}件です(末尾が欠けています)。"
    if (more := tree.size - max(head.size for head in heads)) > 0:
        yield f"最後の先頭より後に{more}件あり、署名された先頭では確かめられません。"


def _of_each_other(heads: Sequence[Head]) -> Iterator[str]:
    if len({head.whose for head in heads}) > 1:
        yield "先頭が、いくつもの台帳のものです。"
    by_size: dict[int, Head] = {}
    for head in heads:
        other = by_size.setdefault(head.size, head)
        if other.root != head.root:
            files = "、".join(sorted({other.file, head.file}))
            yield f"{head.size}件の先頭が2つあり、根が違います({files}: 記録の分岐)。"
    for before, head in pairwise(sorted(heads, key=lambda head: (head.size, head.at))):
        if head.at < before.at:
            yield f"{head.size}件の先頭の時刻({head.at})が、それより短いものより前です。"


def witnessed(heads: Sequence[Head], keys: Keys, count: int, within: int) -> Iterator[str]:
    """What is wrong with the co-signatures: a false one, or no head that `count` have signed and
    that is at most `within` minutes older than the newest."""
    seen: list[datetime] = []
    for head in heads:
        right = set()
        for at, key, signature in head.cosignatures:
            text = f"{COSIGNED}\n{at}\n{head.note}".encode()
            try:
                if key in keys:
                    keys[key].verify(signature, text, ec.ECDSA(hashes.SHA256()))
                    right.add(key)
            except InvalidSignature:
                yield f"{head.file}: 大きさ {head.size} の先頭の、立会人の署名が合いません。"
        if len(right) >= count:
            seen.append(_moment(head.at))
    if not seen:
        yield f"{count}者の立会人が署名した先頭が、1つもありません。"
    elif max(_moment(head.at) for head in heads) - max(seen) > timedelta(minutes=within):
        yield f"立会人が署名した最後の先頭は {max(seen):{MOMENT}} のもので、古すぎます。"


def _moment(text: str) -> datetime:
    return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)


def stamped(heads: Sequence[Head], authority: x509.Certificate) -> Iterator[str]:
    """What is wrong with the timestamps: a false one, or none at all."""
    stamps = [(head, token) for head in heads for token in head.tokens]
    for head, token in stamps:
        try:
            at = stamped_at(token, head.note.encode(), authority)
        except (ValueError, LookupError, UnsupportedAlgorithm, x509.DuplicateExtension) as wrong:
            told = str(wrong) if isinstance(wrong, Wrong) else "読めません。"
            yield f"{head.file}: 大きさ {head.size} の先頭の時刻認証: {told}"
            continue
        ahead, said = _moment(head.at) - at, f"{head.file}: 大きさ {head.size} の先頭の時刻は、"
        if ahead > CLOCKS_DIFFER:
            yield f"{said}時刻認証の時刻より後です。"
        if -ahead > STAMPED_WITHIN:
            yield f"{said}時刻認証の時刻より前すぎます(後から作られた疑い)。"
    if not stamps:
        yield "時刻認証のある先頭が、1つもありません。"


@dataclass(frozen=True)
class Der:
    """DERの要素: tag, content, and both as they stand."""

    tag: int
    content: bytes
    raw: bytes

    def parts(self) -> list["Der"]:
        """The elements that it is made of."""
        found, rest = [], self.content
        while rest:
            found.append(der(rest))
            rest = rest[len(found[-1].raw) :]
        return found

    def must(self, tag: int) -> "Der":
        """Itself, where it is of that tag."""
        if self.tag != tag:
            raise ValueError("another element")
        return self


def der(data: bytes) -> Der:
    """The first element, in the one form that DER allows; raises ValueError, IndexError."""
    length, at = data[1], 2
    if length & 0x80:
        at += length & 0x7F
        length = int.from_bytes(data[2:at], "big")
        if not 2 < at <= 6 or length < 0x80 or not data[2]:
            raise ValueError("a length that is not the shortest")
    if data[0] & 0x1F == 0x1F or at + length > len(data):
        raise ValueError("no element")
    return Der(data[0], data[at : at + length], data[: at + length])


def stamped_at(token: bytes, data: bytes, authority: x509.Certificate) -> datetime:
    """The moment at which the authority stamped that data (RFC 3161, RFC 5652); raises Wrong, and
    ValueError or LookupError where the token cannot be read.

    `authority` is the certificate that signed, or that of who issued the signer's.
    """
    kind, outer = der(token).must(0x30).parts()
    signed = der(outer.must(0xA0).content).must(0x30).parts()
    inner, content = signed[2].must(0x30).parts()
    info = der(content.must(0xA0).content).must(0x04).content
    (signer,) = signed[-1].must(0x31).parts()
    _, said_by, algorithm, attributes, _, signature = signer.must(0x30).parts()[:6]
    how, said = HASHES[algorithm.parts()[0].content], {}
    for name, values in (one.parts() for one in attributes.must(0xA0).parts()):
        said[name.content] = [it.content for it in values.parts()]
    if (kind.content, inner.content, said[CONTENT_TYPE]) != (SIGNED_DATA, TST_INFO, [TST_INFO]):
        raise ValueError("no token")
    at = _at_over(der(info).must(0x30).parts(), data)
    certificates = [it for one in signed if one.tag == 0xA0 for it in one.parts()]
    key = _certificate(certificates, said_by, authority, at).public_key()
    # what is signed is the set of attributes, not the place that it has in the token
    text, mark = b"\x31" + attributes.raw[1:], signature.must(0x04).content
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(mark, text, padding.PKCS1v15(), how)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(mark, text, ec.ECDSA(how))
        else:
            raise Wrong("知らない種類の鍵です。")
    except InvalidSignature:
        raise Wrong("署名が合いません。") from None
    if said[DIGEST] != [hashlib.new(how.name, info).digest()]:
        raise Wrong("署名と中身が合いません。")
    return at


def _at_over(info: Sequence[Der], data: bytes) -> datetime:
    """The moment that TSTInfo says, where it is over that data."""
    algorithm, digest = info[2].must(0x30).parts()
    how = HASHES[algorithm.parts()[0].content]
    if digest.must(0x04).content != hashlib.new(how.name, data).digest():
        raise Wrong("ほかのものの時刻認証です。")
    text = info[4].must(0x18).content.decode("ascii")
    if not re.fullmatch(r"\d{14}(\.\d+)?Z", text):
        raise ValueError("no moment")
    return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _certificate(
    found: Sequence[Der], said_by: Der, authority: x509.Certificate, at: datetime
) -> x509.Certificate:
    """The signer's certificate: the one given, or one in the token that the given one issued."""
    serial = int.from_bytes(said_by.must(0x30).parts()[1].content, "big", signed=True)
    for one in (authority, *(x509.load_der_x509_certificate(it.raw) for it in found)):
        try:
            if one != authority:
                one.verify_directly_issued_by(authority)
            usage = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except (InvalidSignature, TypeError, ValueError, x509.ExtensionNotFound):
            continue
        if one.serial_number == serial and x509.oid.ExtendedKeyUsageOID.TIME_STAMPING in usage:
            if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
                raise Wrong("署名した証明書の有効期間の外の時刻です。")
            return one
    raise Wrong("渡された証明書の時刻認証局のものではありません。")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("trail", type=Path, metavar="EXPORT", help="利用記録(1行1件)")
    parser.add_argument("--heads", type=Path, required=True, metavar="FILE", help="先頭のファイル")
    several = partial(parser.add_argument, type=Path, action="append", default=[])
    several("--older", metavar="FILE", help="手元の古い先頭")
    several("--key", metavar="PEM", help="別に受け取った公開鍵")
    several("--witness", metavar="PEM", help="立会人の公開鍵")
    parser.add_argument("--witnesses", type=int, metavar="K", help="要る立会人の数(既定は全員)")
    parser.add_argument("--within", type=int, default=60, metavar="分", help="立会いの遅れ(60)")
    parser.add_argument("--tsa", type=Path, metavar="PEM", help="時刻認証局の証明書")


def run(said: argparse.Namespace) -> int:
    """Tell what was found; the exit code, see above."""
    try:
        keys = _keys(one.read_text("utf-8") for one in said.key)
        witnesses = _keys(one.read_text("utf-8") for one in said.witness)
        if said.witnesses is not None and not 0 < said.witnesses <= len(witnesses):
            raise Unreadable("--witnesses は、1から --witness で渡した鍵の数までにしてください。")
        authority = x509.load_pem_x509_certificate(said.tsa.read_bytes()) if said.tsa else None
        heads = [one for path in (said.heads, *said.older) for one in read_heads(path, keys)]
        found = list(check(lines_of(said.trail), heads))
    except Wrong as wrong:
        return _told([str(wrong)])
    except (OSError, Unreadable, ValueError) as trouble:
        file = getattr(trouble, "filename", None) or "鍵か証明書のファイル"
        told = str(trouble) if isinstance(trouble, Unreadable) else f"{file} を読めません。"
        sys.stderr.write(f"{told}\n")
        return 2
    if witnesses:
        found += witnessed(heads, witnesses, said.witnesses or len(witnesses), said.within)
    if authority is not None:
        found += stamped(heads, authority)
    if code := _told(found):
        return code
    last = max(heads, key=lambda one: (one.size, one.at))
    sys.stdout.write(
        f"一致: {last.whose} の {last.size}件は、{last.at} までの署名された先頭のとおりです。\n"
    )
    for option, what in UNSEEN.items():
        if not getattr(said, option):
            sys.stdout.write(f"注意: {what} (--{option})。\n")
    return 0


def _told(wrong: Sequence[str]) -> int:
    sys.stdout.write("".join(f"不一致: {one}\n" for one in wrong[:TOLD_AT_MOST]))
    return 1 if wrong else 0


if __name__ == "__main__":
    taken = argparse.ArgumentParser(description="利用記録を、署名された先頭と照合します。")
    add_arguments(taken)
    sys.exit(run(taken.parse_args()))
