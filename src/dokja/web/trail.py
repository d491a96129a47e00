"""The trail: every request that would change something gets a line in the audit."""

from __future__ import annotations

import re
import secrets
from datetime import datetime

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dokja.people.values import Account, AuditEntry, AuditOutcome, Role
from dokja.web.cookies import waiting_cookies
from dokja.wiring.office import Office

_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_SECRET_PART = re.compile(r"[A-Za-z0-9_-]{40,}")
"""A token in an address; it must not be read from the audit."""
_LONGEST_OBJECT = 200


class Trail:
    """Numbers requests, sends waiting cookies and writes the audit."""

    def __init__(self, app: ASGIApp, *, office: Office) -> None:
        self._app = app
        self._office = office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on; what would change something is written down."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["request_id"] = request_id = secrets.token_hex(8)
        status = 500

        async def finished(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["x-request-id"] = request_id
                for cookie in waiting_cookies(state):
                    headers.append("set-cookie", cookie)
            await send(message)

        try:
            await self._app(scope, receive, finished)
        finally:
            if scope["method"] in _CHANGING and not _stands_in_record(state, status):
                entry = _entry(scope, status, self._office.now())
                await to_thread.run_sync(self._office.desk.audit.add, entry)


def _stands_in_record(state: dict[str, object], status: int) -> bool:
    """Whether an act of the record already says what was done, as with a vote."""
    return state.get("is_on_record") is True and status < 400


def _entry(scope: Scope, status: int, now: datetime) -> AuditEntry:
    state = scope["state"]
    account = state.get("account")
    path = _SECRET_PART.sub("…", str(scope["path"]))[:_LONGEST_OBJECT]
    return AuditEntry(
        at=now,
        account_id=account.id if isinstance(account, Account) else "",
        role=account.role if isinstance(account, Account) else Role.PUBLIC,
        verb=str(state.get("verb") or scope["method"].lower()),
        object=str(state.get("object") or path),
        outcome=_outcome(status, state.get("outcome")),
        request_id=str(state["request_id"]),
    )


def _outcome(status: int, known: object) -> AuditOutcome:
    if isinstance(known, AuditOutcome):
        return known
    if status < 400:
        return AuditOutcome.DONE
    return AuditOutcome.REFUSED if status < 500 else AuditOutcome.FAILED
