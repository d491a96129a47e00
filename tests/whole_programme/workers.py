"""Officers as processes of their own: they file, race, and die where they are told."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from multiprocessing.synchronize import Barrier
from pathlib import Path

import sqlalchemy as sa

from dokja.adapters.store import open_act_log
from dokja.call.screen import screen_call
from dokja.call.values import CallKind, ReviewRound
from dokja.errors import Conflict, NotAllowed
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate
from dokja.support.money.values import AccountOpened, GrantPaid, LedgerAccount
from dokja.support.requests import SupportRequest, next_acts
from dokja.support.terms import terms_of
from dokja.support.values import CitedSource
from dokja.wiring.matter_desk import MatterDesk
from dokja.wiring.support import support_acts
from tests.rulebooks import example_rulebook
from tests.whole_programme.call_story import hold
from tests.whole_programme.held_call import HeldCall, drawn_panel
from tests.whole_programme.kept import Diary, Fate
from tests.whole_programme.money import (
    ACCOUNTS,
    WORDS,
    asset_of,
    grant_of,
    movement,
    purchase_of,
)
from tests.whole_programme.office import Clock, Office, luck_of
from tests.whole_programme.rows import Reader

NOW = datetime.fromisoformat("2031-03-03T09:00:00+09:00")
SOURCE = CitedSource(name="notice", on=date(2031, 3, 1))
CALL_ID = "initial"
PATIENCE = 60
"""Seconds that one officer waits for another."""
Make = Callable[[Mandate], Act | Sequence[Act]]


class Moment(StrEnum):
    """Where a process dies on its way through one append."""

    BEFORE_INSERT = "before_insert"
    AFTER_INSERT = "after_insert"
    AT_COMMIT = "at_commit"
    BEFORE_ANSWER = "before_answer"
    """The acts are there, and nobody heard of it."""


@dataclass(frozen=True)
class Post:
    """Where an officer sits and what it is called."""

    url: str
    name: str
    diary: Path


def prepare(url: str) -> tuple[Act, ...]:
    """The acts of an office with money and a call whose documents are being read."""
    with opened_office(url, seed=2) as office:
        call = the_call(office)
        for step in hold(call):
            if step == "screening":
                break
        for name, kind in ACCOUNTS.items():
            account = LedgerAccount(id=name, kind=kind, name=WORDS)
            office.act("open", supported(office.desk, AccountOpened(account=account)))
        sides = ("treasury", "appropriation")
        entry = movement("budget", sides, 9 * 10**14, source=SOURCE)
        office.act("appropriate", supported(office.desk, entry))
        return office.desk.log.acts(office.desk.programme, "programme")


@contextmanager
def opened_office(url: str, *, seed: int) -> Iterator[Office]:
    """An office at a record, with luck of its own."""
    clock, reader = Clock(NOW), Reader(url)
    with open_act_log(url) as log:
        desk = MatterDesk(rulebook=example_rulebook(), log=log, clock=clock)
        try:
            yield Office(desk=desk, clock=clock, luck=luck_of(seed), reader=reader)
        finally:
            reader.engine.dispose()


def the_call(office: Office) -> HeldCall:
    """The call that everybody works on."""
    names = tuple(f"t{number:02d}" for number in range(1, 8))
    return HeldCall(office, CALL_ID, CallKind.INITIAL, 3, names)


def supported(
    desk: MatterDesk, asked: SupportRequest, subject: str | None = None
) -> Make:
    """What makes the acts of a request of support as things then stand."""
    return lambda m: next_acts(
        support_acts(desk), subject, asked, terms=terms_of(desk.rulebook), mandate=m
    )


def jobs(office: Office, mark: str) -> Mapping[str, Make]:
    """What an officer files, by name; most of it is several acts at once."""
    desk, call = office.desk, the_call(office)
    name = mark.replace(".", "-")
    panel = drawn_panel(call, ReviewRound.DOCUMENTS)
    rules = desk.rulebook
    return {
        "award": supported(desk, grant_of(name, "t01", 10**6, source=SOURCE), name),
        "pay": supported(
            desk, GrantPaid(krw=10**5, on=SOURCE.on, source=SOURCE), _latest_grant(desk)
        ),
        "buy": supported(desk, purchase_of(10**6, source=SOURCE), _unbought(desk)),
        "list": supported(desk, asset_of(name, source=SOURCE), name),
        "screen": call.on_call(
            lambda f, **k: screen_call(
                f, call.applications(), panel, rulebook=rules, **k
            )
        ),
    }


def file_acts(post: Post, *, count: int, seed: int) -> None:
    """Files so many batches of whatever kind, and keeps the diary of them."""
    with opened_office(post.url, seed=seed) as office:
        diary = Diary(post.diary)
        for number in range(count):
            mark = f"{post.name}.{number}"
            name = office.luck.choice(("award", "pay", "buy", "list"))
            file_one(office, diary, mark, name)


def file_one(office: Office, diary: Diary, mark: str, job: str) -> Fate:
    """What became of one batch."""
    mandate = office.desk.mandate(mark, "5.1", Text(mark, mark))
    try:
        made = jobs(office, mark)[job](mandate)
    except NotAllowed:
        return Fate.REFUSED
    acts = _several(made)
    diary.note(mark, len(acts), Fate.UNANSWERED)
    return _sent(office.desk, diary, mark, acts)


def die_at(post: Post, moment: Moment, job: str) -> None:
    """Files one batch and is killed in the middle of it, from within."""
    with opened_office(post.url, seed=1) as office:
        mark, diary = post.name, Diary(post.diary)
        made = jobs(office, mark)[job](
            office.desk.mandate(mark, "5.1", Text(mark, mark))
        )
        acts = _several(made)
        diary.note(mark, len(acts), Fate.UNANSWERED)
        _set_trap(office.desk.log._engine, moment)
        office.desk.file(acts)
        _die()


def race(post: Post, start: Barrier, rounds: int) -> None:
    """Awards the same grants as another officer, who has read the same."""
    with opened_office(post.url, seed=3) as office:
        diary, desk = Diary(post.diary), office.desk
        for number in range(rounds):
            mark, name = f"{post.name}.{number}", f"race-{number}"
            award = supported(desk, grant_of(name, "t01", 10**6, source=SOURCE), name)
            start.wait(PATIENCE)
            acts = _several(award(desk.mandate(mark, "5.1", Text(mark, mark))))
            diary.note(mark, len(acts), Fate.UNANSWERED)
            start.wait(PATIENCE)
            _sent(desk, diary, mark, acts)


def _sent(desk: MatterDesk, diary: Diary, mark: str, acts: Sequence[Act]) -> Fate:
    fate = Fate.ACKNOWLEDGED
    try:
        desk.file(acts)
    except Conflict:
        fate = Fate.REFUSED
    diary.note(mark, len(acts), fate)
    return fate


def _several(made: Act | Sequence[Act]) -> tuple[Act, ...]:
    return (made,) if isinstance(made, Act) else tuple(made)


def _latest_grant(desk: MatterDesk) -> str:
    acts = support_acts(desk).grants
    return acts[-1].subject.rpartition("/")[0] if acts else "none"


def _unbought(desk: MatterDesk) -> str:
    """An asset that was listed and nobody bought; of two officers both may try."""
    acts = support_acts(desk).assets
    bought = {a.subject.rpartition("/")[0] for a in acts if a.subject.endswith("2")}
    names = [a.subject.rpartition("/")[0] for a in acts]
    return next((name for name in names if name not in bought), "none")


def _set_trap(engine: sa.Engine, moment: Moment) -> None:
    def on_statement(*given: object) -> None:
        if str(given[2]).startswith("INSERT INTO acts"):
            _die()

    if moment is Moment.BEFORE_INSERT:
        sa.event.listen(engine, "before_cursor_execute", on_statement)
    if moment is Moment.AFTER_INSERT:
        sa.event.listen(engine, "after_cursor_execute", on_statement)
    if moment is Moment.AT_COMMIT:
        sa.event.listen(engine, "commit", lambda _: _die())


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
