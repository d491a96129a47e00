"""What every answer says to the browser about what it may load and keep."""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
RECORD_POLICY = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""Pages of a published record bring a stricter policy of their own."""

_ALWAYS = {
    "x-content-type-options": "nosniff",
    # Where a voter comes from is nobody else's business. Under `no-referrer` a
    # browser would send our own forms with the origin `null`, as a stranger's.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "x-frame-options": "DENY",
}
_A_YEAR = "max-age=31536000"


class SecurityHeaders:
    """Adds the headers to every answer, errors and static files included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                is_found = message["status"] in (200, 206, 304)
                _add(MutableHeaders(scope=message), scope, is_found=is_found)
            await send(message)

        await self._app(scope, receive, with_headers)


def _add(headers: MutableHeaders, scope: Scope, *, is_found: bool) -> None:
    path = str(scope["path"])
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    record = path.startswith("/record/")
    headers.setdefault("content-security-policy", RECORD_POLICY if record else POLICY)
    if path.startswith("/static/") and is_found:
        # The address of a static file carries the digest of its bytes.
        headers["cache-control"] = f"public, {_A_YEAR}, immutable"
    else:
        headers.setdefault("cache-control", "no-store")
    if scope.get("scheme") == "https":
        headers["strict-transport-security"] = _A_YEAR
