"""`./daicho demo --network`: six parties, each with its database, its screens and its lines.

One start and one more serve all tests, in their order: the nation is killed in between.
"""

import base64
import os
import re
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

import in_the_open
import lives
from daicho.network.protocol.parties import Party
from daicho.site import embedded, installation
from daicho.site.installation import Installation
from daicho.site.sim.real import comparing
from daicho.site.sim.real.digesting import digest
from desk_by_http import Counter
from lives import Life
from processes import (
    WAIT_SECONDS_MAX,
    Visitor,
    accounts_in,
    begun_demo,
    call,
    descendants,
    postgres_processes,
    wait_for_end,
    watched,
)

RESIDENTS = "12"
NAMES = {
    "072036": "郡山市(架空)",
    "072079": "須賀川市(架空)",
    "092011": "宇都宮市(架空)",
    "07": "福島県(架空)",
    "09": "栃木県(架空)",
    "00": "機構(架空)",
}
NEW = "another-horse-battery"
_PARTY = re.compile(r"^READY (http://127\.0\.0\.1:\d+)  (\d{2}|\d{6}) +(\S+)  (\S+)$", re.MULTILINE)
ANSWERED = "SELECT count(*) = %s AND bool_and(answered_at IS NOT NULL) FROM network_sendingline"


@dataclass
class Nation:
    """A running nation: its process, and of each party address and accounts."""

    process: "subprocess.Popen[str]"
    data: Path
    said: str = ""
    urls: dict[str, str] = field(default_factory=dict)
    accounts: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return self.data / "nation"

    def everything(self) -> list[int]:
        """The pids of all that it runs, itself first."""
        return [self.process.pid, *descendants(self.process.pid)]

    def processes_of(self, party: str, name: str) -> list[int]:
        """The pids of a party's `web` or `lines`, the first one first: they write that log."""
        log = str(self.folder / party / "log" / f"{name}.log")
        return [pid for pid in descendants(self.process.pid) if _says_in(pid) == log]

    def hears(self, words: str) -> str:
        """What it tells people until these words come."""
        assert self.process.stderr is not None
        heard = ""
        while words not in heard:
            line = self.process.stderr.readline()
            assert line, heard
            heard += line
        return heard


def _says_in(pid: int) -> str:
    try:
        return str(Path(f"/proc/{pid}/fd/2").readlink())
    except OSError:
        return ""  # it has just ended


def start(data: Path) -> Nation:
    process, said = begun_demo(data, "--network", "--residents", RESIDENTS)
    nation = Nation(process, data, said)
    parts = _PARTY.split(said)[1:]
    for url, party, _name, _title, rows in zip(*(parts[at::5] for at in range(5)), strict=True):
        nation.urls[party], nation.accounts[party] = url, accounts_in(rows)
    return nation


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nation") / "var"


@pytest.fixture(scope="module")
def nation(data: Path) -> Iterator[Nation]:
    """The nation at its first start; in the end it is killed, and nothing of it goes on."""
    running = start(data)
    try:
        yield running
    finally:
        with watched(running.everything()) as handles:
            running.process.kill()
            running.process.communicate()
            assert all(wait_for_end(handle) for handle in handles)
        assert postgres_processes(data) == []


@pytest.fixture(scope="module")
def server(nation: Nation) -> Iterator[embedded.Server]:
    with embedded.running(nation.folder / "server", "test") as found:
        yield found


def test_one_browser_is_signed_in_with_all_six(nation: Nation) -> None:
    assert list(nation.urls) == list(NAMES)
    alone = Visitor("")
    browser = {party: alone.at(url) for party, url in nation.urls.items()}
    for party, name in NAMES.items():
        assert name in browser[party].get("/sign-in")[1]
        login = next(one for one in nation.accounts[party] if one.endswith("unyo"))
        assert browser[party].signs_in(login, nation.accounts[party][login]), party
    for party, one in browser.items():
        assert "サインアウト" in one.get("/")[1], f"another has ended that of {party}"


def test_what_it_answers_is_counted(nation: Nation) -> None:
    visitor = Visitor(nation.urls["07"])
    visitor.get("/sign-in")
    assert 'daicho_requests_total{method="GET",route="entry:sign_in' in visitor.get("/metrics")[1]


