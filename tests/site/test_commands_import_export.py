"""`import` and `export` as an operator calls them, beside a demo that owns the server."""

import csv
import hashlib
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import town
from daicho.site import embedded
from daicho.site.demo.town import write_town
from processes import Demo, FirstStart, Visitor, bare_environment, call, copied, demo, start_demo

REAL = {"login": "honmono", "password": "long-enough-for-work"}


@pytest.fixture(scope="module")
def running(first_start: FirstStart, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo with an empty register, which the tests of this file fill in turn."""
    with demo(first_start.copied(tmp_path_factory.mktemp("import")), "--residents", "0") as one:
        yield one


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A household of two, marked 架空."""
    return town.write(tmp_path, [town.hanako(), town.taro()])


def exported(running: Demo, folder: Path, login: str = "unyo") -> str:
    """SHA-256 of an export into `folder`."""
    run = call("export", folder, *running.acting(login))
    assert run.returncode == 0, run.stderr
    digest = hashlib.sha256((folder / "register.csv").read_bytes()).hexdigest()
    assert digest in run.stdout
    return digest


@pytest.mark.parametrize("command", ["import", "export"])
def test_a_wrong_password_opens_nothing(
    running: Demo, file: Path, tmp_path: Path, command: str
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("guess\n")
    words = ("--data", running.data, "--as", "unyo", "--password-file", wrong)
    run = call(command, file if command == "import" else tmp_path / "out", *words)
    assert (run.returncode, run.stdout) == (1, "")
    assert "パスワードが違う" in run.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("command", ["import", "export"])
def test_a_clerk_is_refused_with_the_article(
    running: Demo, file: Path, tmp_path: Path, command: str
) -> None:
    words = running.acting("madoguchi")
    run = call(command, file if command == "import" else tmp_path / "out", *words)
    assert (run.returncode, run.stdout) == (1, "")
    assert "根拠: " in run.stderr
    assert "引き継いで" in run.stderr


def test_who_acts_must_be_said_where_nobody_can_be_asked(running: Demo, tmp_path: Path) -> None:
    run = call("export", tmp_path / "out", "--data", running.data)
    assert run.returncode == 1
    assert "--as 操作者ID と --password-file FILE" in run.stderr


def test_trial_then_import_then_again(running: Demo, tmp_path: Path) -> None:
    empty = exported(running, tmp_path / "empty")
    file = town.write(tmp_path, [town.hanako(), town.taro()])
    trial = call("import", file, "--trial", *running.acting("unyo"))
    assert trial.returncode == 0, trial.stderr
    assert "受け入れた行 2" in trial.stdout
    assert exported(running, tmp_path / "still empty") == empty
    real = call("import", file, *running.acting("unyo"))
    assert "受け入れた行 2、同じ内容の行 0、拒んだ行 0" in real.stdout
    full = exported(running, tmp_path / "full")
    again = call("import", file, *running.acting("unyo"))
    assert "受け入れた行 0、同じ内容の行 2、拒んだ行 0" in again.stdout
    assert exported(running, tmp_path / "full again") == full != empty


def test_refused_lines_are_mended_and_read_again(running: Demo, tmp_path: Path) -> None:
    wrong = town.line(**dict(ANOTHER, sex="9"))
    run = call("import", town.write(tmp_path, [wrong]), *running.acting("unyo"))
    assert run.returncode == 3
    refused = Path(run.stdout.partition("拒んだ行: ")[2].partition("(")[0])
    assert "性別: 2 |" in refused.with_name("report.md").read_text("utf-8"), "column and line"
    with refused.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 1
    mended = tmp_path / "mended.csv"
    with mended.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, lines[0])
        writer.writeheader()
        writer.writerow({**lines[0], "性別": "1"})
    second = call("import", mended, *running.acting("unyo"))
    assert "受け入れた行 1、同じ内容の行 0、拒んだ行 0" in second.stdout, second.stdout


# 一郎, alone in a household of his own.
ANOTHER = {
    **{name: value for name, value in town.hanako().items() if value},
    "address_number": "000000000000302",
    "household_number": "000000000000302",
    "given_name": "一郎",
    "given_name_kana": "イチロウ",
    "householder_name": "架空　一郎",
    "householder_name_kana": "カクウ　イチロウ",
    "sex": "1",
    "individual_number": "",
    "individual_number_state": "none",
    "resident_record_code": "",
}


def test_what_is_no_register_is_named_and_not_quoted(running: Demo, tmp_path: Path) -> None:
    (tmp_path / "odd.csv").write_bytes("宛名番号\n山田".encode("cp932"))
    run = call("import", tmp_path / "odd.csv", *running.acting("unyo"))
    assert (run.returncode, run.stdout) == (1, "")
    assert "UTF-8ではありません" in run.stderr
    assert "何も書き込んでいません" in run.stderr
    assert "山田" not in run.stderr


def test_an_import_whose_owner_is_killed_names_it_and_leaves_nothing(
    first_start: FirstStart, tmp_path: Path
) -> None:
    owner = start_demo(first_start.copied(tmp_path), "--residents", "0")
    big = tmp_path / "big.csv"
    with big.open("w", encoding="utf-8", newline="") as file:
        on = date(2026, 11, 21)
        write_town(file, municipality=town.WARD, residents=500, seed=2, on=on)
    words = [sys.executable, "-P", "-m", "daicho", "import", big, *owner.acting("unyo")]
    with subprocess.Popen(
        words,
        env=bare_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as guest:
        assert guest.stderr is not None
        guest.stderr.readline()  # the lines are read, and now compared
        owner.end(signal.SIGKILL)
        out, said = guest.communicate(timeout=60)
    assert (guest.returncode, out) == (1, "")
    assert f"「demo」（pid {owner.process.pid}）が終わったため" in said
    assert "Traceback" not in said
    exported(owner, tmp_path / "after")  # recovers by itself
    lines = (tmp_path / "after" / "register.csv").read_text("utf-8").splitlines()
    assert len(lines) == 1, "the header alone"


def test_an_auditor_takes_the_trail_away_and_finds_what_was_edited(
    running: Demo, tmp_path: Path
) -> None:
    run = call("export-trail", tmp_path / "trail", *running.acting("kansa"))
    assert run.returncode == 0, run.stderr
    words = (tmp_path / "trail/trail.jsonl", "--heads", tmp_path / "trail/heads.json")
    key = ("--key", running.data / "published" / "trail_key.pem")
    checked = call("verify-trail", *words, *key)
    assert (checked.returncode, "一致" in checked.stdout) == (0, True), checked.stderr
    lines = (tmp_path / "trail/trail.jsonl").read_text("utf-8")
    (tmp_path / "trail/trail.jsonl").write_text(lines.replace("sign_in", "sign_on", 1), "utf-8")
    edited = call("verify-trail", *words, *key)
    assert (edited.returncode, "不一致" in edited.stdout) == (1, True), edited.stdout


def test_who_does_not_check_the_trail_does_not_take_it_away(running: Demo, tmp_path: Path) -> None:
    run = call("export-trail", tmp_path / "trail", *running.acting("madoguchi"))
    assert run.returncode == 1
    assert "利用記録の点検" in run.stderr
    assert not (tmp_path / "trail" / "trail.jsonl").exists()


def test_a_real_register_ends_the_demos_operators_and_goes_round(
    running: Demo, own_start: Path, tmp_path: Path
) -> None:
    add_operator(running.data)
    running.accounts = {**running.accounts, REAL["login"]: REAL["password"]}
    real = dict(ANOTHER, remark="", address_number="000000000000500", household_number="500")
    run = call("import", town.write(tmp_path, [town.line(**real)]), *running.acting("unyo"))
    assert "受け入れた行 1" in run.stdout, run.stdout + run.stderr
    assert not Visitor(running.url).signs_in("madoguchi", running.accounts["madoguchi"])
    refused = call("export", tmp_path / "no", *running.acting("unyo"))
    assert refused.returncode == 1
    chosen = renews(Visitor(running.url))
    running.accounts = {**running.accounts, REAL["login"]: chosen}
    first = exported(running, tmp_path / "first", REAL["login"])
    data = copied(own_start, tmp_path / "other")
    with embedded.running(data, "round trip"):  # so that the commands need not start it each time
        round_trip(data, tmp_path / "first" / "register.csv", first)


def renews(visitor: Visitor) -> str:
    """The first sign-in asks for a password of the person's own; gives that."""
    address, _ = visitor.send("/sign-in", login=REAL["login"], password=REAL["password"])
    assert address.endswith("/password/renewal")
    chosen = f"{REAL['password']}-of-my-own"
    _, page = visitor.send("/password/renewal", new=chosen, repeated=chosen)
    assert "サインアウト" in page
    return chosen


def add_operator(data: Path, **more: str) -> None:
    words = ("operator", "add", REAL["login"], "--name", "本物", "--office", "900")
    post = ("--post", "system_operator")
    made = call("manage", "--data", data, *words, *post, typed=f"{REAL['password']}\n", **more)
    assert made.returncode == 0, made.stderr


def round_trip(data: Path, file: Path, digest: str) -> None:
    """Into a register that never was a demo, and out again: the same bytes."""
    secret, second = data.with_name("secret"), data.with_name("second")
    secret.write_text(REAL["password"])
    acting = ("--data", data, "--as", REAL["login"], "--password-file", secret)
    office = ("--name", "情報システム課", "--kind", "information_systems")
    terminal = ("--terminal", "S901:運用端末:3階")
    made = call("manage", "--data", data, "office", "900", *office, *terminal)
    assert made.returncode == 0, made.stderr
    add_operator(data)
    rules = {"DAICHO_POLICY_PACK": "trial"}  # a screen, to register a factor at, is not here
    refused = call("import", file, *acting, **rules)
    assert "画面でサインインして" in refused.stderr, "somebody else typed the password"
    changed = "from daicho.access.models import Operator as O; O.objects.update({})"
    said = changed.format("password_is_initial=False")
    assert call("manage", "--data", data, "shell", "-c", said).returncode == 0
    refused = call("import", file, *acting)
    assert "認証の方法が登録されていません" in refused.stderr, "the city demands a second factor"
    run = call("import", file, *acting, **rules)
    assert run.returncode == 0, run.stdout
    assert call("export", second, *acting, **rules).returncode == 0
    copy = (second / "register.csv").read_bytes()
    assert hashlib.sha256(copy).hexdigest() == digest
