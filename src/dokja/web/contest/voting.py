"""Pages of those who vote: what the contest is, one battle after the other, thanks."""

from __future__ import annotations

from fastapi import Path as InPath
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dokja.contest.battles.phase import ContestPhase
from dokja.contest.values import Choice, ReportReason
from dokja.errors import InvalidInput
from dokja.evidence.values import Text
from dokja.people import Permission, may, require
from dokja.people.values import Account
from dokja.web.contest.views import (
    AskingView,
    BattleView,
    DoneView,
    JoinView,
    ParticipationView,
    Standing,
    battle_view,
    front_view,
)
from dokja.web.contest.words import PHASES
from dokja.web.entry import Visitor
from dokja.web.pages import Onward, Page, Room
from dokja.web.pictures import picture_answer
from dokja.web.visit import Visit
from dokja.wiring.citizen_panel import panel_margins
from dokja.wiring.contests import ContestKeeper

room = Room()
Number = InPath(ge=1, le=999)
REPORT = "report"


@room.page("/contest")
def front(visit: Visitor) -> Page:
    """What the contest is, how it is blind and how many took part."""
    keeper = keeper_of(visit)
    view = front_view(
        keeper.plan,
        keeper.phase,
        keeper.opened,
        keeper.participation(),
        _standing(visit, keeper),
        panel_margins(keeper),
    )
    return Page(template="contest/front.html", title=view.name, view=view)


@room.page("/contest/join")
def join(visit: Visitor) -> Page | Onward:
    """The last step before the first battle; the registration for who has none."""
    keeper = keeper_of(visit)
    if visit.account is None:
        return Onward(to="/register")
    account = _voter(visit)
    if keeper.phase is not ContestPhase.OPEN or keeper.is_admitted(account):
        return Onward(to="/contest/battle")
    rules = keeper.plan.rules
    view = JoinView(least=rules.battles_least, most=rules.battles_most)
    title = Text(ko="시작하기 전에", en="Before you begin")
    return Page(template="contest/join.html", title=title, view=view)


@room.act("/contest/join")
def begin(visit: Visitor) -> Onward:
    """On to the first battle, let in."""
    keeper_of(visit).admit(_voter(visit), employer=visit.sent("employer")[:200])
    visit.is_on_record()
    return Onward(to="/contest/battle")


@room.page("/contest/battle")
def battle(visit: Visitor) -> Page | Onward:
    """The voter's next battle; onward where there is none."""
    keeper = keeper_of(visit)
    if visit.account is None:
        return Onward(to="/contest/join")
    account = _voter(visit)
    if keeper.phase is not ContestPhase.OPEN:
        return Onward(to="/contest/done")
    if not keeper.is_admitted(account):
        return Onward(to="/contest/join")
    turn = keeper.turn(account)
    if turn.is_waiting:
        waiting = AskingView(done=turn.progress.done, most=turn.progress.most)
        title = Text(ko="답변을 받는 중", en="Waiting for the answers")
        # The browser comes back by itself, with or without JavaScript, and in
        # steps that are the same whoever answers quickly.
        again = {"refresh": "2"}
        return Page(
            template="contest/asking.html", title=title, view=waiting, headers=again
        )
    if turn.shown is None:
        return Onward(to="/contest/done")
    view: BattleView = battle_view(turn, turn.shown)
    title = Text(ko=f"대결 {view.number}", en=f"Battle {view.number}")
    return Page(template="contest/battle.html", title=title, view=view)


@room.act("/contest/battle/{number}")
def judge(visit: Visitor, number: int = Number) -> Onward:
    """On to the next battle, this one judged or reported."""
    keeper, account = keeper_of(visit), _voter(visit)
    ticket, said = visit.sent("ticket"), visit.sent("choice")
    if said == REPORT:
        keeper.report(account, number, _report(visit.sent("reason")), ticket=ticket)
    else:
        keeper.vote(account, number, _choice(said), ticket=ticket)
    visit.is_on_record()
    return Onward(to="/contest/battle")


@room.page("/contest/done")
def done(visit: Visitor) -> Page | Onward:
    """Thanks, how many battles it were, and what happens next."""
    keeper = keeper_of(visit)
    if visit.account is None:
        return Onward(to="/contest")
    account = _voter(visit)
    progress = keeper.progress(account)
    phase = keeper.phase
    rules = keeper.plan.rules
    is_open = phase is ContestPhase.OPEN
    view = DoneView(
        done=progress,
        least=rules.battles_least,
        most=rules.battles_most,
        may_go_on=is_open and progress < rules.battles_most,
        phase=phase,
    )
    title = Text(ko="감사합니다", en="Thank you")
    return Page(template="contest/done.html", title=title, view=view)


@room.page("/contest/participation")
def participation(visit: Visitor) -> Page:
    """How many took part, day by day; nothing of who leads."""
    keeper = keeper_of(visit)
    phase = keeper.phase
    view = ParticipationView(
        phase=phase, phase_name=PHASES[phase], participation=keeper.participation()
    )
    name = "contest/turnout.html" if visit.by_htmx else "contest/participation.html"
    title = Text(ko="참여 현황", en="Who takes part")
    return Page(template=name, title=title, view=view)


@room.router.get("/contest/picture/{name}")
def picture(visit: Visitor, name: str) -> Response:
    """A picture of a prompt, for who may vote."""
    require(visit.account, Permission.VOTE)
    return picture_answer(keeper_of(visit).materials.pictures, name)


def keeper_of(visit: Visit) -> ContestKeeper:
    """The keeper of the stage's contest; a page that is not there without one."""
    keeper = visit.office.keeper
    if keeper is None:
        raise HTTPException(404)
    return keeper


def _voter(visit: Visit) -> Account:
    require(visit.account, Permission.VOTE)
    assert visit.account is not None
    return visit.account


def _standing(visit: Visit, keeper: ContestKeeper) -> Standing:
    if visit.account is None:
        return Standing.VISITOR
    if not may(visit.account, Permission.VOTE):
        return Standing.OTHER
    is_done = (
        keeper.phase is not ContestPhase.PLANNED
        and keeper.progress(visit.account) >= keeper.plan.rules.battles_most
    )
    return Standing.DONE if is_done else Standing.VOTER


def _choice(said: str) -> Choice:
    try:
        return Choice(said)
    except ValueError as error:
        raise InvalidInput(
            "this is no choice",
            remedy="choose one of the four buttons",
            korean="네 단추 가운데 하나를 골라 주십시오.",
        ) from error


def _report(said: str) -> ReportReason:
    try:
        return ReportReason(said)
    except ValueError as error:
        raise InvalidInput(
            "the report gives no reason",
            remedy="choose one of the reasons",
            korean="신고 사유를 골라 주십시오.",
        ) from error