def test_the_upper_tiers_have_three_operators_each(nation: Nation) -> None:
    assert list(nation.accounts["07"]) == ["ken-unyo", "ken-kakaricho", "ken-kansa"]
    assert list(nation.accounts["00"]) == ["kiko-unyo", "kiko-kakaricho", "kiko-kansa"]
    assert len(nation.accounts["072036"]) == 9


def test_each_has_a_database_that_the_others_cannot_enter(
    nation: Nation, server: embedded.Server
) -> None:
    for party in NAMES:
        password = (nation.folder / party / "secrets" / "database_app").read_text()
        for other in NAMES:
            url = server.url(f"party_{other}", f"app_party_{party}", password)
            if other == party:
                psycopg.connect(url).close()
                continue
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(url)


@pytest.mark.parametrize(
    ("party", "count"),
    [("072036", 1), ("072079", 1), ("092011", 1), ("07", 3), ("09", 2), ("00", 2)],
)
def test_every_neighbour_answers_on_its_line(
    nation: Nation, server: embedded.Server, party: str, count: int
) -> None:
    with psycopg.connect(server.url(f"party_{party}"), autocommit=True) as connection:
        until(lambda: connection.execute(ANSWERED, [count]).fetchone() == (True,))


def until(is_so: Callable[[], object]) -> None:
    """Wait for what other processes are at."""
    limit = time.monotonic() + WAIT_SECONDS_MAX
    while not is_so():
        assert time.monotonic() < limit, "it never came"
        select.select([], [], [], 0.05)


def test_keys_are_each_partys_own_and_for_nobody_elses_eyes(nation: Nation) -> None:
    folders = [nation.folder / party / "secrets" / "network" for party in NAMES]
    keys = [file for folder in folders for file in folder.glob("*.key")]
    assert len({file.read_bytes() for file in keys}) == 3 * len(NAMES)
    assert {file.stat().st_mode & 0o077 for file in [*keys, *folders]} == {0}


def test_commands_work_on_a_party_while_the_nation_runs(nation: Nation) -> None:
    folder = nation.folder / "07"
    assert call("manage", "--data", folder, "check").returncode == 0
    second = call("demo", "--data", folder, "--port", "0")
    assert f"「demo --network」(pid {nation.process.pid})がもう動いています" in second.stderr
    again = call("demo", "--network", "--data", nation.data, "--port", "0")
    assert f"「demo --network」(pid {nation.process.pid})がもう動いています" in again.stderr


@pytest.fixture(scope="module")
def life(nation: Nation, server: embedded.Server) -> Life:
    """A child of 郡山市, whom the counter entered as soon as the nation was ready."""
    clerk = Visitor(nation.urls["072036"])
    clerk.comes_in("madoguchi", nation.accounts["072036"]["madoguchi"], "C001")
    parties = [Party(one) for one in NAMES]

    def rest() -> None:
        for _ in range(2):  # what one has sent may not have reached who was asked before
            until(lambda: comparing.waiting(server, parties) == 0)

    return lives.lived(lives.Nation(nation.folder, server, rest, Counter(clerk)))


def test_a_newborn_has_its_number_and_all_who_hold_it_have_the_same(life: Life) -> None:
    assert "個人番号の指定" in life.born.history
    notices = [one for one in _rows(life.born.person) if "本人確認情報の通知" in one]
    assert ["国受領" in one for one in notices] == [True, True]
    numbers = set(life.born.numbers.values())
    assert None not in numbers
    assert len(numbers) == 1
    assert life.born.former_count == dict.fromkeys(lives.HOLDERS, 0)
    assert life.born.held_as == {"07": [life.born.code], "00": [life.born.code]}


def test_another_number_takes_its_place_everywhere(life: Life) -> None:
    numbers, before = set(life.renumbered.numbers.values()), set(life.born.numbers.values())
    assert None not in numbers
    assert len(numbers) == 1
    assert numbers.isdisjoint(before)
    assert life.renumbered.former_count == dict.fromkeys(lives.HOLDERS, 1)
    assert life.renumbered.code == life.born.code


def test_with_another_code_it_is_the_same_person_above(life: Life) -> None:
    code = life.recoded.code
    assert code != life.born.code
    assert life.recoded.held_as == {"07": [code], "00": [code]}
    assert set(life.recoded.numbers.values()) == set(life.renumbered.numbers.values())


def test_no_number_of_anybody_stands_in_the_open_in_the_nation(life: Life) -> None:
    assert not life.in_the_open


def _rows(page: str) -> list[str]:
    return re.findall(r"<tr.*?</tr>", page, re.DOTALL)


