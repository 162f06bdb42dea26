from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "daicho.access"
    label = "access"
    verbose_name = "利用"
