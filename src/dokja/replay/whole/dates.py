"""Announced dates put to the schedule: a version each, with what it changes and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from dokja.evidence.values import Text
from dokja.programme.schedule import (
    Milestone,
    ScheduleSet,
    ScheduleVersion,
    Source,
    schedule_matter,
    schedule_versions,
    set_schedule,
)
from dokja.programme.schedule.values import DateChange
from dokja.programme.schedule.versions import first_day
from dokja.replay.whole import words
from dokja.replay.whole.results import Chapter, DatedVersion, Step
from dokja.replay.whole.trying import (
    Found,
    MemoryRecord,
    Steps,
    Tried,
    mandate,
    reproduced_if,
)
from dokja.replay.whole.values import History, PublishedDates
from dokja.replay.whole.words import filled


class ScheduleReplay:
    """The announced dates of a history, one announcement after another."""

    def __init__(self, history: History, record: MemoryRecord) -> None:
        self._history = history
        self._record = record
        self._matter = schedule_matter(history.programme)
        self._ordered = sorted(history.dates, key=lambda one: one.on)

    def steps(self) -> Iterator[Step]:
        """A step for every announcement, in order of publication."""
        steps = Steps(history=self._history, chapter=Chapter.SCHEDULE)
        for announced in self._ordered:
            tried = self._set(announced, announced.reason)
            taken = tried.refused is None
            if not taken:
                self._set(announced, words.NO_REASON)
            found = Found(
                act="programme.schedule.set_schedule",
                tried=tried,
                result=reproduced_if(taken),
                text=_text(self._versions()[-1], taken=taken),
                assumed=() if taken else (words.STOOD_IN,),
            )
            yield steps.of(announced, found)

    def dated(self, steps: Sequence[Step]) -> tuple[DatedVersion, ...]:
        """What every announcement said, date by date."""
        results = {step.id: step.result for step in steps}
        return tuple(
            DatedVersion(
                milestone=each.milestone,
                name=self._history.milestones[each.milestone],
                announced=announced.on,
                at=each.at,
                until=each.until,
                result=results[announced.id],
                sources=self._history.cited(announced.sources),
            )
            for announced in self._ordered
            for each in announced.dates
        )

    def _versions(self) -> tuple[ScheduleVersion, ...]:
        return schedule_versions(self._record.of(self._matter))

    def _set(self, announced: PublishedDates, reason: Text | None) -> Tried:
        earlier = self._record.of(self._matter)
        schedule = ScheduleSet(
            milestones=self._milestones(announced),
            reason=reason if earlier else None,
            notice=self._notice(announced),
        )
        return self._record.put(
            partial(
                set_schedule,
                self._matter,
                earlier,
                schedule,
                seen=len(earlier),
                mandate=mandate(announced.on, announced.clauses),
            )
        )

    def _milestones(self, announced: PublishedDates) -> tuple[Milestone, ...]:
        """The dates of the version before, with those that were announced anew."""
        versions = self._versions()
        known = {m.id: m for m in versions[-1].schedule.milestones} if versions else {}
        for each in announced.dates:
            known[each.milestone] = Milestone(
                id=each.milestone,
                name=self._history.milestones[each.milestone],
                at=each.at,
                until=each.until,
            )
        return tuple(known.values())

    def _notice(self, announced: PublishedDates) -> Source:
        """The first page that is cited."""
        source = self._history.sources[announced.sources[0]]
        return Source(
            publisher=source.publisher,
            on=first_day(source.date).isoformat(),
            title=source.subject,
        )


def _text(version: ScheduleVersion, *, taken: bool) -> Text:
    if not version.changes:
        return words.FIRST_VERSION
    changes = Text(
        ko="; ".join(_change(each).ko for each in version.changes),
        en="; ".join(_change(each).en for each in version.changes),
    )
    if not taken:
        return filled(words.VERSION_REFUSED, changes=changes)
    reason = version.schedule.reason or words.NO_REASON
    return filled(
        words.NEXT_VERSION,
        number=version.number,
        changes=changes,
        reason=Text(ko=reason.ko.rstrip("."), en=reason.en.rstrip(".")),
    )


def _change(change: DateChange) -> Text:
    named = change.after or change.before
    assert named is not None, "a change has a side"
    sides = [_span(each) for each in (change.before, change.after) if each is not None]
    dates = " → ".join(sides)
    return Text(ko=f"{named.name.ko} {dates}", en=f"{named.name.en} {dates}")


def _span(milestone: Milestone) -> str:
    if milestone.until is None:
        return milestone.at
    return f"{milestone.at} – {milestone.until}"
