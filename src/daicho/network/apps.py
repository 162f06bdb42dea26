from datetime import date
from functools import partial

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "daicho.network"
    label = "network"
    verbose_name = "通信"

    def ready(self) -> None:
        from daicho.access.disposing import sources

        for kind, tables in _KEPT.items():
            sources.name(sources.Source(kind, partial(_oldest, kind), tables))


_KEPT = {
    "outbox": (
        "network_outbox",
        "network_sent",
        "network_logged",
        "network_forwarded",
        "network_keptreceipt",
    ),
    "inbox": ("network_arrived",),
}


def _oldest(kind: str) -> date | None:
    from daicho.access.disposing import lists  # models are loaded after the apps

    return lists.oldest_settled(kind)
