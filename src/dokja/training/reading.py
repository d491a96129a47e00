"""A record read whole: its events, its tree, its heads, and where it breaks off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TypeVar

from dokja.errors import InvalidInput
from dokja.evidence.hash_tree import HashTree
from dokja.evidence.values import Text
from dokja.training.lines import NOTHING_BEFORE, line_hash, read_line
from dokja.training.ports import RecordSource
from dokja.training.tree_heads import read_head
from dokja.training.values import (
    AnyEvent,
    End,
    Init,
    RecordEvent,
    SignedHead,
    Start,
    Step,
)

Kind = TypeVar("Kind", bound=RecordEvent)

MOST_EVENTS = 20_000_000
MOST_HEADS = 200_000


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What a record says, before anything of it is believed."""

    events: tuple[AnyEvent, ...]
    """Up to the first line that is wrong."""
    tree: HashTree
    fault: Text | None
    """What is wrong with the first line that is."""
    unfinished: int
    """Bytes of a last line that was not written to its end."""
    heads: tuple[SignedHead, ...]
    """By size."""
    unreadable_heads: tuple[str, ...]

    @property
    def start(self) -> Start | None:
        """The first event."""
        first = self.events[0] if self.events else None
        return first if isinstance(first, Start) else None

    @cached_property
    def init(self) -> Init | None:
        """The first weights."""
        return next(iter(self.of(Init)), None)

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Every step, those given up included."""
        return self.of(Step)

    def of(self, *kinds: type[Kind]) -> tuple[Kind, ...]:
        """The events of these kinds, in the order of the log."""
        wanted = frozenset(kinds)
        # Every kind is final, and a long log is walked through many times.
        found = (event for event in self.events if type(event) in wanted)
        return tuple(found)  # type: ignore[arg-type]

    def before(self, number: int) -> Reading:
        """The record as it was before that event."""
        return replace(self, events=self.events[:number])

    @property
    def origin(self) -> str:
        """`team/run`, or nothing where the record does not say."""
        return f"{self.start.team}/{self.start.run}" if self.start else ""


def read_record(source: RecordSource) -> Reading:
    """The record as far as its lines hold together.

    Raises: InvalidInput where a bound is passed that no real record passes.
    """
    events: list[AnyEvent] = []
    tree, before, fault = HashTree(), NOTHING_BEFORE, None
    for number, line in enumerate(source.lines()):
        if number == MOST_EVENTS:
            raise _too_large(f"it has more than {MOST_EVENTS} events")
        try:
            event = read_line(line)
        except InvalidInput as error:
            fault = _fault(number, "형식에 맞지 않습니다", error.fact)
            break
        fault = _misplaced(event, number, before, events)
        if fault is not None:
            break
        events.append(event)
        tree.append(line)
        before = line_hash(line)
    heads, unreadable = _heads(source)
    return Reading(
        events=tuple(events),
        tree=tree,
        fault=fault,
        unfinished=source.unfinished(),
        heads=heads,
        unreadable_heads=unreadable,
    )


def _misplaced(
    event: AnyEvent, number: int, before: str, events: list[AnyEvent]
) -> Text | None:
    if event.seq != number:
        return _fault(number, "번호가 이어지지 않습니다", f"it is numbered {event.seq}")
    if event.prev != before:
        return _fault(
            number, "앞줄의 해시값과 다릅니다", "it does not follow the line before"
        )
    if isinstance(event, Start) != (number == 0):
        return _fault(
            number, "시작 사건의 자리가 아닙니다", "`start` stands first and only there"
        )
    if events and isinstance(events[-1], End):
        return _fault(number, "종료 뒤에 있습니다", "it follows the end")
    return None


def _heads(source: RecordSource) -> tuple[tuple[SignedHead, ...], tuple[str, ...]]:
    heads: list[SignedHead] = []
    unreadable: list[str] = []
    for name, note in islice(source.heads(), MOST_HEADS + 1):
        if len(heads) == MOST_HEADS:
            raise _too_large(f"it has more than {MOST_HEADS} tree heads")
        try:
            heads.append(read_head(note))
        except InvalidInput:
            unreadable.append(name[:80])
    return tuple(sorted(heads, key=lambda s: s.head.size)), tuple(unreadable)


def _fault(number: int, korean: str, english: str) -> Text:
    return Text(
        ko=f"기록 {number}번 줄이 {korean}.",
        en=f"Line {number} of the log is wrong: {english}.",
    )


def _too_large(fact: str) -> InvalidInput:
    return InvalidInput(
        f"the record is refused: {fact}", remedy="hand in the record of one run"
    )
