"""交付する証明書の確認: what is found where a finished certificate is not the one asked for."""

from datetime import date

from daicho.law.rule import Finding, finding, rule

_ANOTHER_PERSONS = finding(
    "certificate.another_persons",
    refuses=True,
    cites=["BRRA 36-2(1)"],
    what="できあがった証明書が、この請求のものではありません(別人の写しの可能性)。",
    remedy="交付せずに破棄し、受付からやり直してください。続くときは、発行を止めて運用担当に知らせてください。",
)
_ALTERED = finding(
    "certificate.altered",
    refuses=True,
    cites=["BRRA 36-2(1)"],
    what="できあがった証明書の署名か文字が、署名したときと違います。",
    remedy="交付せずに破棄し、発行し直してください。続くときは、発行を止めて運用担当に知らせてください。",
)


@rule(cites=["BRRA 36-2(1)"], since=date(1967, 11, 10))
def handed_out(is_of_request: bool, is_as_signed: bool, *, on: date) -> tuple[Finding, ...]:
    """市町村長は、住民票の写しの交付に当たり、情報の漏えい等を防ぐために必要な措置を講じる。

    A finished certificate is handed out only where it is that of the request, and as it was signed.
    """
    found = (None if is_of_request else _ANOTHER_PERSONS(), None if is_as_signed else _ALTERED())
    return tuple(one for one in found if one)
