"""Writing, handing in, changing and withdrawing an application."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from dokja.call.applications.state import ApplicationFile, require_phase
from dokja.call.applications.values import (
    ApplicationDrafted,
    ApplicationRevised,
    ApplicationSubmitted,
    ApplicationWithdrawn,
    ConsortiumAmended,
    ConsortiumMember,
    ConsortiumRole,
    HandedInFile,
    Proposal,
)
from dokja.call.state import CallState, moment
from dokja.call.values import CallPhase
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.canonical import digest_of
from dokja.evidence.values import Act
from dokja.programme.call_rules import TrackItem
from dokja.programme.matters import Mandate, Matter, next_act


class ConsortiumFile(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True
):
    """The members of an amended consortium, as they are handed in."""

    members: tuple[ConsortiumMember, ...]


def draft_application(
    matter: Matter, call: CallState, proposal: Proposal, *, mandate: Mandate
) -> Act:
    """The first act of an application. Raises: NotAllowed, InvalidInput.

    A draft may begin before the window opens: only handing in is bound to it.
    """
    if call.phase is not CallPhase.OPEN:
        raise NotAllowed(
            f"call {call.id} is {call.phase.value}, not open",
            remedy="apply to a call that was announced and is not over",
            korean="접수 중인 공모가 아닙니다. 공고된 공모에만 신청할 수 있습니다.",
        )
    check_proposal(proposal)
    event = ApplicationDrafted(call=call.id, proposal=proposal)
    return next_act(matter, (), event, seen=0, mandate=mandate)


def revise_application(
    application: ApplicationFile, proposal: Proposal, *, seen: int, mandate: Mandate
) -> Act:
    """The act of a better draft. Raises: NotAllowed once it is handed in."""
    require_phase(application.state, ApplicationRevised, act="it can be changed only")
    check_proposal(proposal)
    event = ApplicationRevised(proposal=proposal)
    return next_act(
        application.matter, application.acts, event, seen=seen, mandate=mandate
    )


def submit_application(
    application: ApplicationFile,
    call: CallState,
    files: Sequence[HandedInFile],
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act of handing in. Raises: NotAllowed outside the window."""
    state = application.state
    require_phase(state, ApplicationSubmitted, act="it can be handed in only")
    _check_in_time(call, mandate.at)
    _check_files(files)
    ordered = tuple(sorted(files, key=lambda file: file.name))
    event = ApplicationSubmitted(
        files=ordered,
        digest=digest_of({"proposal": state.proposal, "files": ordered}),
    )
    return next_act(
        application.matter, application.acts, event, seen=seen, mandate=mandate
    )


def withdraw_application(
    application: ApplicationFile, *, seen: int, mandate: Mandate
) -> Act:
    """The act of withdrawing, for which no reason is asked and from which none follows.

    Raises: NotAllowed once the application was decided against.
    """
    require_phase(
        application.state, ApplicationWithdrawn, act="it can be withdrawn only"
    )
    return next_act(
        application.matter,
        application.acts,
        ApplicationWithdrawn(),
        seen=seen,
        mandate=mandate,
    )


def amend_consortium(
    application: ApplicationFile,
    members: tuple[ConsortiumMember, ...],
    *,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act of another consortium under the same lead, with its reason.

    Raises: InvalidInput without a reason or with another lead; NotAllowed.
    """
    state = application.state
    require_phase(state, ConsortiumAmended, act="its consortium can be amended only")
    problems = tuple(_member_problems(members))
    if problems:
        raise _refused(problems)
    lead = next(m for m in members if m.role is ConsortiumRole.LEAD)
    if lead.organisation != state.proposal.lead.organisation:
        raise InvalidInput(
            f"the lead is {state.proposal.lead.organisation} and stays so",
            remedy="another lead is another application",
        )
    if mandate.reason is None:
        raise InvalidInput(
            "a fixed consortium changes only with a reason",
            remedy="say why, in Korean and English",
        )
    event = ConsortiumAmended(members=members)
    return next_act(
        application.matter, application.acts, event, seen=seen, mandate=mandate
    )


def check_proposal(proposal: Proposal) -> None:
    """Nothing. Raises: InvalidInput with everything that is wrong with it."""
    problems = (*_member_problems(proposal.members), *_track_problems(proposal))
    if problems:
        raise _refused(problems)


def _refused(problems: Sequence[str]) -> InvalidInput:
    return InvalidInput(
        "the application:\n" + "\n".join(f"  - {problem}" for problem in problems),
        remedy="correct each line above",
    )


def _member_problems(members: Sequence[ConsortiumMember]) -> Iterator[str]:
    leads = sum(member.role is ConsortiumRole.LEAD for member in members)
    if leads != 1:
        yield f"a consortium has one lead, this one {leads}"
    for name, count in Counter(m.organisation for m in members).items():
        if count > 1:
            yield f"{name} stands {count} times in the consortium"


def _track_problems(proposal: Proposal) -> Iterator[str]:
    for name, count in Counter(entry.id for entry in proposal.track).items():
        if count > 1:
            yield f"earlier work {name} stands {count} times"
    for entry in proposal.track:
        if entry.amount < 1:
            yield f"earlier work {entry.id} has the amount {entry.amount}"
        if entry.amount > 1 and entry.item is not TrackItem.PEOPLE_MONTHS:
            yield f"earlier work {entry.id}: give each {entry.item.value} by itself"
    if not 0 <= proposal.open_share <= 1:
        yield f"a share of {proposal.open_share} cannot be released"
    if not proposal.name.ko.strip() or not proposal.name.en.strip():
        yield "the name is missing in Korean or English"


def _check_in_time(call: CallState, at: str) -> None:
    if call.takes(at):
        return
    if call.phase is CallPhase.OPEN and moment(at) < moment(call.text.opens):
        raise NotAllowed(
            f"call {call.id} takes applications from {call.text.opens}",
            remedy="hand it in from then on; the draft is kept",
            korean=f"접수는 {call.text.opens}에 시작합니다. 작성한 내용은 보존됩니다.",
        )
    raise NotAllowed(
        f"call {call.id} took applications until {call.closes}, and this is {at}",
        remedy="a late application is not taken; a later call may be open to you",
        korean=f"접수는 {call.closes}에 마감되었습니다. 마감 후에는 접수하지 않습니다.",
    )


def _check_files(files: Sequence[HandedInFile]) -> None:
    if not files:
        raise InvalidInput(
            "no file was handed in",
            remedy="hand in the documents that the call asks for",
        )
    twice = [n for n, count in Counter(f.name for f in files).items() if count > 1]
    if twice:
        raise InvalidInput(
            f"two files are named {', '.join(sorted(twice))}",
            remedy="give every file a name of its own",
        )
