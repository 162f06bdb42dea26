"""読み書きできないわけ: the operating system's refusal of a file, in Japanese.

Its own words are English and tell nobody what to do.
"""

import errno

DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""空きがない: the numbers of a full disk and of a used-up share of it."""

_ASK = "情報システム担当に、この番号を伝えてください。"
_PLACE = "場所と名前を確かめてください。"
_RIGHT = "プログラムを動かす利用者が読み書きできるようにしてください。"
_ROOM = "空きを作ってください。"
_AGAIN = "プログラムを起動し直してください。"
_TROUBLES: dict[int, tuple[str, str]] = {
    errno.ENOENT: ("ファイルかフォルダーがありません", _PLACE),
    errno.EISDIR: ("フォルダーです", "ファイルを指定してください。"),
    errno.ENOTDIR: ("途中にフォルダーでないものがあります", _PLACE),
    errno.EEXIST: ("同じ名前のものが既にあります", "別の名前を指定してください。"),
    errno.EACCES: ("読み書きの権限がありません", _RIGHT),
    errno.EPERM: ("読み書きの権限がありません", _RIGHT),
    errno.EROFS: ("書き込めない場所です", "書き込める場所を指定してください。"),
    errno.ENAMETOOLONG: ("名前が長すぎます", "短い名前にしてください。"),
    errno.ELOOP: ("リンクが輪になっています", _PLACE),
    errno.ENOSPC: ("ディスクの空きがありません", _ROOM),
    errno.EDQUOT: ("ディスクの空きがありません", _ROOM),
    errno.EMFILE: ("開いているファイルが多すぎます", _AGAIN),
    errno.ENFILE: ("開いているファイルが多すぎます", _AGAIN),
    errno.EIO: ("装置の誤りで読み書きできません", "ディスクや媒体を確かめてください。"),
}


def reason(refusal: OSError) -> str:
    """読み書きできないわけ: what happened, in a few words without a full stop."""
    return _of(refusal)[0]


def remedy(refusal: OSError) -> str:
    """すること: a sentence on what puts it right."""
    return _of(refusal)[1]


def _of(refusal: OSError) -> tuple[str, str]:
    if refusal.errno is None:
        return "システムの誤り", "情報システム担当に伝えてください。"
    return _TROUBLES.get(refusal.errno, (f"システムの誤り {refusal.errno}", _ASK))
