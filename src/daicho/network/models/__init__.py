"""The tables of the network: what is to be sent, the lines, the messages, and what is held."""

from daicho.network.models.arrived import RegisterNotice
from daicho.network.models.codes import CodesAsked, DesignatedCode
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
    "CodesAsked",
    "DesignatedCode",
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
    "RegisterNotice",
    "SendingLine",
    "Sent",
    "Stream",
    "Subject",
    "SubjectCode",
    "Taken",
    "Unsent",
]
