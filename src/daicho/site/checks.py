"""起動時の点検: what is wrong with the configuration, with a hint that says what to do.

| id | what |
|---|---|
| daicho.E001 | DATABASE_URL is not set or not readable |
| daicho.E002 | DAICHO_SECRET_KEY is not set or too short |
| daicho.E003 | the vault's keys: the file is missing, open to others or damaged, the token silent |
| daicho.E004 | assertions are switched off (python -O) |
| daicho.E005 | DAICHO_MUNICIPALITY is not a 6-digit code with its check digit |
| daicho.E006 | the database is older than PostgreSQL 15 or not UTF8 in C.UTF-8 |
| daicho.E007 | the program signs in to the database with more rights than `app` has |
| daicho.E008 | the key that signs certificates, or its chain, is missing or does not fit |
| daicho.E009 | the font of the certificates is missing or cannot be unpacked |
| daicho.E010 | the pack `trial` is set where somebody's account is no made-up one |
| daicho.E011 | DAICHO_POLICY_PACK names no pack |
| daicho.E012 | authenticators are demanded; their host name or their makers' roots are missing |
| daicho.E013 | the city's own directory is set in part only, or is not reached by https |
| daicho.W014 | authenticators alone are accepted, but no model of them is listed (warning) |
| daicho.E015 | the vault's keys are not those that the database was written with, or are lost |
| daicho.E016 | an algorithm that the program uses stands in no list in force today |
| daicho.E017 | the key that signs the heads of the trail is missing or not usable |
| daicho.E018 | a witness or a time-stamping authority of the trail is not reached by https |
| daicho.W020 | the database is reached over a network without proof of its identity (warning) |
| daicho.E021 | the list of leaked passwords is missing, not readable, or not sorted |
| daicho.W022 | no list of leaked passwords is set (warning, before going public) |
| daicho.E023 | DAICHO_ADDRESS_HEADER is no name of a header |

Those of the network, from E024, stand in `daicho.site.serving.line_checks`.
"""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import WARNING, CheckMessage, Error, Tags, register
from django.db import connections

from daicho.access import clock
from daicho.access.entering import leaked
from daicho.access.proof import head_key
from daicho.certificates import keys as signing_keys
from daicho.certificates.font import FontTrouble, font_dir
from daicho.law import packs
from daicho.law.safety import algorithms
from daicho.terms import numbers
from daicho.terms.malformed import Malformed
from daicho.vault import custody, versions
from daicho.vault.keys import KeyTrouble

SETTING = "setting"
"""設定の点検: the tag of checks of what this process was told, which every command runs."""
SECRET_KEY_LENGTH_MIN = 40
NEAR = frozenset({"127.0.0.1", "::1", "localhost"})
"""この機械: what goes there is on no wire."""
ADDRESS_LENGTH_MAX = 200  # as it is kept beside what was answered there
POSTGRESQL_MIN = 150_000

_LOCALE = """
SELECT pg_encoding_to_char(encoding), datcollate, datctype
FROM pg_database WHERE datname = current_database()
"""
_REAL = """
SELECT EXISTS (SELECT 1 FROM access_operator WHERE is_active AND NOT is_demo)
"""
_RIGHTS = """
SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls
    OR EXISTS (SELECT 1 FROM pg_auth_members WHERE member = r.oid)
    OR EXISTS (SELECT 1 FROM pg_class WHERE relowner = r.oid)
    OR EXISTS (SELECT 1 FROM pg_class c WHERE c.relname = 'register_recordedchange'
        AND has_table_privilege(c.oid, 'DELETE'))
FROM pg_roles r WHERE rolname = current_user
"""


def _error(number: int, what: str, hint: str) -> list[CheckMessage]:
    return [Error(what, hint=hint, id=f"daicho.E{number:03}")]


