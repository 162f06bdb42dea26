from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, register


class AccessConfig(AppConfig):
    name = "daicho.access"
    label = "access"
    verbose_name = "利用"

    def ready(self) -> None:
        from daicho.access.operating import OPERATING

        register(_proof, OPERATING)


def _proof(**said: Any) -> list[CheckMessage]:
    # models are loaded after the apps that register this
    from daicho.access.proof.watching import warned

    return warned(**said)
