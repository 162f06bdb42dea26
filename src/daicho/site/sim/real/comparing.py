"""比べる: what the towns' registers say, and what is held above; read from all databases."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg

from daicho.network.protocol.parties import CENTRE, Party, above
from daicho.site.embedded import Server
from daicho.site.postgres import owner

# Those of whom the governor was ever to be told, as they stand in the register now.
_SAID = """
SELECT v.resident_record_code, c.state = 'living', v.address_lot, v.family_name
FROM register_current c JOIN register_recordversion v USING (record_id, history_no)
WHERE EXISTS (SELECT FROM network_outbox o
    WHERE o.record_id = c.record_id AND o.kind = 'identification_information')
"""
_HELD = "SELECT code, is_open, address_lot, family_name FROM network_held WHERE municipality = %s"
_WAITING = """
SELECT (SELECT count(*) FROM network_due WHERE kind = 'identification_information')
    + (SELECT count(*) FROM network_unsent)
    + (SELECT coalesce(sum(handed - receipted), 0) FROM network_sendingline)
    + (SELECT count(*) FROM network_arrived WHERE waits)
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


def differences(server: Server, towns: Sequence[Party]) -> list[str]:
    """違い: each in one sentence, without anybody's data."""
    found = []
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
