"""Addresses that a stranger's list names: asked only where the public could ask."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urlsplit, urlunsplit

from dokja.adapters.endpoint.attempt import Failed, Timing
from dokja.adapters.endpoint.http_attempt import (
    bounded,
    client,
    opened,
    require_address,
)
from dokja.contest.served.values import EndpointRules, FaultReason
from dokja.errors import InvalidInput

MOST_NUMBERS = 4
"""Machines of one name that are tried, one after the other."""
_NO_SUCH_PAGE = frozenset({404, 410})
_CARRIERS = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("2002::/16"))
"""Of IPv6, that hold an IPv4 address: RFC 6052 and RFC 3056."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """The body of an answer, or why there is none; never words of the server."""

    data: bytes = b""
    fault: FaultReason | None = None
    detail: str = ""
    is_absent: bool = False
    """Whether the server says that there is no such page."""
    seconds: float = 0.0


@dataclass(frozen=True)
class _Where:
    address: str
    number: Address
    """Of the machine that is asked."""


class ListedAddresses:
    """Asks addresses that somebody else chose.

    A list could name the office's own machines: whatever is no address of the open
    network is not asked, unless the office's own word led there. A name is looked up
    once, and the connection goes where it led.
    """

    def __init__(self, *, rules: EndpointRules) -> None:
        """Raises: Unavailable without the extra."""
        self._rules = rules
        self._ours: set[Address] = set()
        # The address of each request is whole; the base is never used.
        self._http = client("https://localhost", rules, "", kept=0)

    async def trust(self, address: str) -> None:
        """Nothing; the machines behind an address that the office named may be asked.

        Raises: InvalidInput for no plain URL.
        """
        require_address(address)
        parts = urlsplit(address)
        with suppress(Failed):
            self._ours |= set(await _looked_up(parts.hostname or "", _port(parts)))

    async def fetch(
        self, address: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Fetched:
        """What a GET gives, or a POST where there is a body to send."""
        timing = Timing(self._rules)
        try:
            require_address(address)
            numbers = await self._numbers(address, timing)
            requests = [
                self._request(_Where(address, number), body, headers or {})
                for number in numbers
            ]
            data = await self._first_answer(requests, timing)
        except InvalidInput as error:
            return Fetched(fault=FaultReason.REFUSED, detail=error.fact)
        except Failed as failed:
            return Fetched(
                fault=failed.reason,
                detail=failed.detail,
                is_absent=failed.status in _NO_SUCH_PAGE,
                seconds=timing.spent,
            )
        return Fetched(data=data, seconds=timing.spent)

    async def close(self) -> None:
        """Nothing; closes the connections."""
        await self._http.aclose()

    async def _numbers(self, address: str, timing: Timing) -> list[Address]:
        """What the name stands for, all of it to be asked. Raises: Failed."""
        parts = urlsplit(address)
        found = await timing.wait(_looked_up(parts.hostname or "", _port(parts)))
        if not all(_is_open(each) or each in self._ours for each in found):
            fact = "the address is not of the open network"
            raise Failed(FaultReason.REFUSED, fact, again=False)
        return found[:MOST_NUMBERS]

    async def _first_answer(self, requests: Sequence[Any], timing: Timing) -> bytes:
        """The body that the first machine gives which is there. Raises: Failed."""
        *others, last = requests
        for request in others:
            try:
                return await self._answer(request, timing)
            except Failed as failed:
                # Only where nothing was sent yet may another one be asked.
                if failed.reason is not FaultReason.UNREACHABLE:
                    raise
        return await self._answer(last, timing)

    async def _answer(self, request: Any, timing: Timing) -> bytes:
        async with opened(self._http, timing, request) as response:
            timing.heard()
            return await bounded(response, timing, self._rules.most_bytes)

    def _request(self, where: _Where, body: Any, headers: dict[str, str]) -> Any:
        """The request to a number, under the name that was listed."""
        parts, number = urlsplit(where.address), where.number
        literal = f"[{number}]" if number.version == 6 else str(number)
        host = literal + (f":{parts.port}" if parts.port else "")
        return self._http.build_request(
            "GET" if body is None else "POST",
            urlunsplit((parts.scheme, host, parts.path or "/", "", "")),
            json=body,
            headers={"Host": parts.netloc, **headers},
            extensions={"sni_hostname": parts.hostname or ""},
        )


async def _looked_up(host: str, port: int) -> list[Address]:
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Failed(FaultReason.UNREACHABLE, "the name is not known") from error
    return list(dict.fromkeys(ipaddress.ip_address(each[4][0]) for each in found))


def _is_open(address: Address) -> bool:
    """Whether everybody can reach it; one that carries another stands for that one."""
    if isinstance(address, ipaddress.IPv6Address):
        if any(address in carrier for carrier in _CARRIERS) or address.teredo:
            return False
        if address.ipv4_mapped is not None:
            return _is_open(address.ipv4_mapped)
    return address.is_global and not address.is_multicast


def _port(parts: SplitResult) -> int:
    return parts.port or (443 if parts.scheme == "https" else 80)
