"""The tables of the network: what is to be sent, the lines, the messages, and what is held."""

from daicho.network.models.held import Held, HeldVersion, Subject, SubjectCode
from daicho.network.models.lines import (
    DoorCount,
    KeptReceipt,
    KnownRefusal,
    Logged,
    Own,
    ReceivingLine,
    SendingLine,
    Taken,
)
from daicho.network.models.messages import (
    Arrived,
    Carried,
    Forwarded,
    GivenTurn,
    Origin,
    Sent,
    Stream,
    Unsent,
)
from daicho.network.models.outbox import Due, Hold, Outbox

__all__ = [
    "Arrived",
    "Carried",
    "DoorCount",
    "Due",
    "Forwarded",
    "GivenTurn",
    "Held",
    "HeldVersion",
    "Hold",
    "KeptReceipt",
    "KnownRefusal",
    "Logged",
    "Origin",
    "Outbox",
    "Own",
    "ReceivingLine",
    "SendingLine",
    "Sent",
    "Stream",
    "Subject",
    "SubjectCode",
    "Taken",
    "Unsent",
]
