"""取り違え防止: may this finished certificate be handed to whoever asked for it?

Asked by the counter and the kiosk of the very bytes that are printed or sent, just before.
"""

from collections.abc import Collection, Sequence
from uuid import UUID

from daicho.access import clock
from daicho.certificates import reading, verifying
from daicho.certificates.keys import SigningKey
from daicho.law.disclosure.issued_copies import handed_out
from daicho.law.rule import Finding


def check(
    pdf: bytes,
    request_id: UUID,
    record_ids: Collection[UUID],
    key: SigningKey,
    shows: Sequence[str] = (),
) -> tuple[Finding, ...]:
    """取り違えの確認: what speaks against handing this file out under this request; empty if good.

    `shows` are texts that the register says must stand on the pages (names as they are drawn):
    they catch pages that were swapped before they were signed.
    """
    on = clock.today()
    altered = handed_out(True, False, on=on)
    try:
        reader = reading.opened(pdf)
        text = reading.page_text(pdf)
    except reading.Unreadable:
        return altered
    found = reading.bound_in(reader)
    _, signer = verifying.signature(reader, key.chain)
    if found is None or signer is None:
        return altered
    bound, _ = found
    expected = reading.bind_text(text, request_id, record_ids)
    missing = any(reading.normal_form(one) not in text for one in shows)
    another = (bound.request, bound.records) != (expected.request, expected.records)
    return handed_out(not (another or missing), bound.text == expected.text, on=on)
