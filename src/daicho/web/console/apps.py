from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "daicho.web.console"
    label = "console"
    verbose_name = "運用"
