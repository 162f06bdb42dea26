"""本文の形: how every body is written and read."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self, get_type_hints

from daicho.network.protocol.message import Body, Malformed


@dataclass(frozen=True, slots=True)
class Said:
    """本文: what each kind's dataclass is; `KIND` and `V` name it for ever, `ARTICLE` is why it is
    sent."""

    KIND: ClassVar[str]
    V: ClassVar[int] = 1
    ARTICLE: ClassVar[str]

    def written(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def read(cls, body: Body) -> Self:
        """Of what came; raises Malformed."""
        shapes = _shapes(cls)
        if not isinstance(body, dict) or body.keys() != shapes.keys():
            raise Malformed("other names than those of its kind")
        for name, shape in shapes.items():
            if not _has_shape(body[name], shape):
                raise Malformed(f"the shape of {name}")
        return cls(**body)


_SHAPES: dict[str, Mapping[str, Any]] = {}


def _shapes(kind: type[Said]) -> Mapping[str, Any]:
    if kind.KIND not in _SHAPES:
        hints = get_type_hints(kind)
        _SHAPES[kind.KIND] = {one.name: hints[one.name] for one in fields(kind)}
    return _SHAPES[kind.KIND]


_TEXTS, _TABLE = list[str], dict[str, str]
_NOT_KEPT = re.compile("[\x00\ud800-\udfff]")  # no database keeps these in a text


def _has_shape(value: object, shape: Any) -> bool:
    if shape == _TABLE:
        return type(value) is dict and all(map(_is_text, (*value, *value.values())))
    if shape == _TEXTS:
        return type(value) is list and all(map(_is_text, value))
    return _is_text(value) if shape is str else type(value) is shape


def _is_text(value: object) -> bool:
    return type(value) is str and not _NOT_KEPT.search(value)
