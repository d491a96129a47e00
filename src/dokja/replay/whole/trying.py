"""A record in memory, to which acts are put; what they refuse is a finding too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from dokja.errors import DokjaError
from dokja.evidence.canonical import digest_of, read_as
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate, Matter, acts_of
from dokja.replay.whole.moments import first_moment
from dokja.replay.whole.results import Chapter, RecordLine, Step, StepResult
from dokja.replay.whole.values import History, Told

BY = "replay"
"""Who acts in memory: nobody's pseudonym."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What became of an act."""

    acts: tuple[Act, ...] = ()
    refused: DokjaError | None = None

    @property
    def words(self) -> str | None:
        """What the act says where it is refused."""
        return None if self.refused is None else self.refused.fact


@dataclass
class MemoryRecord:
    """Acts in the order in which they were made; nothing is kept."""

    acts: list[Act] = field(default_factory=list)

    def of(self, matter: Matter) -> tuple[Act, ...]:
        """The acts of one matter."""
        own = [act for act in self.acts if act.kind == matter.kind]
        return acts_of(matter, own)

    def put(self, make: Callable[[], Act | tuple[Act, ...]]) -> Tried:
        """What became of the act; where it was made, the record holds it."""
        tried = attempt(make)
        self.acts.extend(tried.acts)
        return tried

    def lines(self) -> tuple[RecordLine, ...]:
        """One line for every act."""
        return tuple(
            RecordLine(
                kind=act.kind, subject=act.subject, at=act.at, digest=digest_of(act)
            )
            for act in self.acts
        )


def attempt(make: Callable[[], Act | tuple[Act, ...]]) -> Tried:
    """What becomes of the act, which no record takes."""
    try:
        made = make()
    except DokjaError as refused:
        return Tried(refused=refused)
    return Tried(acts=made if isinstance(made, tuple) else (made,))


def only_read(published: object, kind: type) -> tuple[Act, ...]:
    """No act. Raises: InvalidInput where what was published is not enough for one."""
    read_as(published, kind, where="what was published")
    return ()


def reproduced_if(same: bool) -> StepResult:  # noqa: FBT001
    """The result of a step that compares two sides."""
    return StepResult.REPRODUCED if same else StepResult.DIFFERS


def mandate(at: str | datetime, clauses: tuple[str, ...]) -> Mandate:
    """A mandate of the replay under the first of the clauses."""
    moment = at if isinstance(at, datetime) else first_moment(at)
    return Mandate(by=BY, at=moment.isoformat(), clause=clauses[0] if clauses else "-")


@dataclass(frozen=True, kw_only=True)
class Found:
    """What an act makes of a published fact."""

    act: str
    text: Text
    tried: Tried = Tried()
    result: StepResult | None = None
    """None: reproduced where the act was made, unknown where it was refused."""
    assumed: tuple[Text, ...] = ()

    @property
    def outcome(self) -> StepResult:
        """The result, as given or as the act leads to it."""
        if self.result is not None:
            return self.result
        made = self.tried.refused is None
        return StepResult.REPRODUCED if made else StepResult.UNKNOWN


@dataclass(frozen=True, kw_only=True)
class Part:
    """What of a published fact a step is about, where it has several."""

    suffix: str
    title: Text
    published: Text


@dataclass(frozen=True, kw_only=True)
class Steps:
    """Writes the steps of one chapter."""

    history: History
    chapter: Chapter

    def of(self, told: Told, found: Found, part: Part | None = None) -> Step:
        """The published fact, or a part of it, beside what the act makes of it."""
        return Step(
            id=told.id if part is None else f"{told.id}-{part.suffix}",
            chapter=self.chapter,
            on=told.on,
            until=told.until,
            title=told.title if part is None else part.title,
            result=found.outcome,
            published=told.text if part is None else part.published,
            found=found.text,
            act=found.act,
            refused=found.tried.words,
            clauses=told.clauses,
            turning_point=told.turning_point and part is None,
            assumed=found.assumed,
            reply=told.reply,
            status=told.status,
            sources=self.history.cited(told.sources),
        )
