"""Sending a kept picture to a browser."""

from flask import Response, abort, request

from haark.files import images
from haark.files.models import StoredFile

MARK = 16  # digits of the hash in an address: the address changes with the picture


def picture(stored: StoredFile) -> Response:
    """The picture; the browser keeps it privately, for good where the address names its hash (`?v=`). 404 when gone."""
    try:
        content = images.read(stored.sha256)
    except (OSError, ValueError):
        abort(404)
    answer = Response(content, content_type=stored.media_type)
    answer.set_etag(stored.sha256)
    named = request.args.get("v") == stored.sha256[:MARK]
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable" if named else "private, no-cache"
    answer.make_conditional(request)
    return answer
