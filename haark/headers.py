"""The headers that every answer carries: what a page may load, who may frame it, what a browser may keep."""

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}


def discreet(response: Response) -> Response:
    """For a page whose address holds a secret: it is told to no other site and kept in no cache."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def init(app: Flask) -> None:
    """A route that needs a stricter or another value sets the header itself; it is left alone here."""
    app.after_request(_protect)


def _protect(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", POLICY)
    # Same-origin, not no-referrer: «go back» after an expired form needs the path. Shared pages set no-referrer.
    headers.setdefault("Referrer-Policy", "same-origin")
    for name, value in FIXED.items():
        headers.setdefault(name, value)
    if response.mimetype == "text/html":
        # Client data stays out of every cache, also the one behind the Back button of a shared computer.
        headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
