"""暗号アルゴリズム: which may be used for what by the government's list, and which are used here.

`USED` is the one list of what this program itself works with; a test compares it with what the code
imports, and every start compares it with the table of that day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from daicho.law.rule import Finding, finding, rule, words
from daicho.law.tables import Row, table

LISTED: Mapping[str, str] = {
    "recommended": "電子政府推奨暗号リスト",
    "candidate": "推奨候補暗号リスト",
    "monitored": "運用監視暗号リスト",
    "outside": "リストの区分の外",
}
"""リストの区分: Japanese name by code."""
LIST_SINCE = date(2023, 3, 30)
"""リストの日: LS-0001-2022; before it there is no row."""


@dataclass(frozen=True)
class Use:
    """暗号の用途: one algorithm of the program, what for, and where it is."""

    algorithm: str
    use: str
    where: str


USED: tuple[Use, ...] = (
    Use("aes", "numbers", "vault: 個人番号 (256 bits)"),
    Use("gcm", "numbers", "vault: 個人番号"),
    Use("hmac", "numbers", "vault: the blind index"),
    Use("sha_256", "numbers", "vault: the blind index, fingerprints of keys"),
    Use("ecdsa", "trail", "access: heads of the trail, co-signatures of witnesses (P-256)"),
    Use("sha_256", "trail", "access: the tree over the trail, its heads"),
    Use("rsa_pkcs1", "stamps", "site: tokens of a time-stamping authority, when they are checked"),
    Use("ecdsa", "stamps", "site: tokens of a time-stamping authority, when they are checked"),
    Use("sha_256", "stamps", "access: what is stamped; site: tokens, when they are checked"),
    Use("sha_384", "stamps", "site: tokens of a time-stamping authority, when they are checked"),
    Use("sha_512", "stamps", "site: tokens of a time-stamping authority, when they are checked"),
    Use("aes", "sealing", "access: secrets of second factors (256 bits)"),
    Use("gcm", "sealing", "access: secrets of second factors"),
    Use("hkdf", "sealing", "access: the key for the secrets of second factors"),
    Use("aes", "exports", "access: files that leave the program (256 bits)"),
    Use("gcm", "exports", "access: files that leave the program"),
    Use("hkdf", "exports", "access: the key, from the passphrase of such a file"),
    Use("sha_256", "exports", "access: digests of such a file, of the whole and of each frame"),
    Use("argon2", "passwords", "access: passwords"),
    Use("ecdsa", "cards", "access: what a resident's card signs (P-256)"),
    Use("sha_256", "cards", "access: what a resident's card signs"),
    Use("pbkdf2", "test_cards", "site: the PIN of a test card, in made-up towns"),
    Use("hmac", "one_time_codes", "access: one-time codes, recovery codes"),
    Use("sha_1", "one_time_codes", "access: one-time codes, recovery codes"),
    Use("sha_1", "leaked_passwords", "access: looking up a list that comes in this form"),
    Use("hmac", "marks", "access: marks of sessions, codes of terminals"),
    Use("sha_256", "marks", "access: marks of sessions, codes of terminals, commitments"),
    Use("ecdsa", "authenticators", "access: what an authenticator signs (P-256, P-384)"),
    Use("rsa_pkcs1", "authenticators", "access: what an authenticator signs"),
    Use("sha_256", "authenticators", "access: what an authenticator signs"),
    Use("sha_384", "authenticators", "access: what an authenticator signs"),
    Use("rsa_pkcs1", "directory", "access: tokens of a directory"),
    Use("rsa_pss", "directory", "access: tokens of a directory"),
    Use("ecdsa", "directory", "access: tokens of a directory (P-256)"),
    Use("ecdsa", "certificates", "certificates: signature of the document and its code (P-256)"),
    Use("sha_256", "certificates", "certificates: signature, lock, what was issued"),
    Use("aes", "backups", "site: the frames of a backup (256 bits)"),
    Use("gcm", "backups", "site: the frames of a backup"),
    Use("sha_256", "backups", "site: digests of a backup, register: digests of an export"),
    Use("ecdsa", "messages", "network: messages, receipts, certificates of parties (P-256)"),
    Use("sha_256", "messages", "network: signatures, digests of lines, names of keys"),
    Use("ecdh", "messages", "network: what is sealed to a municipality (P-256)"),
    Use("aes", "messages", "network: what is sealed to a municipality (256 bits)"),
    Use("gcm", "messages", "network: what is sealed to a municipality"),
    Use("hmac", "simulation", "site: what stands for a signature in the simulator"),
    Use("blake2b", "record_ids", "register: ids of imported records"),
    Use("scram", "database", "site: the sign-in to the database"),
    Use(
        "tls",
        "transport",
        "in front of the program; to the database, the directory and the neighbours of the network",
    ),
)
"""使っている暗号: every algorithm of the program with its use."""


@dataclass(frozen=True)
class Algorithm:
    """暗号アルゴリズム: one row of the table."""

    code: str
    name: str
    listed: str
    uses: frozenset[str]


def _algorithm(row: Row) -> Algorithm:
    row.only("code", "name", "kind", "listed", "uses")
    row.text("kind")
    if row.text("listed") not in LISTED:
        raise row.wrong(f"listed must be one of {', '.join(LISTED)}")
    uses = frozenset(row.texts("uses"))
    if uses and (row.text("listed") == "recommended" or not row.because):
        raise row.wrong("uses are for what is not recommended, and say why")
    return Algorithm(row.text("code"), row.text("name"), row.text("listed"), uses)


_ROWS = table("algorithms").keyed()
NAMES: Mapping[str, str] = {one.code: one.name for one in map(_algorithm, _ROWS)}
"""暗号の名前: by code."""

words([*NAMES.values(), *LISTED.values()])

_NOT_LISTED = finding(
    "safety.algorithm_not_listed",
    refuses=True,
    cites=["CRYPTREC 1", "BRRA 36-2(1)"],
    what="この日の表にない暗号アルゴリズムです。",
    remedy="電子政府推奨暗号リストにあるアルゴリズムを用いる版のプログラムに更新してください。",
)
_NOT_FOR_THIS = finding(
    "safety.algorithm_not_recommended",
    refuses=True,
    cites=["CRYPTREC 1", "CRYPTREC 3", "BRRA 36-2(1)"],
    what="暗号アルゴリズム「{algorithm}」は「{listed}」のもので、この用途には使えません。",
    remedy="電子政府推奨暗号リストにあるアルゴリズムを用いる版のプログラムに更新してください。",
)


@rule(cites=["CRYPTREC 1", "BRRA 36-2(1)", "MNA 12"], since=LIST_SINCE)
def may_be_used(algorithm: str, use: str, on: date) -> Finding | None:
    """電子政府推奨暗号リストの暗号を用い、ほかのものは表に定めた用途に限る。

    Whether an algorithm may be used for that use on that day; None where it may.
    """
    row = _ROWS.find(algorithm, on)
    if row is None:
        return _NOT_LISTED()
    one = _algorithm(row)
    if one.listed == "recommended" or use in one.uses:
        return None
    return _NOT_FOR_THIS(algorithm=one.name, listed=LISTED[one.listed])


def not_listed(on: date) -> Iterator[tuple[Use, Finding]]:
    """使えない暗号: what the program uses and may not use on that day."""
    for one in USED:
        if found := may_be_used(one.algorithm, one.use, on=on):
            yield one, found
