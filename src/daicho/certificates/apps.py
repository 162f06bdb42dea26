from django.apps import AppConfig
from django.core.checks import register


class CertificatesConfig(AppConfig):
    name = "daicho.certificates"
    label = "certificates"
    verbose_name = "証明"

    def ready(self) -> None:
        from daicho.access.operating import OPERATING
        from daicho.certificates.issuing.expiring import signer_period

        register(signer_period, OPERATING)
