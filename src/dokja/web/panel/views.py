"""What the experts' pages show, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from dokja.evidence.values import Text
from dokja.panel.desk import FieldProblem, HandedIn, OpenSheet, SheetName, SheetTask
from dokja.panel.desk.fields import COMMENTS, SCORES, read_fields
from dokja.panel.values import Anchor, Criterion, SheetRound

LONGEST_SCALE = 20
"""Scores of a criterion that are shown as squares; above it a number is typed."""

ROUNDS: Mapping[SheetRound, Text] = {
    SheetRound.CALIBRATION: Text(ko="기준 제출물", en="Anchor submission"),
    SheetRound.BEFORE: Text(ko="토론 전", en="Before the discussion"),
    SheetRound.AFTER: Text(ko="최종", en="Final"),
}


class TaskCard(msgspec.Struct, frozen=True, kw_only=True):
    """One sheet on the desk."""

    team: str
    name: Text
    round: SheetRound
    round_name: Text
    state: str
    reason: Text | None
    left_out: bool
    address: str
    filled: int
    """Criteria with a score."""
    criteria: int


class TeamCard(msgspec.Struct, frozen=True, kw_only=True):
    """A team, or the anchor submission, with the expert's sheets for it."""

    team: str
    name: Text
    state: str
    """`recused`, `handed_in` where all of them are, else empty."""
    sheets: tuple[TaskCard, ...]


class Tasks(msgspec.Struct, frozen=True, kw_only=True):
    """The expert's desk."""

    expert: str
    not_ready: Text | None
    cards: tuple[TeamCard, ...]
    next: TaskCard | None
    handed_in: int
    needed: int
    recused: int
    closes: str
    discussion: bool
    is_closed: bool


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the rubric with what was typed into it."""

    id: str
    name: Text
    max: int
    steps: tuple[int, ...]
    """Empty where the scale is too long for squares."""
    anchors: tuple[Anchor, ...]
    score: str
    comment: str
    before: int | None
    """Score of the same expert before the discussion."""
    score_problem: Text | None
    comment_problem: Text | None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet that was handed in, line by line."""

    name: Text
    max: int
    score: int
    first: int
    """As handed in, before any correction."""
    before: int | None
    comment: str


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """A change after handing in."""

    at: str
    reason: str


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """A sheet: being filled in, or handed in and frozen."""

    team: str
    team_name: Text
    round: SheetRound
    round_name: Text
    rounds: tuple[SheetTab, ...]
    address: str
    is_team: bool
    """Not for the anchor submission, which has no reading room."""
    fields: tuple[Field, ...]
    version: int
    filled: int
    total: int
    possible: int
    problems: tuple[FieldProblem, ...]
    reason: str
    """What was typed as the reason of a correction."""
    handed_in_at: str | None
    entries: tuple[Entry, ...]
    corrections: tuple[Correction, ...]
    closed: Text | None
    """Why nothing can be corrected any more."""
    saved: bool


class SheetTab(msgspec.Struct, frozen=True, kw_only=True):
    """One of the rounds of a team."""

    round: SheetRound
    name: Text
    state: str
    address: str
    is_shown: bool


class ClashField(msgspec.Struct, frozen=True, kw_only=True):
    """One field in which two windows differ."""

    field: str
    name: Text
    kept: str
    typed: str


class Clash(msgspec.Struct, frozen=True, kw_only=True):
    """Two texts of one sheet: what another window saved, and what was typed here."""

    team: str
    team_name: Text
    round: SheetRound
    address: str
    version: int
    """That of the newer text, from which saving goes on."""
    sent: int
    """The version this window went on from; sent again, it clashes again."""
    differing: tuple[ClashField, ...]
    same: tuple[ClashField, ...]


def task_card(task: SheetTask, *, name: Text, filled: int, criteria: int) -> TaskCard:
    """The card of a sheet."""
    return TaskCard(
        team=task.name.team,
        name=name,
        round=task.name.round,
        round_name=ROUNDS[task.name.round],
        state=task.state.value,
        reason=task.reason,
        left_out=task.left_out,
        address=address_of(task.name),
        filled=filled,
        criteria=criteria,
    )


def address_of(name: SheetName) -> str:
    """Where the sheet is filled in."""
    if name.round is SheetRound.CALIBRATION:
        return "/panel/calibration"
    return f"/panel/{name.team}?round={name.round.value}"


def fields_of(
    criteria: Sequence[Criterion],
    body: Mapping[str, Any],
    problems: Iterable[FieldProblem],
    before: HandedIn | None,
) -> tuple[Field, ...]:
    """The rubric with what was typed and what is wrong with it."""
    wrong = {problem.field: problem.text for problem in problems}
    earlier = {} if before is None else before.sheet.scores
    return tuple(
        Field(
            id=one.id,
            name=one.name,
            max=one.max,
            steps=tuple(range(one.max + 1)) if one.max <= LONGEST_SCALE else (),
            anchors=tuple(sorted(one.anchors, key=lambda a: -a.score)),
            score=typed_in(body, SCORES, one.id),
            comment=typed_in(body, COMMENTS, one.id),
            before=earlier.get(one.id),
            score_problem=wrong.get(f"{SCORES}.{one.id}"),
            comment_problem=wrong.get(f"{COMMENTS}.{one.id}"),
        )
        for one in criteria
    )


def entries_of(
    criteria: Sequence[Criterion], handed: HandedIn, before: HandedIn | None
) -> tuple[Entry, ...]:
    """The sheet as it counts, beside what was handed in first and before."""
    comments = {one.criterion: one.text for one in handed.sheet.comments}
    earlier = {} if before is None else before.sheet.scores
    return tuple(
        Entry(
            name=one.name,
            max=one.max,
            score=handed.sheet.scores[one.id],
            first=handed.first.scores[one.id],
            before=earlier.get(one.id),
            comment=comments.get(one.id, ""),
        )
        for one in criteria
    )


def typed_body(form: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """The sheet's part of a form, as the desk takes it."""
    body: dict[str, dict[str, str]] = {SCORES: {}, COMMENTS: {}}
    for name, typed in form.items():
        part, _, criterion = name.partition(".")
        if part in body and criterion:
            # Browsers send lines with CR LF; a draft is kept as it is read back.
            body[part][criterion] = typed.replace("\r\n", "\n")
    return body


def typed_in(body: Mapping[str, Any], part: str, criterion: str) -> str:
    """What stands in a field, as text."""
    entries = body.get(part)
    typed = entries.get(criterion) if isinstance(entries, Mapping) else None
    return "" if typed is None else str(typed)


def clash_fields(
    criteria: Sequence[Criterion], kept: OpenSheet, typed: Mapping[str, Any]
) -> tuple[ClashField, ...]:
    """Every field in both texts."""
    return tuple(
        ClashField(
            field=f"{part}.{one.id}",
            name=Text(ko=f"{one.name.ko} {ko}", en=f"{one.name.en}: {en}"),
            kept=typed_in(kept.body, part, one.id),
            typed=typed_in(typed, part, one.id),
        )
        for one in criteria
        for part, ko, en in ((SCORES, "점수", "score"), (COMMENTS, "의견", "comment"))
    )


def points(body: Mapping[str, Any], criteria: Sequence[Criterion]) -> tuple[int, int]:
    """How many criteria have a score, and the sum of the scores."""
    found = read_fields(body, criteria).scores
    return len(found), sum(found.values())
