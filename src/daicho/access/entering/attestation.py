"""製造者の証明: which model an authenticator is, proven by its maker's signature.

The roots are PEM files in the folder `DAICHO_AUTHENTICATOR_ROOTS`: those of the makers whose models
the city has chosen. Without a root that signed the chain nothing is proven.
"""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import BasicConstraints, Certificate, ExtensionNotFound
from django.conf import settings
from fido2.attestation.base import AttestationResult, AttestationVerifier, InvalidAttestation
from fido2.webauthn import AttestationObject, AuthenticatorData

from daicho.access import clock


def roots() -> Iterator[Certificate]:
    """製造者の根: every certificate of the folder."""
    folder = settings.AUTHENTICATOR_ROOTS
    for file in sorted(Path(folder).glob("*.pem")) if folder else ():
        yield from x509.load_pem_x509_certificates(file.read_bytes())


class _Makers(AttestationVerifier):
    def ca_lookup(
        self, attestation_result: AttestationResult, auth_data: AuthenticatorData
    ) -> bytes | None:
        del auth_data
        path = [x509.load_der_x509_certificate(one) for one in attestation_result.trust_path]
        if not path:  # signed by nobody, or by itself
            return None
        for root in roots():
            chain = [*path, root]
            if _is_sound(chain):
                return root.public_bytes(Encoding.DER)
        return None


def _is_sound(chain: list[Certificate]) -> bool:
    """Is each signed by the next one, which may sign, and is none of them out of its time?"""
    now = clock.now()
    if any(not one.not_valid_before_utc <= now <= one.not_valid_after_utc for one in chain):
        return False
    return all(_signed(one, by) for one, by in pairwise(chain))


def _signed(one: Certificate, by: Certificate) -> bool:
    try:
        constraints = by.extensions.get_extension_for_class(BasicConstraints).value
        one.verify_directly_issued_by(by)
    except (ExtensionNotFound, InvalidSignature, ValueError, TypeError):
        return False
    return constraints.ca


def is_proven(attested: AttestationObject, client_data_hash: bytes) -> bool:
    """証明されたか: did a maker whose root is here sign that this is the model it says?"""
    try:
        _Makers().verify_attestation(attested, client_data_hash)
    except (InvalidAttestation, ValueError, TypeError):
        return False
    return True
