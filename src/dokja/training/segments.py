"""Segments: stretches of the run from one kept state to the next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from dokja.training.values import (
    AnyEvent,
    Gap,
    Init,
    RecordedCheckpoint,
    Resume,
    Rollback,
    Step,
)

Recorded = Init | RecordedCheckpoint


@dataclass(frozen=True, kw_only=True)
class Segment:
    """The steps that led from one kept state to the next."""

    start: Recorded
    end: RecordedCheckpoint
    steps: tuple[Step, ...]
    at_resume: bool = False
    """Whether training was interrupted where it begins or before it ends."""

    @property
    def after(self) -> int:
        """Step that its start stands after."""
        return step_of(self.start)

    @property
    def shown(self) -> str:
        """First and last step, in words for the reader."""
        return f"{self.after}-{self.end.step}"

    @property
    def is_whole(self) -> bool:
        """Whether every step between its ends was recorded, once and in order."""
        numbers = [step.step for step in self.steps]
        return numbers == list(range(self.after + 1, self.end.step + 1))


def step_of(event: Recorded) -> int:
    """Step that a recorded state stands after."""
    return event.step if isinstance(event, RecordedCheckpoint) else 0


def segments_of(
    events: Sequence[AnyEvent], is_kept: Callable[[Recorded], bool]
) -> tuple[Segment, ...]:
    """Segments on the way from the first weights to the last checkpoint, in order.

    What was given up by a rollback is not on that way. A state that was not kept
    joins the segments on its two sides.
    """
    way = _way_back(_links(events))
    joined: list[Segment] = []
    for link in way:
        before = joined[-1] if joined else None
        if before is not None and not is_kept(before.end):
            both = (*before.steps, *link.steps)
            at_resume = before.at_resume or link.at_resume
            joined[-1] = replace(before, end=link.end, steps=both, at_resume=at_resume)
        else:
            joined.append(link)
    return tuple(s for s in joined if s.steps and is_kept(s.start) and is_kept(s.end))


def _links(events: Sequence[AnyEvent]) -> list[Segment]:
    """Each checkpoint with the state before it and the steps between."""
    known: dict[str, Recorded] = {}
    current: Recorded | None = None
    steps: list[Step] = []
    interrupted = False
    links = []
    for event in events:
        if isinstance(event, Step):
            steps.append(event)
        elif isinstance(event, Gap):
            interrupted = True
        elif isinstance(event, Resume | Rollback):
            current, steps = known.get(event.checkpoint or ""), []
            interrupted = True
        elif isinstance(event, Init | RecordedCheckpoint):
            if isinstance(event, RecordedCheckpoint) and current is not None:
                link = Segment(
                    start=current,
                    end=event,
                    steps=tuple(steps),
                    at_resume=interrupted,
                )
                links.append(link)
            known[event.root] = current = event
            steps, interrupted = [], False
    return links


def _way_back(links: Sequence[Segment]) -> list[Segment]:
    """The links that lead to the last checkpoint, first to last."""
    ends = {link.end.seq: link for link in links}
    way: list[Segment] = []
    link = links[-1] if links else None
    while link is not None:
        way.append(link)
        link = ends.get(link.start.seq)
    return way[::-1]


def apart(segments: Sequence[Segment]) -> tuple[tuple[Segment, ...], ...]:
    """The segments in groups in which none begins where another ends.

    What runs one of them would otherwise be handed its answer.
    """
    groups: tuple[list[Segment], list[Segment]] = ([], [])
    for segment in segments:
        ends = {each.end.root for each in groups[0]}
        starts = {each.start.root for each in groups[0]}
        touches = segment.start.root in ends or segment.end.root in starts
        groups[touches].append(segment)
    return tuple(tuple(group) for group in groups if group)
