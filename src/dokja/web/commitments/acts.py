"""Acts on commitments, as pages offer them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from dokja.commitment import Commitment, commitment_matter
from dokja.commitment.assess import bounds_of
from dokja.commitment.listed import (
    LIST_SCHEMA,
    CommitmentList,
    ListedPromise,
    promises_in,
)
from dokja.commitment.values import (
    Judged,
    Link,
    Measured,
    MeasuredFigure,
    PromiseAmended,
    PromiseWithdrawn,
    Reporter,
)
from dokja.commitment.words import FIGURES, REPORTERS
from dokja.evidence.toml_text import toml_of
from dokja.evidence.values import Act, Estimate, Text
from dokja.programme.schedule.values import Id, Source
from dokja.web.acts import Asked, FieldKind, FieldWords, OfficeAct, begun_with
from dokja.web.acts.source_words import SOURCE_WORDS
from dokja.wiring.after_decision import desk_of_office
from dokja.wiring.commitments import (
    commitment_event,
    new_commitments,
    read_commitments,
)
from dokja.wiring.office import Office

PAGE = "/commitments"
RULES = """measure = "judged"

# measure = "count"
# at_least = 10_000_000
# unit = "people"

# measure = "endpoint"
# availability = 0.99
# p95_seconds = 3.0

# measure = "release"
# formats = ["safetensors", "gguf", "onnx"]
# tolerance = 0.01

# measure = "licence"

# measure = "catalogue"
# entries = 40
# answering = 0.9
"""
"""What a rule begins with: one of these blocks stays, without its marks."""


class Kept(StrEnum):
    """Whether a promise was kept, as somebody judges it."""

    KEPT = "kept"
    NOT_KEPT = "not_kept"


class FigureRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure as it is entered by hand; no interval where there is none."""

    name: Id
    value: float
    n: int
    method: str
    source: str
    low: float | None = None
    high: float | None = None


