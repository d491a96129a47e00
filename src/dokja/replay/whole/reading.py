"""Reading the history of a programme: its files are the chapters of one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from dokja.errors import InvalidInput
from dokja.evidence.canonical import read_as
from dokja.evidence.values import Text
from dokja.replay.values import Published
from dokja.replay.whole.moments import first_moment, last_moment
from dokja.replay.whole.values import History, Told

SCHEMA = "dokja-programme-history/1"


def read_programme(chapters: Mapping[str, Mapping[str, Any]]) -> History:
    """The history in parsed files, by the name of each, checked as one document.

    A list may go on in another file; anything else stands once.
    Raises: InvalidInput with every mistake found.
    """
    where = ", ".join(chapters)
    history = read_as(_joined(chapters), History, where=where)
    problems = tuple(_problems(history))
    if problems:
        raise InvalidInput(
            f"{where} contradict themselves:\n"
            + "\n".join(f"  - {problem}" for problem in problems),
            remedy="correct each line above against its source",
        )
    return history


def _joined(chapters: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    joined: dict[str, Any] = {}
    for name, chapter in chapters.items():
        for key, value in chapter.items():
            if isinstance(value, list):
                joined[key] = [*joined.get(key, []), *value]
            elif key in joined:
                raise InvalidInput(
                    f"{key!r} stands in {name} and in a file before it",
                    remedy="keep it in one of them",
                )
            else:
                joined[key] = value
    return joined


def _problems(history: History) -> Iterator[str]:
    if history.schema != SCHEMA:
        yield f"schema is {history.schema!r}; this program reads {SCHEMA!r}"
    yield from _source_problems(history)
    for name, count in Counter(told.id for told in history.told()).items():
        if count > 1:
            yield f"{name} stands {count} times"
    for told in history.told():
        yield from _told_problems(told)
    yield from _name_problems(history)
    yield from _reference_problems(history)


def _source_problems(history: History) -> Iterator[str]:
    for source in history.sources.values():
        try:
            first_moment(source.date)
        except ValueError:
            yield f"a source of {source.publisher} has the date {source.date!r}"
    entries: tuple[Published, ...] = (*history.organisations, *history.told())
    for entry in entries:
        name = getattr(entry, "id", type(entry).__name__)
        if not entry.sources:
            yield f"{name} names no source"
        for cited in entry.sources:
            if cited not in history.sources:
                yield f"{name} cites the unknown source {cited!r}"


def _told_problems(told: Told) -> Iterator[str]:
    words = (told.title, told.text, *((told.reply,) if told.reply else ()))
    if any(not _is_whole(word) for word in words):
        yield f"{told.id} lacks its Korean or English words"
    try:
        begins, ends = first_moment(told.on), last_moment(told.until or told.on)
    except ValueError as error:
        yield f"{told.id}: {error}"
        return
    if told.until is not None and ends <= begins:
        yield f"{told.id} ends at {told.until}, before {told.on}"


def _name_problems(history: History) -> Iterator[str]:
    known = {organisation.id for organisation in history.organisations}
    named: list[tuple[str, tuple[str, ...]]] = [
        *((one.id, one.applicants) for one in history.applicants),
        *((one.id, one.kept) for one in history.reviews),
        *((one.id, one.teams) for one in history.practices),
        *((one.id, (one.supplier,)) for one in history.pools),
        *((one.id, tuple(s.team for s in one.shares)) for one in history.support),
    ]
    for where, names in named:
        for name in names:
            if name not in known:
                yield f"{where} names {name}, which is no organisation"
    for where, names in named:
        if where not in {one.id for one in history.support}:
            yield from (
                f"{where} names {name} {count} times"
                for name, count in Counter(names).items()
                if count > 1
            )


def _reference_problems(history: History) -> Iterator[str]:
    calls = {call.id for call in history.calls}
    of_calls = (
        *((one.id, one.call) for one in history.criteria),
        *((one.id, one.call) for one in history.statements),
        *((one.id, one.call) for one in history.applicants),
        *((one.id, one.call) for one in history.reviews),
    )
    dated = ((one.id, each.milestone) for one in history.dates for each in one.dates)
    about = (
        *((one.id, one.subject) for one in history.amounts),
        *((one.id, one.subject) for one in history.unattributed),
    )
    for pairs, known in (
        (of_calls, calls),
        (dated, set(history.milestones)),
        (about, set(history.subjects)),
    ):
        for name, named in pairs:
            if named not in known:
                yield f"{name} names {named}, which the history does not know"


def _is_whole(text: Text) -> bool:
    return bool(text.ko.strip() and text.en.strip())
