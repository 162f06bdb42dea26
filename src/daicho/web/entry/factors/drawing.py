"""二次元コード: what a device reads to learn its secret."""

from urllib.parse import quote, urlencode

import segno
from django.utils.safestring import SafeString, mark_safe

ISSUER = "Daicho"


def of_device(login: str, secret: str) -> SafeString:
    """端末に読ませるコード: as a drawing that stands in the page itself."""
    label = quote(f"{ISSUER}:{login}")
    address = f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': ISSUER})}"
    drawn = segno.make(address, error="m", micro=False)
    svg = drawn.svg_inline(scale=4, border=4, light="white", title="二次元コード", svgclass="qr")
    return mark_safe(svg)  # noqa: S308  drawn by us; the address stands in it as modules only
