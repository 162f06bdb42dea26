"""利用記録の証明: what a superuser does is seen by who has only the export and its heads."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

import databases
from access.auditing import elsewhere, handed_over, verified, write
from access.conftest import Sealed, Superuser
from daicho.access import clock
from daicho.access.models import TrailHead, TrailLeaf, TrailNode, TrailSubjects
from daicho.access.proof import head_key, heads, nodes, notes, sequencing, tree, watching
from daicho.site import verify_trail
from daicho.site.commands import export_trail
from daicho.site.serving import proving

pytestmark = pytest.mark.durable
SCRIPT = Path(str(verify_trail.__file__))
Edit = Callable[["psycopg.Connection[Any]"], object]


def test_a_trail_that_nobody_touched_is_as_its_heads_say(sealed: Sealed, tmp_path: Path) -> None:
    folder = handed_over(tmp_path / "now")
    code, told = verified(folder, "--older", sealed.older_heads)
    assert (code, "一致" in told) == (0, True), told
    lines = (folder / "trail.jsonl").read_bytes().splitlines()
    assert len(lines) == sequencing.size()
    assert tree.root_of([tree.leaf_hash(one) for one in lines]) == tree.root(_fetch, len(lines))
    assert "commitment" in json.loads(lines[0])


ROW = """
INSERT INTO access_trail (id, at, xid, event, door, office, terminal, ward, purpose, job, article,
    finding, request_id, subject_count, number_seen, detail, commitment)
VALUES (9000000, '2026-11-22T03:00:00.5Z', '77', 'look', 'a.b', '001', 'C001', '072036', 'x', '',
    'BRRA 12', '', '00000000-0000-4000-8000-000000000001', 2, true,
    '{"b": "\u5b57\\"", "a": 1}', '\\x0a')
