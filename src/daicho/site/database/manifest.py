"""控えの目録: what a backup says of itself, so that a restore can be proven whole."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """控えの目録: the program's version, the migrations, the digest of the dump, and count and
    digest of every append-only table as they stood in the dumped snapshot."""

    format: int
    version: str
    role: str
    municipality: str
    name: str
    database: str
    migrations: tuple[str, ...]
    dump_sha256: str
    tables: Mapping[str, tuple[int, str]]  # append-only table -> rows, SHA-256
    vault_keys: str  # versions of the vault's keys, each with its fingerprint (`1:0f… 2:a3…`)
    pack: str = ""  # 規程の組, where it is not the municipality's own


def written(manifest: Manifest) -> bytes:
    """As it stands in a backup: JSON."""
    return json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()


def read(text: bytes) -> Manifest:
    """Read it; raises ValueError where it is none."""
    try:
        body = json.loads(text)
        tables = {name: (rows, digest) for name, (rows, digest) in body["tables"].items()}
        return Manifest(**{**body, "tables": tables, "migrations": tuple(body["migrations"])})
    except (TypeError, KeyError, AttributeError) as wrong:
        raise ValueError("not a manifest") from wrong
