from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from daicho.access import clock
from daicho.certificates import keys
from daicho.terms.calendar_dates import wareki

AHEAD = timedelta(days=90)
"""知らせる期間: before the end of the first certificate of the chain; a new one takes weeks."""


class CertificatesConfig(AppConfig):
    name = "daicho.certificates"
    label = "certificates"
    verbose_name = "証明"

    def ready(self) -> None:
        from daicho.access.disposing import sources
        from daicho.access.operating import OPERATING

        checks.register(signer_period, OPERATING)
        sources.name(sources.Source("issue", _oldest, _TABLES))


_TABLES = ("certificates_issue", "certificates_spoiled")


def _oldest() -> date | None:
    from daicho.certificates.models import Issue  # models are loaded after the apps

    days = Issue.objects.order_by("issued_on").values_list("issued_on", flat=True)
    return days.first()


def signer_period(**_: Any) -> list[checks.CheckMessage]:
    """署名者の証明書の期限: a warning, before papers are refused; the register works without.

    | id | what |
    |---|---|
    | daicho.W001 | a certificate of the signing chain ends soon, has ended, or has not begun |
    """
    # here and not where papers are issued: that is half a second of loading for every command
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
