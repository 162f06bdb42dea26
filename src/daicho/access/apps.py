from datetime import date
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, register


class AccessConfig(AppConfig):
    name = "daicho.access"
    label = "access"
    verbose_name = "利用"

    def ready(self) -> None:
        from daicho.access.disposing import sources
        from daicho.access.operating import OPERATING

        register(_proof, OPERATING)
        sources.name(sources.Source("trail", _oldest, _TABLES))


_TABLES = (
    "access_trailsubjects",
    "access_trailanalysisfinding",
    "access_trailanalysisjudgement",
    "access_relationfinding",
    "access_relationjudgement",
)


def _oldest() -> date | None:
    from daicho.access.disposing import of_trail  # models are loaded after the apps

    return of_trail.oldest()


def _proof(**said: Any) -> list[CheckMessage]:
    # models are loaded after the apps that register this
    from daicho.access.proof.watching import warned

    return warned(**said)
