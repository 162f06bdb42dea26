"""比べる: what the towns' registers say, and what is held above; read from all databases."""

import json
import os
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg

from daicho.network.protocol.parties import CENTRE, Party, above
from daicho.site.embedded import Server
from daicho.site.postgres import owner
from daicho.site.serving import child

# Those of whom the governor was ever to be told, as they stand in the register now.
_SAID = """
SELECT v.resident_record_code, c.state = 'living', v.address_lot, v.family_name
FROM register_current c JOIN register_recordversion v USING (record_id, history_no)
WHERE EXISTS (SELECT FROM network_outbox o
    WHERE o.record_id = c.record_id AND o.kind = 'identification_information')
"""
_HELD = "SELECT code, is_open, address_lot, family_name FROM network_held WHERE municipality = %s"
_WAITING = """
SELECT (SELECT count(*) FROM network_due
        WHERE kind IN ('identification_information', 'individual_number_request'))
    + (SELECT count(*) FROM network_unsent)
    + (SELECT coalesce(sum(handed - receipted), 0) FROM network_sendingline)
    + (SELECT count(*) FROM network_arrived WHERE waits)
    + (SELECT count(*) FROM network_registernotice WHERE due_at IS NOT NULL)
"""
# Who lives in a town and has no number: those of whom the centre was to make one.
_PENDING = """
SELECT count(*) FROM register_current c JOIN register_recordversion v USING (record_id, history_no)
WHERE c.state = 'living' AND v.individual_number_state = 'pending' AND EXISTS (
    SELECT FROM network_outbox o WHERE o.record_id = c.record_id
        AND o.kind = 'individual_number_request')
"""
# What the town knows to be carried out, by its prefecture and by the centre.
_DONE = """
SELECT count(*) FILTER (WHERE outcome = 'done'), count(*) FILTER (WHERE above = 'done'),
    count(*) FILTER (WHERE is_open)
FROM network_sent WHERE kind = 'identification_information'
"""
_VERSIONS = "SELECT count(*) FROM network_heldversion WHERE municipality = %s"


def server_of(folder: Path) -> Server:
    """The nation's server while it runs; LookupError where it does not."""
    host = owner.read(folder)
    if host is None or not host.socket_dir:
        raise LookupError(folder)
    secret = (folder / "secrets" / "postgres").read_text()
    return Server(Path(host.socket_dir), host.superuser, secret, folder, host.server_pid)


def waiting(server: Server, parties: Sequence[Party]) -> int:
    """待つもの: messages that are not where they are for, in any database."""
    return sum(int(_one(server, party, _WAITING)[0]) for party in parties)


def differences(server: Server, nation: Path, towns: Sequence[Party]) -> list[str]:
    """違い: each in one sentence, without anybody's data."""
    found = numbers_that_differ(server, nation, towns)
    for town in towns:
        said = _rows(server, town, _SAID)
        *done, refused = _one(server, town, _DONE)
        if refused:
            found.append(f"{town} の {refused} 通が受けられていません。")
        for tier, count in zip((above(town), CENTRE), done, strict=True):
            assert tier is not None, "a municipality stands below both"
            held = _rows(server, tier, _HELD, town)
            if wrong := sum(said.get(code) != held.get(code) for code in said.keys() | held):
                found.append(f"{tier} が {town} について持つもののうち {wrong} 人が違います。")
            (versions,) = _one(server, tier, _VERSIONS, town)
            if versions != count:
                found.append(f"{town} の {count} 通を、{tier} は {versions} 回記録しました。")
    return found


def numbers_that_differ(server: Server, nation: Path, towns: Sequence[Party]) -> list[str]:
    """番号の違い: of all who live in a town; each vault is opened by a process of its own party."""
    key = secrets.token_bytes(32)
    digests = {
        party: numbers_of(nation / party, key)
        for party in {CENTRE, *towns, *filter(None, map(above, towns))}
    }
    found = []
    for town in towns:
        (pending,) = _one(server, town, _PENDING)
        if pending:
            found.append(f"{town} の {pending} 人に、機構の作る番号がありません。")
        for tier in (above(town), CENTRE):
            assert tier is not None, "a municipality stands below both"
            if wrong := sum(digests[tier].get(code) != it for code, it in digests[town].items()):
                found.append(f"{tier} の持つ番号のうち {town} の {wrong} 人が違います。")
    of_all = [it for town in towns for it in digests[town].values()]
    if twice := len(of_all) - len(set(of_all)):
        found.append(f"{twice} 人の番号が、ほかの者の番号と同じです。")
    return found


def numbers_of(folder: Path, key: bytes) -> Mapping[str, str]:
    """番号の照合の値: of all in a party's vault, by 住民票コード; no number comes out."""
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "daicho.site.sim.real.digesting", str(folder)],
        env=child.environment(os.environ),
        input=key,
        stdout=subprocess.PIPE,
        check=True,
    )
    digests: Mapping[str, str] = json.loads(ran.stdout)
    return digests


def told(server: Server, towns: Sequence[Party]) -> int:
    """人数: of how many residents anything was told."""
    return sum(len(_rows(server, town, _SAID)) for town in towns)


def _rows(
    server: Server, party: Party, statement: str, *values: str
) -> Mapping[str, tuple[object, ...]]:
    with psycopg.connect(server.url(f"party_{party}")) as connection:
        return {row[0]: row[1:] for row in connection.execute(statement, values)}


def _one(server: Server, party: Party, statement: str, *values: str) -> tuple[int, ...]:
    with psycopg.connect(server.url(f"party_{party}")) as connection:
        row = connection.execute(statement, values).fetchone()
    assert row is not None, "an aggregate has a row"
    return row