@pytest.mark.parametrize(("name", "what"), [("web", "画面の配信"), ("lines", "通信の回線")])
def test_what_is_killed_of_one_party_is_told_and_comes_back(
    nation: Nation, server: embedded.Server, name: str, what: str
) -> None:
    with psycopg.connect(server.url("party_07"), autocommit=True) as connection:
        connection.execute("UPDATE network_sendingline SET answered_at = NULL")
        (killed, *_) = nation.processes_of("07", name)
        os.kill(killed, signal.SIGKILL)
        heard = nation.hears(f"{what}が止まりました")
        assert f"福島県(架空)の{what}が止まりました(SIGKILL)" in heard
        assert f"{nation.folder}/07/log/{name}.log" in heard
        # its door stayed open: whoever comes waits until it is there again
        assert "福島県" in Visitor(nation.urls["07"]).get("/sign-in")[1]
        if name == "lines":  # which asks its neighbours at first
            until(lambda: connection.execute(ANSWERED, [3]).fetchone() == (True,))
    assert killed not in nation.processes_of("07", name)


def test_a_killed_nation_starts_again_with_its_data_and_ends_by_ctrl_c(
    data: Path, nation: Nation
) -> None:
    accounts = nation.accounts
    first = Visitor(nation.urls["09"])
    first.comes_in("ken-unyo", accounts["09"]["ken-unyo"], "P901")
    changed = {"present": accounts["09"]["ken-unyo"], "new": NEW, "repeated": NEW}
    first.send("/password", **changed)
    with watched(nation.everything()) as handles:
        nation.process.kill()
        assert all(wait_for_end(handle) for handle in handles)
    again = start(data)
    with watched(again.everything()) as handles:
        assert Visitor(again.urls["09"]).signs_in("ken-unyo", NEW), "what was committed is there"
        del accounts["09"]["ken-unyo"]
        assert again.accounts["09"].pop("ken-unyo") == "(ここにはありません)"
        assert again.accounts == accounts, "nobody has another password than before"
        again.process.send_signal(signal.SIGINT)
        said = again.process.communicate(timeout=WAIT_SECONDS_MAX)[1]
        assert again.process.returncode == 0, said
        assert all(wait_for_end(handle) for handle in handles)
    assert postgres_processes(data) == []
    assert not any((data / "nation" / "server" / "socket").iterdir())


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("--municipality", "072036"), "--municipality と --role を外して"),
        (("--role", "centre"), "--municipality と --role を外して"),
        (("--port", "65535"), "待ち受けられません"),
    ],
)
def test_what_cannot_be_is_told_before_anything_is_made(
    tmp_path: Path, words: tuple[str, ...], part: str
) -> None:
    refused = call("demo", "--network", "--data", tmp_path / "var", *words)
    assert refused.returncode == 1
    assert part in refused.stderr
    assert not (tmp_path / "var").exists()


def test_a_restored_folder_is_not_run_in_the_place_of_a_party(tmp_path: Path) -> None:
    folder = tmp_path / "nation/072036"
    folder.mkdir(parents=True)
    installation.write(folder, Installation("municipality", "072036"))
    refused = call("demo", "--network", "--data", tmp_path, "--port", "0")
    assert refused.returncode == 1
    assert "自分のデータベースを持つ設置です" in refused.stderr


def test_a_server_of_ones_own_is_not_shared_by_six(tmp_path: Path) -> None:
    url = "postgresql://app_daicho@localhost/daicho"
    refused = call("demo", "--network", "--data", tmp_path / "var", DATABASE_URL=url)
    assert refused.returncode == 1
    assert "DATABASE_URL を外してください" in refused.stderr


def test_a_number_is_found_also_within_a_message_that_was_signed() -> None:
    number, key = "123456789018", b"of this test"
    inner = base64.urlsafe_b64encode(f'{{"kind": "架空", "number": "{number}"}}'.encode()).decode()
    outer = base64.urlsafe_b64encode(f'{{"signed": "e30.{inner.rstrip("=")}.sig"}}'.encode())
    texts = [("plain", f"個人番号 {number}"), ("signed", f"e30.{outer.decode()}.sig"), ("no", "18")]
    digests = [digest(key, number)]
    assert in_the_open.places_with(texts, key, digests) == {"plain", "signed"}
    assert in_the_open.places_with(texts, b"of another", digests) == set()
