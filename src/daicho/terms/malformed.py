"""不正な入力: what a value of the field refuses, said so that a clerk knows what to type."""

import re

_CODE = re.compile(r"[a-z_]+\.[a-z_]+")


class Malformed(ValueError):
    """不正な入力: a text that cannot be a value of its kind.

    `code` is stable (`date.not_in_calendar`, `number.check_digit`); `message` is one or two
    Japanese sentences: what is wrong and what to type. The message never holds the text typed,
    which may be a name or a number of a resident and would reach logs and screens of others.
    Raise it outside `except` blocks or `from None`: a chained error may quote the text.
    """

    def __init__(self, code: str, message: str) -> None:
        if not _CODE.fullmatch(code):
            raise TypeError("a code of Malformed is two words joined by a full stop")
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return self.message
