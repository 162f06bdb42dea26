"""住民票コードの補充 (標準仕様書 4.3.1): what is missing is asked for before the stock is empty."""

from uuid import uuid4

from daicho.access import clock
from daicho.access.permits import system_permit
from daicho.law import record_codes as law
from daicho.network import asking
from daicho.register import record_codes

JOB = "record_codes"


def refill() -> int:
    """補充を求める: gives how many codes were asked for, 0 where there are enough."""
    today = clock.today()
    left = record_codes.stock(system_permit(JOB, today, uuid4())).left
    count = law.codes_to_ask(left + asking.codes_asked(), on=today)
    return count if count and asking.ask_for_codes(count) else 0
