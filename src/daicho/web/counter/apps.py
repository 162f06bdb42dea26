from django.apps import AppConfig


class CounterConfig(AppConfig):
    name = "daicho.web.counter"
    label = "counter"
    verbose_name = "窓口"
