"""本文の形: how every body is written and read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self, get_type_hints

from daicho.network.protocol.message import Body, Malformed, Message


@dataclass(frozen=True, slots=True)
class Said:
    """本文: what each kind's dataclass is; `KIND` and `V` name it for ever, `ARTICLE` is why it is
    sent. What is `SEALED` travels as a text that its receiver alone opens."""

    KIND: ClassVar[str]
    V: ClassVar[int] = 1
    ARTICLE: ClassVar[str]
    SEALED: ClassVar[bool] = False

    def written(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {name: getattr(self, name) for name in _shapes(type(self))}

    @classmethod
    def said_in(cls, message: Message) -> Self:
        """What a message says; raises Malformed."""
        return cls.read(message.body, message.v)

    @classmethod
    def read(cls, body: Body, v: int | None = None) -> Self:
        """Of a body of a version, else of the newest; raises Malformed."""
        if v is not None and v > cls.V:
            raise Malformed(f"{cls.KIND} of a version to come")
        for older in range(cls.V if v is None else v, cls.V):
            body = cls.raised(older, body)
        shapes = _shapes(cls)
        if not isinstance(body, dict) or body.keys() != shapes.keys():
            raise Malformed("other names than those of its kind")
        for name, has_shape in shapes.items():
            if not has_shape(body[name]):
                raise Malformed(f"the shape of {name}")
        return cls(**body)

    @classmethod
    def raised(cls, v: int, body: Body) -> Body:
        """版上げ: a body of version `v` as one of the next says it."""
        raise Malformed(f"{cls.KIND} has no version {v}")


_COUNT_MAX = 2**31
_NOT_KEPT = re.compile("[\x00\ud800-\udfff]")  # no database keeps these in a text


def _is_text(value: object) -> bool:
    return type(value) is str and not _NOT_KEPT.search(value)


def _is_table(value: object) -> bool:
    return type(value) is dict and all(map(_is_text, (*value, *value.values())))


def _is_count(value: object) -> bool:
    return type(value) is int and 0 < value < _COUNT_MAX


def _is_list(value: object) -> bool:
    return type(value) is list and all(map(_is_text, value))


_CHECKS: Mapping[Any, Callable[[object], bool]] = {
    str: _is_text,
    int: _is_count,
    list[str]: _is_list,
    dict[str, str]: _is_table,
}
_SHAPES: dict[str, Mapping[str, Callable[[object], bool]]] = {}


def _shapes(kind: type[Said]) -> Mapping[str, Callable[[object], bool]]:
    """The fields of a kind with what each must be; a shape that nobody checks is no shape."""
    if kind.KIND not in _SHAPES:
        hints = get_type_hints(kind)
        _SHAPES[kind.KIND] = {one.name: _CHECKS[hints[one.name]] for one in fields(kind)}
    return _SHAPES[kind.KIND]
