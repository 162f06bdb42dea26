from datetime import date
from functools import partial
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
        sources.name(sources.Source("trail", _oldest, _OF_TRAIL))
        for kind, tables in _ENDED.items():
            sources.name(sources.Source(kind, partial(_oldest_ended, kind), tables))


_OF_TRAIL = (
    "access_trailsubjects",
    "access_trailanalysisfinding",
    "access_trailanalysisjudgement",
    "access_relationfinding",
    "access_relationjudgement",
)


# Kept by the month in which each ended (`disposal.<kind>_ended`); what has not ended is in none.
_ENDED = {
    "disclosure": ("access_disclosurerequest", "access_disclosurestep"),
    "own_log": ("access_ownlogquestion", "access_ownloganswer"),
    "resident_card": (
        "access_residentcard",
        "access_residentcardrevocation",
        "access_residentcardtry",
    ),
    "own_record": ("access_ownrecord", "access_relationnotice"),
    "data_export": (
        "access_dataexportrequest",
        "access_dataexportstep",
        "access_dataexport",
    ),
}


def _oldest() -> date | None:
    from daicho.access.disposing import of_trail  # models are loaded after the apps

    return of_trail.oldest()


def _oldest_ended(kind: str) -> date | None:
    from daicho.access.disposing import lists  # as above

    return lists.oldest_ended(kind)


def _proof(**said: Any) -> list[CheckMessage]:
    # models are loaded after the apps that register this
    from daicho.access.proof.watching import warned

    return warned(**said)
