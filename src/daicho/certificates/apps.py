from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "daicho.certificates"
    label = "certificates"
    verbose_name = "証明"
