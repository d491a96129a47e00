"""V11: what was replayed was chosen after the record closed."""

from __future__ import annotations

from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.choosing import escaped
from dokja.training.segments import step_of
from dokja.training.values import End

NOT_MADE = Text(
    ko="다시 돌릴 구간을 종료 뒤의 추첨값으로 고르지 않았습니다.",
    en="No segments were chosen by a beacon drawn after the record closed.",
)
LEAST_DRAWN = 14
"""At random: finds a fifth of the run forged with 95 %, since 0.8^14 < 0.05."""
FORGED = 0.2
LEAST_COVERED = 0.99
"""Of the steps that led to the last checkpoint, between states that were kept."""
BEACON_DIGITS = 32


def chosen_late(case: Case) -> Outcome:
    """Not hard: a choice that somebody could foresee shows nothing, and that is all.

    That the beacon was drawn after the close is the auditor's own word, who gives
    it here; a text that stands in the record cannot have been.
    """
    choice = case.choice
    if choice is None or case.drifts is None:
        return CheckResult.NOT_RUN, NOT_MADE
    for reason in (_foreseen(case), _few(case)):
        if reason is not None:
            return CheckResult.INCONCLUSIVE, reason
    chance = escaped(FORGED, choice.drawn, choice.of)
    return CheckResult.PASS, Text(
        ko=f"구간 {choice.of}개 가운데 {choice.drawn}개를 추첨하고 의심되는 구간을 "
        f"더해 {len(choice.segments)}개를 골랐습니다. 5분의 1이 지어낸 것이라면 놓칠 "
        f"확률은 {chance:.3f} 이하입니다.",
        en=f"{choice.drawn} of {choice.of} segments were drawn and the riskiest added, "
        f"{len(choice.segments)} in all. Were a fifth forged, the draw alone would "
        f"miss it with a chance of at most {chance:.3f}.",
    )


def _foreseen(case: Case) -> Text | None:
    events, beacon = case.reading.events, case.audit.beacon
    if not events or not isinstance(events[-1], End):
        return Text(
            ko="기록이 종료되지 않아 추첨값이 종료 뒤의 것일 수 없습니다.",
            en="The record was not closed, so no beacon was drawn after its close.",
        )
    is_hex = set(beacon) <= set("0123456789abcdef")
    nonce = case.reading.start.nonce if case.reading.start else ""
    if not is_hex or len(beacon) < BEACON_DIGITS or (nonce and beacon in nonce):
        return Text(
            ko=f"추첨값은 기록에 없는 16진수 {BEACON_DIGITS}자 이상이어야 합니다.",
            en=f"A beacon is {BEACON_DIGITS} hex digits or more that do not stand in "
            "the record.",
        )
    return None


def _few(case: Case) -> Text | None:
    choice, replaying = case.choice, case.replaying
    assert choice is not None
    assert replaying is not None
    if choice.drawn < min(LEAST_DRAWN, choice.of) or not choice.of:
        return Text(
            ko=f"구간 {choice.of}개 가운데 {choice.drawn}개만 추첨했습니다(기준 "
            f"{LEAST_DRAWN}개).",
            en=f"Only {choice.drawn} of {choice.of} segments were drawn; at least "
            f"{LEAST_DRAWN} are asked for.",
        )
    segments = replaying.segments
    covered = sum(len(segment.steps) for segment in segments)
    last = step_of(segments[-1].end)
    closing = case.reading.events[-1]
    whole = max(last, closing.step if isinstance(closing, End) else 0)
    if covered < LEAST_COVERED * whole:
        return Text(
            ko=f"단계 {whole}개 가운데 {covered}개만 보관된 상태 사이에 있습니다.",
            en=f"Only {covered} of {whole} steps lie between states that were kept.",
        )
    return None
