"""`./daicho demo` as a new user meets it: one line says where, the passwords open the door."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from processes import Demo, FirstStart, Visitor, call, copied, demo


@pytest.fixture(scope="module")
def town(first_start: FirstStart, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for the tests that only look, started where code of the same names lies."""
    folder = tmp_path_factory.mktemp("demo")
    for name in ("gunicorn", "daicho", "django"):
        (folder / name).mkdir()
        (folder / name / "__init__.py").write_text("raise SystemExit('the wrong program')")
    with demo(first_start.copied(folder), "--residents", "60") as running:
        yield running


def test_every_printed_password_opens_the_door(town: Demo) -> None:
    assert len(town.accounts) == 9
    for login, password in town.accounts.items():
        assert Visitor(town.url).signs_in(login, password), login


def test_a_wrong_password_does_not(town: Demo) -> None:
    assert not Visitor(town.url).signs_in("madoguchi", town.accounts["kanri"])


def test_the_screens_say_whose_register_this_is(town: Demo) -> None:
    assert "郡山市(架空)" in Visitor(town.url).get("/sign-in")[1]


def test_the_web_processes_have_no_way_to_the_owner(town: Demo) -> None:
    owned = (town.data / "secrets" / "database_owner").read_text()
    web = [pid for pid in town.processes() if "gunicorn" in _told(pid, "cmdline")]
    assert len(web) == 3, "a master and two workers"
    for pid in web:
        known = _told(pid, "environ")
        assert "DATABASE_URL=" in known
        assert "DATABASE_OWNER_URL" not in known
        assert owned not in known


def _told(pid: int, what: str) -> str:
    return Path(f"/proc/{pid}/{what}").read_text(errors="replace")


def test_the_web_process_cannot_migrate(town: Demo) -> None:
    web = next(pid for pid in town.processes() if "gunicorn" in _told(pid, "cmdline"))
    known = dict(one.split("=", 1) for one in _told(web, "environ").split("\0") if "=" in one)
    kept = {name: known[name] for name in known if name.startswith(("DAICHO_", "DATABASE_"))}
    fake = call("manage", "migrate", "access", "zero", **kept)
    assert fake.returncode != 0
    assert Visitor(town.url).signs_in("madoguchi", town.accounts["madoguchi"])


def test_a_second_demo_of_the_same_data_is_told_of_the_first(town: Demo) -> None:
    second = call("demo", "--data", town.data, "--port", "0")
    assert second.returncode == 1
    assert f"「demo」(pid {town.process.pid})がもう動いています" in second.stderr


def test_a_taken_port_is_told_before_anything_is_made(town: Demo, tmp_path: Path) -> None:
    second = call("demo", "--data", tmp_path / "var", "--port", town.port)
    assert second.returncode == 1
    assert f"ポート {town.port} は使えません" in second.stderr
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize(
    ("words", "part", "because"),
    [
        (("--municipality", "012025"), "052035 横手市", "there is no made-up town of this code"),
        (("--municipality", "郡山"), "072036 郡山市", "this is no code"),
        (("--residents", "-1"), "0以上の整数", "nobody lives minus one"),
        (("--port", "99999"), "ポート 99999 は使えません", "there is no such port"),
        (("--role", "state"), "prefecture", "there is no such role"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_made(
    tmp_path: Path, words: tuple[str, ...], part: str, because: str
) -> None:
    port = () if "--port" in words else ("--port", "0")
    refused = call("demo", "--data", tmp_path / "var", *port, *words)
    assert refused.returncode in (1, 2), because
    assert part in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "var").exists(), because


def test_data_of_another_city_or_role_is_told(own_start: Path, tmp_path: Path) -> None:
    data = copied(own_start, tmp_path / "var")
    for words in (("--municipality", "052035"), ("--role", "prefecture")):
        other = call("demo", "--data", data, "--port", "0", *words)
        assert other.returncode == 1
        assert "072036 郡山市(municipality)のために" in other.stderr


def test_a_prefecture_has_a_console_and_no_counter(tmp_path: Path) -> None:
    with demo(tmp_path / "var", "--role", "prefecture") as running:
        assert list(running.accounts) == ["ken-unyo", "ken-kakaricho", "ken-kansa"]
        visitor = Visitor(running.url)
        assert visitor.signs_in("ken-unyo", running.accounts["ken-unyo"])
        assert "福島県" in visitor.get("/console/")[1]
        assert "070009" in (running.data / "installation.json").read_text()


def test_code_that_lies_where_the_caller_stands_is_not_run(town: Demo) -> None:
    assert (town.data.parent / "gunicorn" / "__init__.py").exists()
    assert Visitor(town.url).get("/healthz")[1]


def test_nothing_but_the_address_and_the_accounts_goes_to_standard_output(town: Demo) -> None:
    lines = town.said.splitlines()
    assert lines[0] == f"READY {town.url}"
    assert lines[1] == "操作者(架空)とパスワード:"
    assert all(re.match(r"  [a-z]+ +[a-z0-9-]{14} ", line) for line in lines[2:-1])
    assert lines[-1] == "止めるには Ctrl-C"


def test_a_test_card_lies_ready_for_the_page_of_residents(town: Demo) -> None:
    told = json.loads((town.data / "secrets" / "demo_card.json").read_text("ascii"))
    card = json.loads((town.data / "cards" / told["file"]).read_text("ascii"))
    assert re.fullmatch(r"\d{4}", told["pin"])
    assert card["kind"] == "daicho-test-card"
    assert (town.data / "published" / "resident_ca.pem").exists()
    assert "試験用カード" in Visitor(town.url).get("/my/sign-in")[1]