@register(Tags.security)
def secret_key(**_: Any) -> list[CheckMessage]:
    if len(settings.SECRET_KEY_GIVEN) >= SECRET_KEY_LENGTH_MIN:
        return []
    return _error(
        2,
        "DAICHO_SECRET_KEY が設定されていないか、短すぎます。",
        "40文字以上の乱数を DAICHO_SECRET_KEY か DAICHO_SECRET_KEY_FILE に設定してください。",
    )


@register(SETTING)
def vault_keys(**_: Any) -> list[CheckMessage]:
    try:
        custody.keepers()
    except KeyTrouble as trouble:
        hint = (
            "DAICHO_VAULT_KEY_FILE に鍵ファイルを、装置なら DAICHO_VAULT_PKCS11 などを設定します。"
        )
        return _error(3, str(trouble), hint)
    return []


@register(SETTING)
def trail_key(**_: Any) -> list[CheckMessage]:
    try:
        head_key.load(Path(settings.TRAIL_KEY_FILE))
    except head_key.KeyTrouble as trouble:
        hint = (
            "./daicho manage trail_key FILE で鍵を作り、"
            "DAICHO_TRAIL_KEY_FILE に鍵ファイルの場所を設定します。"
        )
        return _error(17, str(trouble), hint)
    return []


@register(SETTING)
def trail_addresses(**_: Any) -> list[CheckMessage]:
    addresses = [*settings.TRAIL_WITNESSES, *filter(None, [settings.TRAIL_TSA])]
    if all(map(_is_safe, addresses)) and settings.TRAIL_TSA_MINUTES > 0:
        return []
    return _error(
        18,
        "利用記録の立会人か時刻認証局の設定が、https の宛先でないか、間隔が正しくありません。",
        "DAICHO_TRAIL_WITNESSES、DAICHO_TRAIL_TSA には https の宛先(同じ計算機なら http)、"
        "DAICHO_TRAIL_TSA_MINUTES には1以上の分数を設定してください。",
    )


def _is_safe(address: str) -> bool:
    """By https, or on this machine."""
    parts = urlsplit(address)
    is_near = parts.hostname in NEAR
    has_no_password = parts.password is None and len(address) <= ADDRESS_LENGTH_MAX
    return has_no_password and (parts.scheme == "https" or (is_near and parts.scheme == "http"))


@register(SETTING)
def cryptography(**_: Any) -> list[CheckMessage]:
    """暗号アルゴリズム: what the program uses is in the table of the law on this day."""
    found = algorithms.not_listed(on=clock.today())
    wrong = [f"{one.algorithm}({one.where}): {it.what}" for one, it in found]
    hint = "law/tables/algorithms.toml を確かめ、アルゴリズムを替えた版に更新してください。"
    return _error(16, "".join(wrong), hint) if wrong else []


@register(SETTING)
def signing_key(**_: Any) -> list[CheckMessage]:
    if settings.ROLE.name != "municipality":
        return []
    try:
        signing_keys.load(Path(settings.SIGNING_KEY_FILE), Path(settings.SIGNING_CHAIN_FILE))
    except signing_keys.KeyTrouble as trouble:
        hint = "DAICHO_SIGNING_KEY と DAICHO_SIGNING_CERT に、鍵と証明書のファイルを設定します。"
        return _error(8, str(trouble), hint)
    return []


@register(SETTING)
def font(**_: Any) -> list[CheckMessage]:
    if settings.ROLE.name != "municipality":
        return []
    try:
        font_dir()
    except FontTrouble as trouble:
        return _error(9, str(trouble), "DAICHO_FONTS に書体のフォルダーを設定します。")
    return []


@register(SETTING)
def assertions(**_: Any) -> list[CheckMessage]:
    if __debug__:
        return []
    return _error(
        4,
        "python -O では動かせません(検査が外れます)。",
        "-O と PYTHONOPTIMIZE を外してください。",
    )


@register(SETTING)
def municipality(**_: Any) -> list[CheckMessage]:
    if settings.ROLE.name in ("prefecture", "centre"):
        return []
    try:
        numbers.parse_local_government_code(settings.MUNICIPALITY)
    except Malformed as malformed:
        return _error(5, str(malformed), "DAICHO_MUNICIPALITY に6桁の団体コードを設定します。")
    return []


