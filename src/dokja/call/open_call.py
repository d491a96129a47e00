"""Writing, announcing, extending and closing a call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from dokja.call.state import CallFile, moment, require_phase
from dokja.call.values import (
    CallClosed,
    CallDrafted,
    CallExtended,
    CallKind,
    CallOpened,
    CallRevised,
    CallText,
    VacantPlaces,
)
from dokja.errors import InvalidInput, NotAllowed
from dokja.evidence.values import Act
from dokja.panel.values import Criterion
from dokja.programme import Rulebook, Topic, rules_digest
from dokja.programme.matters import Mandate, Matter, next_act
from dokja.programme.values import VacancyPolicy


def draft_call(
    matter: Matter, text: CallText, *, rulebook: Rulebook, mandate: Mandate
) -> Act:
    """The first act of a call. Raises: InvalidInput for a text that cannot bind."""
    check_call_text(text, rulebook)
    return next_act(matter, (), CallDrafted(text=text), seen=0, mandate=mandate)


def revise_call(
    call: CallFile, text: CallText, *, rulebook: Rulebook, seen: int, mandate: Mandate
) -> Act:
    """The act of a better draft. Raises: NotAllowed once the call is announced."""
    require_phase(call.state, CallRevised, act="its text can be changed only")
    check_call_text(text, rulebook)
    event = CallRevised(text=text)
    return next_act(call.matter, call.acts, event, seen=seen, mandate=mandate)


def open_call(
    call: CallFile,
    vacancy: VacantPlaces | None,
    *,
    rulebook: Rulebook,
    seen: int,
    mandate: Mandate,
) -> Act:
    """The act that announces a call.

    A revival call needs the vacancy it fills, after the decision was confirmed or
    objections closed early. Raises: NotAllowed otherwise, and once it is over.
    """
    state = call.state
    require_phase(state, CallOpened, act="it can be announced only")
    if moment(mandate.at) >= moment(state.closes):
        raise NotAllowed(
            f"the window of call {state.id} ended at {state.closes}",
            remedy="revise the draft with a window that is still to come",
        )
    _check_vacancy(state.text, vacancy, rulebook, mandate.at)
    event = CallOpened(rules_digest=rules_digest(rulebook), vacancy=vacancy)
    return next_act(call.matter, call.acts, event, seen=seen, mandate=mandate)


def extend_call(call: CallFile, closes: str, *, seen: int, mandate: Mandate) -> Act:
    """The act of a later end, with its reason.

    Raises: NotAllowed once the window is over: what was late stays late;
    InvalidInput for an end that is not later, or without a reason.
    """
    state = call.state
    require_phase(state, CallExtended, act="its window can be extended only")
    if moment(mandate.at) >= moment(state.closes):
        raise NotAllowed(
            f"the window of call {state.id} ended at {state.closes}",
            remedy="close the call; a window that is over is not opened again",
        )
    if moment(closes) <= moment(state.closes):
        raise InvalidInput(
            f"{closes} is not later than {state.closes}",
            remedy="a window is never shortened once it is announced",
        )
    if mandate.reason is None:
        raise InvalidInput(
            "a later end needs its reason", remedy="say why, in Korean and English"
        )
    event = CallExtended(closes=closes)
    return next_act(call.matter, call.acts, event, seen=seen, mandate=mandate)


def close_call(call: CallFile, *, seen: int, mandate: Mandate) -> Act:
    """The act that ends the window. Raises: NotAllowed before its time."""
    state = call.state
    require_phase(state, CallClosed, act="it can be closed only")
    if moment(mandate.at) < moment(state.closes):
        raise NotAllowed(
            f"call {state.id} takes applications until {state.closes}",
            remedy="close it from then on; whoever relies on the window may use it all",
        )
    return next_act(call.matter, call.acts, CallClosed(), seen=seen, mandate=mandate)


def check_call_text(text: CallText, rulebook: Rulebook) -> None:
    """Nothing. Raises: InvalidInput with everything that is wrong with the text."""
    problems = tuple(_text_problems(text, rulebook))
    if problems:
        raise InvalidInput(
            "the text of the call:\n" + "\n".join(f"  - {p}" for p in problems),
            remedy="correct each line above",
        )


def _text_problems(text: CallText, rulebook: Rulebook) -> Iterator[str]:
    if moment(text.opens) >= moment(text.closes):
        yield f"its window ends at {text.closes}, before it begins at {text.opens}"
    if text.slots < 1 or text.shortlist < text.slots:
        yield f"{text.slots} places and a shortlist of {text.shortlist}"
    known = {clause.number for clause in rulebook.clauses}
    if text.definition.clause not in known:
        yield f"the definition cites clause {text.definition.clause}: no such clause"
    words = (text.title, text.definition.text)
    if any(not word.ko.strip() or not word.en.strip() for word in words):
        yield "title or definition lacks its Korean or English text"
    for name, criteria in (
        ("documents", text.documents),
        ("presentation", text.presentation),
    ):
        yield from (f"{name}: {problem}" for problem in _rubric_problems(criteria))
    criteria_ids = {c.id for c in (*text.documents, *text.presentation)}
    for named in text.tie_order:
        if named not in criteria_ids:
            yield f"tie_order names no criterion {named}"


def _rubric_problems(criteria: tuple[Criterion, ...]) -> Iterator[str]:
    if not criteria:
        yield "no criterion says what is judged"
    for name, count in Counter(criterion.id for criterion in criteria).items():
        if count > 1:
            yield f"criterion {name} stands {count} times"
    for criterion in criteria:
        if criterion.max < 1:
            yield f"criterion {criterion.id} has {criterion.max} points"


def _check_vacancy(
    text: CallText, vacancy: VacantPlaces | None, rulebook: Rulebook, at: str
) -> None:
    named = ", ".join(rulebook.clause_numbers(Topic.REVIVAL)) or "none"
    if text.kind is CallKind.INITIAL:
        if vacancy is not None:
            raise InvalidInput(
                "an initial call fills no vacancy",
                remedy="draft a call of the kind `revival`",
            )
        return
    if rulebook.vacancy is None or rulebook.vacancy.policy is VacancyPolicy.LEFT_EMPTY:
        raise NotAllowed(
            "the rules leave a vacant place empty",
            remedy="the clause of [vacancy] says so; a later rulebook may differ",
        )
    if vacancy is None:
        raise NotAllowed(
            f"a revival call opens only for a vacancy (clause {named})",
            remedy="give the vacancy with the decision that left it and its end",
        )
    if moment(at) < moment(vacancy.at):
        raise NotAllowed(
            f"the decision of {vacancy.stage} becomes final at {vacancy.at} "
            f"(clause {named})",
            remedy="open the call once objections are over or were closed early",
        )
    if text.slots > vacancy.places:
        raise NotAllowed(
            f"the call offers {text.slots} places and {vacancy.places} are vacant "
            f"(clause {named})",
            remedy="revise the draft to as many places as are vacant",
        )
