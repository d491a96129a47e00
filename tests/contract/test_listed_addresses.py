"""Addresses of a stranger's list: encrypted, under their own names, and bounded."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dokja.adapters.endpoint import (
    Fetched,
    ListedAddresses,
    http_attempt,
    listed_address,
)
from dokja.adapters.endpoint.listed_address import Address, _is_open
from dokja.contest.served.values import EndpointRules, FaultReason

RULES = EndpointRules(whole_seconds=5.0, first_token_seconds=5.0, most_bytes=1000)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for the name localhost, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = tmp_path_factory.mktemp("tls") / "pair.pem"
    pem = serialization.Encoding.PEM
    private = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(pem, private, serialization.NoEncryption())
    place.write_bytes(secret + made.public_bytes(pem))
    return place


@pytest.fixture
def port(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of an encrypted server, whose certificate we trust."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            size = 2000 if self.path == "/large" else 2
            self.send_response(200)
            self.send_header("Content-Length", str(size))
            self.end_headers()
            self.wfile.write(b"x" * size)

        def log_message(self, *_: object) -> None:
            """Nothing is said on the terminal."""

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that does not trust us is what one test is about."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    trusting = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(http_attempt, "_trust", lambda: trusting)
    with Quiet(("127.0.0.1", 0), Handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def fetched(address: str) -> Fetched:
    """What an address gives where the machine behind it may be asked."""

    async def work() -> Fetched:
        doors = ListedAddresses(rules=RULES)
        try:
            await doors.trust(address)
            return await doors.fetch(address)
        finally:
            await doors.close()

    return asyncio.run(work())


def test_a_certificate_has_to_be_of_the_name_that_was_listed(port: int) -> None:
    """The connection goes to a number; whose it is, is asked under the name."""
    assert fetched(f"https://localhost:{port}/").data == b"xx"
    stranger = fetched(f"https://127.0.0.1:{port}/")
    assert stranger.fault is FaultReason.UNREACHABLE


def test_a_name_with_two_machines_is_asked_at_the_one_that_is_up(
    port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a name has an address of IPv6 too, and the office no way there."""

    async def both(host: str, port: int) -> list[Address]:
        return [ip_address("::1"), ip_address("127.0.0.1")]

    monkeypatch.setattr(listed_address, "_looked_up", both)
    assert fetched(f"https://localhost:{port}/").data == b"xx"


def test_more_than_is_taken_is_no_answer(port: int) -> None:
    """Whatever the length of the body."""
    assert fetched(f"https://localhost:{port}/large").fault is FaultReason.TOO_LONG


@pytest.mark.parametrize(
    ("number", "is_open"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("::ffff:8.8.8.8", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:192.168.0.1", False),
        ("64:ff9b::808:808", False),
        ("2002:808:808::1", False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False),
    ],
)
def test_the_open_network_is_what_everybody_can_reach(
    *, number: str, is_open: bool
) -> None:
    """Addresses that carry another one are not asked at all, or judged by it."""
    assert _is_open(ip_address(number)) is is_open
