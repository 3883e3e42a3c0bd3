"""Settings of one installation, read from the environment or `.env` (docs/production.md lists them)."""

import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parent
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def read_dotenv(path: Path) -> None:
    """Lines `NAME=value` of `path` become environment variables; what the environment already holds wins."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, sign, value = line.strip().partition("=")
        if sign and name and not name.startswith("#"):
            os.environ.setdefault(name.strip(), value.strip().strip("\"'"))


def _kept_secret(data: Path) -> str:
    """The signing key of embedded mode: made once, kept in the data directory, readable by its owner only."""
    path = data / "secret_key"
    if path.is_file():
        return path.read_text(encoding="ascii")
    key = secrets.token_urlsafe(48)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    with os.fdopen(descriptor, "w", encoding="ascii") as handle:
        handle.write(key)
    return key


def load(environ: dict[str, str] | None = None) -> dict[str, object]:
    """Flask's configuration. Raises ValueError, with the sentence to show, when a required setting is missing."""
    if environ is None:
        read_dotenv(ROOT / ".env")
        environ = dict(os.environ)
    data = Path(environ.get("HAARK_DATA") or ROOT / "var").resolve()
    data.mkdir(parents=True, exist_ok=True)
    database = environ.get("DATABASE_URL") or f"sqlite:///{data / 'haark.sqlite3'}"
    embedded = not environ.get("DATABASE_URL")
    secret = environ.get("SECRET_KEY")
    if not secret and not embedded:
        raise ValueError(
            "SECRET_KEY is required when DATABASE_URL is set; "
            "make one with: python -c 'import secrets; print(secrets.token_urlsafe(48))'"
        )
    host = environ.get("HOST") or "127.0.0.1"
    port = int(environ.get("PORT") or 8000)
    secure = environ.get("HAARK_HTTPS", "0" if host in LOOPBACK else "1") == "1"
    return {
        "HAARK_DATA": data,
        "HAARK_EMBEDDED": embedded,
        "HAARK_HOST": host,
        "HAARK_PORT": port,
        # What links in mails begin with. Never taken from a request: its Host header is anybody's to write.
        "HAARK_URL": (environ.get("HAARK_URL") or f"http://{host}:{port}").rstrip("/"),
        "HAARK_LOOPBACK": host in LOOPBACK,
        "HAARK_DEV": environ.get("HAARK_DEV") == "1",
        "HAARK_TODAY": environ.get("HAARK_TODAY", ""),
        "HAARK_JOBS": environ.get("HAARK_JOBS", "queue"),
        "REDIS_URL": environ.get("REDIS_URL", ""),
        "SMTP_URL": environ.get("SMTP_URL", ""),
        # A Maildir to which the mail server delivers what comes back (docs/mail.md).
        "BOUNCES": environ.get("BOUNCES", ""),
        "STORAGE_URL": environ.get("STORAGE_URL", ""),
        "SQLALCHEMY_DATABASE_URI": database,
        "SECRET_KEY": secret or _kept_secret(data),
        "SESSION_COOKIE_NAME": "haark",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        # The row of the session holds the expiry: sending the cookie again with every stylesheet helps nobody.
        "SESSION_REFRESH_EACH_REQUEST": False,
        # The token lives as long as the session: a form left open over lunch still saves.
        "WTF_CSRF_TIME_LIMIT": None,
        # Checked by hand before the login check (see haark/access.py), so that both failures lead to the same place.
        "WTF_CSRF_CHECK_DEFAULT": False,
        "MAX_CONTENT_LENGTH": 100 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "BABEL_DEFAULT_LOCALE": "fr",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Paris",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "haark" / "translations"),
        # Compiled templates: the first pages after a start need not compile them again.
        "TEMPLATE_CACHE": data / "templates",
        "TEMPLATES_AUTO_RELOAD": environ.get("HAARK_DEV") == "1",
    }
