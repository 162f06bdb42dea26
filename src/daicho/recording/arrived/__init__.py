"""届いた通知の記載: what neighbours told is recorded through the one door, by jobs."""

from daicho.recording.arrived.working import record_due
from daicho.recording.stock import refill

__all__ = ["record_due", "refill"]
