"""差込口: how django-allauth seals what it keeps of second factors."""

from allauth.mfa.adapter import DefaultMFAAdapter

from daicho.access.entering import sealing


class Factors(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    """第二の要素の差込口: nothing that opens a door stands in the database as it is."""

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)

    def get_totp_issuer(self) -> str:
        return "Daicho"
