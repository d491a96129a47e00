"""A catalogue of agents, their manifests and their answers, as far as JSON tells.

Manifests are agent cards of the A2A protocol, in which agents of any maker are asked
the same way; its releases 0.3 and 1.0 are read, over JSON-RPC. Sources:
https://a2a-protocol.org/v0.3.0/specification (sections 5 and 7.1) and
https://a2a-protocol.org/latest/whats-new-v1/ for what 1.0 changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from dokja.commitment.values import Link
from dokja.errors import InvalidInput

MOST_ENTRIES = 100_000
TEST_CALL = "자동 점검입니다. 한 문장으로 답해 주십시오."
"""What every agent that is tried is told."""
_JSONRPC = "JSONRPC"
_FAILED = frozenset({"failed", "rejected", "canceled", "unknown", "unspecified"})
_BARRED = frozenset({"auth-required"})
_BROKEN_CODES = frozenset({-32603, -32700})
"""Of JSON-RPC 2.0: an error within the server, and a question it could not parse."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One agent as a catalogue lists it; what else stands there is not read."""

    id: str
    card: Link
    """Address of its manifest."""


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """The list: `{"agents": [{"id": …, "card": …}, …]}`."""

    agents: tuple[Entry, ...]


class Interface(msgspec.Struct, frozen=True, kw_only=True):
    """Where and how an agent is asked."""

    address: str
    is_first: bool
    """Whether it speaks the release 0.3; otherwise 1.0."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a card says, as far as a test call needs it."""

    fault: str = ""
    """What the card lacks; empty for one that is a manifest."""
    interface: Interface | None = None
    """None where it offers no way in which we can ask."""


def read_catalogue(data: bytes, *, where: str) -> tuple[Entry, ...]:
    """Every agent that is listed, each card once. Raises: InvalidInput."""
    try:
        found = msgspec.json.decode(data, type=Catalogue).agents
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidInput(
            f"{where} is no catalogue: {error}",
            remedy='write {"agents": [{"id": "…", "card": "https://…"}]}',
        ) from error
    if len(found) > MOST_ENTRIES:
        raise InvalidInput(
            f"{where} lists more than {MOST_ENTRIES} agents",
            remedy="hand in a part of the list",
        )
    once: dict[str, Entry] = {}
    for entry in found:
        once.setdefault(entry.card, entry)
    return tuple(once.values())


def read_card(data: bytes) -> Manifest:
    """The manifest in the bytes, or what is wrong with it."""
    card = _object(data)
    if card is None:
        return Manifest(fault="it is no JSON object")
    missing = [
        name
        for name in ("name", "description", "version")
        if not isinstance(card.get(name), str) or not card[name]
    ]
    if not isinstance(card.get("skills"), list) or not card["skills"]:
        missing.append("skills")
    if missing:
        return Manifest(fault=f"it lacks {', '.join(missing)}")
    if not _addresses(card):
        return Manifest(fault="it names no address")
    return Manifest(interface=_interface(card))


def call_of(interface: Interface, name: str) -> dict[str, Any]:
    """The question, as the release that the agent speaks words it."""
    part = {"text": TEST_CALL}
    if interface.is_first:
        method, role, part = "message/send", "user", {"kind": "text", **part}
    else:
        method, role = "SendMessage", "ROLE_USER"
    message = {"messageId": name, "role": role, "parts": [part]}
    if interface.is_first:
        message["kind"] = "message"
    return {
        "jsonrpc": "2.0",
        "id": name,
        "method": method,
        "params": {"message": message},
    }


def read_reply(data: bytes) -> tuple[bool | None, str]:
    """Whether the agent answered, and why not; None where it would not let us ask."""
    reply = _object(data)
    if reply is None:
        return False, "it answered with no JSON object"
    error, result = reply.get("error"), reply.get("result")
    if isinstance(error, dict):
        code = error.get("code")
        is_broken = isinstance(code, int) and code in _BROKEN_CODES
        return False if is_broken else None, f"JSON-RPC error {code!r:.20}"
    if not isinstance(result, dict):
        return False, "it answered without a result"
    # 0.3 gives the thing itself, 1.0 under the name of its kind.
    task = result.get("task", result)
    message = result.get("message", result)
    status = task.get("status") if isinstance(task, dict) else None
    if isinstance(status, dict):
        return _of_state(str(status.get("state", "")))
    if isinstance(message, dict) and isinstance(message.get("parts"), list):
        said = bool(message["parts"])
        return said, "" if said else "its message is empty"
    return False, "it answered with neither a message nor a task"


def _of_state(state: str) -> tuple[bool | None, str]:
    name = state.casefold().removeprefix("task_state_").replace("_", "-")
    if name in _BARRED:
        return None, f"its task is {name}"
    if not name or name in _FAILED:
        return False, f"its task is {name[:40] or 'in no state'}"
    return True, ""


def _interface(card: Mapping[str, Any]) -> Interface | None:
    for offered in _offered(card):
        if offered.get("protocolBinding") == _JSONRPC:
            version = str(offered.get("protocolVersion", "1.0"))
            return Interface(address=offered["url"], is_first=version.startswith("0."))
    if not isinstance(card.get("url"), str):
        return None
    others = card.get("additionalInterfaces")
    first = {"url": card["url"], "transport": card.get("preferredTransport", _JSONRPC)}
    for each in [first, *(others if isinstance(others, list) else [])]:
        if not isinstance(each, dict) or not isinstance(each.get("url"), str):
            continue
        if each.get("transport") == _JSONRPC:
            return Interface(address=each["url"], is_first=True)
    return None


def _offered(card: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = card.get("supportedInterfaces")
    listed = found if isinstance(found, list) else []
    return [
        each
        for each in listed
        if isinstance(each, dict) and isinstance(each.get("url"), str)
    ]


def _addresses(card: Mapping[str, Any]) -> list[str]:
    own = [card["url"]] if isinstance(card.get("url"), str) and card["url"] else []
    return own + [each["url"] for each in _offered(card)]


def _object(data: bytes) -> dict[str, Any] | None:
    try:
        found = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
