"""Text answers are packed for browsers that ask for it: a list of fifty rows weighs a tenth.

A page holds a CSRF token beside text that others may have written. Guessing it through packed sizes (BREACH) takes
many requests in the victim's name from another site; the session cookie is SameSite=Lax and does not travel with them.
"""

import gzip

from flask import Flask, Response, request

KINDS = {"text/html", "text/csv", "text/plain", "text/markdown", "application/json", "image/svg+xml"}
WORTH = 1024  # bytes below which packing costs more than it saves
LEVEL = 5  # beyond it a page takes twice the time for one per cent


def init(app: Flask) -> None:
    """Registered before all others, and so runs after them: nothing changes the body once it is packed."""
    app.after_request(_pack)


def _pack(response: Response) -> Response:
    if response.mimetype not in KINDS or response.is_streamed or response.direct_passthrough:
        return response
    response.vary.add("Accept-Encoding")
    if response.content_encoding or "gzip" not in request.accept_encodings:
        return response
    body = response.get_data()
    if len(body) < WORTH:
        return response
    response.set_data(gzip.compress(body, LEVEL, mtime=0))
    response.content_encoding = "gzip"
    return response
