"""本人への利用記録の提示: what a person is told of who looked at the record, and in which words.

`withheld` says which uses are held back; `wording` tells the others in plain Japanese, in やさしい
日本語 and in English; `asking` says by when a question is answered, and by whom.
"""

from daicho.law.own_log.wording import Words, words

__all__ = ["Words", "words"]