class ByHand(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody measured or reported."""

    by: Reporter
    figures: tuple[FigureRow, ...]
    evidence: tuple[Link, ...] = ()
    note: Text | None = None


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of a promise that no number settles."""

    by: Reporter
    kept: Kept
    reason: Text
    source: Source


def _page_of(name: str) -> str:
    return f"{PAGE}/{name}" if name else PAGE


def _entries(office: Office, name: str) -> int:
    desk = desk_of_office(office)
    return len(desk.history(commitment_matter(desk.programme, name)))


def _register(office: Office, asked: Asked) -> tuple[Act, ...]:
    listed = CommitmentList(schema=LIST_SCHEMA, commitments=(asked.event,))
    return new_commitments(
        desk_of_office(office),
        promises_in(listed, where=PAGE),
        mandate=asked.mandate,
    )


def _happened(
    office: Office,
    asked: Asked,
    event: PromiseAmended | Measured | Judged | PromiseWithdrawn,
) -> Act:
    desk = desk_of_office(office)
    return commitment_event(
        desk, asked.of, event, seen=asked.seen, mandate=asked.mandate
    )


def _measure(office: Office, asked: Asked) -> Act:
    given: ByHand = asked.event
    figures = tuple(
        MeasuredFigure(
            name=row.name,
            estimate=Estimate(
                value=row.value,
                low=row.low,
                high=row.high,
                n=row.n,
                method=row.method,
                source=row.source,
            ),
        )
        for row in given.figures
    )
    measured = Measured(
        by=given.by, figures=figures, evidence=given.evidence, note=given.note
    )
    return _happened(office, asked, measured)


def _judge(office: Office, asked: Asked) -> Act:
    given: Judgement = asked.event
    judged = Judged(
        by=given.by,
        met=given.kept is Kept.KEPT,
        reason=given.reason,
        source=given.source,
    )
    return _happened(office, asked, judged)


def _found(office: Office, name: str) -> Commitment | None:
    known = read_commitments(desk_of_office(office))
    return next((each for each in known if each.id == name), None)


def _begun_change(office: Office, name: str) -> dict[str, str]:
    """The promise as it stands: what changes is written over it."""
    found = _found(office, name)
    if found is None:
        return {}
    begun = begun_with(found, _CHANGE_WORDS, zone=office.now().tzinfo)
    kept = ("text", "target", "due", "reading")
    return {
        **{k: v for k, v in begun.items() if k.partition(".")[0] in kept},
        "rule": toml_of(found.rule),
    }


def _begun_figures(office: Office, name: str) -> dict[str, str]:
    """A row for each figure the rule asks for, its numbers left to be filled in."""
    found = _found(office, name)
    asked = () if found is None else bounds_of(found.rule)
    return {f"figures.{row}.name": name for row, (name, _, _) in enumerate(asked)}


_RULE = FieldWords(
    name=Text(ko="재는 방법", en="How it is measured"),
    hint=Text(
        ko="묶음 하나만 남기고 앞의 # 표시를 지웁니다.",
        en="Keep one of the blocks and take its # off.",
    ),
)
_CHANGE_WORDS = {
    "text": FieldWords(
        name=Text(ko="약속", en="The promise"),
        hint=Text(
            ko="알린 글을 옮기지 말고 뜻을 우리말로 정리합니다.",
            en="Restated in our own words, never copied.",
        ),
    ),
    "target": FieldWords(
        name=Text(ko="목표", en="Its target"),
        hint=Text(ko="예: 이용자 천만 명", en="Such as ten million users."),
    ),
    "due": FieldWords(
        name=Text(ko="기한", en="Its day"),
        hint=Text(
            ko="알린 만큼만 적습니다(2028, 2026-08, 2026-08-03). 알리지 않았으면 "
            "비웁니다.",
            en="As exactly as it was announced (2028, 2026-08 or 2026-08-03); empty "
            "where none was.",
        ),
    ),
    "rule": _RULE,
    "reading": FieldWords(
        name=Text(ko="사무국이 정한 부분", en="What is the office's own reading"),
        hint=Text(
            ko="목표나 방법, 기한 가운데 팀이 알리지 않은 것이 있으면 밝힙니다.",
            en="What of target, rule or day the team did not announce.",
        ),
    ),
    "reason": FieldWords(name=Text(ko="사유", en="Why")),
    **SOURCE_WORDS,
}
_BY = FieldWords(
    name=Text(ko="알린 이", en="Who says so"),
    choices={each.value: words for each, words in REPORTERS.items()},
)
_PROMISE_WORDS = {
    **_CHANGE_WORDS,
    "id": FieldWords(
        name=Text(ko="약속의 이름", en="Id of the promise"),
        hint=Text(
            ko="영문 소문자와 숫자, 붙임표로 적습니다. 예: haneul-open-release",
            en="Lower case, digits and hyphens, such as haneul-open-release.",
        ),
    ),
    "team": FieldWords(
        name=Text(ko="팀", en="Team"), hint=Text(ko="예: haneul", en="Such as haneul.")
    ),
    "reporter": FieldWords(
        name=Text(ko="누가 알리는지", en="Who will say what became of it"),
        choices=_BY.choices,
    ),
}
_FIGURE_WORDS = {
    "figures": FieldWords(
        name=Text(ko="측정값", en="Figures"),
        hint=Text(
            ko="재는 방법이 묻는 값이 한 줄씩 있습니다. 재지 않은 값은 그 줄을 모두 "
            "비우고, 구간이 없으면 두 끝을 비웁니다.",
            en="A row for each figure the rule asks for. Empty the row of one that was "
            "not measured, and both ends where there is no interval.",
        ),
        kind=FieldKind.ROWS,
    ),
    "figures.name": FieldWords(
        name=Text(ko="항목", en="Figure"), kind=FieldKind.CHOICE, choices=FIGURES
    ),
    "figures.value": FieldWords(name=Text(ko="값", en="Value")),
    "figures.n": FieldWords(name=Text(ko="표본 수(n)", en="n")),
    "figures.method": FieldWords(name=Text(ko="방법", en="Method")),
    "figures.source": FieldWords(name=Text(ko="출처", en="Source")),
    "figures.low": FieldWords(name=Text(ko="구간의 아래 끝", en="Low end")),
    "figures.high": FieldWords(name=Text(ko="구간의 위 끝", en="High end")),
}

COMMITMENT_ACTS: Mapping[str, OfficeAct] = {
    "commitment-register": OfficeAct(
        name=Text(ko="약속 등록", en="Enter a promise"),
        does=Text(
            ko="팀이 공개적으로 한 약속을 출처와 재는 방법과 함께 등록합니다. 처음의 "
            "말은 "
            "바뀌지 않고 남습니다.",
            en="What a team promised in public is entered with its source and how it "
            "is "
            "measured. The first words stay.",
        ),
        asks=ListedPromise,
        words=_PROMISE_WORDS,
        make=_register,
        back=lambda _: PAGE,
        starts_with=lambda *_: {"rule": RULES},
    ),
    "commitment-amend": OfficeAct(
        name=Text(ko="약속 변경", en="The promise was changed"),
        does=Text(
            ko="팀이 공개적으로 바꾼 약속을 기록합니다. 처음의 약속도 그대로 남습니다.",
            en="For what the team changed in public; the first words stay on record.",
        ),
        asks=PromiseAmended,
        words=_CHANGE_WORDS,
        make=lambda office, asked: _happened(office, asked, asked.event),
        back=_page_of,
        entries=_entries,
        starts_with=_begun_change,
    ),
    "commitment-measure": OfficeAct(
        name=Text(ko="측정값 기록", en="Put a measurement on record"),
        does=Text(
            ko="잰 값이나 보고된 값을 출처와 함께 기록합니다. 구간이 목표를 걸치면 "
            "이행도 "
            "미이행도 아닌 판단 보류입니다.",
            en="What was measured or reported, with its source. While an interval "
            "holds "
            "the target, nothing is met and nothing is missed.",
        ),
        asks=ByHand,
        words={
            "by": _BY,
            **_FIGURE_WORDS,
            "evidence": FieldWords(
                name=Text(ko="근거(한 줄에 하나)", en="Evidence, one a line"),
                hint=Text(
                    ko="주소나 다이제스트입니다.", en="Addresses or digests of files."
                ),
            ),
            "note": FieldWords(name=Text(ko="덧붙이는 말", en="Note")),
        },
        make=_measure,
        back=_page_of,
        entries=_entries,
        starts_with=_begun_figures,
    ),
    "commitment-judge": OfficeAct(
        name=Text(ko="판단 기록", en="Judge it"),
        does=Text(
            ko="수치로 가릴 수 없는 약속이 지켜졌는지 근거를 밝혀 판단합니다. 기한이 "
            "지나기 "
            "전에는 지켜지지 않았다고 해도 미이행이 되지 않습니다.",
            en="Says of a promise that no number settles whether it was kept, and what "
            "that rests on. Before its day nothing is missed.",
        ),
        asks=Judgement,
        words={
            "by": _BY,
            "kept": FieldWords(
                name=Text(ko="판단", en="Judgement"),
                choices={
                    Kept.KEPT.value: Text(ko="지켜졌음", en="It was kept"),
                    Kept.NOT_KEPT.value: Text(
                        ko="지켜지지 않았음", en="It was not kept"
                    ),
                },
            ),
            "reason": FieldWords(name=Text(ko="사유", en="Why")),
            **SOURCE_WORDS,
        },
        make=_judge,
        back=_page_of,
        entries=_entries,
    ),
    "commitment-withdraw": OfficeAct(
        name=Text(ko="약속 철회", en="The promise was taken back"),
        does=Text(
            ko="팀이 공개적으로 거둔 약속을 기록합니다. 등록된 내용은 지우지 않습니다.",
            en="For a promise the team took back in public; nothing is taken off.",
        ),
        asks=PromiseWithdrawn,
        words={
            "reason": FieldWords(name=Text(ko="사유", en="Why")),
            **SOURCE_WORDS,
        },
        make=lambda office, asked: _happened(office, asked, asked.event),
        back=_page_of,
        entries=_entries,
    ),
}
