"""通信の身元: who we are to a neighbour by TLS, and who a neighbour is to us.

Keys and certificates are looked at again while the program runs, so that they change without a
stop: the next connection has the newest key, and whoever is not in the directory any more is not
let in again.
"""

import ssl
from pathlib import Path
from threading import Lock
from time import monotonic

from cryptography import x509

from daicho.access import clock
from daicho.network.keys.certificates import Known, NotOurs, Use, known
from daicho.network.keys.folders import Directory, Own, OwnFolder, read_certificate
from daicho.network.keys.signing import Checker, OwnKey, Signer
from daicho.network.protocol.parties import Party

_CURVE = "prime256v1"  # P-256, as the keys themselves; TLS would prefer one that is not on the list
_AGAIN_S = 60.0  # so often, without a sign of a change: a certificate ends by itself


class NotTrusted(Exception):
    """信頼できない相手: no certificate to speak that counts now; names nobody."""


class Identity:
    """身元: of one party: its keys, the certificate of the authority, the directory of all."""

    def __init__(self, party: Party, keys: Path, authority: Path, directory: Path) -> None:
        self.party = party
        self._authority_file = authority
        self._authority = read_certificate(authority)
        self._keys = keys
        self._own = OwnFolder(keys, self._authority)
        self._directory = Directory(directory, self._authority)
        self._newest: dict[Use, tuple[int, float, Own]] = {}
        self._server: tuple[str, ssl.SSLContext] | None = None
        self._signer: tuple[str, Signer] | None = None
        self._seals: dict[Party, tuple[float, Known]] = {}
        self._opens: dict[str, OwnKey] = {}
        self._lock = Lock()
        self.checker = Checker(self._directory.find, clock.now)

    def speaks_by(self) -> Own:
        """The key that a new connection uses; raises NoKey and Damaged."""
        return self._newest_of(Use.SPEAK)

    def signer(self) -> Signer:
        """The newest key to sign; raises NoKey and Damaged."""
        own = self._newest_of(Use.SIGN).key
        if self._signer is None or self._signer[0] != own.key_id:
            self._signer = own.key_id, Signer(own)
        return self._signer[1]

    def seals_to(self, party: Party) -> Known:
        """封の鍵: by which something is sealed to a party; raises NoKey and Damaged."""
        at, found = self._seals.get(party, (0.0, None))
        if found is None or monotonic() - at > _AGAIN_S:
            found = self._directory.newest(party, Use.SEAL, clock.now())
            self._seals[party] = monotonic(), found
        return found

    def opens_by(self, name: str) -> OwnKey | None:
        """開ける鍵: one's own by the name in a seal, also an old one; None where it has no such."""
        if name not in self._opens and (found := self._own.find(name)) is not None:
            self._opens[name] = found
        return self._opens.get(name)

    def for_server(self) -> ssl.SSLContext:
        """TLS of who answers: it asks for a certificate; raises NoKey and Damaged."""
        own = self.speaks_by()
        if self._server is None or self._server[0] != own.key.key_id:
            context = self._context(ssl.PROTOCOL_TLS_SERVER, own)
            context.verify_mode = ssl.CERT_REQUIRED
            context.num_tickets = 0  # nobody comes again by what he was once
            self._server = own.key.key_id, context
        return self._server[1]

    def for_client(self, neighbour: Party, own: Own) -> ssl.SSLContext:
        """TLS of who asks: beside address and authority, who answers must be the neighbour."""
        identity = self

        class Neighbours(ssl.SSLSocket):
            """A socket that nothing goes through before its other end is known."""

            def do_handshake(self, block: bool = False) -> None:
                super().do_handshake(block)
                try:
                    found = identity.party_of(self.getpeercert(binary_form=True) or b"")
                except NotTrusted:
                    found = None
                if found != neighbour:
                    raise ssl.SSLCertVerificationError("not the neighbour")

        context = self._context(ssl.PROTOCOL_TLS_CLIENT, own)
        context.sslsocket_class = Neighbours
        return context

    def party_of(self, certificate: bytes) -> Party:
        """Whose certificate (DER) it is, where it is one to speak that holds now and stands in the
        directory; raises NotTrusted and Damaged."""
        try:
            found = known(x509.load_der_x509_certificate(certificate), self._authority)
        except (ValueError, NotOurs):
            raise NotTrusted from None
        if found.use is not Use.SPEAK or not found.from_at <= clock.now() <= found.until_at:
            raise NotTrusted
        if found.key_id not in {one.key_id for one in self._directory.all()}:
            raise NotTrusted
        return found.party

    def _context(self, protocol: int, own: Own) -> ssl.SSLContext:
        context = ssl.SSLContext(protocol)
        context.minimum_version = ssl.TLSVersion.TLSv1_3  # both ends are this program
        context.set_ecdh_curve(_CURVE)
        context.load_verify_locations(self._authority_file)
        context.load_cert_chain(own.certificate_file, own.key_file)
        return context

    def _newest_of(self, use: Use) -> Own:
        """Looked for again where the folder has changed, and from time to time."""
        with self._lock:
            changed = self._keys.stat().st_mtime_ns
            seen, at, own = self._newest.get(use, (0, 0.0, None))
            if own is None or seen != changed or monotonic() - at > _AGAIN_S:
                own = self._own.newest(use, clock.now())
                self._newest[use] = changed, monotonic(), own
            return own
