"""An authenticator without hardware: keys, counts, and a maker who signs what model it is."""

import hashlib
import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import cbor2
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID, ObjectIdentifier

MODEL = UUID("0a1b2c3d-0000-4000-8000-00000000c0de")  # made up
ORIGIN = "http://localhost"
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40
_AAGUID = ObjectIdentifier("1.3.6.1.4.1.45724.1.1.4")
_SINCE, _UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 1, 1, tzinfo=UTC)


def text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(written: str) -> bytes:
    return urlsafe_b64decode(written + "=" * (-len(written) % 4))


class Maker:
    """Who makes authenticators of one model, and signs each for what it is."""

    def __init__(self, name: str = "架空の製造者") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.root = self._certificate(self._name, self._key, None)

    def root_pem(self) -> bytes:
        return self.root.public_bytes(Encoding.PEM)

    def _certificate(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, model: UUID | None
    ) -> x509.Certificate:
        made = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(_SINCE)
            .not_valid_after(_UNTIL)
            .add_extension(x509.BasicConstraints(model is None, None), critical=True)
        )
        if model is not None:
            stated = x509.UnrecognizedExtension(_AAGUID, b"\x04\x10" + model.bytes)
            made = made.add_extension(stated, critical=False)
        return made.sign(self._key, SHA256())

    def attest(self, model: UUID, signed: bytes) -> Mapping[str, Any]:
        """A statement in the packed format over what an authenticator says."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = [
            (NameOID.COUNTRY_NAME, "JP"),
            (NameOID.ORGANIZATION_NAME, "架空"),
            (NameOID.ORGANIZATIONAL_UNIT_NAME, "Authenticator Attestation"),
            (NameOID.COMMON_NAME, "batch"),
        ]
        subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in names])
        certificate = self._certificate(subject, key, model)
        signature = key.sign(signed, ec.ECDSA(SHA256()))
        return {"alg": -7, "sig": signature, "x5c": [certificate.public_bytes(Encoding.DER)]}


@dataclass
class Key:
    """One authenticator: `count` is what it says of its signatures; a copy says it twice."""

    maker: Maker | None = None
    model: UUID = MODEL
    count: int = 0
    id: bytes = field(default_factory=lambda: os.urandom(32))
    _key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1()), repr=False
    )

    def _cose(self) -> bytes:
        numbers = self._key.public_key().public_numbers()
        x, y = (one.to_bytes(32, "big") for one in (numbers.x, numbers.y))
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _data(self, name: str, flags: int, more: bytes = b"") -> bytes:
        where = hashlib.sha256(name.encode()).digest()
        return where + bytes([flags]) + self.count.to_bytes(4, "big") + more

    def _said(self, what: str, options: Mapping[str, Any], origin: str) -> bytes:
        challenge = options["publicKey"]["challenge"]
        return json.dumps(
            {"type": f"webauthn.{what}", "challenge": challenge, "origin": origin}
        ).encode()

    def _written(self, **response: bytes) -> str:
        return json.dumps(
            {
                "id": text(self.id),
                "rawId": text(self.id),
                "type": "public-key",
                "clientExtensionResults": {},
                "response": {name: text(value) for name, value in response.items()},
            }
        )

    def registers(
        self, options: Mapping[str, Any], *, origin: str = ORIGIN, is_verified: bool = True
    ) -> str:
        """What the browser sends of a new key; a maker's statement where there is a maker."""
        said = self._said("create", options, origin)
        flags = PRESENT | ATTESTED | (VERIFIED if is_verified else 0)
        more = self.model.bytes + len(self.id).to_bytes(2, "big") + self.id + self._cose()
        data = self._data(options["publicKey"]["rp"]["id"], flags, more)
        fmt, statement = "none", dict[str, Any]()
        if self.maker:
            signed = data + hashlib.sha256(said).digest()
            fmt, statement = "packed", dict(self.maker.attest(self.model, signed))
        attested = cbor2.dumps({"fmt": fmt, "attStmt": statement, "authData": data})
        return self._written(clientDataJSON=said, attestationObject=attested)

    def answers(
        self, options: Mapping[str, Any], *, origin: str = ORIGIN, is_verified: bool = True
    ) -> str:
        """What the browser sends of this key's answer; the count goes forward by one."""
        self.count += 1
        said = self._said("get", options, origin)
        flags = PRESENT | (VERIFIED if is_verified else 0)
        data = self._data(options["publicKey"]["rpId"], flags)
        signed = data + hashlib.sha256(said).digest()
        signature = self._key.sign(signed, ec.ECDSA(SHA256()))
        return self._written(clientDataJSON=said, authenticatorData=data, signature=signature)
