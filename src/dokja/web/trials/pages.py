"""Pages of invited users: the list of models, one model, and its ballot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Path as InPath
from starlette.exceptions import HTTPException
from starlette.responses import Response

from dokja.contest.users.trials import (
    LONGEST_COMMENT,
    TrialsPhase,
    UserBallot,
    answer_problems,
)
from dokja.errors import Conflict
from dokja.evidence.values import Text
from dokja.people import Permission, require
from dokja.people.values import Account, Draft
from dokja.web.entry import Visitor
from dokja.web.pages import Onward, Page, Room
from dokja.web.pictures import picture_answer
from dokja.web.trials.views import (
    ModelView,
    ballot_in,
    model_list,
    model_view,
)
from dokja.web.visit import Visit
from dokja.wiring.trials import TrialsKeeper

trials = Room()

TITLE = Text(ko="이용자 평가", en="User evaluation")
CLASH = Text(ko="다른 창에서 저장한 내용이 있습니다", en="Another window has saved")
HAND_IN = "hand_in"
Label = InPath(pattern="^[A-Z]$")


@dataclass(frozen=True, kw_only=True)
class _Seat:
    """An invited user at work."""

    visit: Visit
    account: Account
    keeper: TrialsKeeper

    @property
    def user(self) -> str:
        return self.account.pseudonym

    @property
    def drafts(self) -> Mapping[str, Draft]:
        """By label."""
        found = self.visit.office.desk.drafts.of(self.account.id)
        prefix = self.name("")
        return {
            draft.name.removeprefix(prefix): draft
            for draft in found
            if draft.name.startswith(prefix)
        }

    def name(self, label: str) -> str:
        return f"{self.keeper.id}/{label}"


@trials.page("/trials")
def models(visit: Visitor) -> Page:
    """What is asked for, and every model under its label."""
    seat = _seat(visit)
    closes = visit.office.plan.schedule.ballots_closed
    view = model_list(seat.keeper, seat.user, seat.drafts, closes=closes)
    return Page(template="trials/models.html", title=TITLE, view=view)


@trials.act("/trials/begin")
def begin(visit: Visitor) -> Onward:
    """On to the list of models, let in."""
    seat = _seat(visit)
    known = visit.office.desk.people.personal_data(seat.account.id)
    employers = [visit.sent("employer")[:200]]
    if known is not None:
        employers.append(known.card.employer)
    seat.keeper.admit(seat.user, employers=employers)
    visit.is_on_record()
    return Onward(to="/trials")


@trials.router.get("/trials/picture/{name}")
def picture(visit: Visitor, name: str) -> Response:
    """A picture of a task, for who rates models."""
    return picture_answer(_seat(visit).keeper.materials.pictures, name)


@trials.page("/trials/{label}")
def model(visit: Visitor, label: str = Label) -> Page | Onward:
    """A model: answers by field, their cost, and the ballot."""
    seat = _seat(visit)
    if seat.keeper.phase is TrialsPhase.PLANNED:
        return Onward(to="/trials")
    view = model_view(seat.keeper, seat.user, label, seat.drafts)
    return _page(view)


@trials.act("/trials/{label}")
def rate(visit: Visitor, label: str = Label) -> Page | Onward:
    """Saves what was answered; hands it in where that was asked for."""
    seat = _seat(visit)
    seat.keeper.answers(seat.user, label)
    ballot = _ballot(seat)
    if label in seat.keeper.ballots(seat.user):
        return _again(seat, label, ballot)
    try:
        _save(seat, label, ballot)
    except Conflict:
        return _clash(seat, label)
    if visit.sent("do") == HAND_IN:
        return _hand_in(seat, label, ballot)
    view = model_view(seat.keeper, seat.user, label, seat.drafts, is_saved=True)
    return _page(view, template="saved" if visit.by_htmx else "model")


def _hand_in(seat: _Seat, label: str, ballot: UserBallot) -> Page | Onward:
    if answer_problems(seat.keeper.trials, ballot.answers):
        view = model_view(seat.keeper, seat.user, label, seat.drafts, is_checked=True)
        return _page(view, status=422)
    seat.keeper.hand_in(label, ballot)
    seat.visit.office.desk.drafts.discard(seat.account.id, seat.name(label))
    seat.visit.is_on_record()
    return Onward(to="/trials")


def _again(seat: _Seat, label: str, ballot: UserBallot) -> Page | Onward:
    """For a ballot that is in already: fine if it is the same. Raises: Conflict."""
    if seat.visit.by_htmx:
        # A save that was under way when the ballot was handed in.
        view = model_view(seat.keeper, seat.user, label, {}, is_saved=True)
        return _page(view, template="saved")
    seat.keeper.hand_in(label, ballot)
    return Onward(to="/trials")


def _clash(seat: _Seat, label: str) -> Page:
    view = model_view(seat.keeper, seat.user, label, seat.drafts)
    if seat.visit.by_htmx:
        # htmx shows nothing of an answer that says 409.
        return Page(template="trials/clash.html", title=CLASH, view=view)
    raise Conflict(
        "another window has saved this ballot in the meantime",
        remedy="open the model again; it shows what was saved last",
        korean="다른 창에서 이 평가표를 저장했습니다. 모델을 다시 열면 마지막에 저장한 "
        "내용이 보입니다.",
    )


def _page(view: ModelView, *, template: str = "model", status: int = 200) -> Page:
    title = Text(ko=f"모델 {view.label}", en=f"Model {view.label}")
    return Page(
        template=f"trials/{template}.html", title=title, view=view, status=status
    )


def _save(seat: _Seat, label: str, ballot: UserBallot) -> None:
    """Nothing; the draft is kept. Raises: Conflict where another window saved."""
    sent = seat.visit.sent("version")
    version = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
    if ballot == ballot_in(seat.drafts.get(label), seat.user):
        return
    body = {"answers": ballot.answers, "comment": ballot.comment}
    seat.visit.office.desk.drafts.save(
        seat.account.id,
        seat.name(label),
        json.dumps(body, ensure_ascii=False, sort_keys=True).encode(),
        based_on=version,
        now=seat.visit.office.now(),
    )


def _ballot(seat: _Seat) -> UserBallot:
    """What the form says; an answer that is no number is left out."""
    answers = {}
    for question in seat.keeper.asked.questions:
        said = seat.visit.sent(f"answer-{question.id}")
        if said.isascii() and said.isdigit() and len(said) < 5:
            answers[question.id] = int(said)
    comment = seat.visit.sent("comment").replace("\r\n", "\n")[:LONGEST_COMMENT]
    return UserBallot(user=seat.user, answers=answers, comment=comment)


def _seat(visit: Visit) -> _Seat:
    """The user's seat. Raises: NotAllowed for every other role."""
    if visit.account is None:
        raise HTTPException(401)
    require(visit.account, Permission.RATE_MODELS)
    keeper = visit.office.trials
    if keeper is None:
        raise HTTPException(404)
    return _Seat(visit=visit, account=visit.account, keeper=keeper)
