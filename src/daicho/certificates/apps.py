from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, register


class CertificatesConfig(AppConfig):
    name = "daicho.certificates"
    label = "certificates"
    verbose_name = "証明"

    def ready(self) -> None:
        from daicho.access.operating import OPERATING

        register(_signer_period, OPERATING)


def _signer_period(**said: Any) -> list[CheckMessage]:
    # what issues is a second of loading, which no other command should wait for
    from daicho.certificates.issuing.expiring import signer_period

    return signer_period(**said)
