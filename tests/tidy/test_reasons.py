"""Whoever switches a check off says why on the same line; the clock stands in one place."""

import io
import re
import tokenize

import pytest

from tidy.tree import Module, module, modules, ratchet

CLOCK = "src/daicho/access/clock.py"
_NOQA = re.compile(r"#\s*noqa(?P<codes>:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?(?P<rest>.*)")
_IGNORE = re.compile(r"#\s*type:\s*ignore(?P<codes>\[[\w, -]+\])?(?P<rest>.*)")
_SKIPPED = re.compile(r"mark\.(?:skip|skipif|xfail)\b|pytest\.(?:skip|xfail|importorskip)\(")
# `pytest.skip` takes its reason first, the marks take it by name.
_REASON = re.compile(r"""(?:reason=|pytest\.\w+\()f?["']\S+ \S""")

# File -> comments without a reason that stand there still. May only shrink.
UNREASONED: dict[str, int] = {}


def _comments(one: Module) -> list[tuple[int, str]]:
    tokens = tokenize.generate_tokens(io.StringIO(one.text).readline)
    return [(token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT]


def _unreasoned(one: Module) -> list[str]:
    """The comments that switch something off without its code or without a reason."""
    if not any(pattern.search(one.text) for pattern in (_NOQA, _IGNORE)):
        return []  # no comment of it can; to find them takes longest of all
    wrong = []
    for line, comment in _comments(one):
        for pattern in (_NOQA, _IGNORE):
            if (match := pattern.search(comment)) and not (
                match["codes"] and len(match["rest"].replace("#", " ").split()) > 1
            ):
                wrong.append(f"{line}: {comment}")
    return wrong


def test_every_switched_off_check_has_a_code_and_a_reason() -> None:
    found = {one.name: _unreasoned(one) for one in modules()}
    counts = {name: len(lines) for name, lines in found.items() if lines}
    shown = {name: lines for name, lines in found.items() if len(lines) > UNREASONED.get(name, 0)}
    because = f"Write the code and, after two blanks, why it holds here: {shown}"
    ratchet("Switched off without a reason", counts, UNREASONED, because)


@pytest.mark.parametrize(
    ("line", "is_reasoned"),
    [
        ("x = 1  # noqa: S101", False),
        ("x = 1  # noqa", False),
        ("x = 1  # noqa: S101  the point of a test", True),
        ("x = 1  # type: ignore[misc]", False),
        ("x = 1  # type: ignore  # no code but many words", False),
        ("x = 1  # type: ignore[misc]  # the stubs do not know it", True),
        ("x = '# noqa'", True),
    ],
)
def test_the_check_sees_a_missing_reason(line: str, is_reasoned: bool) -> None:
    assert (not _unreasoned(module("a.py", line))) == is_reasoned


def _skips_without_reason(one: Module) -> list[str]:
    found = [(line, text) for line, text in enumerate(one.lines, 1) if _SKIPPED.search(text)]
    return [f"{line}: {text.strip()}" for line, text in found if not _REASON.search(text)]


def test_every_skipped_test_says_why() -> None:
    here = "tests/tidy/test_reasons.py"  # holds such lines as text
    found = {one.name: _skips_without_reason(one) for one in modules("tests/") if one.name != here}
    wrong = {name: lines for name, lines in found.items() if lines}
    assert not wrong, f'{wrong}: write the reason, such as reason="…" on the line that skips'


def test_the_check_sees_a_skip_without_reason() -> None:
    assert _skips_without_reason(module("a.py", "pytest.skip()"))
    assert _skips_without_reason(module("a.py", "pytest.mark.xfail(strict=True)"))
    assert not _skips_without_reason(module("a.py", "pytest.skip('no server here')"))


def test_only_the_clock_reads_the_clock() -> None:
    wrong = [
        f"{one.name}:{line}"
        for one in modules("src/")
        for line, comment in _comments(one)
        if "TID251" in comment and one.name != CLOCK
    ]
    assert not wrong, f"{wrong}: {CLOCK} is the only clock; pure code takes on="
