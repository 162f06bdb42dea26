"""署名者の証明書の期限: told at the start and to those who can act, before papers are refused.

| id | what |
|---|---|
| daicho.W001 | a certificate of the signing chain ends soon, has ended, or has not begun |
"""

from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks

from daicho.access import clock
from daicho.certificates import keys
from daicho.terms.calendar_dates import wareki

AHEAD = timedelta(days=90)
"""知らせる期間: before the end of the first certificate of the chain; a new one takes weeks."""


def signer_period(**_: Any) -> list[checks.CheckMessage]:
    """署名者の証明書の期限: a warning; the register works without, certificates are not issued."""
    try:
        key = keys.load(Path(settings.SIGNING_KEY_FILE), Path(settings.SIGNING_CHAIN_FILE))
    except keys.KeyTrouble:
        return []  # another check says so
    now = clock.now()
    if keys.in_force(key.chain, now) and keys.in_force(key.chain, now + AHEAD):
        return []
    start = max(one.not_valid_before_utc for one in key.chain).astimezone(clock.TOKYO).date()
    end = min(one.not_valid_after_utc for one in key.chain).astimezone(clock.TOKYO).date()
    state = "終わりに近づいています" if keys.in_force(key.chain, now) else "今を含みません"
    what = f"署名に使う証明書の有効期間({wareki(start)}から{wareki(end)}まで)が、{state}。"
    hint = (
        "新しい鍵と証明書を DAICHO_SIGNING_KEY と DAICHO_SIGNING_CERT に設定してください。"
        "期間の外では、証明書を発行できません。"
    )
    return [checks.Warning(what, hint=hint, id="daicho.W001")]
