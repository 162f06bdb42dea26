"""漏えいしたパスワードの一覧: found by halving the file, with few reads, and told when unfit."""

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.core import checks
from django.core.exceptions import ValidationError
from django.test import Client, override_settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from daicho.access.entering import leaked
from daicho.access.models import Operator
from people import PASSWORD, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("by_the_pages")]

ComeIn = Callable[..., Client]
LEAKED = "sunflower-morning"


def line(password: str, count: int | None = 7) -> str:
    digits = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
    return digits if count is None else f"{digits}:{count}"


def listed(*lines: str) -> bytes:
    return "".join(f"{one}\n" for one in sorted(lines)).encode()


MANY = sorted(line(f"password-{n}", n) for n in range(30_000))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Larger than what is read whole: some 1.4 MB."""
    file = tmp_path_factory.mktemp("leaked") / "list.txt"
    file.write_bytes(listed(*MANY))
    return file


@pytest.fixture
def in_force(tmp_path: Path) -> Iterator[Path]:
    """A list that the site has set."""
    file = tmp_path / "leaked.txt"
    file.write_bytes(listed(line(LEAKED), *(line(f"x{n}") for n in range(500))))
    validators = [
        *settings.AUTH_PASSWORD_VALIDATORS,
        {"NAME": "daicho.access.entering.leaked.NotLeaked"},
    ]
    with override_settings(LEAKED_PASSWORDS=str(file), AUTH_PASSWORD_VALIDATORS=validators):
        yield file


def change(client: Client, new: str) -> Any:
    typed = {"present": PASSWORD, "new": new, "repeated": new}
    return client.post(reverse("entry:password"), typed)


def test_a_leaked_password_is_refused_in_words(cast: Cast, come_in: ComeIn, in_force: Path) -> None:
    client = come_in(cast.clerk)
    rules = client.get(reverse("entry:password")).content.decode()
    assert "ほかで漏えいしたことのあるパスワードは使えません。" in rules
    answer = change(client, LEAKED)
    assert answer.status_code == 422
    assert "ほかで漏えいしたことのあるパスワードです。" in answer.content.decode()
    assert Operator.objects.get(pk=cast.clerk.operator.pk).check_password(PASSWORD)
    assert change(client, "moonflower-evening").status_code == 302


def test_without_its_list_no_password_is_taken_for_good(in_force: Path) -> None:
    for gone in (lambda: in_force.write_bytes(b""), in_force.unlink, in_force.mkdir):
        gone()  # emptied while another is laid over it, away, or no file
        with pytest.raises(ValidationError, match="一覧を読めないため"):
            leaked.NotLeaked().validate("moonflower-evening")


@pytest.mark.parametrize("place", [0, 1, 15_000, 29_998, 29_999])
def test_each_place_of_a_large_list_is_found_with_few_reads(
    large: Path, place: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[int] = []
    pread = os.pread

    def counted(handle: int, length: int, at: int) -> bytes:
        reads.append(length)
        return pread(handle, length, at)

    monkeypatch.setattr(os, "pread", counted)
    wanted, _, n = MANY[place].partition(":")
    assert line(f"password-{n}", None) == wanted
    assert leaked.holds(large, f"password-{n}")
    assert not leaked.holds(large, f"another-{n}")
    assert len(reads) <= 2 * 12, "of 1.4 MB; each doubling costs one more, so 40 GB cost 26"
    assert max(reads) <= leaked.BLOCK_BYTES + leaked.LINE_BYTES_MAX


@hypothesis.settings(deadline=None, max_examples=60)
@given(
    count=st.integers(1, 400),
    with_counts=st.booleans(),
    end=st.sampled_from(["\n", "\r\n"]),
    cut=st.integers(0, 60),
)
def test_whatever_its_size_and_its_end_what_stands_there_whole_is_found(
    tmp_path_factory: pytest.TempPathFactory, count: int, with_counts: bool, end: str, cut: int
) -> None:
    file = tmp_path_factory.getbasetemp() / "any-list.txt"
    lines = sorted(line(f"p{n}", n if with_counts else None) for n in range(count))
    text = "".join(f"{one}{end}" for one in lines).encode()
    hypothesis.assume(len(text) > cut)
    file.write_bytes(text[: len(text) - cut])
    stands = file.read_bytes().decode()
    by_line = sorted(range(count), key=lambda n: line(f"p{n}", None))
    for n in {*by_line[:2], *by_line[count // 2 :][:2], *by_line[-3:]}:
        assert leaked.holds(file, f"p{n}") is (line(f"p{n}", None) in stands)
    assert not leaked.holds(file, "nobody has it")


@pytest.mark.parametrize(
    ("content", "told", "because"),
    [
        (listed(line("a"), line("b"), line("c")), "", "sound"),
        (listed(line("a", None), line("b", None)), "", "without counts"),
        (listed(line("a"), line("b"))[:-1], "", "the last line has no end"),
        (listed(line("a"), line("b"))[:-15], "途中で切れています", "the last line is cut"),
        (listed(*MANY)[:-30], "途中で切れています", "the last line of a large list is cut"),
        (listed(line("a"), line("b"))[::-1], "形が正しくない", "no list at all"),
        (b"", "空です", "nothing in it"),
        ("\n".join(MANY[::-1]).encode(), "順に並んでいません", "another order"),
        (b"0" * 32 + b":1\n", "形が正しくない", "figures of another hash"),
    ],
    ids=lambda one: one if isinstance(one, str) and " " in one else "",
)
def test_a_list_that_is_unfit_is_told_at_the_start(
    tmp_path: Path, content: bytes, told: str, because: str
) -> None:
    file = tmp_path / "list.txt"
    file.write_bytes(content)
    with override_settings(LEAKED_PASSWORDS=str(file)):
        found = [one for one in checks.run_checks() if one.id == "daicho.E021"]
    assert bool(found) is bool(told), because
    assert all(told in one.msg and one.hint for one in found)


def test_a_list_that_is_not_there_is_told_and_none_at_all_before_going_public() -> None:
    with override_settings(LEAKED_PASSWORDS="/nowhere/list.txt"):
        (found,) = (one for one in checks.run_checks() if one.id == "daicho.E021")
    assert "読めません" in found.msg
    for deploys in (True, False):
        said = checks.run_checks(include_deployment_checks=deploys)
        assert ("daicho.W022" in {one.id for one in said}) is deploys
