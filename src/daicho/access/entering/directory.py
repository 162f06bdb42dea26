"""団体の認証基盤: what an ID token of the city's own directory must prove before it is believed.

OpenID Connect Core 1.0, 3.1.3.7: signature, issuer, audience, time, and the nonce of this very
browser's question. The signature is checked although the token comes over TLS.
"""

from collections.abc import Mapping
from hmac import compare_digest
from typing import Any

import jwt

ALGORITHMS = ["RS256", "PS256", "ES256"]
LEEWAY_SECONDS = 30
CLAIM_CHARS_MAX = 40  # as long as a login is


class NotBelieved(ValueError):
    """信じない: the token does not prove what it says; the text says what is missing."""


def login_of(
    token: str, keys: Mapping[str, Any], *, issuer: str, audience: str, nonce: str, claim: str
) -> str:
    """操作者ID: the claim of a token that proves itself; raises NotBelieved.

    `keys` is the directory's JWK set. The claim must be a text as long as a login at most.
    """
    try:
        key = _key(token, keys)
        said = jwt.decode(
            token,
            key.key,
            algorithms=[one for one in ALGORITHMS if one == key.algorithm_name],
            issuer=issuer,
            audience=audience,
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "iss", "aud", "sub"]},
        )
    except jwt.PyJWTError as wrong:
        raise NotBelieved(type(wrong).__name__) from None
    if not nonce or not compare_digest(str(said.get("nonce", "")).encode(), nonce.encode()):
        raise NotBelieved("nonce")
    if isinstance(said["aud"], list) and len(said["aud"]) > 1 and said.get("azp") != audience:
        raise NotBelieved("azp")
    found = said.get(claim)
    if not isinstance(found, str) or not 0 < len(found) <= CLAIM_CHARS_MAX:
        raise NotBelieved("claim")
    return found


def _key(token: str, keys: Mapping[str, Any]) -> jwt.PyJWK:
    header = jwt.get_unverified_header(token)
    if header.get("alg") not in ALGORITHMS:
        raise NotBelieved("alg")
    known = [one for one in keys.get("keys", ()) if one.get("kid") == header.get("kid")]
    if len(known) != 1 or known[0].get("use", "sig") != "sig":
        raise NotBelieved("kid")
    return jwt.PyJWK({"alg": header["alg"], **known[0]})
