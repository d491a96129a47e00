"""Whether an application is looked at: checks by rule, and people where they end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from dokja.call.applications.descent import definition_check
from dokja.call.applications.state import (
    DEFINITION,
    TRACK,
    ApplicationFile,
    ApplicationState,
    require_phase,
)
from dokja.call.applications.values import Eligibility, EligibilityFound
from dokja.call.conflicts import bids_against_rules
from dokja.call.rules import call_rules
from dokja.call.state import CallState
from dokja.call.values import CallPhase
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act, Check, CheckResult, Text
from dokja.programme import Rulebook, Topic
from dokja.programme.call_rules import CallRules, TrackItem, TrackRule
from dokja.programme.matters import Mandate, next_act
from dokja.programme.values import Reason

BIDS = "bids"
OPEN_SHARE = "open_share"
LEAST_REVIEWERS = 2
"""People who must have looked where the checks alone do not decide."""
ITEMS: Mapping[TrackItem, Text] = {
    TrackItem.EXISTING_MODEL: Text("기존 모델", "earlier models"),
    TrackItem.OWN_CODE: Text("자체 코드", "code of its own"),
    TrackItem.PEOPLE_MONTHS: Text("투입 인력(인월)", "people-months"),
    TrackItem.PREVIOUS_RELEASE: Text("공개 실적", "previous releases"),
}
_OPEN = frozenset({CheckResult.INCONCLUSIVE, CheckResult.DECLARED, CheckResult.NOT_RUN})


class PeoplesFinding(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What people found where the checks alone did not decide."""

    outcome: Eligibility
    reviewers: tuple[str, ...]
    opinion: Text


def eligibility_checks(
    state: ApplicationState, others: Sequence[ApplicationState], rulebook: Rulebook
) -> tuple[Check, ...]:
    """Every check of an application; `others` are all of the call, itself included.

    Raises: NotAllowed where the rulebook says nothing of calls.
    """
    rules = call_rules(rulebook)
    kinds = tuple(_track_check(state, rule) for rule in rules.track)
    return (
        *kinds,
        _kinds_check(kinds, rules),
        definition_check(state, scan_required=rules.scan_required),
        _bids_check(state, others, rules),
        _share_check(state, rules),
    )


def eligibility_of(checks: Sequence[Check]) -> Eligibility:
    """What the checks amount to; whatever one of them leaves open goes to people."""
    deciding = [c for c in checks if c.id in _DECIDING]
    if any(check.result is CheckResult.FAIL for check in deciding):
        return Eligibility.INELIGIBLE
    if any(check.result in _OPEN for check in deciding):
        return Eligibility.UNDETERMINED
    return Eligibility.ELIGIBLE


def find_eligibility(
    application: ApplicationFile,
    call: CallState,
    others: Sequence[ApplicationState],
    *,
    rulebook: Rulebook,
    mandate: Mandate,
) -> Act:
    """The act of what the checks amount to.

    Raises: NotAllowed before the call is closed, and for `ineligible` before the
    applicant replied or its time passed; once it replied, people decide.
    """
    state = application.state
    _check_time(state, call)
    checks = eligibility_checks(state, others, rulebook)
    outcome = eligibility_of(checks)
    if outcome is Eligibility.INELIGIBLE:
        failed = failed_checks(checks)
        require_reply(state, failed, at=mandate.at)
        if any(one.reply is not None for one in state.replies):
            raise NotAllowed(
                f"application {state.id} replied, and no check weighs a reply",
                remedy="let people weigh it: `dokja call settle` with their opinion",
            )
    event = EligibilityFound(
        outcome=outcome, checks=checks, reasons=_reasons(checks, rulebook)
    )
    return _act(application, event, mandate)


def settle_eligibility(
    application: ApplicationFile,
    call: CallState,
    others: Sequence[ApplicationState],
    finding: PeoplesFinding,
    *,
    rulebook: Rulebook,
    mandate: Mandate,
) -> Act:
    """The act of what people found where the checks leave it open or a reply came.

    Raises: NotAllowed where the checks decide, and before the applicant was asked;
    InvalidInput for fewer than two people or without their reasons.
    """
    state = application.state
    _check_time(state, call)
    checks = eligibility_checks(state, others, rulebook)
    if eligibility_of(checks) is Eligibility.ELIGIBLE:
        raise NotAllowed(
            f"the checks find application {state.id} eligible",
            remedy="record what the checks found: `dokja call eligibility`",
        )
    _check_people(finding)
    if finding.outcome is Eligibility.INELIGIBLE:
        require_reply(state, _standing_against(checks), at=mandate.at)
    opinion = Reason(clauses=_clauses(rulebook), text=finding.opinion)
    event = EligibilityFound(
        outcome=finding.outcome,
        checks=checks,
        reasons=(*_reasons(checks, rulebook), opinion),
        reviewers=finding.reviewers,
    )
    return _act(application, event, mandate)


def failed_checks(checks: Sequence[Check]) -> tuple[str, ...]:
    """Ids of the deciding checks that fail."""
    return tuple(
        c.id for c in checks if c.id in _DECIDING and c.result is CheckResult.FAIL
    )


def require_reply(state: ApplicationState, checks: Sequence[str], *, at: str) -> None:
    """Nothing. Raises: NotAllowed before the applicant could answer each check.

    What came to light after it was asked has to be shown to it, too.
    """
    heard = {
        check
        for one in state.replies
        if one.is_over(at)
        for check in one.request.checks
        if one.shown.get(check, 0) >= state.against.get(check, 0)
    }
    missing = sorted(set(checks) - heard)
    if missing:
        raise NotAllowed(
            f"application {state.id} was not heard on {', '.join(missing)}",
            remedy="ask for a reply and wait for it, or for the end of its time",
        )


