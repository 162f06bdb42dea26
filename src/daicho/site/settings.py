"""設定: everything comes from the environment (`NAME` or `NAME_FILE`); docs/reference/settings.md.

What is wrong here is told by `daicho.site.checks` with a hint, not by a traceback.
"""

import secrets
import sys
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from environ import FileAwareEnv
from psycopg.conninfo import conninfo_to_dict

from daicho.law import packs
from daicho.network.protocol.parties import CENTRE
from daicho.site import logs, roles
from daicho.site.version import version
from daicho.vault import pins


class _Environment(FileAwareEnv):  # type: ignore[misc]  # the package has no types
    def pin(self, name: str) -> str | Path:
        """As it is: no name of another variable behind a `$`; its file is read by who signs in."""
        return pins.given(name)


env = _Environment()

ROLE = roles.load(env.str("DAICHO_ROLE", default="municipality"))
VERSION = version()
MUNICIPALITY = env.str("DAICHO_MUNICIPALITY", default="")  # 全国地方公共団体コード, 6 digits
# what the head of every screen says whose register this is
BODY_NAME = (
    env.str("DAICHO_MUNICIPALITY_NAME", default="") or f"{ROLE.title} {MUNICIPALITY}".strip()
)
EXTENSIONS = env.str("DAICHO_EXTENSIONS", default="")

# 通信: which party this is, its keys, those of all, where it listens, its neighbours; blank: none
PARTY = env.str("DAICHO_PARTY", default="") or {
    "prefecture": MUNICIPALITY[:2],
    "centre": CENTRE,
}.get(ROLE.name, MUNICIPALITY)
NETWORK_KEYS = env.str("DAICHO_NETWORK_KEYS", default="")
NETWORK_AUTHORITY = env.str("DAICHO_NETWORK_AUTHORITY", default="")
NETWORK_DIRECTORY = env.str("DAICHO_NETWORK_DIRECTORY", default="")
NETWORK_LISTEN = env.str("DAICHO_NETWORK_LISTEN", default="")
NEIGHBOURS_GIVEN = env.list("DAICHO_NEIGHBOURS", default=[])
NEIGHBOURS = dict(one.strip().partition("=")[::2] for one in NEIGHBOURS_GIVEN)
NETWORK_IS_SET = any(
    (NETWORK_KEYS, NETWORK_AUTHORITY, NETWORK_DIRECTORY, NETWORK_LISTEN, NEIGHBOURS)
)

SECRET_KEY_GIVEN = env.str("DAICHO_SECRET_KEY", default="")
SECRET_KEY = SECRET_KEY_GIVEN or secrets.token_urlsafe(50)
SECRET_KEY_FALLBACKS = env.list("DAICHO_SECRET_KEY_FALLBACKS", default=[])
# 持出しのフォルダー: where sealed files wait for being handed over
EXPORT_FOLDER = env.str("DAICHO_EXPORT_FOLDER", default="")
# 控えの鍵のフォルダー: the key of each backup, apart from the backups
BACKUP_KEY_FOLDER = env.str("DAICHO_BACKUP_KEY_FOLDER", default="")
VAULT_KEY_FILE = env.str("DAICHO_VAULT_KEY_FILE", default="")
# 鍵の装置: its PKCS#11 module, the label of the token, and what it asks its user for
VAULT_PKCS11 = env.str("DAICHO_VAULT_PKCS11", default="")
VAULT_TOKEN = env.str("DAICHO_VAULT_TOKEN", default="daicho")
VAULT_PIN = env.pin("DAICHO_VAULT_PIN")
# 利用記録の証明: the key of its heads, who co-signs them, and who says when they were
TRAIL_KEY_FILE = env.str("DAICHO_TRAIL_KEY_FILE", default="")
TRAIL_WITNESSES = env.list("DAICHO_TRAIL_WITNESSES", default=[])
TRAIL_TSA = env.str("DAICHO_TRAIL_TSA", default="")
TRAIL_TSA_MINUTES = env.int("DAICHO_TRAIL_TSA_MINUTES", default=60)
SIGNING_KEY_FILE = env.str("DAICHO_SIGNING_KEY", default="")
SIGNING_CHAIN_FILE = env.str("DAICHO_SIGNING_CERT", default="")
# 本人の確認: the authorities whose certificates prove residents to /my/
RESIDENT_CA_FILE = env.str("DAICHO_RESIDENT_CA", default="")
ALLOWED_HOSTS = env.list("DAICHO_HOSTS", default=["127.0.0.1", "localhost"])
HTTPS = env.bool("DAICHO_HTTPS", default=False)
DEBUG = False

# 規程の組: how people sign in, and who bears which responsibility
POLICY_PACK = env.str("DAICHO_POLICY_PACK", default="") or packs.of_municipality(MUNICIPALITY).code

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "daicho.site",
    *ROLE.apps,
]

