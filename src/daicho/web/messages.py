"""通知の呼び名: what people call each kind of message, and who it goes to."""

from collections.abc import Mapping

from daicho.network.protocol.parties import CENTRE, Party, is_municipality

MESSAGES: Mapping[str, str] = {
    "identification_information": "本人確認情報の通知(都道府県知事へ)",
    "identification_forwarded": "本人確認情報の通知(機構へ)",
    "moved_in_notice": "転入通知(前住所地の市区町村長へ)",
    "supplement_notice": "戸籍の附票記載事項通知(本籍地の市区町村長へ)",
    "moving_out_confirmed": "転出確定通知(都道府県知事へ)",
    "moving_out_certificate_information": "転出証明書情報(転出先の市区町村長へ)",
    "individual_number_request": "個人番号の生成・変更の求め(機構へ)",
    "individual_number": "個人番号とすべき番号の通知(市区町村長へ)",
    "record_codes_request": "住民票コードの指定の求め(機構へ)",
    "record_codes": "住民票コードの指定の通知(市区町村長へ)",
    "outcomes": "処理結果(送った団体へ)",
}
"""通知の種類: by the kind of the outbox row or of the message."""


def party_name(code: str) -> str:
    """団体の呼び名: what it is, with its code; blank where nobody knows who it was."""
    if not code:
        return "相手が分からないもの"
    if code == CENTRE:
        return "機構"
    return f"{'市区町村' if is_municipality(Party(code)) else '都道府県'} {code}"
