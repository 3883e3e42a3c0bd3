"""Style sheets, scripts, icons and fonts: joined at start, each under an address that changes with its content.

There is no build step. `static/css/*.css` and `static/vendor/*.js` + `static/js/*.js` are joined in the order of their
names, the icons become one sprite. `static/present` is a document of its own, the presentation, which loads nothing of
the others: it goes on when the network does not. In development a changed file is noticed at the next request.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, abort, current_app, make_response, request
from markupsafe import Markup

from haark.access import public

ROOT = Path(__file__).resolve().parent.parent / "static"
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
FOREVER = "public, max-age=31536000, immutable"
FONT_URL = re.compile(r"url\(\.\./fonts/ui/([\w-]+\.woff2)\)")
COMMENT = re.compile(r"/\*.*?\*/\n?", re.DOTALL)
VIEW_BOX = re.compile(r'viewBox="([^"]+)"')
DRAWING = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)


@dataclass(frozen=True)
class Asset:
    """One file as served: `packed` is the gzip form, None where it would not be smaller (fonts)."""

    address: str
    body: bytes
    packed: bytes | None
    kind: str


class Shelf:
    """All assets by their plain name («app.css»), read at start; `refresh` reads them again when a source changed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._seen = 0.0
        self._assets: dict[str, Asset] = {}
        self.symbols: dict[str, str] = {}
        self.refresh()

    def get(self, name: str) -> Asset | None:
        return self._assets.get(name)

    def refresh(self) -> None:
        newest = max(path.stat().st_mtime for path in self.root.rglob("*"))
        if newest == self._seen:
            return
        fonts = {
            path.name: _asset(path.name, path.read_bytes()) for path in sorted((self.root / "fonts/ui").glob("*.woff2"))
        }
        self._assets = {
            **fonts,
            "app.css": _asset("app.css", _styles(self.root / "css", fonts)),
            "app.js": _asset("app.js", _scripts(self.root)),
            "present.css": _asset("present.css", _styles(self.root / "present", fonts)),
            "present.js": _asset("present.js", _joined(sorted((self.root / "present").glob("*.js"))).encode()),
            "icons.svg": _asset("icons.svg", _sprite(self.root)),
        }
        self.symbols = {path.stem: _symbol(path) for path in sorted((self.root / "icons").glob("*.svg"))}
        self._seen = newest


def init(app: Flask) -> None:
    """Reads the assets, serves `/assets/<name>` and gives templates `asset_url('app.css')`."""
    shelf = Shelf(ROOT)
    app.extensions["haark_assets"] = shelf
    if app.debug or app.config.get("HAARK_DEV"):
        app.before_request(shelf.refresh)
    app.add_url_rule("/assets/<name>", "assets", serve)
    app.jinja_env.globals.update(asset_url=asset_url, icon_symbols=symbols)


def asset_url(name: str) -> str:
    """The address of an asset, with its hash. Raises KeyError for a name that does not exist."""
    asset = _shelf().get(name)
    if asset is None:
        raise KeyError(name)
    # Not url_for: a list draws some hundred icons, each with this address.
    return f"{request.script_root}/assets/{asset.address}"


@public
def serve(name: str) -> Response:
    """One asset. An old hash, of a page from before an update, gets the present content, uncached."""
    stem, _, kind = name.rpartition(".")
    asset = _shelf().get(f"{stem.rpartition('.')[0] or stem}.{kind}")
    if asset is None:
        abort(404)
    packed = asset.packed if asset.packed and "gzip" in request.accept_encodings else None
    response = make_response(packed or asset.body)
    response.headers["Content-Type"] = asset.kind
    response.headers["Cache-Control"] = FOREVER if asset.address == name else "no-cache"
    response.vary.add("Accept-Encoding")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    return response


def symbols(*names: str) -> Markup:
    """These icons as a sprite to stand in a page itself. Raises KeyError for a name that does not exist."""
    sheet = _shelf().symbols
    return Markup("").join(Markup(sheet[name]) for name in names)  # noqa: S704 - our own files


def _shelf() -> Shelf:
    shelf: Shelf = current_app.extensions["haark_assets"]
    return shelf


def _asset(name: str, body: bytes) -> Asset:
    stem, dot, kind = name.rpartition(".")
    digest = hashlib.sha256(body).hexdigest()[:8]
    packed = gzip.compress(body, 9, mtime=0)
    smaller = packed if len(packed) < len(body) * 0.95 else None
    return Asset(f"{stem}.{digest}.{kind}", body, smaller, TYPES[dot + kind])


def _joined(paths: list[Path]) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def _styles(folder: Path, fonts: dict[str, Asset]) -> bytes:
    # Comments are for those who read the files.
    text = COMMENT.sub("", _joined(sorted(folder.glob("*.css"))))
    return FONT_URL.sub(lambda found: f"url({fonts[found[1]].address})", text).encode()


def _scripts(root: Path) -> bytes:
    return _joined([*sorted((root / "vendor").glob("*.js")), *sorted((root / "js").glob("*.js"))]).encode()


def _sprite(root: Path) -> bytes:
    symbols = [_symbol(path) for path in sorted((root / "icons").glob("*.svg"))]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'.encode()


def _symbol(path: Path) -> str:
    source = path.read_text(encoding="utf-8")
    box, drawing = VIEW_BOX.search(source), DRAWING.search(source)
    if box is None or drawing is None:
        raise ValueError(f"{path.name} is not a single SVG drawing")
    inner = " ".join(drawing[1].split())
    return f'<symbol id="i-{path.stem}" viewBox="{box[1]}">{inner}</symbol>'
