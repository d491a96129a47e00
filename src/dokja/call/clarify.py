"""Notices, questions and answers; what contradicts the call is said beside it."""

from __future__ import annotations

from dokja.call.state import CallFile, CallState, Said, require_phase
from dokja.call.values import Answered, Asked, Clarified, MarkedContradicting
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act, Text
from dokja.programme.matters import Mandate, next_act

LONGEST = 20_000
"""Characters of a text in one language."""


def give_notice(
    call: CallFile, notice: Clarified, *, seen: int, mandate: Mandate
) -> Act:
    """The act of an official notice; an id given before gets its next version.

    Raises: NotAllowed outside the call; InvalidInput for an empty text.
    """
    require_phase(call.state, Clarified, act="notices are given only")
    _check_text(notice.text)
    if notice.id in {question.id for question in call.state.questions}:
        raise InvalidInput(
            f"{notice.id} is a question", remedy="give the notice an id of its own"
        )
    return next_act(call.matter, call.acts, notice, seen=seen, mandate=mandate)


def ask(call: CallFile, question: Asked, *, seen: int, mandate: Mandate) -> Act:
    """The act of a question. Raises: NotAllowed once nobody can apply any more."""
    require_phase(call.state, Asked, act="questions are taken only")
    _check_text(question.text)
    if question.id in _spoken(call.state):
        raise InvalidInput(
            f"{question.id} is taken", remedy="give the question an id of its own"
        )
    return next_act(call.matter, call.acts, question, seen=seen, mandate=mandate)


def answer(call: CallFile, given: Answered, *, seen: int, mandate: Mandate) -> Act:
    """The act of an answer, as it was said; a further one replaces none.

    An answer that contradicts the call carries the clause it contradicts; the
    binding text holds. Raises: NotAllowed; InvalidInput for an unknown question.
    """
    require_phase(call.state, Answered, act="answers are given only")
    _check_text(given.text)
    if given.question not in {question.id for question in call.state.questions}:
        raise InvalidInput(
            f"nobody asked {given.question}",
            remedy="record the question first, with where it was put",
        )
    return next_act(call.matter, call.acts, given, seen=seen, mandate=mandate)


def mark_contradicting(
    call: CallFile, mark: MarkedContradicting, *, seen: int, mandate: Mandate
) -> Act:
    """The act that marks what was said before as contradicting the call.

    Raises: InvalidInput where nothing of that version was said; NotAllowed where it
    is marked already.
    """
    require_phase(call.state, MarkedContradicting, act="answers are marked only")
    said = _spoken(call.state).get(mark.id, ())
    version = next((one for one in said if one.version == mark.version), None)
    if version is None:
        raise InvalidInput(
            f"{mark.id} has no version {mark.version}",
            remedy=f"`dokja call show {call.state.id}` lists what was said",
        )
    if version.contradicts is not None:
        raise NotAllowed(
            f"version {mark.version} of {mark.id} is marked already",
            remedy="a mark stays; say more in a notice",
        )
    return next_act(call.matter, call.acts, mark, seen=seen, mandate=mandate)


def contradictions(state: CallState) -> tuple[tuple[str, Said], ...]:
    """What was said against the call, by id, in the order of saying."""
    found = [
        (name, said)
        for name, versions in _spoken(state).items()
        for said in versions
        if said.contradicts is not None
    ]
    return tuple(sorted(found, key=lambda one: (one[1].at, one[0], one[1].version)))


def _spoken(state: CallState) -> dict[str, tuple[Said, ...]]:
    notices = {notice.id: notice.versions for notice in state.notices}
    return notices | {asked.id: asked.versions for asked in state.questions}


def _check_text(text: Text) -> None:
    lengths = [len(part.strip()) for part in (text.ko, text.en)]
    if not any(lengths) or max(lengths) > LONGEST:
        raise InvalidInput(
            f"the text is empty, or longer than {LONGEST:,} characters",
            remedy="write it in Korean, in English, or in both",
        )
