"""The panel's opinion on an aspect: counted, and applied only as far as it may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from dokja.evidence.values import CheckResult, Text
from dokja.independence.items.values import FindingResult
from dokja.independence.opinion.values import OpinionState, OpinionVote, PanelOpinion
from dokja.programme.dossier_rules import OpinionRule

_SHOWN = Text(
    ko="증거로 드러난 부적합은 의견으로 적합이 되지 않음",
    en="What evidence shows to fail, no opinion turns into a pass.",
)
_MISSING = Text(
    ko="필요한 증거가 없는 측면은 의견으로 정해지지 않음",
    en="Where evidence is missing, no opinion decides.",
)
_UNHEARD = Text(
    ko="소명 전에는 의견이 판단을 바꾸지 않음",
    en="Before the team was heard, no opinion decides.",
)
_UNACCEPTED = Text(
    ko="사람이 확인할 증거가 없어 의견이 판단을 바꾸지 않음",
    en="No evidence asks for people, so no opinion decides.",
)


def count_votes(
    votes: Iterable[OpinionVote], *, recused: Iterable[str], rule: OpinionRule
) -> PanelOpinion:
    """What the votes on one aspect amount to, without those of recused experts."""
    barred = frozenset(recused)
    cast = {vote.expert: vote for vote in votes}
    counted = [vote.choice for name, vote in sorted(cast.items()) if name not in barred]
    tally = Counter(choice.value for choice in counted)
    opinion = PanelOpinion(
        state=OpinionState.NO_QUORUM,
        votes=dict(sorted(tally.items())),
        recused=tuple(sorted(barred & cast.keys())),
    )
    if len(counted) < rule.quorum:
        return opinion
    word, most = max(sorted(tally.items()), key=lambda entry: entry[1])
    # A quorum can be passed, so that more than half is asked of the votes as well.
    if most < rule.agreement or 2 * most <= len(counted):
        return msgspec.structs.replace(opinion, state=OpinionState.SPLIT)
    return msgspec.structs.replace(
        opinion, state=OpinionState.AGREED, choice=FindingResult(word)
    )


def apply_opinion(
    measured: FindingResult,
    opinion: PanelOpinion,
    results: Sequence[CheckResult],
    *,
    is_heard: bool,
) -> tuple[FindingResult, PanelOpinion]:
    """The aspect's result after the opinion, which says what it changed or why not.

    `results` are those of the required items that were not accepted. An opinion
    decides what evidence left to people, and may find evidence too weak; it never
    makes a shown failure a pass, nor missing evidence anything.
    """
    choice = opinion.choice
    if choice is None or choice is measured:
        return measured, opinion
    refused = _refusal(measured, choice, results, is_heard=is_heard)
    if refused is not None:
        return measured, msgspec.structs.replace(opinion, note=refused)
    return choice, msgspec.structs.replace(opinion, measured=measured)


def _refusal(
    measured: FindingResult,
    choice: FindingResult,
    results: Sequence[CheckResult],
    *,
    is_heard: bool,
) -> Text | None:
    if measured is FindingResult.FAIL:
        return _SHOWN if choice is FindingResult.PASS else None
    if measured is FindingResult.PASS:
        # Experts may hold back what the evidence let pass; failing it takes evidence.
        return _UNACCEPTED if choice is FindingResult.FAIL else None
    if not is_heard:
        return _UNHEARD
    if not results or any(one is not CheckResult.INCONCLUSIVE for one in results):
        return _MISSING
    return None
