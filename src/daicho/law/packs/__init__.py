"""規程の組: what a municipality decides for itself within the law, one TOML file a municipality.

A pack says who bears which responsibility by the title of the position, and how people sign in.
What a pack leaves out is taken from `standard.toml`. A pack is read and checked once, at import;
one that breaks its form raises `WrongPack` with file and entry, at the program's start.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib import resources
from typing import Any

STANDARD = "standard"
TRIAL = "trial"
"""試用: the pack of a made-up town; never of one whose residents are real."""

FACTORS = ("webauthn", "totp", "recovery_codes")
_AAGUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class WrongPack(ValueError):
    """規程の組の誤り: a pack does not hold what it must hold; names file and entry."""


@dataclass(frozen=True)
class SignInPolicy:
    """サインインの規程: what a password must be, which second factor is asked, when screens lock.

    `second_factor` is "required", or "when_registered": who has registered one must use it.
    `authenticator_models` lists the AAGUIDs of authenticators that verify the person by body
    (生体認証); where it is empty any model may be registered, and a PIN alone is enough for it.
    """

    password_length_min: int  # characters
    password_days: int  # a password older than this must be changed; 0: never
    passwords_remembered: int  # how many earlier ones may not be used again
    failures_max: int  # wrong answers in a row, until the operator is locked
    lock_minutes: int
    idle_minutes: int  # without a request, until the screen is locked; 0: never
    second_factor: str
    factors: tuple[str, ...]
    authenticator_models: tuple[str, ...]
    registered_terminals_only: bool  # may one sign in only where the terminal's key is held?
    registration_hours: int  # how long a leave to register an authenticator holds


@dataclass(frozen=True)
class Bearer:
    """充てられる職: the position that bears a responsibility, and the rule that says so."""

    role: str  # a row of law/tables/responsibles.toml
    position: str
    cite: str


@dataclass(frozen=True)
class Pack:
    """規程の組: one municipality's."""

    code: str
    title: str
    municipality: str  # 全国地方公共団体コード, or blank where it is nobody's own
    sign_in: SignInPolicy
    bearers: tuple[Bearer, ...]


def _wrong(code: str, what: str) -> WrongPack:
    return WrongPack(f"law/packs/{code}.toml: {what}")


def _policy(code: str, said: Mapping[str, Any], rest: Mapping[str, Any]) -> SignInPolicy:
    entries = {**rest, **said}
    names = {one.name: one.type for one in fields(SignInPolicy)}
    if entries.keys() != names.keys():
        raise _wrong(code, f"[sign_in] {sorted(entries.keys() ^ names.keys())}: unknown or missing")
    for name, value in entries.items():
        wanted = list if name in ("factors", "authenticator_models") else names[name]
        if type(value) is not wanted:
            raise _wrong(code, f"[sign_in] {name} is a {type(value).__name__}")
        if isinstance(value, int) and value < 0:
            raise _wrong(code, f"[sign_in] {name} is negative")
    if entries["second_factor"] not in ("required", "when_registered"):
        raise _wrong(code, '[sign_in] second_factor is "required" or "when_registered"')
    if not set(entries["factors"]) <= set(FACTORS):
        raise _wrong(code, f"[sign_in] factors are among {', '.join(FACTORS)}")
    if not all(_AAGUID.fullmatch(one) for one in entries["authenticator_models"]):
        raise _wrong(code, "[sign_in] authenticator_models are AAGUIDs in small letters")
    listed = {name: tuple(entries[name]) for name in ("factors", "authenticator_models")}
    return SignInPolicy(**{**entries, **listed})


def _bearer(code: str, raw: Mapping[str, Any]) -> Bearer:
    if raw.keys() != {"role", "position", "cite"} or not all(raw.values()):
        raise _wrong(code, f"[[bearer]] {raw}: role, position and cite, nothing else")
    return Bearer(raw["role"], raw["position"], raw["cite"])


def parse(code: str, toml: str, standard: Mapping[str, Any] | None = None) -> Pack:
    """規程の組を読む: one pack from its text; raises WrongPack."""
    try:
        content = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(code, str(error)) from None
    known = {"title", "about", "municipality", "sign_in", "bearer"}
    if not {"title", "about"} <= content.keys() <= known:
        raise _wrong(
            code, f"holds title, about and {', '.join(sorted(known - {'title', 'about'}))}"
        )
    bearers = tuple(_bearer(code, raw) for raw in content.get("bearer", ()))
    if len({one.role for one in bearers}) != len(bearers):
        raise _wrong(code, "one role is borne by two positions")
    return Pack(
        code=code,
        title=content["title"],
        municipality=content.get("municipality", ""),
        sign_in=_policy(code, content.get("sign_in", {}), standard or {}),
        bearers=bearers,
    )


def _load() -> dict[str, Pack]:
    folder = resources.files("daicho.law.packs")
    texts = {
        entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    }
    standard = tomllib.loads(texts[STANDARD])["sign_in"]
    return {code: parse(code, text, standard) for code, text in sorted(texts.items())}


PACKS: Mapping[str, Pack] = _load()
"""規程の組の一覧: every pack, by the name of its file."""


def of_municipality(code: str) -> Pack:
    """団体の規程: the pack of that municipality, or the standard one where it has none."""
    found = (one for one in PACKS.values() if one.municipality and one.municipality == code)
    return next(found, PACKS[STANDARD])
