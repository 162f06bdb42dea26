"""個人番号とすべき番号の生成 (番号法8条2項): from the 住民票コード, which it does not give away.

HMAC-SHA-256 under the index key of the current version, over a text that no number is and no index
is made of: without the key nobody comes from the number to the code, nor from the code to it. Of
10^11 numbers two codes may well give the same: then the next is tried.
"""

from itertools import count
from uuid import UUID

from daicho.law.safety.acquiring import Acquired
from daicho.terms.numbers import individual_number_check_digit
from daicho.vault.batches import Batch
from daicho.vault.custody import Ring

MADE = Acquired("made")
_BODIES = 10**11


def number_made(batch: Batch, record_id: UUID, code: str, anew: bool) -> str:
    """個人番号とすべき番号の生成: from the code, irreversibly, another than every number that is or
    was anybody's, with its check digit; it is laid down for the record.

    Not anew: the number that the record has already, if any.
    """
    if not anew and batch.holds(record_id):
        return batch.numbers_of([record_id])[record_id]
    ring = batch.ring()
    candidates = (_candidate(ring, code, ordinal) for ordinal in count())
    number = next(one for one in candidates if not batch.holders(one))
    batch.put(record_id, number, MADE)
    return number


def _candidate(ring: Ring, code: str, ordinal: int) -> str:
    """The number of that ordinal; the text begins with letters, the one of an index never does."""
    text = f"individual number of a code|{code}|{ordinal}".encode("ascii")
    made = int.from_bytes(ring.keeper(ring.current).mac(ring.current, text))
    body = f"{made % _BODIES:011d}"
    return body + individual_number_check_digit(body)