"""
LINE = (
    '{"v":1,"id":9000000,"at":"2026-11-22T03:00:00.500000Z","xid":"77","event":"look","door":"a.b",'
    '"operator":null,"office":"001","terminal":"C001","ward":"072036","purpose":"x","job":"",'
    '"article":"BRRA 12","finding":"","request_id":"00000000-0000-4000-8000-000000000001",'
    '"subject_count":2,"number_seen":true,"detail":{"a": 1, "b": "\u5b57\\""},"commitment":"0a"}'
)


def test_the_line_of_a_row_is_written_as_ever(stage: str, superuser: Superuser) -> None:
    """Heads that others keep stand for these very letters, for as long as the trail is kept."""
    it = superuser()
    it.execute(ROW)
    it.execute("SET TimeZone = 'Asia/Tokyo'")
    asked = f"SELECT {sequencing.LINE} FROM access_trail t WHERE id = %s"  # noqa: S608  our words
    assert it.execute(asked, [9_000_000]).fetchone() == (LINE,)


def test_the_verifier_needs_nothing_of_ours(sealed: Sealed, tmp_path: Path) -> None:
    alone = shutil.copy(SCRIPT, tmp_path / "verify_trail.py")
    words = [sys.executable, "-I", alone, sealed.older / "trail.jsonl", "--heads"]
    done = subprocess.run(
        [*words, sealed.older_heads], capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert (done.returncode, "一致" in done.stdout) == (0, True), done.stderr
    imports = [line for line in SCRIPT.read_text("utf-8").splitlines() if "import" in line]
    assert not [line for line in imports if "daicho" in line]


def _fetch(level: int, first: int, count: int) -> Any:
    return nodes.Blocks().fetch(level, first, count)


ALTERED: dict[str, Edit] = {
    "an edited row": lambda it: it.execute(
        "UPDATE access_trail SET purpose = 'inquiry.change' WHERE id = (SELECT trail_id"
        " FROM access_trailleaf WHERE leaf_index = 100)"
    ),
    "an edited field of the event": lambda it: it.execute(
        "UPDATE access_trail SET detail = '{\"rows\": 2}' WHERE id = (SELECT trail_id"
        " FROM access_trailleaf WHERE leaf_index = 70)"
    ),
    "a moved moment": lambda it: it.execute(
        "UPDATE access_trail SET at = at - interval '1 second' WHERE id = (SELECT trail_id"
        " FROM access_trailleaf WHERE leaf_index = 310)"
    ),
    "other subjects": lambda it: it.execute(
        "UPDATE access_trail SET commitment = sha256('x') WHERE id = (SELECT trail_id"
        " FROM access_trailleaf WHERE leaf_index = 50)"
    ),
    "a row that is gone": lambda it: it.execute(
        "SET session_replication_role = replica;"
        "DELETE FROM access_trailsubjects WHERE trail_id = (SELECT trail_id"
        " FROM access_trailleaf WHERE leaf_index = 100);"
        "DELETE FROM access_trail WHERE id = (SELECT trail_id"
        " FROM access_trailleaf WHERE leaf_index = 100)"
    ),
    "a row that is gone with its leaf": lambda it: it.execute(
        "DELETE FROM access_trailleaf WHERE leaf_index = 100;"
        "UPDATE access_trailleaf SET leaf_index = leaf_index + 1000000 WHERE leaf_index > 100;"
        "UPDATE access_trailleaf SET leaf_index = leaf_index - 1000001 WHERE leaf_index > 1000000"
    ),
    "two rows in each other's place": lambda it: it.execute(
        "UPDATE access_trailleaf SET leaf_index = leaf_index + 1000000"
        " WHERE leaf_index IN (10, 11);"
        "UPDATE access_trailleaf SET leaf_index = 1000021 - leaf_index"
        " WHERE leaf_index IN (1000010);"
        "UPDATE access_trailleaf SET leaf_index = 10 WHERE leaf_index = 1000011"
    ),
    "an inserted row": lambda it: it.execute(
        "UPDATE access_trailleaf SET leaf_index = leaf_index + 1000000 WHERE leaf_index >= 100;"
        "INSERT INTO access_trail (at, xid, event, door, office, terminal, ward, purpose, job,"
        " article, finding, request_id, subject_count, number_seen, detail, commitment)"
        " SELECT at, xid, event, door, office, terminal, ward, purpose, job, article, finding,"
        " gen_random_uuid(), 0, false, detail, commitment FROM access_trail LIMIT 1;"
        "INSERT INTO access_trailleaf (leaf_index, trail_id, leaf_hash, at, xid)"
        " SELECT 100, max(id), sha256('x'), now(), '3' FROM access_trail;"
        "UPDATE access_trailleaf SET leaf_index = leaf_index - 999999 WHERE leaf_index >= 1000000"
    ),
}


@pytest.mark.parametrize("what", ALTERED)
def test_what_a_superuser_alters_is_found(
    sealed: Sealed, superuser: Superuser, tmp_path: Path, what: str
) -> None:
    ALTERED[what](superuser())
    code, told = verified(handed_over(tmp_path / "now"))
    assert (code, "不一致" in told) == (1, True), told


def test_whoever_hashes_the_altered_trail_anew_is_caught_by_an_older_head(
    sealed: Sealed, superuser: Superuser, tmp_path: Path
) -> None:
    """The forger has the database and the key too; what left the house before is beyond him."""
    forger = superuser()
    ALTERED["an edited row"](forger)
    for table in ("access_trailhead", "access_trailnode", "access_trailleaf"):
        forger.execute(f"DELETE FROM {table}")  # noqa: S608  the three names above
    sequencing.catch_up()
    assert heads.make() is not None
    folder = handed_over(tmp_path / "now")
    code, told = verified(folder)
    assert code == 0, "by itself the forgery is without a flaw"
    assert "(--key)" in told, "and that nobody looked whose key it is and what was is said"
    assert "(--older)" in told
    code, told = verified(folder, "--older", sealed.older_heads)
    assert (code, "不一致" in told) == (1, True), told


def test_a_trail_that_was_cut_off_is_found(
    sealed: Sealed, superuser: Superuser, tmp_path: Path
) -> None:
    """The end is taken away together with its heads: as an old backup would be."""
    superuser().execute(
        "DELETE FROM access_trailhead WHERE id > (SELECT min(id) FROM access_trailhead);"
        "DELETE FROM access_trailleaf WHERE leaf_index >= (SELECT size FROM access_trailhead)"
    )
    folder = handed_over(tmp_path / "now")
    assert verified(folder)[0] == 0, "by itself nothing is missing"
    code, told = verified(folder, "--older", sealed.older_heads)
    assert (code, "欠けています" in told) == (1, True), told


def test_a_fork_is_found(sealed: Sealed, tmp_path: Path) -> None:
    """Two heads of one size, both rightly signed, over different trails."""
    folder = handed_over(tmp_path / "now")
    other = notes.Note(heads.whose(), sequencing.size(), tree.leaf_hash(b"another"), clock.now())
    file = elsewhere(folder, notes.written(other), tmp_path / "elsewhere.json")
    code, told = verified(folder, "--older", file)
    assert (code, "分岐" in told) == (1, True), told


def test_heads_whose_moments_go_back_are_told(sealed: Sealed, tmp_path: Path) -> None:
    folder = handed_over(tmp_path / "now")
    later = clock.now() + timedelta(hours=2)
    shorter = notes.Note(heads.whose(), 10, tree.root(_fetch, 10), later)
    file = elsewhere(folder, notes.written(shorter), tmp_path / "elsewhere.json")
    code, told = verified(folder, "--older", file)
    assert (code, "より前です" in told) == (1, True), told


def test_a_head_signed_by_somebody_else_is_refused(sealed: Sealed, tmp_path: Path) -> None:
    head_key.create(tmp_path / "another.pem")
    (tmp_path / "known.pem").write_text(head_key.load(tmp_path / "another.pem").public)
    code, told = verified(sealed.older, "--key", tmp_path / "known.pem")
    assert (code, "知らない鍵" in told) == (1, True), told


def test_who_commits_late_is_sequenced_late_and_never_lost(stage: str) -> None:
    url = databases.the_server().url(stage, "app")
    insert = (
        "INSERT INTO access_trail (event, door, office, terminal, ward, purpose, job, article,"
        " finding, request_id, subject_count, number_seen, detail, commitment) VALUES ('look', '',"
        " '', '', '', '', '', '', '', gen_random_uuid(), 0, false, '{}', sha256('')) RETURNING id"
    )
    with psycopg.connect(url) as slow, psycopg.connect(url, autocommit=True) as fast:
        (late,) = slow.execute(insert).fetchone() or (0,)
        (early,) = fast.execute(insert).fetchone() or (0,)
        sequencing.catch_up()
        assert not TrailLeaf.objects.filter(trail__in=[late, early]).exists()
        assert sequencing.waiting().row_count >= 1
        slow.commit()
    sequencing.catch_up()
    placed = dict(TrailLeaf.objects.values_list("trail_id", "leaf_index"))
    assert placed[late] < placed[early], "in the order of their transactions"
    assert sequencing.waiting().row_count == 0
    indexes = sorted(placed.values())
    assert indexes == list(range(len(indexes)))


def test_rows_of_a_restored_backup_come_first_and_new_ones_follow(
    sealed: Sealed, superuser: Superuser
) -> None:
    """In another server transactions are counted anew, below those that the backup brought."""
    write(3)
    superuser().execute("UPDATE access_trail SET xid = (xid::text::bigint + 10000000)::text::xid8")
    before = sequencing.size()
    assert sequencing.catch_up() == 3
    write(2)
    assert sequencing.catch_up() == 2
    write(2)
    assert sequencing.catch_up() == 2
    assert sequencing.size() == before + 7


def test_rows_that_wait_for_minutes_are_told_on_the_console(stage: str) -> None:
    sequencing.catch_up()  # what stands there already may be minutes old by now
    heads.make()
    write(2)
    assert watching.warned() == []
    with clock.fixed(clock.now() + watching.LATE + timedelta(seconds=1)):
        assert [one.id for one in watching.warned()] == ["daicho.W002"]
        sequencing.catch_up()
        assert [one.id for one in watching.warned()] == ["daicho.W007"], "no head is over them"
        heads.make()
        assert watching.warned() == []


def test_what_fails_is_told_and_tried_again(sealed: Sealed, superuser: Superuser) -> None:
    at_the_edge = [sequencing.size() - 2]
    superuser().execute("DELETE FROM access_trailleaf WHERE leaf_index = %s", at_the_edge)
    write(1)
    with clock.fixed(clock.now() + proving.HEADS_APART):
        assert not proving.attempt(with_head=True), "the tree has a hole"
    with clock.fixed(clock.now() + watching.LATE + timedelta(seconds=1)):
        assert [one.id for one in watching.warned()] == ["daicho.W007"]
    with pytest.raises(nodes.NotWhole):
        heads.make()


def test_a_tree_with_a_hole_is_handed_over_all_the_same(
    sealed: Sealed, superuser: Superuser, tmp_path: Path
) -> None:
    superuser().execute(
        "DELETE FROM access_trailleaf WHERE leaf_index = %s", [sequencing.size() - 2]
    )
    write(1)
    assert "欠け" in export_trail.brought_up()
    code, told = verified(handed_over(tmp_path / "now"))
    assert (code, "欠けています" in told) == (1, True), told


def test_only_one_sequences_at_a_time(stage: str) -> None:
    write(2)
    url = databases.the_server().url(stage, "app")
    with psycopg.connect(url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [sequencing.LOCK])
        assert sequencing.sequence() == 0
    assert sequencing.sequence() >= 2


def test_every_full_subtree_is_kept_once(sealed: Sealed) -> None:
    size = sequencing.size()
    kept = TrailNode.objects.filter(level=tree.STEP).count()
    assert kept == size >> tree.STEP
    assert kept > 0
    path = tree.inclusion(_fetch, 3, size)
    leaf = bytes(TrailLeaf.objects.get(leaf_index=3).leaf_hash)
    assert tree.proves_inclusion(leaf, 3, size, path, tree.root(_fetch, size))


def test_a_head_is_made_when_the_trail_has_grown_only(sealed: Sealed) -> None:
    assert heads.make() is None
    write(1)
    sequencing.catch_up()
    assert heads.make(not_within=timedelta(minutes=1)) is None, "there is a young one"
    assert heads.make() is not None


def test_a_clock_that_is_set_back_turns_no_head_back(sealed: Sealed, tmp_path: Path) -> None:
    last = heads.newest()
    assert last is not None
    with clock.fixed(clock.now() - timedelta(days=1)):
        write(1)
        sequencing.catch_up()
        made = heads.make(not_within=proving.HEADS_APART)
        assert made is not None
        assert heads.moment_of(made) == heads.moment_of(last)
        assert "daicho.W006" in {one.id for one in watching.warned()}
    assert verified(handed_over(tmp_path / "now"))[0] == 0


def test_lawful_disposal_of_subjects_breaks_no_proof(
    sealed: Sealed, superuser: Superuser, tmp_path: Path
) -> None:
    disposing = superuser()
    disposing.execute("SET session_replication_role = origin")
    disposing.execute(f"SET ROLE {databases.TEMPLATE.role('disposal')}")
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        disposing.execute("DELETE FROM access_trail")
    disposing.execute("SELECT set_config('daicho.disposal_list', 'made-up', false)")
    disposing.execute("DELETE FROM access_trailsubjects")
    assert not TrailSubjects.objects.exists()
    code, told = verified(handed_over(tmp_path / "now"), "--older", sealed.older_heads)
    assert code == 0, told


def test_a_lost_key_is_told_and_nothing_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "key.pem"
    with pytest.raises(head_key.KeyTrouble, match="読めません"):
        head_key.load(file)
    head_key.create(file)
    kept = file.read_bytes()
    with pytest.raises(FileExistsError):
        head_key.create(file)
    assert file.read_bytes() == kept
    file.chmod(0o644)
    with pytest.raises(head_key.KeyTrouble, match="600"):
        head_key.load(file)
    file.chmod(0o600)
    file.write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(head_key.KeyTrouble, match="壊れて"):
        head_key.load(file)


def test_no_head_is_made_twice(sealed: Sealed) -> None:
    write(1)
    sequencing.catch_up()
    before = TrailHead.objects.count()
    with psycopg.connect(databases.the_server().url(sealed.database, "app")) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [heads.LOCK])
        assert heads.make() is None
    assert heads.make() is not None
    assert TrailHead.objects.count() == before + 1
