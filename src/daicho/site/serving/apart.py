"""別の処理: what a process that stands apart from the register asks before it begins."""

import os
import socket

from daicho.site.trouble import Trouble

PORT_MAX = 65_535
# What the register's processes have in their environment; these must not even be given it.
_SECRETS = (
    "DATABASE_",
    "DAICHO_SECRET_KEY",
    "DAICHO_VAULT_",
    "DAICHO_SIGNING_KEY",
    "DAICHO_TRAIL_KEY_FILE",
)


def must_know_no_secret(whose: str) -> None:
    """鍵を渡さない: Trouble where the environment names a database or a key; `whose` process."""
    given = sorted(name for name in os.environ if name.startswith(_SECRETS))
    if given:
        raise Trouble(
            f"{whose}の処理に、台帳の接続先や鍵({'、'.join(given)})を渡さないでください。"
            "これらの環境変数を外して起動してください。"
        )


def no_port(host: str, port: int) -> Trouble:
    """待ち受けられない: the address is taken, or none of this machine's."""
    return Trouble(
        f"{host} の {port} 番で待ち受けられません。--port で別の番号を指定してください。"
    )


def listener(host: str, port: int) -> socket.socket:
    """A socket that listens there."""
    try:
        return socket.create_server((host, port))
    except (OSError, OverflowError):
        raise no_port(host, port) from None


def place(host: str, port: int) -> socket.socket:
    """A socket that keeps the place for who will listen there (with SO_REUSEADDR), and takes no
    connection itself."""
    kept = socket.socket()
    try:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind((host, port))
    except (OSError, OverflowError):
        kept.close()
        raise no_port(host, port) from None
    return kept
