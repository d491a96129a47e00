"""Applications looked into: compared, heard where need be, found eligible or not."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dokja.call.applications.eligibility import (
    PeoplesFinding,
    eligibility_checks,
    find_eligibility,
    settle_eligibility,
)
from dokja.call.applications.examine import (
    ReplyRequest,
    ask_for_reply,
    check_track,
    cite_comparison,
    reply,
)
from dokja.call.applications.values import (
    ApplicationPhase,
    Eligibility,
    TrackChecked,
)
from dokja.evidence.values import Act, CheckResult, Text
from dokja.programme.matters import Mandate
from tests.call_fixture import comparison
from tests.whole_programme.held_call import HeldCall

_P = ApplicationPhase


def examine(call: HeldCall) -> Iterator[str]:
    """Every application is looked into, heard where need be, and found or not."""
    office = call.office
    for name in call.in_phase(_P.SUBMITTED):
        verdict = office.luck.choice(("no_evidence",) * 7 + ("derived", "refer"))
        if office.chance(0.95):
            cited = comparison(verdict)  # type: ignore[arg-type]
            office.act("cite", call.on_application(name, cite_comparison, cited))
        for entry in call.application(name).state.proposal.track:
            found = CheckResult.PASS if office.chance(0.93) else CheckResult.FAIL
            looked = TrackChecked(
                entry=entry.id, result=found, detail=Text("확인", "looked at")
            )
            office.act("check track", call.on_application(name, check_track, looked))
        yield "application examined"
        yield from _found(call, name)


def _found(call: HeldCall, name: str) -> Iterator[str]:
    office = call.office
    office.act("find eligibility", _finding(call, name))
    if call.application(name).state.phase is not _P.SUBMITTED:
        yield "eligibility"
        return
    facts = Text("점검 결과", "what the checks show")
    against = tuple(
        check.id
        for check in eligibility_checks(
            call.application(name).state, call.states(), office.desk.rulebook
        )
        if check.id in ("track", "definition", "bids", "open_share")
        and check.result is not CheckResult.PASS
    )
    request = ReplyRequest(checks=against, facts=facts)
    rules = office.desk.rulebook
    office.act(
        "ask for reply",
        lambda m: ask_for_reply(
            call.application(name), request, rulebook=rules, mandate=m
        ),
    )
    yield "reply asked"
    if office.chance(0.5):
        words = call.on_application(name, reply, "우리의 답", ())
        office.act("reply", words, by=name)
    else:
        office.wait(days=6)
    office.act("find eligibility", _finding(call, name))
    if call.application(name).state.phase is _P.SUBMITTED:
        office.act("settle eligibility", _settling(call, name))
    yield "eligibility"


def _finding(call: HeldCall, name: str) -> Callable[[Mandate], Act]:
    rules = call.office.desk.rulebook
    return lambda m: find_eligibility(
        call.application(name),
        call.file.state,
        call.states(),
        rulebook=rules,
        mandate=m,
    )


def _settling(call: HeldCall, name: str) -> Callable[[Mandate], Act]:
    rules = call.office.desk.rulebook
    outcome = call.office.luck.choice([Eligibility.ELIGIBLE, Eligibility.INELIGIBLE])
    finding = PeoplesFinding(
        outcome=outcome, reviewers=("r1", "r2"), opinion=Text("의견", "our opinion")
    )
    return lambda m: settle_eligibility(
        call.application(name),
        call.file.state,
        call.states(),
        finding,
        rulebook=rules,
        mandate=m,
    )