@register(SETTING)
def policy_pack(**_: Any) -> list[CheckMessage]:
    if settings.POLICY_PACK in packs.PACKS:
        return []
    return _error(
        11,
        "DAICHO_POLICY_PACK の規程の組がありません。",
        f"次のどれかを設定するか、設定を外してください: {'、'.join(packs.PACKS)}",
    )


@register(SETTING)
def authenticators(**_: Any) -> list[CheckMessage]:
    if settings.POLICY_PACK not in packs.PACKS:
        return []
    rules = packs.PACKS[settings.POLICY_PACK].sign_in
    if rules.second_factor != "required" or "webauthn" not in rules.factors:
        return []
    if not settings.WEBAUTHN_RP_ID:
        return _error(
            12,
            "認証器を登録するホスト名がありません。番号だけの宛先では認証器を使えません。",
            "DAICHO_HOSTS に名前を加えるか、DAICHO_WEBAUTHN_RP_ID に設定してください。",
        )
    roots = settings.AUTHENTICATOR_ROOTS
    if rules.authenticator_models and not any(Path(roots or "/nowhere").glob("*.pem")):
        return _error(
            12,
            "認証器の機種を限る規程ですが、製造者の証明書がありません。",
            "製造者の根証明書(PEM)のフォルダーを DAICHO_AUTHENTICATOR_ROOTS に設定してください。",
        )
    return []


@register(SETTING)
def models(**_: Any) -> list[CheckMessage]:
    if settings.POLICY_PACK not in packs.PACKS:
        return []
    rules = packs.PACKS[settings.POLICY_PACK].sign_in
    if rules.factors != ("webauthn",) or rules.authenticator_models:
        return []
    what = "認証器だけを認める規程ですが、機種の一覧がないため、PINだけの認証器も登録できます。"
    hint = (
        "生体認証で本人を確かめる機種の番号(AAGUID)を、規程の組の authenticator_models に"
        "並べてください。"
    )
    return [CheckMessage(WARNING, what, hint=hint, id="daicho.W014")]


@register(SETTING)
def directory(**_: Any) -> list[CheckMessage]:
    server = settings.OIDC_SERVER
    if not server:
        return []
    providers: dict[str, Any] = settings.SOCIALACCOUNT_PROVIDERS
    (app,) = providers["openid_connect"]["APPS"]
    if app["client_id"] and app["secret"] and _is_safe(server):
        return []
    return _error(
        13,
        "団体の認証基盤(OpenID Connect)の設定が足りないか、https の宛先ではありません。",
        "DAICHO_OIDC_SERVER(https)、DAICHO_OIDC_CLIENT_ID、DAICHO_OIDC_CLIENT_SECRET を"
        "そろえて設定してください。",
    )


@register(SETTING)
def leaked_passwords(**_: Any) -> list[CheckMessage]:
    if not settings.LEAKED_PASSWORDS:
        return []
    try:
        leaked.check(Path(settings.LEAKED_PASSWORDS))
    except leaked.ListTrouble as trouble:
        hint = "DAICHO_LEAKED_PASSWORDS の一覧を入れ直してください(docs/operating/sign-in.md)。"
        return _error(21, str(trouble), hint)
    return []


@register(Tags.security, deploy=True)
def no_leaked_passwords(**_: Any) -> list[CheckMessage]:
    if settings.LEAKED_PASSWORDS:
        return []
    what = "漏えいしたパスワードの一覧が設定されていないため、漏えいしたものも使えてしまいます。"
    hint = "一覧を運び入れ、DAICHO_LEAKED_PASSWORDS に設定してください(docs/operating/sign-in.md)。"
    return [CheckMessage(WARNING, what, hint=hint, id="daicho.W022")]


