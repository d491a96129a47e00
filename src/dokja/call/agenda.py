"""What is due in a call, what waits, and for what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from dokja.call.agreements.state import AgreementState
from dokja.call.applications.state import ApplicationState
from dokja.call.applications.values import ApplicationPhase, Eligibility
from dokja.call.close_out import unsigned, without_feedback
from dokja.call.state import CallState, moment
from dokja.call.values import CallKind, CallPhase, ReviewRound
from dokja.evidence.values import Text
from dokja.programme.agenda import AgendaItem, Standing

_A = ApplicationPhase


def call_agenda(
    call: CallState,
    applications: Sequence[ApplicationState],
    agreements: Sequence[AgreementState],
    *,
    now: str,
) -> tuple[AgendaItem, ...]:
    """What is to be done at that moment, in the order in which it unblocks."""
    match call.phase:
        case CallPhase.DRAFT:
            found = _before_opening(call)
        case CallPhase.OPEN:
            found = _while_open(call, now)
        case CallPhase.CLOSED:
            found = _before_screening(call, applications, now)
        case CallPhase.SCREENING:
            found = iter([_due(_SHORTLIST, _SHEETS)])
        case CallPhase.REVIEWING:
            found = _before_decision(call, applications)
        case CallPhase.SELECTED | CallPhase.NO_SELECTION:
            found = chain(
                _given_up(call, applications),
                _before_closing_out(applications, agreements),
            )
        case CallPhase.CLOSED_OUT:
            found = iter(())
    return (*found, *_owed(agreements, now))


def _before_opening(call: CallState) -> Iterator[AgendaItem]:
    if call.text.kind is CallKind.REVIVAL:
        yield AgendaItem(
            standing=Standing.BLOCKED,
            what=_OPEN,
            why=Text(
                "결과가 확정되거나 이의제기가 조기에 끝난 뒤의 공석이 있어야 합니다.",
                "needs a vacancy after confirmation or early closure of objections",
            ),
        )
    else:
        yield _due(_OPEN, _BINDS)


def _while_open(call: CallState, now: str) -> Iterator[AgendaItem]:
    for question in call.questions:
        if not question.versions:
            what = Text(f"질의 {question.id} 답변", f"answer question {question.id}")
            yield _due(what, _UNANSWERED)
    over = moment(now) >= moment(call.closes)
    yield AgendaItem(
        standing=Standing.DUE if over else Standing.WAITS,
        what=Text("접수 마감", "close the call"),
        why=Text("접수 기간의 끝", "the end of its window"),
        until=call.closes,
    )


def _before_screening(
    call: CallState, applications: Sequence[ApplicationState], now: str
) -> Iterator[AgendaItem]:
    waiting = [a for a in applications if a.phase is _A.SUBMITTED]
    for application in waiting:
        yield _eligibility_item(application, now)
    is_named = ReviewRound.DOCUMENTS in call.panels
    if not is_named:
        yield _due(_PANEL, _INTERESTS)
    if waiting or not is_named:
        names = ", ".join(a.id for a in waiting)
        why = Text(f"자격 확인 전: {names}", f"eligibility is open: {names}")
        why = why if waiting else _NO_PANEL
        yield AgendaItem(standing=Standing.BLOCKED, what=_SCREEN, why=why)
    else:
        yield _due(_SCREEN, _ALL_FOUND)


def _eligibility_item(application: ApplicationState, now: str) -> AgendaItem:
    what = Text(f"{application.id} 자격 확인", f"eligibility of {application.id}")
    asked = [one for one in application.replies if not one.is_over(now)]
    if asked:
        return AgendaItem(
            standing=Standing.WAITS,
            what=what,
            why=Text("신청자의 소명", "the applicant's reply"),
            until=max(one.request.until for one in asked),
        )
    found = application.eligibility
    if found is not None and found.outcome is Eligibility.UNDETERMINED:
        return _due(
            what,
            Text(
                "점검만으로 정해지지 않아 사람이 판단하여야 합니다.",
                "the checks leave it open: people decide",
            ),
        )
    return _due(what, Text("점검할 것이 남아 있습니다.", "nobody found it yet"))


def _before_decision(
    call: CallState, applications: Sequence[ApplicationState]
) -> Iterator[AgendaItem]:
    is_named = ReviewRound.PRESENTATION in call.panels
    if not is_named:
        yield _due(_PANEL, _INTERESTS)
    waiting = [a.id for a in applications if a.phase is _A.SCREENED_IN]
    for name in waiting:
        what = Text(f"{name} 발표", f"presentation of {name}")
        if is_named:
            yield _due(what, _GOES_ON)
        else:
            yield AgendaItem(standing=Standing.BLOCKED, what=what, why=_NO_PANEL)
    if waiting or not is_named:
        names = ", ".join(waiting)
        why = Text(f"발표 전: {names}", f"not presented yet: {names}")
        why = why if waiting else _NO_PANEL
        yield AgendaItem(standing=Standing.BLOCKED, what=_DECIDE, why=why)
    else:
        yield _due(_DECIDE, _SHEETS)


def _given_up(
    call: CallState, applications: Sequence[ApplicationState]
) -> Iterator[AgendaItem]:
    """Places whose selected bid was withdrawn; the rules say whether one moves up."""
    replaced = {event.instead_of for event in call.moved_up}
    chosen = {*(call.decided.selected if call.decided else ()), *_moved_up(call)}
    for bid in applications:
        is_open = bid.id in chosen and bid.id not in replaced
        if is_open and bid.phase is _A.WITHDRAWN:
            why = Text(f"{bid.id} 철회", f"{bid.id} was withdrawn")
            yield _due(_MOVE_UP, why)


def _moved_up(call: CallState) -> tuple[str, ...]:
    return tuple(event.application for event in call.moved_up)


def _before_closing_out(
    applications: Sequence[ApplicationState], agreements: Sequence[AgreementState]
) -> Iterator[AgendaItem]:
    open_ends = unsigned(applications, agreements), without_feedback(applications)
    for name in open_ends[0]:
        yield _due(Text(f"{name} 협약 체결", f"agreement with {name}"), _SELECTED)
    for name in open_ends[1]:
        yield _due(Text(f"{name} 피드백", f"feedback to {name}"), _LEFT)
    if any(open_ends):
        yield AgendaItem(standing=Standing.BLOCKED, what=_CLOSE_OUT, why=_OPEN_ENDS)
    else:
        yield _due(_CLOSE_OUT, _NOTHING_OPEN)


def _owed(agreements: Sequence[AgreementState], now: str) -> Iterator[AgendaItem]:
    today = moment(now).date()
    for agreement in agreements:
        late = {o.id for o in agreement.overdue(today)}
        for owed in agreement.open:
            name = agreement.terms.application
            yield AgendaItem(
                standing=Standing.OVERDUE if owed.id in late else Standing.WAITS,
                what=Text(
                    f"{name} 의무: {owed.name.ko}", f"{name} owes: {owed.name.en}"
                ),
                why=Text(f"조항 {owed.clause}", f"clause {owed.clause}"),
                until=owed.due.isoformat(),
            )


def _due(what: Text, why: Text) -> AgendaItem:
    return AgendaItem(standing=Standing.DUE, what=what, why=why)


_OPEN = Text("공고", "announce the call")
_MOVE_UP = Text(
    "차순위 신청의 선정 여부 검토", "see whether the next bid moves up, by the rules"
)
_BINDS = Text("공고한 뒤에는 본문이 구속력을 가집니다.", "from then on its text binds")
_UNANSWERED = Text("아직 답변이 없습니다.", "nobody answered it")
_PANEL = Text("평가단 구성", "name the panel")
_INTERESTS = Text("이해관계 등록부 필요", "with its register of interests")
_NO_PANEL = Text("평가단이 구성되지 않았습니다.", "no panel is named")
_SCREEN = Text("서면평가 시작", "hand the documents to the panel")
_ALL_FOUND = Text("모든 신청의 자격을 확인함", "every eligibility is found")
_SHORTLIST = Text("서면평가 결과 확정", "find the shortlist")
_SHEETS = Text("평가표를 받아야 합니다.", "with the panel's sheets")
_GOES_ON = Text("서면평가 통과", "it goes on from the documents")
_DECIDE = Text("선정 결정", "decide the selection")
_SELECTED = Text("선정됨", "it was selected")
_LEFT = Text("선정되지 않은 신청자에게 비공개로 제공", "not public; owed to who left")
_CLOSE_OUT = Text("공모 종결", "close the call out")
_OPEN_ENDS = Text("협약이나 피드백이 남아 있음", "agreements or feedback are open")
_NOTHING_OPEN = Text("남은 업무 없음", "nothing is open")
