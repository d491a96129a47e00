"""What cited comparisons say of the models an applicant shows as its own.

Nothing here accuses anybody by itself. A model counts as descended from somebody
else's only where every compared component is `identical` or `derived`, the reference
was released by an organisation outside the consortium, and before the applicant's.
Whatever is less goes to people.
"""

from __future__ import annotations

from enum import StrEnum

from dokja.call.applications.state import DEFINITION, ApplicationState
from dokja.call.applications.values import CitedComparison, TrackEntry, VerdictWord
from dokja.evidence.values import Check, CheckResult, Text
from dokja.programme.call_rules import TrackItem

_SHOWN: frozenset[VerdictWord] = frozenset({"identical", "derived"})


class Descent(StrEnum):
    """What the comparisons of one model amount to."""

    SHOWN = "shown"
    FOR_PEOPLE = "for_people"
    NOT_SHOWN = "not_shown"
    NOT_COMPARED = "not_compared"


def definition_check(state: ApplicationState, *, scan_required: bool) -> Check:
    """Whether the shown models meet the definition, as far as weights tell.

    `fail` only where every one of them descends from somebody else's.
    """
    models = [e for e in state.proposal.track if e.item is TrackItem.EXISTING_MODEL]
    if not models:
        return _check(CheckResult.NOT_APPLICABLE, _NO_MODEL, state)
    found = [model_descent(state, entry) for entry in models]
    if Descent.FOR_PEOPLE in found:
        return _check(CheckResult.INCONCLUSIVE, _FOR_PEOPLE, state)
    if Descent.SHOWN in found:
        if set(found) == {Descent.SHOWN}:
            return _check(CheckResult.FAIL, _DESCENDS, state)
        return _check(CheckResult.INCONCLUSIVE, _SOME_DESCEND, state)
    if Descent.NOT_COMPARED in found:
        result = CheckResult.NOT_RUN if scan_required else CheckResult.DECLARED
        return _check(result, _NOT_COMPARED, state)
    return _check(CheckResult.PASS, _NONE_SHOWN, state)


def model_descent(state: ApplicationState, entry: TrackEntry) -> Descent:
    """What the comparisons of one model amount to: the gravest of them."""
    found = [
        _comparison_descent(state, entry, cited)
        for cited in state.comparisons
        if cited.entry == entry.id
    ]
    if not found:
        return Descent.NOT_COMPARED
    return min(found, key=(Descent.SHOWN, Descent.FOR_PEOPLE, Descent.NOT_SHOWN).index)


def _comparison_descent(
    state: ApplicationState, entry: TrackEntry, cited: CitedComparison
) -> Descent:
    words = [one.verdict for one in cited.verdicts]
    if all(word == "no_evidence" for word in words):
        return Descent.NOT_SHOWN
    if cited.reference_holder in state.proposal.organisations:
        return Descent.NOT_SHOWN
    if not all(word in _SHOWN for word in words):
        return Descent.FOR_PEOPLE
    ours, theirs = entry.released, cited.reference_released
    if ours is None or theirs is None or theirs >= ours:
        return Descent.FOR_PEOPLE
    return Descent.SHOWN


def _check(result: CheckResult, detail: Text, state: ApplicationState) -> Check:
    return Check(
        id=DEFINITION,
        result=result,
        detail=detail,
        evidence=tuple(sorted({cited.report for cited in state.comparisons})),
    )


_NO_MODEL = Text(
    "비교할 기존 모델이 제시되지 않았습니다.",
    "No earlier model is shown that could be compared.",
)
_FOR_PEOPLE = Text(
    "가중치 비교만으로는 판단할 수 없어 사람이 확인하여야 합니다. 유래하였다는 뜻이 "
    "아닙니다.",
    "The comparison of weights alone does not tell, so people have to look. It does "
    "not say that the model descends from another.",
)
_DESCENDS = Text(
    "제시한 기존 모델이 모두, 먼저 공개된 다른 기관의 모델에서 이어진 것으로 "
    "나타났습니다.",
    "Every earlier model that is shown descends, in every compared component, from a "
    "model that another organisation released before.",
)
_SOME_DESCEND = Text(
    "제시한 기존 모델 가운데 일부가 다른 기관의 모델에서 이어진 것으로 나타나, 사람이 "
    "확인하여야 합니다.",
    "Some of the earlier models that are shown descend from another organisation's, "
    "so people have to look.",
)
_NOT_COMPARED = Text(
    "제시한 기존 모델 가운데 가중치를 비교하지 않은 것이 있습니다.",
    "Of the earlier models that are shown some were not compared.",
)
_NONE_SHOWN = Text(
    "비교한 참조 모델에서 이어졌다는 증거가 없습니다. 독자적으로 개발하였다는 증명은 "
    "아닙니다.",
    "No evidence that the models descend from the references they were compared "
    "with; this does not prove that they were made independently.",
)