@register(Tags.security)
def address_header(**_: Any) -> list[CheckMessage]:
    if re.fullmatch(r"(?:[A-Za-z][A-Za-z0-9-]*)?", settings.ADDRESS_HEADER):
        return []
    return _error(
        23,
        "DAICHO_ADDRESS_HEADER が、ヘッダーの名前ではありません。",
        "X-Real-IP のように、前段の配信サーバーが自ら入れるヘッダーの名前を設定してください。",
    )


@register(Tags.security)
def transport(**_: Any) -> list[CheckMessage]:
    told: dict[str, Any] = settings.DATABASES["default"]
    hosts = str(told.get("HOST", "")).split(",")
    is_near = all(one in NEAR or one[:1] in ("", "/", "@") for one in hosts)  # / and @: a socket
    if is_near or told["OPTIONS"].get("sslmode") == "verify-full":
        return []
    what = "データベースとの通信で、相手のサーバーを確かめていません。"
    hint = "DATABASE_URL に sslmode=verify-full と sslrootcert を加えてください。"
    return [CheckMessage(WARNING, what, hint=hint, id="daicho.W020")]


@register(Tags.database)
def database(databases: Iterable[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Only where a command looks at its database (migrate, check --database default)."""
    checks: tuple[Callable[[], list[CheckMessage]], ...] = (
        _address,
        _server,
        _rights,
        _trial,
        _keys_fit,
    )
    if not databases or "default" not in databases:
        return []
    for check in checks:
        if found := check():
            return found
    return []


def _address() -> list[CheckMessage]:
    if connections["default"].settings_dict["NAME"]:
        return []
    return _error(
        1,
        "DATABASE_URL が設定されていません。",
        "./daicho demo は組み込みのデータベースで動きます。自前のサーバーなら"
        " postgresql://利用者:合言葉@ホスト/名前 を DATABASE_URL に設定してください。",
    )


def _server() -> list[CheckMessage]:
    connection = connections["default"]
    with connection.cursor() as cursor:
        cursor.execute(_LOCALE)
        encoding, collate, ctype = cursor.fetchone()
    version = connection.pg_version  # type: ignore[attr-defined]  # of psycopg
    if version >= POSTGRESQL_MIN and encoding == "UTF8" and {collate, ctype} == {"C.UTF-8"}:
        return []
    return _error(
        6,
        "データベースは PostgreSQL 15 以上、UTF8、C.UTF-8 でなければなりません。",
        "./daicho manage provision 名前 が出すSQLでデータベースを作り直してください。",
    )


def _rights() -> list[CheckMessage]:
    with connections["default"].cursor() as cursor:
        cursor.execute(_RIGHTS)
        (too_much,) = cursor.fetchone()
    if not too_much:
        return []
    return _error(
        7,
        "DATABASE_URL の利用者の権限が大きすぎます。台帳を書き換えられてしまいます。",
        "役割 app_<名前> を使ってください(./daicho manage provision)。",
    )


def _trial() -> list[CheckMessage]:
    """The suite's own role serves nobody."""
    if settings.POLICY_PACK != packs.TRIAL or settings.ROLE.name == "test":
        return []
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT to_regclass('access_operator') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return []  # nothing is migrated yet
        cursor.execute(_REAL)
        (is_real,) = cursor.fetchone()
    if not is_real:
        return []
    return _error(
        10,
        "試用の規程(trial)のまま、架空でない操作者が登録されています。",
        "DAICHO_POLICY_PACK を外すか、その団体の規程の組を設定してから起動してください。",
    )


def _keys_fit() -> list[CheckMessage]:
    """Fresh or foreign keys over a database that knows others: nothing starts or is written."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT to_regproc('vault.key_versions') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return []  # nothing is migrated yet
    try:
        keepers = custody.keepers()
    except KeyTrouble:
        return []  # E003 has told it
    try:
        custody.fitting(keepers, versions.registered())
    except KeyTrouble as trouble:
        return _error(15, str(trouble), "docs/operating/vault-keys.md に、戻し方があります。")
    return []
