"""打鍵: what a clerk's keyboard leaves in a date or a number. Never for names or addresses."""

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−ーｰ"), "-")
_STOPS = {ord("。"): ".", ord("｡"): "."}
_BLANKS = dict.fromkeys(map(ord, " \u3000\t\u00a0"))
_TABLE = _WIDE | _DASHES | _STOPS | _BLANKS


def plain(text: str) -> str:
    """半角化: `text` with full-width letters and figures made ASCII capitals, dashes one dash,
    blanks dropped. Everything else stays, so that what cannot belong is still refused.
    """
    return text.translate(_TABLE).upper()
