"""検証ページの配信: gunicorn in this process, on a socket that is open already."""

import socket
from collections.abc import Callable

from gunicorn.app.base import BaseApplication

from daicho.certificates.verify_site.app import Application

WORKERS = 2
TIMEOUT_SECONDS = 30


def serve(
    application: Application, listener: socket.socket, log: type, ready: Callable[[], None]
) -> None:
    """Serve until the process is stopped; `ready` is called when it answers.

    `log` is the class of gunicorn's log: one that does not quote what visitors send.
    """
    settings = {
        "bind": f"fd://{listener.detach()}",  # from here gunicorn's own, which closes it
        "workers": WORKERS,
        "timeout": TIMEOUT_SECONDS,
        "loglevel": "warning",
        "logger_class": log,
        "preload_app": True,
        "control_socket_disable": True,
        "when_ready": lambda _: ready(),
    }

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
        def load_config(self) -> None:
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Application:
            return application

    Server().run()
