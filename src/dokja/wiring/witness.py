"""The witness's process: its key, its memory, and the guard against losing it."""

from __future__ import annotations

import fcntl
import os
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dokja.adapters.records import WitnessMark
from dokja.adapters.signing import Ed25519Signer, Ed25519Verifier
from dokja.adapters.store import SqlWitnessBook, open_witness_book
from dokja.errors import Conflict, NotAllowed
from dokja.training.cosign import (
    Refused,
    Witness,
    cosign_head,
    draw_challenge,
    issue_nonce,
    read_request,
)
from dokja.training.statements import listed_challenges, signed_statement
from dokja.training.values import Challenge, Nonce, WitnessedHead

_LOST = (
    "restore the newest copy of the memory; if there is none, retire this witness: "
    "make a new key and publish up to when the old one cosigned"
)


@dataclass(frozen=True, kw_only=True)
class WitnessRequest:
    """Which key witnesses whose logs, and where it remembers them."""

    work: Path
    key: Path
    name: str
    teams: Mapping[str, Path]
    """Public key (PEM) of each team."""
    is_new: bool
    """Whether this key has never witnessed anything."""
    one_in: int = 16
    """A challenge is drawn once in so many cosigned heads."""


class WitnessDesk:
    """One witness at work; asks come one after the other."""

    def __init__(
        self,
        witness: Witness,
        teams: Mapping[str, Ed25519Verifier],
        clock: Callable[[], int],
        *,
        one_in: int,
    ) -> None:
        self._witness = witness
        self._teams = teams
        self._clock = clock
        self._one_in = one_in
        self._turn = threading.Lock()

    def cosign(self, body: bytes) -> str | Refused:
        """The cosignature line for a request, or why there is none.

        Raises: InvalidInput for what is no request; NotAllowed for a team that is
        not registered; Conflict where the clock went back.
        """
        request = read_request(body)
        team = self._team(request.signed.head.origin)
        with self._turn:
            return cosign_head(
                request, team=team, witness=self._witness, now=self._clock()
            )

    def nonce(self, origin: str) -> bytes:
        """A signed nonce for a log of a registered team.

        Raises: NotAllowed, Conflict as `cosign` does.
        """
        self._team(origin)
        with self._turn:
            return issue_nonce(
                origin,
                witness=self._witness,
                value=secrets.token_hex(32),
                now=self._clock(),
            )

    def challenge(self, origin: str) -> bytes | None:
        """A signed challenge, if one is drawn now.

        Raises: NotAllowed where the team is not registered.
        """
        self._team(origin)
        with self._turn:
            drawn = draw_challenge(
                origin,
                witness=self._witness,
                random=secrets.token_bytes(16),
                one_in=self._one_in,
            )
        return None if drawn is None else signed_statement(drawn, self._witness.signer)

    def challenges(self, origin: str) -> bytes:
        """Every challenge to the log so far, signed, for whoever verifies it.

        Raises: NotAllowed where the team is not registered.
        """
        self._team(origin)
        with self._turn:
            drawn = self._witness.book.challenges(origin)
        return listed_challenges(drawn, self._witness.signer)

    def _team(self, origin: str) -> Ed25519Verifier:
        team = self._teams.get(origin.partition("/")[0])
        if team is None:
            raise NotAllowed(
                "no team of that name is registered with this witness",
                remedy="ask the organiser to register the team's public key",
            )
        return team


class MarkedBook:
    """Implements `WitnessBook`: the memory, and after each change the mark."""

    def __init__(self, book: SqlWitnessBook, mark: WitnessMark) -> None:
        self._book = book
        self._mark = mark

    def latest(self, origin: str) -> WitnessedHead | None:
        """The latest head of the log that was cosigned."""
        return self._book.latest(origin)

    def advance(self, old: WitnessedHead | None, new: WitnessedHead) -> None:
        """Put the new head in the place of the old one, then move the mark."""
        self._book.advance(old, new)
        self._note()

    def add_challenge(self, challenge: Challenge) -> None:
        """Keep a challenge, then move the mark."""
        self._book.add_challenge(challenge)
        self._note()

    def challenges(self, origin: str) -> tuple[Challenge, ...]:
        """The challenges to a log, in the order in which they were drawn."""
        return self._book.challenges(origin)

    def add_nonce(self, nonce: Nonce) -> None:
        """Keep a nonce, then move the mark."""
        self._book.add_nonce(nonce)
        self._note()

    def last_moment(self) -> int:
        """The latest time this witness has signed."""
        return self._book.last_moment()

    def _note(self) -> None:
        # Memory first: a mark ahead of it would look like a loss.
        memory = self._book.memory()
        if memory is not None:
            self._mark.write(*memory)


@contextmanager
def open_witness(
    request: WitnessRequest, *, clock: Callable[[], int]
) -> Iterator[WitnessDesk]:
    """The witness at its desk, with its whole memory.

    Raises: Conflict where the memory is not the one the key was used with, is
    older than it was, or another process uses it.
    """
    signer = Ed25519Signer.from_pem(request.key)
    teams = {
        team: Ed25519Verifier.from_pem_text(path.read_text(encoding="utf-8"))
        for team, path in request.teams.items()
    }
    request.work.mkdir(parents=True, exist_ok=True)
    with _alone(request.work):
        book = open_witness_book(f"sqlite:///{request.work / 'witness.db'}")
        try:
            mark = WitnessMark(request.key.with_name(request.key.name + ".witness"))
            _check_memory(book, mark, is_new=request.is_new)
            witness = Witness(request.name, signer, MarkedBook(book, mark))
            yield WitnessDesk(witness, teams, clock, one_in=request.one_in)
        finally:
            book.close()


def _check_memory(book: SqlWitnessBook, mark: WitnessMark, *, is_new: bool) -> None:
    known, marked = book.memory(), mark.read()
    if is_new:
        if known is not None or marked is not None:
            raise Conflict(
                "this key or this folder has witnessed before",
                remedy="leave out --new, or give a new key and an empty folder",
            )
        book.begin(secrets.token_hex(16))
        known = book.memory()
        assert known is not None
        mark.write(*known)
        return
    if known is None or marked is None:
        raise Conflict(
            "the witness has no memory of what it cosigned"
            if known is None
            else "the mark beside the key is gone",
            remedy=f"for a key that never witnessed, say --new; otherwise {_LOST}",
        )
    if known[0] != marked[0] or known[1] < marked[1]:
        raise Conflict(
            f"the witness's memory is not whole: it holds {known[1]} changes and the "
            f"key was used for at least {marked[1]}",
            remedy=_LOST,
        )
    mark.write(*known)


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    handle = os.open(work / "witness.lock", os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise Conflict(
            f"another witness works in {work}",
            remedy="a witness is one process; two could cosign two histories",
        ) from error
    try:
        yield
    finally:
        os.close(handle)