MIDDLEWARE = [
    "daicho.web.middleware.Requests",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "daicho.web.middleware.Actors",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


# Who waits at the counter is told in time to send again (web.errors). The limits are those of the
# processes that opened the door to the web alone: an import, an export, a backup, a rebuild, the
# figures of bench and a migration take as long as they take.
SERVES_PEOPLE = "daicho.site.wsgi" in sys.modules
TIME_LIMITS = "-c statement_timeout=15s -c lock_timeout=5s" if SERVES_PEOPLE else ""
# A page found by an index costs little more than the next one, on today's disks and in memory. By
# the planner's own figure, four times as much, who enters was compared with every resident.
# To start helpers for one statement takes longer than the statement, and takes processors from who
# waits beside it; nor is one compiled that reads few rows, though many were guessed.
PLANS = "-c random_page_cost=1.1 -c max_parallel_workers_per_gather=0 -c jit=off"

# Half of the server's work on a change was to plan the same twenty statements anew. What was sent
# five times is planned once and kept, until the connection rolls back.
PREPARED = {"server_side_binding": True, "prepare_threshold": 5}


def _database(url: str) -> dict[str, Any]:
    parts = conninfo_to_dict(url)
    # what the address itself says comes last and counts
    parts["options"] = f"{PLANS} {TIME_LIMITS} {parts.pop('options', '')}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", ""),
        "HOST": parts.pop("host", ""),
        "PORT": parts.pop("port", ""),
        "OPTIONS": {**PREPARED, **parts},
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }


# `app` serves people; `owner` only migrates, and only where its address is given.
DATABASES = {"default": _database(env.str("DATABASE_URL", default=""))}
if owner_url := env.str("DATABASE_OWNER_URL", default=""):
    DATABASES["owner"] = _database(owner_url)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "access.Operator"
AUTHENTICATION_BACKENDS = ["daicho.access.entering.passwords.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name")},
    },
    {"NAME": "daicho.access.entering.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "daicho.access.entering.passwords.MoreThanOurWords"},
    {"NAME": "daicho.access.entering.passwords.NotUsedBefore"},
]
# 漏えいしたパスワードの一覧: a sorted file of SHA-1 figures that the site brings in
LEAKED_PASSWORDS = env.str("DAICHO_LEAKED_PASSWORDS", default="")
if LEAKED_PASSWORDS:
    AUTH_PASSWORD_VALIDATORS.append({"NAME": "daicho.access.entering.leaked.NotLeaked"})
LOGIN_URL = "entry:sign_in"
LOGIN_REDIRECT_URL = ROLE.home

# django-allauth leads through the stages of a sign-in and keeps the second factors. Nobody signs up
# and nothing is sent by mail; what it would count in a cache, we count in the database.
ACCOUNT_ADAPTER = "daicho.web.entry.passing.Account"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = False
MFA_ADAPTER = "daicho.access.entering.adapting.Factors"
MFA_SUPPORTED_TYPES = (
    list(packs.PACKS[POLICY_PACK].sign_in.factors) if POLICY_PACK in packs.PACKS else []
)
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_TRUST_ENABLED = False
MFA_RECOVERY_CODES_SHOW_ONCE = True


def _name_of_a_host() -> str:
    """The first host that is a name: an authenticator knows no addresses and no patterns."""
    for host in ALLOWED_HOSTS:
        try:
            ip_address(host.strip("[]"))
        except ValueError:
            if host not in ("", "*"):
                return str(host).lstrip(".")
    return ""


# for which name authenticators are registered; one registered for another name is of no use
WEBAUTHN_RP_ID = env.str("DAICHO_WEBAUTHN_RP_ID", default="") or _name_of_a_host()
AUTHENTICATOR_ROOTS = env.str("DAICHO_AUTHENTICATOR_ROOTS", default="")

# 団体の認証基盤: the city's own directory, where it has one (OpenID Connect)
OIDC_SERVER = env.str("DAICHO_OIDC_SERVER", default="")
OIDC_CLIENT_ID = env.str("DAICHO_OIDC_CLIENT_ID", default="")
OIDC_CLAIM = env.str("DAICHO_OIDC_CLAIM", default="preferred_username")
OIDC_NAME = env.str("DAICHO_OIDC_NAME", default="団体の認証基盤")
SOCIALACCOUNT_ADAPTER = "daicho.web.entry.directory.Social"
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "directory",
                "name": OIDC_NAME,
                "client_id": OIDC_CLIENT_ID,
                "secret": env.str("DAICHO_OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_SERVER, "scope": ["openid", "profile"]},
            }
        ],
    }
}
# Nothing is remembered by one worker alone: what several must agree on stands in the database.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

# Over HTTPS a browser takes such a cookie from this very host alone, for all of it.
COOKIE_PREFIX = "__Host-" if HTTPS else ""
# Cookies know no ports: of parties on one machine, each would end the sessions of the others.
COOKIE_SUFFIX = f"_{PARTY}" if NETWORK_IS_SET else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}daicho_session{COOKIE_SUFFIX}"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken{COOKIE_SUFFIX}"
SESSION_COOKIE_AGE = 10 * 60 * 60  # a working day; locking an idle screen is the terminal's policy
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "daicho.web.errors.form_token"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]  # asked on the machine itself
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # preloading is for names on the Internet
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "object-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
# 宛先のヘッダー: which the web server in front sets to whom it speaks with; none is believed unsaid
ADDRESS_HEADER = env.str("DAICHO_ADDRESS_HEADER", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_HANDLERS: list[str] = []  # no screen takes a file

ROOT_URLCONF = "daicho.site.urls"
WSGI_APPLICATION = "daicho.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "daicho.web.context.page",
            ],
            "libraries": {"japanese": "daicho.web.japanese"},
        },
    }
]
FORM_RENDERER = "daicho.web.drawing.Renderer"
STATIC_URL = "static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True  # a dozen small files, served from the package itself
WHITENOISE_ALLOW_ALL_ORIGINS = False  # they are for our own pages

LANGUAGE_CODE = "ja"
TIME_ZONE = "Asia/Tokyo"  # of what people see; what is stored is UTC
USE_TZ = True
USE_I18N = True

LOGGING_CONFIG = None
logs.configure()
