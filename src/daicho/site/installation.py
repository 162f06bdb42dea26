"""設置: a data directory with its server, database, secrets and keys made ready for Django.

`var/` holds `postgres/` (the cluster), `secrets/` (mode 0700) and `installation.json`, which says
for which role and municipality the directory was made. The cluster may stand in another directory,
where several installations share a server; `network.json` says how one reaches its neighbours.
"""

import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.conninfo import conninfo_to_dict

from daicho.access import clock
from daicho.access.proof import head_key
from daicho.access.sealed_files import onto_disk
from daicho.certificates import keys as signing_keys
from daicho.law import packs
from daicho.site import embedded
from daicho.site.database import provisioning
from daicho.site.postgres import owner
from daicho.site.serving import line_settings
from daicho.site.trouble import Trouble, on_disk
from daicho.terms import numbers
from daicho.terms.malformed import Malformed
from daicho.vault import fingerprints, keys

SIGNING = ("DAICHO_SIGNING_KEY", "DAICHO_SIGNING_CERT")
"""署名鍵の設定: the key file and its chain."""
SECRET_BYTES = 48
DEFAULT_MUNICIPALITY = "072036"  # 郡山市, one of the cities whose rules the product was built on


@dataclass(frozen=True)
class Installation:
    """What a data directory is for."""

    role: str = "municipality"
    municipality: str = DEFAULT_MUNICIPALITY
    name: str = ""  # as screens show it; blank: the code
    database: str = "daicho"
    vault_keys: str = ""  # after a restore: fingerprints of the keys that are waited for
    pack: str = ""  # 規程の組; blank: the municipality's own
    server: str = ""  # where the embedded server is, seen from the directory; blank: in it

    def home(self, data: Path) -> Path:
        """サーバーの場所: the directory of the embedded server."""
        return (data / self.server).resolve() if self.server else data


