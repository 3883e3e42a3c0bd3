"""Pages are packed when the browser asks for it, and only then."""

import gzip

import pytest
from flask import Flask, Response

from haark import compression

LONG = "Groupe Valmorin, " * 200


@pytest.fixture
def client():
    app = Flask(__name__)
    compression.init(app)
    app.add_url_rule("/long", "long", lambda: LONG)
    app.add_url_rule("/short", "short", lambda: "court")
    app.add_url_rule("/image", "image", lambda: Response(LONG, mimetype="image/png"))
    app.add_url_rule("/stream", "stream", lambda: Response((part for part in (LONG, LONG)), mimetype="text/csv"))
    return app.test_client()


def test_a_page_is_packed_on_request(client):
    packed = client.get("/long", headers={"Accept-Encoding": "gzip"})

    assert packed.content_encoding == "gzip"
    assert gzip.decompress(packed.data).decode() == LONG
    assert packed.content_length == len(packed.data)
    assert client.get("/long").text == LONG


def test_caches_are_told_that_there_are_two_forms(client):
    assert "Accept-Encoding" in client.get("/long").vary


@pytest.mark.parametrize("path", ["/short", "/image", "/stream"])
def test_what_would_not_gain_or_cannot_be_packed_is_left(client, path):
    assert client.get(path, headers={"Accept-Encoding": "gzip"}).content_encoding is None
