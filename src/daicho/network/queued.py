"""送信待ちを読む: what a change has put into the outbox, by its kinds alone."""

from daicho.network.models import Outbox


def kinds_of(change_id: int) -> tuple[str, ...]:
    """The kinds of message that wait because of a change, each once."""
    rows = Outbox.objects.filter(change_id=change_id).order_by("kind")
    return tuple(rows.values_list("kind", flat=True).distinct())
