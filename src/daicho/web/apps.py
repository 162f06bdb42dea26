from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "daicho.web"
    label = "web"
    verbose_name = "画面"
