"""Probes that ask a service: requests at fixed moments, answered or not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from dokja.adapters.endpoint import PatientEndpoint, PlainPage, ServedModel
from dokja.commitment.heard import Heard, requests_of
from dokja.commitment.observations import EndpointSeen
from dokja.contest.served.values import Endpoint, EndpointFault, EndpointRules
from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.canonical import digest_of
from dokja.settings import Settings
from dokja.wiring.endpoints import last_reply

OnItems = Callable[[int, int], None]
MOST_AT_ONCE = 256
"""Requests that may be open at once: more would be a load test."""
_NEVER = 1 << 30
_CONNECT_SECONDS = 5.0
PROMPT = "한 문장으로 답해 주십시오. 오늘은 어떤 날입니까?"
"""Numbered, so that no answer is the one kept from before."""


@dataclass(frozen=True, kw_only=True)
class ServiceAsking:
    """How a service is asked: how often, at what pace, how long each is waited for."""

    requests: int = 200
    every: float = 1.0
    """Seconds from the start of one request to that of the next."""
    within: float = 30.0
    """Seconds after which an answer that is not whole counts as none."""
    model: str = ""
    """Name of the model at an OpenAI-compatible server; without it the address is a
    page that is fetched."""
    most_tokens: int = 64
    control: str = ""
    """A page of somebody else, asked beside each request: where it fails too, our own
    network is at fault."""


def watch_service(
    address: str, asking: ServiceAsking, *, settings: Settings, on_items: OnItems
) -> EndpointSeen:
    """What came of every request.

    Raises: InvalidInput for no address, or a pace that holds too many requests open;
    Unavailable without the extra, and where nothing shows that the service was
    reached at all.
    """
    if asking.within > asking.every * MOST_AT_ONCE:
        raise InvalidInput(
            f"requests every {asking.every:g} s that may take {asking.within:g} s hold "
            f"more than {MOST_AT_ONCE} open at once",
            remedy="ask at a slower pace, or wait a shorter time for each",
        )
    heard = asyncio.run(_Watch(address, asking, settings, on_items).all())
    requests = requests_of(heard)
    if all(each.answered is None for each in requests):
        raise Unavailable(
            f"nothing was learnt of {address}: {requests[0].reason}",
            remedy="check the address, the model's name and DOKJA_ENDPOINT_KEY, ask at "
            "a slower pace, or name a --control that shows that the network is up",
        )
    return EndpointSeen(
        requests=requests,
        model=asking.model,
        every_seconds=asking.every,
        within_seconds=asking.within,
        most_tokens=asking.most_tokens if asking.model else 0,
        control=asking.control,
    )


class _Watch:
    def __init__(
        self, address: str, asking: ServiceAsking, settings: Settings, on_items: OnItems
    ) -> None:
        self._asking = asking
        self._on_items = on_items
        self._done = 0
        rules = _rules(asking)
        self._service = PatientEndpoint(
            ServedModel(
                address=address,
                name=asking.model,
                rules=rules,
                secret=settings.endpoint_key or "",
                kept=0,
            )
            if asking.model
            else PlainPage(address, rules=rules),
            rules=rules,
            seed=digest_of(address),
        )
        self._control = (
            PlainPage(asking.control, rules=rules) if asking.control else None
        )

    async def all(self) -> list[Heard]:
        """What came of every request, each begun when its moment came.

        A slow answer delays none of the later ones: otherwise a service that stands
        still would be asked least while it does.
        """
        began = asyncio.get_running_loop().time()
        tasks = [
            asyncio.ensure_future(self._at(began + number * self._asking.every, number))
            for number in range(self._asking.requests)
        ]
        try:
            return list(await asyncio.gather(*tasks))
        finally:
            for task in tasks:
                task.cancel()
            await self._service.close()
            if self._control is not None:
                await self._control.close()

    async def _at(self, moment: float, number: int) -> Heard:
        loop = asyncio.get_running_loop()
        await asyncio.sleep(max(0.0, moment - loop.time()))
        heard, network = await asyncio.gather(
            _heard(self._service, f"{PROMPT} ({number + 1})"), self._network()
        )
        self._done += 1
        self._on_items(self._done, self._asking.requests)
        return Heard(
            seconds=heard.seconds,
            fault=heard.fault,
            detail=heard.detail,
            network=network,
        )

    async def _network(self) -> bool | None:
        if self._control is None:
            return None
        return await self._control.check() is None


async def _heard(endpoint: Endpoint, prompt: str) -> Heard:
    clock = asyncio.get_running_loop().time
    began = clock()
    reply = await last_reply(endpoint, prompt)
    if isinstance(reply, EndpointFault):
        return Heard(seconds=clock() - began, fault=reply.reason, detail=reply.detail)
    return Heard(seconds=reply.seconds)


def _rules(asking: ServiceAsking) -> EndpointRules:
    """One attempt each, however many fail: what people meet is what is counted."""
    return EndpointRules(
        # Shorter than an answer may take, so that a server that takes no connection
        # is told from one that is slow.
        connect_seconds=min(_CONNECT_SECONDS, asking.within / 2),
        first_token_seconds=asking.within,
        pause_seconds=asking.within,
        whole_seconds=asking.within,
        most_tokens=asking.most_tokens,
        retries=0,
        breaker_faults=_NEVER,
    )
