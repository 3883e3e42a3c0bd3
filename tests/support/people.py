"""A logged-in browser for the tests: the Flask test client with a CSRF token that follows it."""

import re
import secrets
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

PASSWORD = "haark-demo"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
HTMX = {"HX-Request": "true"}


class Visitor:
    """`visitor.get(url)`, `visitor.post(url, **fields)`; `htmx=True` asks for the fragment."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client: FlaskClient = app.test_client()
        self.token = ""

    def get(self, url: str, htmx: bool = False, **options: Any) -> TestResponse:
        return self.client.get(url, headers=HTMX if htmx else {}, **options)

    def post(self, url: str, htmx: bool = False, **fields: Any) -> TestResponse:
        if not self.token:
            self.refresh_token()
        return self.client.post(url, data={"csrf_token": self.token, **fields}, headers=HTMX if htmx else {})

    def refresh_token(self) -> None:
        """The token that every form of this session would carry, without the two pages it takes to see one."""
        with self.client.session_transaction() as session:
            raw = session.setdefault("csrf_token", secrets.token_hex(20))
        signer = URLSafeTimedSerializer(str(self.app.secret_key), salt="wtf-csrf-token")
        self.token = str(signer.dumps(raw))

    def login(self, role: str) -> "Visitor":
        answer = self.post("/login", email=f"{role}@demo.haark.test", password=PASSWORD)
        assert answer.status_code == 303, answer.text
        self.token = ""
        return self
