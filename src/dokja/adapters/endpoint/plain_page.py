"""A page that says whether a service is up, fetched as people's browsers would."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from dokja.adapters.endpoint.attempt import Asked, Ending, Failed, Timing
from dokja.adapters.endpoint.http_attempt import (
    bounded,
    client,
    opened,
    require_address,
)
from dokja.contest.served.values import EndpointFault, EndpointRules, Finish


class PlainPage:
    """One address that answers 200 with a body; implements `attempt.Model`."""

    def __init__(self, address: str, *, rules: EndpointRules) -> None:
        """Raises: InvalidInput for no plain URL, Unavailable without the extra."""
        require_address(address)
        self._address = address
        self._rules = rules
        self._http = client(address, rules, "", kept=0)

    @property
    def name(self) -> str:
        """Its address."""
        return self._address

    async def attempt(
        self,
        asked: Asked,  # noqa: ARG002  the port's; a page is asked nothing
        timing: Timing,
    ) -> AsyncGenerator[str | Ending]:
        """The ending, once the body is whole. Raises: Failed."""
        request = self._http.build_request("GET", self._address)
        async with opened(self._http, timing, request) as response:
            timing.heard()
            await bounded(response, timing, self._rules.most_bytes)
        yield Ending(finish=Finish.STOP, tokens=None)

    async def check(self) -> EndpointFault | None:
        """What is wrong now; None where it answers."""
        try:
            async for _ in self.attempt(_NOTHING, Timing(self._rules)):
                pass
        except Failed as failed:
            return failed.fault
        return None

    async def close(self) -> None:
        """Nothing; closes the connections."""
        await self._http.aclose()


_NOTHING = Asked(prompt="", image=None, seed=0)
