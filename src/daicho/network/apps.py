from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "daicho.network"
    label = "network"
    verbose_name = "通信"
