"""送信の読み取り: the parts of a form as a browser sends it (multipart/form-data)."""

import re
from collections.abc import Mapping

PARTS_MAX = 4
_BOUNDARY = re.compile(r'multipart/form-data;.*?boundary="?([\w\'()+,./:=? -]{1,70}?)"?\s*(?:;|$)')
_NAME = re.compile(rb'content-disposition: *form-data;[^\r\n]*?\bname="(\w{1,20})"', re.IGNORECASE)


class WrongForm(Exception):
    """送信の誤り: not what a browser sends for the page's forms."""


def parts(body: bytes, content_type: str) -> Mapping[str, bytes]:
    """The contents by field name, byte for byte; raises WrongForm."""
    found = _BOUNDARY.match(content_type)
    if found is None:
        raise WrongForm
    sections = (b"\r\n" + body).split(b"\r\n--" + found[1].encode("ascii"))
    if len(sections) < 2 or len(sections) > PARTS_MAX + 2 or not sections[-1].startswith(b"--"):
        raise WrongForm
    return dict(map(_part, sections[1:-1]))


def _part(section: bytes) -> tuple[str, bytes]:
    head, _, content = section.partition(b"\r\n\r\n")
    name = _NAME.search(head)
    if name is None:
        raise WrongForm
    return name[1].decode("ascii"), content
