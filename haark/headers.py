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
    "Content-Security-Policy": POLICY,
    # Same-origin, not no-referrer: «go back» after an expired form needs the path. Shared pages set no-referrer.
    "Referrer-Policy": "same-origin",
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
    ours = dict(FIXED)
    if response.mimetype == "text/html":
        # Client data stays out of every cache, also the one behind the Back button of a shared computer.
        ours["Cache-Control"] = "no-store"
    if request.is_secure:
        ours["Strict-Transport-Security"] = "max-age=31536000"
    # Looked through once, not once for each name: every answer passes here.
    there = {name.lower() for name in headers.keys()}  # noqa: SIM118 - not a dictionary
    for name, value in ours.items():
        if name.lower() not in there:
            headers.add(name, value)
    return response
