"""交付する証明書の確認: what is found where a finished certificate is not the one asked for."""

from daicho.law.rule import finding

ANOTHER_PERSONS = finding(
    "certificate.another_persons",
    refuses=True,
    cites=["BRRA 36-2(1)"],
    what="できあがった証明書が、この請求のものではありません(別人の写しの可能性)。",
    remedy="交付せずに破棄し、受付からやり直してください。続くときは、発行を止めて運用担当に知らせてください。",
)
ALTERED = finding(
    "certificate.altered",
    refuses=True,
    cites=["BRRA 36-2(1)"],
    what="できあがった証明書の署名か文字が、署名したときと違います。",
    remedy="交付せずに破棄し、発行し直してください。続くときは、発行を止めて運用担当に知らせてください。",
)
