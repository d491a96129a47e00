"""Looking at what an applicant shows, citing comparisons, hearing the applicant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from dokja.call.applications.state import ApplicationFile, require_phase
from dokja.call.applications.values import (
    ApplicantAsked,
    ApplicantReplied,
    CitedComparison,
    ComparisonCited,
    HandedInFile,
    TrackChecked,
)
from dokja.call.state import moment
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act, CheckResult, Text
from dokja.programme import Rulebook
from dokja.programme.call_rules import TrackItem
from dokja.programme.matters import Mandate, next_act


class ReplyRequest(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """What the office shows an applicant before it finds anything against it."""

    checks: tuple[str, ...]
    facts: Text


_FINDINGS = frozenset({CheckResult.PASS, CheckResult.FAIL, CheckResult.INCONCLUSIVE})


def check_track(
    application: ApplicationFile, checked: TrackChecked, *, seen: int, mandate: Mandate
) -> Act:
    """The act of having looked at a piece of earlier work; a later look replaces it.

    Raises: InvalidInput for a piece that was not named, and for a result that says
    that nobody looked.
    """
    state = application.state
    require_phase(state, TrackChecked, act="earlier work is checked only")
    if checked.entry not in {entry.id for entry in state.proposal.track}:
        raise _unknown_entry(checked.entry, state.id)
    if checked.result not in _FINDINGS:
        raise InvalidInput(
            f"{checked.result.value} is nothing that somebody found",
            remedy="say pass, fail, or inconclusive where it could not be told",
        )
    return _act(application, checked, seen, mandate)


def cite_comparison(
    application: ApplicationFile,
    comparison: CitedComparison,
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act that puts a comparison of weights beside a shown model.

    Raises: InvalidInput for a piece of earlier work that is no model, for a report
    without a component, and for one that is cited already.
    """
    state = application.state
    require_phase(state, ComparisonCited, act="comparisons are cited only")
    entry = next((e for e in state.proposal.track if e.id == comparison.entry), None)
    if entry is None or entry.item is not TrackItem.EXISTING_MODEL:
        raise _unknown_entry(comparison.entry, state.id)
    if not comparison.verdicts:
        raise InvalidInput(
            "the report compares no component",
            remedy="cite a report of `dokja lineage compare` or `scan`",
        )
    known = {(cited.entry, cited.report) for cited in state.comparisons}
    if (comparison.entry, comparison.report) in known:
        raise InvalidInput(
            f"{comparison.report} is cited already", remedy="a report is cited once"
        )
    return _act(application, ComparisonCited(comparison=comparison), seen, mandate)


def ask_for_reply(
    application: ApplicationFile,
    request: ReplyRequest,
    *,
    rulebook: Rulebook,
    mandate: Mandate,
) -> Act:
    """The act that shows the applicant what speaks against it, with time to answer.

    The time is the rulebook's. Raises: NotAllowed where it gives none; InvalidInput
    where nothing is named or shown.
    """
    require_phase(application.state, ApplicantAsked, act="a reply is asked for only")
    if rulebook.reply is None:
        raise NotAllowed(
            "the rulebook is silent about the right to reply",
            remedy="add [reply] with the days and the clause that governs it",
        )
    checks, facts = request.checks, request.facts
    if not checks or not facts.ko.strip() or not facts.en.strip():
        raise InvalidInput(
            "nothing is named, or shown in both languages",
            remedy="name the checks and say what they rest on",
        )
    until = moment(mandate.at) + timedelta(days=rulebook.reply.days)
    event = ApplicantAsked(
        checks=tuple(sorted(set(checks))), facts=facts, until=until.isoformat()
    )
    return _act(application, event, application.seen, mandate)


def reply(
    application: ApplicationFile,
    text: str,
    files: Sequence[HandedInFile],
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act of the applicant's reply to everything that is still open.

    Raises: NotAllowed where nothing was asked, or too late; InvalidInput if empty.
    """
    state = application.state
    require_phase(state, ApplicantReplied, act="replies are taken only")
    waiting = [one for one in state.replies if not one.is_over(mandate.at)]
    if not waiting:
        raise NotAllowed(
            f"no reply of application {state.id} is waited for",
            remedy="the time to reply is over, or nothing was asked; write to the "
            "office",
            korean="소명을 기다리는 사항이 없거나 소명 기한이 지났습니다. 사무국에 "
            "문의하여 주십시오.",
        )
    if not text.strip():
        raise InvalidInput("the reply is empty", remedy="write the reply")
    event = ApplicantReplied(text=text, files=tuple(files))
    return _act(application, event, seen, mandate)


def _unknown_entry(name: str, application: str) -> InvalidInput:
    return InvalidInput(
        f"application {application} shows no such earlier work: {name}",
        remedy="name an entry of its `track`; comparisons are cited of models",
    )


def _act(
    application: ApplicationFile,
    event: TrackChecked | ComparisonCited | ApplicantAsked | ApplicantReplied,
    seen: int,
    mandate: Mandate,
) -> Act:
    return next_act(
        application.matter, application.acts, event, seen=seen, mandate=mandate
    )
