"""合い言葉: made by the program, shown once, typed by whoever opens the file."""

import re
import secrets
import unicodedata

# No letter that is taken for a figure or for another letter, whoever reads it out.
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CHARS = 28  # of 30 letters: 137 bits, so that to try them all is hopeless
_GROUP_CHARS = 4


def made() -> str:
    """合い言葉を作る: seven groups of four letters, by chance."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(CHARS))
    return "-".join(letters[at : at + _GROUP_CHARS] for at in range(0, CHARS, _GROUP_CHARS))


def plain(typed: str) -> str:
    """What was typed, without what does not matter: width, case, gaps, whatever stands for a hyphen
    (one is taken for the sign of a long vowel), and the mark at the beginning of a file."""
    return re.sub(r"[\W_ー]", "", unicodedata.normalize("NFKC", typed)).upper()
