"""What was typed into a sheet, field by field, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dokja.evidence.values import Text
from dokja.panel.desk.values import FieldProblem, SheetName
from dokja.panel.values import Concern, Criterion, ExpertSheet, SheetComment

SCORES, COMMENTS = "scores", "comments"
COMMENT_MAX = 4000
REASON_MAX = 2000
DIGITS_MAX = 4

NO_SHEET = Text(
    ko="평가표 형식이 아닙니다. 화면을 새로 고친 뒤 다시 입력하십시오.",
    en="This is no sheet. Reload the page and enter it again.",
)


@dataclass(frozen=True)
class Typed:
    """What could be read of a sheet, and what could not."""

    scores: Mapping[str, int]
    comments: Mapping[str, str]
    problems: tuple[FieldProblem, ...]

    def missing(self, criteria: Sequence[Criterion]) -> tuple[str, ...]:
        """Criteria that have neither a score nor a problem."""
        wrong = {problem.field for problem in self.problems}
        return tuple(
            criterion.id
            for criterion in criteria
            if criterion.id not in self.scores
            and f"{SCORES}.{criterion.id}" not in wrong
        )

    def sheet(self, name: SheetName, criteria: Sequence[Criterion]) -> ExpertSheet:
        """The sheet, criterion by criterion in the rubric's order."""
        return ExpertSheet(
            expert=name.expert,
            team=name.team,
            scores={c.id: self.scores[c.id] for c in criteria},
            comments=tuple(
                SheetComment(criterion=c.id, text=self.comments[c.id])
                for c in criteria
                if c.id in self.comments
            ),
        )


def read_fields(body: Mapping[str, Any], criteria: Sequence[Criterion]) -> Typed:
    """What was typed. An empty field is missing, not wrong.

    Scores may be numbers or the text of a form; nothing is rounded or cut.
    """
    known = {criterion.id: criterion for criterion in criteria}
    scores: dict[str, int] = {}
    comments: dict[str, str] = {}
    problems = list(_shape_problems(body, known))
    for name, typed in _entries(body, SCORES):
        if name in known and not _is_empty(typed):
            score = _number(typed)
            if score is None or not 0 <= score <= known[name].max:
                problems.append(_off_scale(known[name]))
            else:
                scores[name] = score
    for name, typed in _entries(body, COMMENTS):
        if name in known and not _is_empty(typed):
            text = typed.strip() if isinstance(typed, str) else ""
            if not text or len(text) > COMMENT_MAX:
                problems.append(_bad_comment(known[name]))
            else:
                comments[name] = text
    return Typed(scores, comments, tuple(problems))


def missing_problems(
    missing: Sequence[str], criteria: Sequence[Criterion]
) -> Iterator[FieldProblem]:
    """One problem for each criterion that still lacks its score."""
    for criterion in criteria:
        if criterion.id in missing:
            yield FieldProblem(
                field=f"{SCORES}.{criterion.id}",
                text=Text(
                    ko=f"{criterion.name.ko}: 점수를 입력하십시오"
                    f"(0점부터 {criterion.max}점).",
                    en=f"{criterion.name.en}: enter a score, 0 to {criterion.max}.",
                ),
            )


def reason_problems(reason: str) -> Iterator[FieldProblem]:
    """What a reason of a correction lacks."""
    if not reason.strip() or len(reason) > REASON_MAX:
        yield FieldProblem(
            field="reason",
            text=Text(
                ko=f"고친 사유를 {REASON_MAX:,}자 이내로 입력하십시오.",
                en=f"Say why, in at most {REASON_MAX:,} characters.",
            ),
        )


def concern_problems(concern: Concern) -> Iterator[FieldProblem]:
    """What a concern lacks, field by field."""
    for field, ko, en in (
        ("about", "의견의 대상(구성 요소, 기록, 쪽)", "what the concern is about"),
        ("text", "의견", "the concern itself"),
    ):
        typed = getattr(concern, field)
        if not typed.strip() or len(typed) > REASON_MAX:
            yield FieldProblem(
                field=f"concern.{field}",
                text=Text(
                    ko=f"{ko}을 {REASON_MAX:,}자 이내로 입력하십시오.",
                    en=f"Enter {en}, in at most {REASON_MAX:,} characters.",
                ),
            )


def body_of(sheet: ExpertSheet) -> dict[str, Any]:
    """The sheet as a form would have sent it."""
    return {
        SCORES: dict(sheet.scores),
        COMMENTS: {comment.criterion: comment.text for comment in sheet.comments},
    }


def _shape_problems(
    body: Mapping[str, Any], known: Mapping[str, Criterion]
) -> Iterator[FieldProblem]:
    if not set(body) <= {SCORES, COMMENTS} or not all(
        isinstance(part, Mapping) for part in body.values()
    ):
        yield FieldProblem(field="", text=NO_SHEET)
    for part in (SCORES, COMMENTS):
        for name, _ in _entries(body, part):
            if name not in known:
                yield FieldProblem(
                    field="",
                    text=Text(
                        ko=f"평가 기준에 없는 항목입니다: {name[:40]}",
                        en=f"No such criterion in the rubric: {name[:40]}",
                    ),
                )


def _entries(body: Mapping[str, Any], part: str) -> Iterator[tuple[str, Any]]:
    entries = body.get(part)
    if isinstance(entries, Mapping):
        yield from ((str(name), typed) for name, typed in entries.items())


def _is_empty(typed: Any) -> bool:
    return typed is None or (isinstance(typed, str) and not typed.strip())


def _number(typed: Any) -> int | None:
    """A whole number; None for anything that would have to be interpreted."""
    if isinstance(typed, int) and not isinstance(typed, bool):
        return typed
    text = typed.strip() if isinstance(typed, str) else ""
    if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX:
        return int(text)
    return None


def _off_scale(criterion: Criterion) -> FieldProblem:
    return FieldProblem(
        field=f"{SCORES}.{criterion.id}",
        text=Text(
            ko=f"{criterion.name.ko}: 0부터 {criterion.max}까지의 정수를 입력하십시오.",
            en=f"{criterion.name.en}: enter a whole number from 0 to {criterion.max}.",
        ),
    )


def _bad_comment(criterion: Criterion) -> FieldProblem:
    return FieldProblem(
        field=f"{COMMENTS}.{criterion.id}",
        text=Text(
            ko=f"{criterion.name.ko}: 의견은 {COMMENT_MAX:,}자 이내의 글로 "
            "입력하십시오.",
            en=f"{criterion.name.en}: a comment is text of at most {COMMENT_MAX:,} "
            "characters.",
        ),
    )
