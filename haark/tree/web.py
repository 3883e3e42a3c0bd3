"""gunicorn inside the tree: the application is loaded already, the port is open already."""

import os
import socket
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from haark.extensions import db

# Shared with gunicorn.conf.py, which machines without the supervisor use.
OPTIONS: dict[str, Any] = {
    "worker_class": "gthread",
    "workers": 2,
    "threads": 8,
    "timeout": 60,
    "keepalive": 5,
    # Heartbeats of workers: in memory, since a slow disk would look like a dead worker.
    "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: PTH112  # a constant, not a path of ours
    "control_socket_disable": True,
}


class Web(BaseApplication):
    def __init__(self, app: Flask, listener: socket.socket) -> None:
        self.app, self.listener = app, listener
        super().__init__()

    def load_config(self) -> None:
        # gunicorn closes the descriptor that it is handed, so it gets a copy.
        bind = f"fd://{os.dup(self.listener.fileno())}"
        # A request in flight gets two seconds when Haark stops, less than the supervisor's own patience.
        options = {**OPTIONS, "bind": bind, "graceful_timeout": 2, "post_fork": _after_fork}
        for name, value in options.items():
            if name in self.cfg.settings and value is not None:
                self.cfg.set(name, value)
        self.cfg.set("loglevel", "warning")

    def load(self) -> Flask:
        return self.app


def _after_fork(_server: Any, worker: Any) -> None:
    app: Flask = worker.app.wsgi()
    # Connections opened before the fork belong to the parent.
    with app.app_context():
        db.engine.dispose(close=False)
