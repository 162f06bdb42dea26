from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "daicho.site"
    label = "daicho_site"
    verbose_name = "構成"

    def ready(self) -> None:
        from daicho.site import checks  # noqa: F401  registering is importing
        from daicho.site.serving import line_checks  # noqa: F401  as above