def read(data: Path) -> Installation | None:
    """What `data` is for; None where it is no installation yet."""
    file = data / "installation.json"
    try:
        return Installation(**json.loads(file.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (TypeError, ValueError):
        raise Trouble(f"{file} が壊れています。控え(バックアップ)から戻してください。") from None


def read_or_make(data: Path, wanted: Installation) -> Installation:
    """The installation of `data`; a new one becomes `wanted`. Trouble where it is another's."""
    found = read(data)
    if found is None:
        write(data, wanted)
        return wanted
    if (found.role, found.municipality) != (wanted.role, wanted.municipality):
        raise Trouble(
            f"{data} は {found.municipality} {found.name}({found.role})のために作られています。"
            f"{wanted.municipality}({wanted.role})には、--data で別のフォルダーを指定してください。"
        )
    return found


def write(data: Path, installed: Installation) -> None:
    """Keep what `data` is for, whole or not at all."""
    content = json.dumps(asdict(installed), indent=1).encode()
    onto_disk.replaced(data / "installation.json", content, 0o644)


def set_rules(data: Path, *, are_made_up: bool) -> None:
    """The trial's rules of sign-in end with the last account that is made up.

    From then on those of the municipality itself hold, for every command on this folder.
    """
    known, pack = read(data), packs.TRIAL if are_made_up else ""
    if known is not None and known.pack != pack:
        write(data, replace(known, pack=pack))
    if not are_made_up and os.environ["DAICHO_POLICY_PACK"] == packs.TRIAL:
        os.environ["DAICHO_POLICY_PACK"] = ""


def _from_environment(data: Path) -> Installation:
    """The installation of a folder, and for a new one what the environment says it is to be."""
    code = os.environ.get("DAICHO_MUNICIPALITY", "")
    if (found := read(data)) is not None:
        return found
    role = os.environ.get("DAICHO_ROLE", "municipality")
    try:
        if role != "centre":  # which is no local government
            numbers.parse_local_government_code(code)
    except Malformed:
        raise Trouble(
            f"{data} にはまだ台帳がありません。--data を確かめてください。新しく作るときは、"
            "全国地方公共団体コード6桁を DAICHO_MUNICIPALITY に設定してから"
            " ./daicho manage を実行します(架空の町なら ./daicho demo)。"
        ) from None
    return Installation(
        role=role,
        municipality=code,
        name=os.environ.get("DAICHO_MUNICIPALITY_NAME", ""),
    )


def _secret(data: Path, name: str) -> str:
    """A secret of this installation, made when first asked for."""
    folder = data / "secrets"
    folder.mkdir(mode=0o700, exist_ok=True)
    file = folder / name
    if not file.exists():
        onto_disk.replaced(file, secrets.token_urlsafe(SECRET_BYTES).encode("ascii"))
    return file.read_text("ascii").strip()


def _own(data: Path, installed: Installation) -> dict[str, str]:
    """What the directory itself says to a process: for whom it is, its secrets and keys."""
    return {
        "DAICHO_ROLE": installed.role,
        "DAICHO_MUNICIPALITY": installed.municipality,
        "DAICHO_MUNICIPALITY_NAME": installed.name,
        "DAICHO_SECRET_KEY": _secret(data, "secret_key"),
        "DAICHO_VAULT_KEY_FILE": str(data / "secrets" / "vault_keys.json"),
        "DAICHO_BACKUP_KEY_FOLDER": str(backup_keys_of(data)),
        "DAICHO_TRAIL_KEY_FILE": str(head_key.own_file(data)),
        "DAICHO_FONT_CACHE": str(installed.home(data) / "cache"),
        "DAICHO_RESIDENT_CA": os.environ.get("DAICHO_RESIDENT_CA")
        or str(data / "published" / "resident_ca.pem"),
        "DAICHO_EXPORT_FOLDER": str(data / "exports"),
        "DAICHO_POLICY_PACK": os.environ.get("DAICHO_POLICY_PACK") or installed.pack,
        **_signing(data),
        **line_settings.read(data),
        "DJANGO_SETTINGS_MODULE": "daicho.site.settings",
    }


def backup_keys_of(data: Path) -> Path:
    """Where the keys of an installation's backups lie: the place that is given, else its own."""
    given = os.environ.get("DAICHO_BACKUP_KEY_FOLDER")
    return Path(given) if given else data / "secrets" / "backup_keys"


def _signing(data: Path) -> dict[str, str]:
    """The key that signs certificates: the municipality's where it is given, else the demo's."""
    given = {name: os.environ[name] for name in SIGNING if name in os.environ}
    own = dict(zip(SIGNING, map(str, signing_keys.demo_files(data)), strict=True))
    return given or own


def ensure_trail_key(data: Path) -> None:
    """Make the key that signs the heads of the trail where there is none, and publish what checks
    them; after a restore it is another, and the older heads keep what checked them."""
    file = head_key.own_file(data)
    with on_disk(data):
        for folder, mode in ((file.parent, 0o700), (data / "published", 0o755)):
            folder.mkdir(mode=mode, exist_ok=True)
        if not file.exists():
            head_key.create(file)
            public = head_key.load(file).public
            (data / "published" / "trail_key.pem").write_text(public, encoding="ascii")


def ensure_signing_key(data: Path, installed: Installation) -> None:
    """Make the demo's own authority and signer at the first start; never where a key is given."""
    if installed.role != "municipality" or any(name in os.environ for name in SIGNING):
        return
    with on_disk(data):
        files = signing_keys.demo_files(data)
        made_at = clock.now()
        signing_keys.ensure_demo(*files, installed.municipality, installed.name, made_at)


def environment(data: Path, installed: Installation, server: embedded.Server) -> dict[str, str]:
    """The environment of this installation's processes, the owner's address included."""
    names = provisioning.Names(installed.database)
    found = _own(data, installed)
    for which, variable in (("app", "DATABASE_URL"), ("owner", "DATABASE_OWNER_URL")):
        password = _secret(data, f"database_{which}")
        found[variable] = server.url(installed.database, names.role(which), password)
    return found


def owners_url(data: Path, installed: Installation, server: embedded.Server) -> str:
    """The address of the database for the role that owns it."""
    role = provisioning.Names(installed.database).role("owner")
    return server.url(installed.database, role, _secret(data, "database_owner"))


def provision(data: Path, installed: Installation, server: embedded.Server) -> None:
    """Make the database and its roles on the embedded server where they are not there yet."""
    passwords = {which: _secret(data, f"database_{which}") for which in provisioning.WITH_SIGN_IN}
    names = provisioning.Names(installed.database)
    provisioning.provision(server.url(), server.url(installed.database), names, passwords)


def ensure_keys(data: Path, installed: Installation, url: str) -> None:
    """Make the vault's keys of a new installation; a lost key file is never made anew.

    Fresh keys over an old database would leave its numbers unreadable and nobody told; so would
    the keys of another installation, after a restore. Where hardware is set, it keeps the keys.
    """
    file = data / "secrets" / "vault_keys.json"
    if file.exists():
        _must_fit(data, installed, file)
        return
    if os.environ.get("DAICHO_VAULT_PKCS11"):
        return
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT to_regclass('vault.number') IS NULL").fetchone()
    if row != (True,):
        raise Trouble(
            f"個人番号の鍵 {file} がありません。別に保管してある鍵ファイルをここに戻してください。"
        )
    keys.create(file)


def _must_fit(data: Path, installed: Installation, file: Path) -> None:
    """After a restore: the versions that the backup names are in the file, or in hardware."""
    try:
        found = keys.KeyFile(file).versions()
    except keys.KeyTrouble as trouble:
        raise Trouble(f"{file}: {trouble}") from None
    # a manifest of before 0.2.0 has no version; its keys are proven by the numbers (`_prove_keys`)
    waited = fingerprints.read(installed.vault_keys) if ":" in installed.vault_keys else {}
    fits = all(found.get(version) == one for version, one in waited.items())
    if not fits and not os.environ.get("DAICHO_VAULT_PKCS11"):
        raise Trouble(
            f"個人番号の鍵 {file} は、戻した控えのものではありません"
            f"(指紋 {fingerprints.written(found)})。"
            f"指紋が {installed.vault_keys} の鍵ファイルを置いてください。"
        )
    if installed.vault_keys:  # from here the keys may be changed; the database knows them too
        write(data, replace(installed, vault_keys=""))


def _prove_keys() -> None:
    """The keys are those that the database was written with, before anything else is done."""
    from daicho.access.permits import system_permit
    from daicho.vault import rekeying

    rekeying.prove(system_permit(rekeying.JOB, clock.today(), uuid4()))


@contextmanager
def opened(
    data: Path, command: str, wanted: Installation | None = None
) -> Iterator[embedded.Server | None]:
    """Start or join this directory's server and set Django up on it, database migrated.

    `wanted` is what a new directory becomes, and what an old one must be; without it a directory
    that is no installation becomes what the environment says, or is refused.

    With `DATABASE_URL` set, that server is used and nothing is started; then everything else
    comes from the environment too, except what a demo keeps in its directory.
    """
    data = data.absolute()
    if "DATABASE_URL" in os.environ:
        with _told_when_elsewhere():
            _must_be_readable("DATABASE_URL", "DATABASE_OWNER_URL")
            if wanted is not None:
                os.environ.update(_secrets_of_a_demo(data, wanted) | dict(os.environ))
            _set_up(_must_be_sound)
            _prove_keys()
            yield None
        return
    wanted = wanted or _from_environment(data)
    if read(data) is not None:
        wanted = read_or_make(data, wanted)  # told before a server is started
    home = wanted.home(data)
    with embedded.running(home, command) as server, _told_when_lost(home):
        installed = read_or_make(data, wanted)
        provision(data, installed, server)
        ensure_keys(data, installed, server.url(installed.database))
        ensure_signing_key(data, installed)
        ensure_trail_key(data)
        os.environ.update(environment(data, installed, server))
        _set_up()
        _prove_keys()
        yield server


def _secrets_of_a_demo(data: Path, wanted: Installation) -> dict[str, str]:
    with on_disk(data):
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        installed = read_or_make(data, wanted)
        ensure_signing_key(data, installed)
        ensure_trail_key(data)
        found = _own(data, installed)
    if "DAICHO_VAULT_KEY_FILE" not in os.environ:
        address = os.environ.get("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
        ensure_keys(data, wanted, address)
    return found


@contextmanager
def _told_when_lost(data: Path) -> Iterator[None]:
    """Turn a database or a key that went away under the command into a sentence about it."""
    try:
        yield
    except keys.KeyTrouble as trouble:
        raise Trouble(str(trouble)) from trouble
    except Exception as lost:
        if _is_of_the_database(lost):
            raise owner.explain_lost(lost, data) from lost
        raise


@contextmanager
def _told_when_elsewhere() -> Iterator[None]:
    """The same for a server of one's own: only the state is told, since messages may quote rows."""
    try:
        yield
    except keys.KeyTrouble as trouble:
        raise Trouble(str(trouble)) from trouble
    except Exception as lost:
        if _is_of_the_database(lost):
            state = getattr(lost, "sqlstate", None) or getattr(lost.__cause__, "sqlstate", None)
            raise Trouble(
                "DATABASE_URL のデータベースにつながらないか、接続が切れました"
                f"(SQLSTATE {state or 'なし'})。終わっていなかった処理は取り消されています。"
                "サーバーが動いているか、宛先・利用者・パスワードが正しいか確かめてください。"
            ) from lost
        raise


def _must_be_readable(*names: str) -> None:
    for name in names:
        try:
            conninfo_to_dict(os.environ.get(name, ""))
        except psycopg.ProgrammingError:
            raise Trouble(
                f"{name} を読み取れません。postgresql://利用者:パスワード@ホスト/名前 の形です。"
            ) from None


def _is_of_the_database(lost: Exception) -> bool:
    # Django wraps the driver's exception in one of its own of the same name
    kinds = psycopg.OperationalError | psycopg.InterfaceError
    return isinstance(lost, kinds) or isinstance(lost.__cause__, kinds)


def _set_up(look_first: Callable[[], None] = lambda: None) -> None:
    """Set Django up in this process and bring the database up to date."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "daicho.site.settings")
    django.setup()
    look_first()
    from daicho.site.database import migrating  # models can be imported from here on

    migrating.bring_up_to_date()


def _must_be_sound() -> None:
    """A server of one's own is looked at before it is used: version, locale, rights, keys. The
    program's own screens, which take a second to load, are looked at by who serves them."""
    from django.core import checks

    from daicho.site.checks import SETTING

    tags = (SETTING, checks.Tags.security, checks.Tags.database)
    found = checks.run_checks(tags=tags, databases=["default"])
    if errors := [one for one in found if one.is_serious()]:
        lines = "\n".join(f"{one.id} {one.msg} {one.hint or ''}" for one in errors)
        raise Trouble(f"設定を直してください。\n{lines}")
