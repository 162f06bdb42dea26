from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "daicho.vault"
    label = "vault"
    verbose_name = "番号"
