"""A real OpenID Connect provider on this machine, and one that lies."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2 as httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from oidc_provider_mock import run_server_in_thread

from dokja.adapters.identity import OidcProvider, ProviderAddress
from dokja.evidence.values import Text

TITLE = Text(ko="시험 제공자", en="Test provider")
BACK_TO = "https://dokja.example/signin/with/local/back"


@contextmanager
def real_provider() -> Iterator[str]:
    """The issuer of a provider that is served by somebody else's code."""
    with run_server_in_thread() as server:
        yield f"http://localhost:{server.server_port}"


def provider_at(issuer: str, **changes: Any) -> OidcProvider:
    """Our side of the conversation."""
    fields: dict[str, Any] = {
        "name": "local",
        "title": TITLE,
        "issuer": issuer,
        "client_id": "dokja",
        "client_secret": "secret of nobody",
    }
    address = ProviderAddress(**(fields | changes))
    return OidcProvider(address, clock=lambda: datetime.now(UTC))


def consent_at(address: str, person: str) -> dict[str, str]:
    """What the browser comes back with after the person agreed."""
    response = httpx.post(address, data={"sub": person}, follow_redirects=False)
    query = parse_qs(urlsplit(response.headers["location"]).query)
    return {name: values[0] for name, values in query.items()}


class LyingProvider:
    """A provider whose answers a test decides."""

    def __init__(self) -> None:
        self.keys: list[Any] = [self.new_key("first")]
        self.claims: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str] = self.signed
        self.discovery: dict[str, Any] = {}
        self.forms: list[dict[str, str]] = []
        self.authorizations: list[str] = []
        self.token_status = 200
        self.body: bytes | None = None
        self.issuer = ""

    @staticmethod
    def new_key(kid: str) -> ECKey:
        """A signing key."""
        return ECKey.generate_key("P-256", {"kid": kid, "use": "sig"})

    def good_claims(self, nonce: str) -> dict[str, Any]:
        """Claims that ought to be believed."""
        now = int(datetime.now(UTC).timestamp())
        return {
            "iss": self.issuer,
            "sub": "person-1",
            "aud": "dokja",
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
        }

    def signed(self, claims: dict[str, Any]) -> str:
        """The claims under the newest key."""
        key = self.keys[-1]
        return jwt.encode({"alg": "ES256", "kid": key.kid}, claims, key)

    def answer(self, path: str) -> dict[str, Any]:
        """What is said under a path."""
        if path.endswith("openid-configuration"):
            return {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            } | self.discovery
        if path == "/keys":
            return dict(KeySet(list(self.keys)).as_dict(private=False))
        return {"access_token": "a", "id_token": self.sign(self.claims)}


@contextmanager
def lying_provider() -> Iterator[LyingProvider]:
    """A provider on a port of its own."""
    liar = LyingProvider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._say(200, json.dumps(liar.answer(self.path)).encode())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            liar.forms.append({k: v[0] for k, v in parse_qs(body).items()})
            liar.authorizations.append(self.headers.get("authorization", ""))
            said = liar.body or json.dumps(liar.answer(self.path)).encode()
            self._say(liar.token_status, said)

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing: the test's output is for failures."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    liar.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield liar
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
