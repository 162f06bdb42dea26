"""Two doors: who reads shows a Permit, and one module writes each register (design §5)."""

import ast
import re
from collections.abc import Iterator

import pytest

from tidy.tree import Module, called, calls, module, modules

PERMITS = "src/daicho/access/permits.py"

# Table prefix -> the modules that may write there. A set-based operation on the register is added
# here together with the test that proves it equal to the one-by-one path.
WRITERS = {
    "register_": {
        "src/daicho/register/importing/appending.py",
        "src/daicho/register/ledger/appending.py",
        "src/daicho/register/ledger/holding.py",
        "src/daicho/register/ledger/projections.py",
        "src/daicho/register/rebuilding.py",
        # 受付, lease and 仮登録: the counter's own work, no record of a resident
        "src/daicho/register/receiving/drafts.py",
        "src/daicho/register/receiving/leases.py",
        "src/daicho/register/receiving/taking.py",
        "src/daicho/register/record_codes.py",
        "src/daicho/register/remarks.py",
        "src/daicho/register/search/keeping.py",
    },
    # The last two give its rows their place in the tree; those of the bench measure bare inserts.
    "access_trail": {
        "src/daicho/access/trail.py",
        "src/daicho/site/bench/proof.py",
        "src/daicho/site/bench/trail.py",
        "src/daicho/site/bench/trail_search.py",
        "src/daicho/access/proof/nodes.py",
        "src/daicho/access/proof/sequencing.py",
    },
    "network_": {
        "src/daicho/network/outbox.py",
        "src/daicho/network/deeds/coded.py",
        "src/daicho/network/deeds/subjects.py",
        "src/daicho/network/lines/doors.py",
        "src/daicho/network/lines/making.py",
        "src/daicho/network/lines/taking.py",
        "src/daicho/network/lines/working.py",
    },
    "certificates_": {
        "src/daicho/certificates/certifiers.py",
        "src/daicho/certificates/issuing/code_notice.py",
        "src/daicho/certificates/issuing/door.py",
        "src/daicho/certificates/issuing/spoiling.py",
        "src/daicho/certificates/numbering.py",
    },
    "disposal.": {"src/daicho/access/disposing/lists.py"},
    # the third knows which keys are in use, the last says for which purposes the vault opens
    "vault.": {
        "src/daicho/vault/acquiring.py",
        "src/daicho/vault/numbers.py",
        "src/daicho/vault/versions.py",
        "src/daicho/vault/batches.py",
        "src/daicho/vault/former.py",
        "src/daicho/vault/disposing/rows.py",
        "src/daicho/site/database/grants.py",
    },
}
# Packages whose models are written through the ORM in these modules only.
ORM_WRITERS = {"src/daicho/register/": WRITERS["register_"]}
OF_MANAGERS = {
    "abulk_create",
    "acreate",
    "bulk_create",
    "bulk_update",
    "create",
    "get_or_create",
    "update",
    "update_or_create",
}
OF_ROWS = {"asave", "delete", "save"}


def _public_functions(one: Module) -> Iterator[ast.FunctionDef]:
    for node in one.tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def _takes_permit(function: ast.FunctionDef) -> bool:
    arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
    return any(one.annotation and ast.unparse(one.annotation) == "Permit" for one in arguments)


def test_every_query_takes_a_permit() -> None:
    wrong = [
        f"{one.name}:{function.name}"
        for one in modules("src/")
        if one.name.endswith("/queries.py")
        for function in _public_functions(one)
        if not _takes_permit(function)
    ]
    assert not wrong, f"{wrong}: a look without a Permit has no purpose, no article and no trail"


def test_the_check_sees_a_query_without_a_permit() -> None:
    one = module("queries.py", "def a(permit: Permit): ...\ndef b(day: date): ...\ndef _c(): ...")
    assert [f.name for f in _public_functions(one) if not _takes_permit(f)] == ["b"]


def test_only_permits_makes_a_permit() -> None:
    wrong = [
        f"{one.name}:{call.lineno}"
        for one in modules("src/")
        for call in calls(one.tree)
        if called(call) == "Permit" and one.name != PERMITS
    ]
    assert not wrong, f"{wrong}: a Permit made by hand was asked of no law; call access.permit"


def _texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


def _sql_writes(one: Module, table: str) -> list[str]:
    words = r"(?:INSERT\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM|MERGE\s+INTO|TRUNCATE|COPY)"
    pattern = re.compile(rf'{words}\s+(?:public\.)?"?{re.escape(table)}', re.IGNORECASE)
    found = [line for line, text in _texts(one.tree) if pattern.search(text)]
    if table.endswith("."):  # a schema: its functions are the door
        function = re.compile(rf"(?:SELECT|FROM|CALL)\s+{re.escape(table)}\w+", re.IGNORECASE)
        found += [line for line, text in _texts(one.tree) if function.search(text)]
    return [f"{one.name}:{line}" for line in found]


@pytest.mark.parametrize("table", WRITERS)
def test_only_the_named_modules_write_a_table_by_sql(table: str) -> None:
    others = [
        one
        for one in modules("src/")
        if one.name not in WRITERS[table] and "/migrations/" not in one.name
    ]
    wrong = [place for one in others for place in _sql_writes(one, table)]
    assert not wrong, f"{wrong}: {table}* is written in {WRITERS[table]} and nowhere else"


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ('x = "INSERT INTO register_current VALUES (1)"', "register_"),
        ('x = """\nUPDATE "register_current" SET a = 1"""', "register_"),
        ('x = "COPY public.register_recordversion FROM STDIN"', "register_"),
        ('x = "SELECT * FROM vault.get(1, 2)"', "vault."),
    ],
)
def test_the_check_sees_sql_that_writes(text: str, table: str) -> None:
    assert _sql_writes(module("a.py", text), table)
    assert not _sql_writes(module("a.py", 'x = "SELECT a FROM register_current"'), table)


def _orm_writes(one: Module) -> list[str]:
    found = []
    for call in calls(one.tree):
        if not isinstance(call.func, ast.Attribute):
            continue
        of = ast.unparse(call.func.value)
        is_managers = call.func.attr in OF_MANAGERS and re.search(r"\bobjects\b|_manager\b", of)
        if is_managers or call.func.attr in OF_ROWS:
            found.append(f"{one.name}:{call.lineno}")
    return found


@pytest.mark.parametrize("package", ORM_WRITERS)
def test_only_the_ledger_writes_the_models_of_the_register(package: str) -> None:
    others = [
        one
        for one in modules(package)
        if one.name not in ORM_WRITERS[package] and "/migrations/" not in one.name
    ]
    wrong = [place for one in others for place in _orm_writes(one)]
    assert not wrong, f"{wrong}: the register is written in {ORM_WRITERS[package]} and nowhere else"


def test_every_named_writer_writes() -> None:
    names = {name for writers in WRITERS.values() for name in writers}
    gone = names - {one.name for one in modules("src/")}
    assert not gone, f"{gone}: the table of writers names what is not there"


def test_the_check_sees_models_that_are_written() -> None:
    text = "Current.objects.filter(pk=1).update(a=1)\nrow.save()\ncounts.update(b)"
    assert len(_orm_writes(module("a.py", text))) == 2
