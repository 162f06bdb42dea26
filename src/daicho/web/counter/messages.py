"""通知の呼び名: what a clerk calls each kind of message that a change causes."""

from collections.abc import Mapping

MESSAGES: Mapping[str, str] = {
    "identification_information": "本人確認情報の通知(都道府県知事へ)",
    "moved_in_notice": "転入通知(前住所地の市区町村長へ)",
    "supplement_notice": "戸籍の附票記載事項通知(本籍地の市区町村長へ)",
    "moving_out_confirmed": "転出確定通知(都道府県知事へ)",
    "moving_out_certificate_information": "転出証明書情報(転出先の市区町村長へ)",
    "individual_number_request": "個人番号の生成の求め(機構へ)",
}
"""通知の種類: by the kind of the outbox row."""
