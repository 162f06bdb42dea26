from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "daicho.register"
    label = "register"
    verbose_name = "台帳"