_DECIDING = (TRACK, DEFINITION, BIDS, OPEN_SHARE)


def _standing_against(checks: Sequence[Check]) -> tuple[str, ...]:
    against = {CheckResult.FAIL, *_OPEN}
    return tuple(c.id for c in checks if c.id in _DECIDING and c.result in against)


def _track_check(state: ApplicationState, rule: TrackRule) -> Check:
    """How much of one kind was found, and whether what is open could suffice."""
    entries = [e for e in state.proposal.track if e.item is rule.item]
    found = {name: check.result for name, check in state.track_checks.items()}
    held = sum(e.amount for e in entries if found.get(e.id) is CheckResult.PASS)
    gone = sum(e.amount for e in entries if found.get(e.id) is CheckResult.FAIL)
    named = sum(e.amount for e in entries)
    if held >= rule.least:
        result = CheckResult.PASS
    elif named - gone >= rule.least:
        result = CheckResult.DECLARED
    else:
        result = CheckResult.FAIL
    words = ITEMS[rule.item]
    return Check(
        id=f"{TRACK}-{rule.item.value}",
        result=result,
        detail=Text(
            f"{words.ko}: {named} 제시, {held} 확인, {rule.least} 이상 필요",
            f"{words.en}: {named} named, {held} found, {rule.least} needed",
        ),
        evidence=tuple(link for entry in entries for link in entry.evidence),
    )


def _kinds_check(kinds: Sequence[Check], rules: CallRules) -> Check:
    """Whether there is more than an application."""
    passed = sum(check.result is CheckResult.PASS for check in kinds)
    possible = sum(check.result is not CheckResult.FAIL for check in kinds)
    if passed >= rules.least_kinds:
        result = CheckResult.PASS
    elif possible >= rules.least_kinds:
        result = CheckResult.DECLARED
    else:
        result = CheckResult.FAIL
    return Check(
        id=TRACK,
        result=result,
        detail=Text(
            f"수행 실적 {len(kinds)}종 가운데 {passed}종 확인, {rules.least_kinds}종 "
            "이상 필요",
            f"{passed} of {len(kinds)} kinds of earlier work found, "
            f"{rules.least_kinds} needed",
        ),
    )


def _bids_check(
    state: ApplicationState, others: Sequence[ApplicationState], rules: CallRules
) -> Check:
    against = bids_against_rules(state, others, rules.several_bids)
    if not against:
        detail = Text(
            "여러 신청에 참여한 기관이 없거나 규정이 이를 허용합니다.",
            "No organisation stands in more bids than the rules allow.",
        )
        return Check(id=BIDS, result=CheckResult.PASS, detail=detail)
    names = ", ".join(against)
    return Check(
        id=BIDS,
        result=CheckResult.INCONCLUSIVE,
        detail=Text(
            f"규정보다 많은 신청에 참여한 기관: {names}. 어느 신청에 남을지 정하여야 "
            "합니다.",
            f"In more bids than the rules allow: {names}. They have to say in which "
            "one they stay.",
        ),
    )


def _share_check(state: ApplicationState, rules: CallRules) -> Check:
    promised = state.proposal.open_share
    passes = promised >= rules.least_open_share
    return Check(
        id=OPEN_SHARE,
        result=CheckResult.PASS if passes else CheckResult.FAIL,
        detail=Text(
            f"공개 비율 {promised} 약속, {rules.least_open_share} 이상 필요",
            f"promises to release {promised} openly, {rules.least_open_share} needed",
        ),
    )


def _check_time(state: ApplicationState, call: CallState) -> None:
    require_phase(state, EligibilityFound, act="eligibility is found only")
    if call.phase not in (CallPhase.CLOSED, CallPhase.SCREENING):
        raise NotAllowed(
            f"call {call.id} is {call.phase.value}; eligibility is found once it is "
            "closed",
            remedy="close the call first: all applications are held to the same rules",
        )


def _check_people(finding: PeoplesFinding) -> None:
    if finding.outcome is Eligibility.UNDETERMINED:
        raise InvalidInput(
            "people decide, so they cannot leave it undetermined",
            remedy="wait until they have found the application eligible or not",
        )
    people = len(set(finding.reviewers))
    if people < LEAST_REVIEWERS:
        raise InvalidInput(
            f"{people} people looked, {LEAST_REVIEWERS} are needed",
            remedy="name everybody who looked, under pseudonyms",
        )
    if not finding.opinion.ko.strip() or not finding.opinion.en.strip():
        raise InvalidInput(
            "their opinion is missing in Korean or English",
            remedy="say what they found, and why the reply does or does not change it",
        )


def _reasons(checks: Sequence[Check], rulebook: Rulebook) -> tuple[Reason, ...]:
    """A reason for each check that does not simply hold."""
    clauses = _clauses(rulebook)
    own = rulebook.clause_numbers(Topic.INDEPENDENCE)
    return tuple(
        Reason(clauses=own if c.id == DEFINITION else clauses, text=c.detail)
        for c in checks
        if c.id in _DECIDING and c.result is not CheckResult.PASS
    )


def _clauses(rulebook: Rulebook) -> tuple[str, ...]:
    return rulebook.clause_numbers(Topic.CALL)


def _act(
    application: ApplicationFile, event: EligibilityFound, mandate: Mandate
) -> Act:
    return next_act(
        application.matter,
        application.acts,
        event,
        seen=application.seen,
        mandate=mandate,
    )
