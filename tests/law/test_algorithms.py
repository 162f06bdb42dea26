"""What the program encrypts and signs with stands in one list, and that list in the table."""

import ast
from collections.abc import Iterator
from datetime import date

import pytest

from daicho.law.safety import algorithms
from daicho.law.safety.algorithms import USED
from tidy.tree import module, modules

TODAY = date(2026, 11, 22)
# What the code calls an algorithm -> its row in the table.
NAMED = {
    "A256GCM": ("aes", "gcm"),
    "AESGCM": ("aes", "gcm"),
    "AES_GCM": ("aes", "gcm"),
    "ECDH-ES": ("ecdh",),
    "ECDSA": ("ecdsa",),
    "ES256": ("ecdsa", "sha_256"),
    "ES384": ("ecdsa", "sha_384"),
    "HKDF": ("hkdf",),
    "HMAC": ("hmac",),
    "PBKDF2HMAC": ("pbkdf2",),
    "PS256": ("rsa_pss", "sha_256"),
    "RS256": ("rsa_pkcs1", "sha_256"),
    "SHA256": ("sha_256",),
    "SHA384": ("sha_384",),
    "SHA512": ("sha_512",),
    "SHA256_HMAC": ("hmac", "sha_256"),
    "blake2b": ("blake2b",),
    "salted_hmac": ("hmac",),
    "sha1": ("sha_1",),
    "sha256": ("sha_256",),
}
# Names of the same kind that nobody uses here: one that comes in must be put into the lists.
UNUSED = {
    "3DES", "AESCCM", "AESGCMSIV", "AESSIV", "ARC4", "Blowfish", "CAST5", "CMAC", "Camellia",
    "ChaCha20Poly1305", "EdDSA", "Ed25519PrivateKey", "Fernet", "HS256", "MD5",
    "RSAPrivateKey", "SHA1", "SHA3_256", "Scrypt", "TripleDES",
    "X25519PrivateKey", "blake2s", "md5", "pbkdf2_hmac", "scrypt", "sha3_256", "sha384",
    "sha512",
}  # fmt: skip
KNOWN = NAMED.keys() | UNUSED


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.alias):
            yield node.name.rpartition(".")[2]
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _found() -> set[str]:
    return {name for one in modules("src/") for name in _names(one.tree)} & KNOWN


def test_what_the_program_uses_may_be_used() -> None:
    assert list(algorithms.not_listed(on=TODAY)) == []


def test_every_use_is_of_a_row_of_the_table() -> None:
    assert {one.algorithm for one in USED} <= set(algorithms.NAMES)
    assert len({(one.algorithm, one.use) for one in USED}) == len(USED)


def test_no_algorithm_is_in_the_code_that_is_not_in_the_list() -> None:
    found = _found()
    assert found - NAMED.keys() == set(), "put it into law.safety.algorithms.USED and NAMED here"
    used = {one.algorithm for one in USED}
    assert {row for name in found for row in NAMED[name]} <= used


def test_no_name_is_kept_here_that_the_code_has_no_more() -> None:
    assert NAMED.keys() - _found() == set()


@pytest.mark.parametrize(
    "text",
    [
        "from hashlib import md5",
        "import hashlib\nhashlib.md5(b'')",
        "from cryptography.hazmat.primitives.ciphers.algorithms import TripleDES",
        "x = 'HS256'",
    ],
)
def test_the_check_sees_an_algorithm(text: str) -> None:
    assert set(_names(module("a.py", text).tree)) & UNUSED
