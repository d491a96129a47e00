"""V10: chosen segments, replayed, end where the record says."""

from __future__ import annotations

from collections.abc import Mapping

from dokja.evidence.values import CheckResult, Text
from dokja.training.checks.case import Case, Outcome
from dokja.training.checks.same_program import not_asked, weighed
from dokja.training.drift import Drift
from dokja.training.materials import MaterialsPlan
from dokja.training.values import Environment, RecordedCheckpoint

NOT_MADE = Text(
    ko="어떤 구간도 다시 돌려 보지 않았습니다.", en="No segment was replayed."
)
MOST_FAINT = 0.01
"""Of the way of all replayed segments, that may lie in segments that show nothing."""


def replay(case: Case) -> Outcome:
    """Fails where a segment leads elsewhere by far more than arithmetic explains.

    The tolerance is three times what the auditor's own two replays differ by.
    Where dropout draws its masks, a state without its generators, or another split
    of the batch, explains much; then nothing fails.
    """
    drifts = case.drifts
    if drifts is None:
        return not_asked(NOT_MADE)
    if isinstance(drifts, Text):
        return CheckResult.INCONCLUSIVE, drifts
    if not drifts:
        return CheckResult.INCONCLUSIVE, Text(
            ko="두 끝이 보관된 구간이 없습니다.",
            en="There is no segment both ends of which were kept.",
        )
    missing = next((d for d in drifts.values() if isinstance(d, Text)), None)
    known = {k: d for k, d in drifts.items() if isinstance(d, Drift)}
    return weighed(case, _wrong(case, known) or _open(known, missing) or _all(known))


def _wrong(case: Case, drifts: Mapping[str, Drift]) -> Outcome | None:
    wrong = {k: d for k, d in drifts.items() if d.is_wrong}
    if not wrong:
        return None
    where, worst = max(wrong.items(), key=lambda item: item[1].rho)
    said = Text(
        ko=f"{len(wrong)}개 구간이 기록과 다른 곳으로 갑니다. 단계 {where}의 "
        f"상대 거리가 {worst.rho:.3g}입니다(허용 {worst.allowed:.2g})."
        + _departure(worst).ko,
        en=f"{len(wrong)} segments lead elsewhere: steps {where} end {worst.rho:.3g} "
        f"of their way off (allowed {worst.allowed:.2g})." + _departure(worst).en,
    )
    if _draws(case):
        return CheckResult.INCONCLUSIVE, Text(
            ko=f"{said.ko} 드롭아웃을 쓰면서 난수 상태나 배치 분할을 기록하지 않아, "
            "정직한 학습도 이럴 수 있습니다.",
            en=f"{said.en} With dropout, and without the generators' states or the "
            "split of the batch on record, honest training may look like this.",
        )
    return CheckResult.FAIL, said


def _draws(case: Case) -> bool:
    """Whether masks are drawn that the record does not let anybody draw again."""
    plan = case.replaying.plan if case.replaying else None
    segments = case.choice.segments if case.choice else ()
    is_still = all(len({step.rng for step in s.steps}) <= 1 for s in segments)
    if isinstance(plan, MaterialsPlan) and plan.program.dropout == 0 and is_still:
        return False
    starts = [s.start for s in segments if isinstance(s.start, RecordedCheckpoint)]
    machines = [e for e in case.reading.events if isinstance(e, Environment)]
    is_known = all("rng" in start.state for start in starts) and bool(starts)
    return not is_known or any(each.micro_batch is None for each in machines)


def _open(drifts: Mapping[str, Drift], missing: Text | None) -> Outcome | None:
    if missing is not None:
        return CheckResult.INCONCLUSIVE, missing
    faint = sum(d.way for d in drifts.values() if d.is_faint)
    if faint > MOST_FAINT * sum(d.way for d in drifts.values()):
        return CheckResult.INCONCLUSIVE, Text(
            ko="움직임이 계산 오차에 견주어 작아 확인할 수 없는 구간이 많습니다.",
            en="Too much of the way lies in segments that move hardly more than "
            "arithmetic drifts.",
        )
    unclear = {k: d for k, d in drifts.items() if not d.agrees and not d.is_faint}
    if not unclear:
        return None
    where, worst = max(unclear.items(), key=lambda item: item[1].rho)
    return CheckResult.INCONCLUSIVE, Text(
        ko=f"{len(unclear)}개 구간이 같지도 아주 다르지도 않습니다. 단계 {where}: 상대 "
        f"거리 {worst.rho:.3g}(허용 {worst.allowed:.2g}), 손실 차이 "
        f"{worst.loss:.2g}(허용 {worst.loss_allowed:.2g})." + _departure(worst).ko,
        en=f"{len(unclear)} segments neither agree nor clearly differ. Steps {where}: "
        f"{worst.rho:.3g} of the way off (allowed {worst.allowed:.2g}), losses "
        f"{worst.loss:.2g} nats (allowed {worst.loss_allowed:.2g})."
        + _departure(worst).en,
    )


def _departure(drift: Drift) -> Text:
    """From which step on the losses part, where they do."""
    if drift.departs is None:
        return Text(
            ko=" 단계별 손실은 기록과 같습니다.", en=" Step by step the losses agree."
        )
    return Text(
        ko=f" 손실은 단계 {drift.departs}부터 갈라집니다.",
        en=f" The losses part from step {drift.departs} on.",
    )


def _all(drifts: Mapping[str, Drift]) -> Outcome:
    rho = max(drift.rho for drift in drifts.values())
    allowed = min(drift.allowed for drift in drifts.values())
    floor = max(drift.floor for drift in drifts.values())
    return CheckResult.PASS, Text(
        ko=f"{len(drifts)}개 구간을 다시 돌린 결과가 기록과 같습니다(상대 거리 최대 "
        f"{rho:.2g}, 허용 {allowed:.2g}, 직접 잰 오차 {floor:.2g}).",
        en=f"{len(drifts)} segments end where the record says (at most {rho:.2g} of "
        f"their way off; allowed {allowed:.2g}, own drift measured as {floor:.2g}).",
    )
