"""回線の言葉: what the pages say of how a neighbour answers."""

from collections.abc import Mapping

from daicho.law.network.faults import FAULTS

_REFUSED = "refused:"
TROUBLES: Mapping[str, tuple[str, str]] = {
    "unreachable": (
        "つながりません。",
        "相手の電子計算機が動いているか、回線と通信用の機器を確かめてください。送信待ちは、つながると自動で送られます。",
    ),
    "not_trusted": (
        "相手を確かめられません。通信用の証明書か署名が正しくありません。",
        "双方の証明書の期限と名簿が新しいことを確かめてください。続くときは緊急時の手順によります。",
    ),
    "nonsense": (
        "返事が通信の約束と違います。",
        "接続先の宛先と、相手のプログラムの版を確かめてください。",
    ),
    "no_key": (
        "こちらの通信用の証明書がないか、期限が切れています。",
        "証明書を新しくしてください。新しくすると、プログラムを止めずに使われます。",
    ),
    "text_disposed": (
        "相手にない電文の本文を、保存期間が過ぎたため、こちらで廃棄しています。送り直せません。",
        "相手の団体に、より新しい控え(バックアップ)から戻すよう連絡してください。"
        "戻ると、回線は自動で続きから送ります。",
    ),
}
"""応答のない理由: what is so, and what to do; by the code of the line."""


def trouble(code: str) -> tuple[str, str]:
    """応答のない理由: blank for none; in the words of the table where the neighbour refused."""
    if not code:
        return "", ""
    if code.startswith(_REFUSED):
        fault = FAULTS.get(code.removeprefix(_REFUSED))
        if fault is not None:
            return f"小包を拒まれました。{fault.what}", fault.remedy
    return TROUBLES.get(
        code,
        ("応答がありません。", "回線の先の団体に、こちらの小包が届いているかを確かめてください。"),
    )
