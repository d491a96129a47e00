"""Two officers act at a real server at once, and it is killed among them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime

import httpx2
import pytest

from benchmarks.web.load import UNLIMITED
from benchmarks.web.prepared import office_in
from benchmarks.web.served import Served, dokja_serve
from dokja.call.open_call import draft_call
from dokja.call.state import CALL
from dokja.people import open_session
from dokja.people.values import Role, SessionRules
from dokja.programme.matters import Matter
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.calls import CallRoom
from tests.call_fixture import call_text
from tests.contract.filled_forms import standing_in
from tests.panel_room_fixture import open_account

SHARED = "c-shared"
KILL_AFTER, ENOUGH = 12, 24
"""Acts that were acknowledged."""


@dataclass
class Told:
    """What officers sent, and what they were told of it."""

    sent: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    cut_off: set[str] = field(default_factory=set)
    """Sent to a server that died before it answered."""


@dataclass
class Officer:
    """Somebody who revises one draft and writes new ones, in turn."""

    name: str
    token: str
    port: int
    told: Told
    lock: threading.Lock
    over: threading.Event

    def work(self) -> None:
        """Acts until told to stop; whoever meets no server tries again."""
        number = 0
        while not self.over.is_set():
            number += 1
            word = f"{self.name}-{number}"
            act, of = ("call-revise", SHARED) if number % 2 else ("call-draft", "")
            try:
                self._act(act, of, word)
            except httpx2.TransportError:
                self.over.wait(0.05)

    def _filled(
        self, window: httpx2.Client, act: str, of: str, word: str
    ) -> dict[str, str]:
        """The form; a new draft takes over the text of the one that is shared."""
        shared = standing_in(
            window.get("/acts/call-revise", params={"of": SHARED}).text
        )
        named = shared | {"title.ko": word, "title.en": word}
        if not of:
            begun = standing_in(window.get(f"/acts/{act}").text)
            of_text = {f"text.{name}": value for name, value in named.items()}
            named = begun | of_text | {"id": word}
        return named | {"confirmed": "yes"}

    def _act(self, act: str, of: str, word: str) -> None:
        with httpx2.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            cookies={"dokja-session": self.token},
            timeout=30,
        ) as window:
            filled = self._filled(window, act, of, word)
            with self.lock:
                self.told.sent.add(word)
            try:
                answer = window.post(f"/acts/{act}", data=filled)
            except httpx2.TransportError:
                with self.lock:
                    self.told.cut_off.add(word)
                raise
            assert answer.status_code in (303, 409), answer.text
            with self.lock:
                told = self.told
                taken = answer.status_code == 303
                (told.acknowledged if taken else told.refused).add(word)


def _at_work(served: Served, tokens: list[str]) -> Told:
    """What was told to officers, over a kill and a new start."""
    told, lock, over = Told(), threading.Lock(), threading.Event()
    officers = [
        Officer(f"o{n}", token, served.port, told, lock, over)
        for n, token in enumerate(tokens)
    ]
    threads = [threading.Thread(target=each.work) for each in officers]
    for thread in threads:
        thread.start()
    try:
        _until(told, KILL_AFTER, threads)
        served.kill()
        served.start()
        _until(told, ENOUGH, threads)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    return told


def _until(told: Told, acknowledged: int, threads: list[threading.Thread]) -> None:
    while len(told.acknowledged) < acknowledged:
        assert all(thread.is_alive() for thread in threads), "an officer gave up"
        threads[0].join(0.02)


@pytest.fixture(scope="module")
def told_and_kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Told, list[str]]:
    """What officers were told, and the words that stand in the record afterwards."""
    work = tmp_path_factory.mktemp("office")
    with office_in(work, UNLIMITED) as office:
        desk = desk_of_office(office)
        matter = Matter(programme=desk.programme, kind=CALL, id=SHARED)
        mandate = desk.mandate("first", desk.rulebook.clauses[0].number)
        draft = draft_call(matter, call_text(), rulebook=desk.rulebook, mandate=mandate)
        desk.file([draft])
        now, rules = datetime.now(UTC), SessionRules()
        people = [open_account(office, Role.OFFICE, f"officer-{n}") for n in (0, 1)]
        # Two windows of each: the same officer may meet their own other window.
        tokens = [
            open_session(office.desk, each, now=now, rules=rules) for each in people * 2
        ]
    served = dokja_serve(work, UNLIMITED)
    served.start()
    try:
        told = _at_work(served, tokens)
    finally:
        served.kill()
    with office_in(work, UNLIMITED) as office:
        desk = desk_of_office(office)
        kept = [
            entry.event.text.title.en
            for call in CallRoom(desk=desk).all_calls()
            for entry in call.entries
        ]
    return told, [word for word in kept if word in told.sent]


def test_what_was_acknowledged_is_kept_once(
    told_and_kept: tuple[Told, list[str]],
) -> None:
    """Nothing lost, doubled or half-done; reading every history finds no gap."""
    told, kept = told_and_kept
    assert len(kept) == len(set(kept))
    assert told.acknowledged <= set(kept)
    assert set(kept) <= told.acknowledged | told.cut_off


def test_nobody_wrote_over_somebody(told_and_kept: tuple[Told, list[str]]) -> None:
    """Who acted on what had changed was refused, and nothing of theirs is kept."""
    told, kept = told_and_kept
    assert told.refused, "four windows on one draft, and nobody met anybody"
    assert told.refused.isdisjoint(kept)
