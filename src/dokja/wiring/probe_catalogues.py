"""Probes that call the agents of a catalogue: drawn, read and asked once each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.endpoint import Fetched, ListedAddresses
from dokja.commitment.agents import (
    Entry,
    Interface,
    Manifest,
    call_of,
    read_card,
    read_catalogue,
    read_reply,
)
from dokja.commitment.draws import picked_entries
from dokja.commitment.heard import Heard, requests_of
from dokja.commitment.observations import CatalogueSeen, EntrySeen
from dokja.contest.served.values import EndpointRules
from dokja.errors import InvalidInput, Unavailable
from dokja.evidence.canonical import digest_bytes, digest_of

OnItems = Callable[[int, int], None]
CATALOGUE_BYTES = 32 << 20
ID_LETTERS, REASON_LETTERS = 200, 1000
AT_ONCE = 8
"""Agents that are asked at the same time."""
_CONNECT_SECONDS = 5.0
_JSON = {"Accept": "application/json"}
_VERSION = {"A2A-Version": "1.0"}


@dataclass(frozen=True, kw_only=True)
class CatalogueAsking:
    """How many entries are tried, and how long each answer may take."""

    promise: str
    """Digest of the act that made the promise."""
    beacon: str
    """Drawn after the catalogue was kept; needed where not all are tried."""
    most: int = 50
    within: float = 30.0


def try_catalogue(
    place: str, asking: CatalogueAsking, *, on_items: OnItems
) -> CatalogueSeen:
    """What came of the entries that were drawn.

    Raises: InvalidInput for what is no catalogue, and where a part is to be tried
    without a draw; Unavailable where it cannot be read, or nothing was learnt.
    """
    return asyncio.run(_Trying(place, asking, on_items).seen())


@dataclass(frozen=True)
class _Read:
    """What came of reading one card."""

    fetched: Fetched
    manifest: Manifest | None


@dataclass(frozen=True)
class _Tried:
    """What came of reading a card and of calling the agent behind it."""

    read: _Read
    has_card: bool | None
    call: Fetched | None
    was_heard: bool | None


class _Trying:
    def __init__(self, place: str, asking: CatalogueAsking, on_items: OnItems) -> None:
        self._place = place
        self._asking = asking
        self._on_items = on_items
        self._is_address = "://" in place
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._done = 0
        self._doors = ListedAddresses(rules=_rules(asking.within))

    async def seen(self) -> CatalogueSeen:
        """The catalogue and what was tried of it."""
        try:
            data = await self._catalogue()
            listed = read_catalogue(data, where=self._place)
            picked = self._picked(listed, digest_bytes(data))
            tried = await self._tried(picked)
        finally:
            await self._doors.close()
        if picked and all(each.manifest is None for each in tried):
            raise Unavailable(
                f"nothing was learnt of {self._place}: {tried[0].reason}",
                remedy="try from where the agents can be reached by everybody",
            )
        return CatalogueSeen(
            listed=len(listed),
            catalogue=digest_bytes(data),
            beacon=self._asking.beacon,
            tried=tried,
        )

    async def _catalogue(self) -> bytes:
        if not self._is_address:
            return _file(Path(self._place))
        await self._doors.trust(self._place)
        found = await self._doors.fetch(self._place, headers=_JSON)
        if found.fault is not None:
            raise Unavailable(
                f"{self._place} cannot be read: {found.detail}",
                remedy="check the address, or keep the list and give the file",
            )
        return found.data

    def _picked(self, listed: Sequence[Entry], digest: str) -> tuple[Entry, ...]:
        asking = self._asking
        if len(listed) > asking.most and not asking.beacon:
            raise InvalidInput(
                f"{asking.most} of {len(listed)} entries are to be tried, and none "
                "were drawn",
                remedy="give what was drawn since the list was kept as --beacon, or "
                f"try all of them: --times {len(listed)}",
            )
        places = picked_entries(
            asking.promise,
            asking.beacon,
            catalogue=digest,
            listed=len(listed),
            most=asking.most,
        )
        return tuple(listed[place] for place in places)

    async def _tried(self, picked: Sequence[Entry]) -> tuple[EntrySeen, ...]:
        read = await asyncio.gather(*(self._read(entry) for entry in picked))
        shown = self._told([each.fetched for each in read])
        called = await asyncio.gather(
            *(
                self._called(entry, each.manifest)
                for entry, each in zip(picked, read, strict=True)
            )
        )
        answered = self._told([each for each in called if each is not None])
        replies = iter(answered)
        return tuple(
            _entry(entry, _Tried(each, has_card, call, next(replies) if call else None))
            for entry, each, has_card, call in zip(
                picked, read, shown, called, strict=True
            )
        )

    def _told(self, fetched: Sequence[Fetched]) -> list[bool | None]:
        """Whether each answered with a body; None where nothing tells."""
        # Where the list came from an address, the network was up.
        network = True if self._is_address else None
        heard = [
            Heard(seconds=f.seconds, fault=f.fault, detail=f.detail, network=network)
            for f in fetched
        ]
        return [
            False if one.is_absent else request.answered
            for one, request in zip(fetched, requests_of(heard), strict=True)
        ]

    async def _read(self, entry: Entry) -> _Read:
        async with self._turns:
            fetched = await self._doors.fetch(entry.card, headers=_JSON)
        manifest = read_card(fetched.data) if fetched.fault is None else None
        return _Read(fetched, manifest)

    async def _called(self, entry: Entry, manifest: Manifest | None) -> Fetched | None:
        interface = manifest.interface if manifest and not manifest.fault else None
        found = None
        if interface is not None:
            async with self._turns:
                found = await self._ask(interface, entry)
        self._done += 1
        self._on_items(self._done, self._done)
        return found

    async def _ask(self, interface: Interface, entry: Entry) -> Fetched:
        name = digest_of([self._asking.promise, entry.card])[-32:]
        headers = _JSON if interface.is_first else _JSON | _VERSION
        return await self._doors.fetch(
            interface.address, call_of(interface, name), headers
        )


def _entry(entry: Entry, tried: _Tried) -> EntrySeen:
    """What an entry came to; one without a manifest cannot be called."""
    manifest = tried.has_card
    answered: bool | None = manifest
    reason, seconds = tried.read.fetched.detail, 0.0
    found = tried.read.manifest
    if manifest and found is not None and found.fault:
        manifest = answered = False
        reason = f"manifest: {found.fault}"
    elif manifest and tried.call is None:
        answered, reason = None, "it offers no JSON-RPC of A2A"
    elif manifest and tried.call is not None:
        answered, reason = tried.was_heard, tried.call.detail
        seconds = tried.call.seconds
        if tried.was_heard:
            answered, reason = read_reply(tried.call.data)
    return EntrySeen(
        id=entry.id[:ID_LETTERS],
        manifest=manifest,
        answered=answered,
        seconds=seconds,
        reason=reason[:REASON_LETTERS],
    )


def _file(place: Path) -> bytes:
    try:
        with place.open("rb") as file:
            data = file.read(CATALOGUE_BYTES + 1)
    except OSError as error:
        raise Unavailable(
            f"{place} cannot be read: {error.strerror}",
            remedy="give the address of a catalogue, or a file that holds it",
        ) from error
    if len(data) > CATALOGUE_BYTES:
        raise InvalidInput(
            f"{place} is larger than {CATALOGUE_BYTES >> 20} MiB",
            remedy="hand in a part of the list",
        )
    return data


def _rules(within: float) -> EndpointRules:
    return EndpointRules(
        connect_seconds=min(_CONNECT_SECONDS, within / 2),
        first_token_seconds=within,
        pause_seconds=within,
        whole_seconds=within,
        most_bytes=CATALOGUE_BYTES,
        retries=0,
    )
