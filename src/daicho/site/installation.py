"""設置: a data directory with its server, database, secrets and keys made ready for Django.

`var/` holds `postgres/` (the cluster), `secrets/` (mode 0700) and `installation.json`, which says
for which role and municipality the directory was made.
"""

import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psycopg

from daicho.site import embedded
from daicho.site.database import provisioning
from daicho.site.postgres import owner
from daicho.site.trouble import Trouble
from daicho.vault import keys

SECRET_BYTES = 48
DEFAULT_MUNICIPALITY = "072036"  # 郡山市, one of the cities whose rules the product was built on


@dataclass(frozen=True)
class Installation:
    """What a data directory is for."""

    role: str = "municipality"
    municipality: str = DEFAULT_MUNICIPALITY
    name: str = ""  # as screens show it; blank: the code
    database: str = "daicho"


def read_or_make(data: Path, wanted: Installation) -> Installation:
    """The installation of `data`; a new directory becomes `wanted`."""
    file = data / "installation.json"
    if not file.exists():
        _write_whole(file, json.dumps(asdict(wanted), indent=1))
        return wanted
    try:
        return Installation(**json.loads(file.read_text("utf-8")))
    except (TypeError, ValueError):
        raise Trouble(f"{file} が壊れています。控え(バックアップ)から戻してください。") from None


def _write_whole(file: Path, text: str) -> None:
    part = file.with_suffix(".part")
    with part.open("w", encoding="utf-8") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())
    part.replace(file)


def _secret(data: Path, name: str) -> str:
    """A secret of this installation, made when first asked for."""
    folder = data / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / name
    if not file.exists():
        part = folder / f"{name}.part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(secrets.token_urlsafe(SECRET_BYTES))
            opened.flush()
            os.fsync(opened.fileno())
        part.replace(file)
    return file.read_text("ascii").strip()


def environment(data: Path, installed: Installation, server: embedded.Server) -> dict[str, str]:
    """The environment of this installation's processes, the owner's address included."""
    names = provisioning.Names(installed.database)
    found = {
        "DAICHO_ROLE": installed.role,
        "DAICHO_MUNICIPALITY": installed.municipality,
        "DAICHO_MUNICIPALITY_NAME": installed.name,
        "DAICHO_SECRET_KEY": _secret(data, "secret_key"),
        "DAICHO_VAULT_KEY_FILE": str(data / "secrets" / "vault_keys.json"),
        "DJANGO_SETTINGS_MODULE": "daicho.site.settings",
    }
    for which, variable in (("app", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        password = _secret(data, f"database_{which}")
        found[variable] = server.url(installed.database, names.role(which), password)
    return found


def provision(data: Path, installed: Installation, server: embedded.Server) -> None:
    """Make the database and its roles on the embedded server where they are not there yet."""
    passwords = {which: _secret(data, f"database_{which}") for which in provisioning.WITH_SIGN_IN}
    names = provisioning.Names(installed.database)
    provisioning.provision(server.url(), server.url(installed.database), names, passwords)


def ensure_keys(data: Path, url: str) -> None:
    """Make the vault's keys of a new installation; a lost key file is never made anew.

    Fresh keys over an old database would leave its numbers unreadable and nobody told.
    """
    file = data / "secrets" / "vault_keys.json"
    if file.exists():
        return
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT to_regclass('vault.number') IS NULL").fetchone()
    if row != (True,):
        raise Trouble(
            f"個人番号の鍵 {file} がありません。別に保管してある鍵ファイルをここに戻してください。"
        )
    keys.create(file)


@contextmanager
def opened(
    data: Path, command: str, wanted: Installation | None = None
) -> Iterator[embedded.Server | None]:
    """Start or join this directory's server and set Django up on it, database migrated.

    With `DATABASE_URL` set, that server is used and nothing is started; then everything else
    comes from the environment too.
    """
    if "DATABASE_URL" in os.environ:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daicho.site.settings")
        _set_up()
        yield None
        return
    data = data.absolute()
    with embedded.running(data, command) as server:
        installed = read_or_make(data, wanted or Installation())
        if wanted is not None and installed != wanted:
            raise Trouble(
                f"{data} は{installed.municipality}({installed.role})のために作られています。"
                "別の --data を指定してください。"
            )
        provision(data, installed, server)
        ensure_keys(data, server.url(installed.database))
        os.environ.update(environment(data, installed, server))
        with _told_when_lost(data):
            _set_up()
            yield server


@contextmanager
def _told_when_lost(data: Path) -> Iterator[None]:
    """Turn a database that went away under the command into a sentence about its owner."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError) as lost:
        raise owner.explain_lost(lost, data) from lost
    except Exception as lost:
        # Django wraps the driver's exception in one of its own of the same name
        if isinstance(lost.__cause__, psycopg.OperationalError | psycopg.InterfaceError):
            raise owner.explain_lost(lost, data) from lost
        raise


def _set_up() -> None:
    """Set Django up in this process and bring the database up to date."""
    import django

    django.setup()
    from daicho.site.database import migrating  # models can be imported from here on

    migrating.bring_up_to_date()
