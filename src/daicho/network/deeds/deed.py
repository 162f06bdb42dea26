"""務めの形: what carries a message out, and what it may cause to be told."""

from collections.abc import Callable
from uuid import UUID

from daicho.network.lines import own
from daicho.network.messages.body import Said
from daicho.network.models import Unsent
from daicho.network.protocol.message import Message
from daicho.network.protocol.parties import Party, next_hop

Deed = Callable[[Message, str], str]
"""務めの実行: of a message, with its signed text, in the running transaction; gives the outcome.

Raises Malformed or Untrusted where it cannot be carried out, KeyNotKnownYet where it must wait.
"""


def tell(to: Party, resident: UUID, said: Said, message_id: UUID) -> None:
    """告げる: in the running transaction; the relay gives it its turn and its place."""
    Unsent.objects.create(
        neighbour=next_hop(own.this(), to),
        message_id=message_id,
        to=to,
        resident=resident,
        kind=said.KIND,
        v=said.V,
        article=said.ARTICLE,
        body=said.written(),
    )
