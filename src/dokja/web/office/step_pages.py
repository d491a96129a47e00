"""The pages of a step: first what it does, then, confirmed, what was done."""

from __future__ import annotations

import msgspec
from starlette.exceptions import HTTPException

from dokja.errors import Conflict
from dokja.evidence.values import Text
from dokja.people import require
from dokja.web.entry import Visitor
from dokja.web.forms import missing_reason, require_confirmed
from dokja.web.office.steps import STEPS, Step
from dokja.web.pages import Onward, Page, Room
from dokja.web.visit import Visit
from dokja.wiring.export import Exported

steps = Room()


class StepView(msgspec.Struct, frozen=True, kw_only=True):
    """A step before it is taken."""

    id: str
    name: Text
    does: Text
    is_final: bool
    is_due: bool
    asks_why: bool
    back: str


class WrittenView(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a step wrote."""

    name: Text
    path: str
    entries: int
    is_in_stage: bool
    programme: str
    stage: str
    back: str


@steps.page("/office/steps/{step}")
def confirm(visit: Visitor, step: str) -> Page:
    """What the step does and whether anything takes it back."""
    found = _step(visit, step)
    view = StepView(
        id=step,
        name=found.name,
        does=found.does,
        is_final=found.is_final,
        is_due=found.is_due(visit.office),
        asks_why=found.asks_why,
        back=found.back,
    )
    return Page(template="office/step.html", title=found.name, view=view)


@steps.act("/office/steps/{step}")
def take(visit: Visitor, step: str) -> Page | Onward:
    """Takes the step, once it was confirmed."""
    found = _step(visit, step)
    visit.note(f"take {step}", visit.office.plan.stage)
    require_confirmed(visit, "step")
    if not found.is_due(visit.office):
        raise Conflict(
            "it is not this step's turn, or it was taken before",
            remedy="see where the stage stands",
            korean="이 단계의 차례가 아니거나 이미 마친 단계입니다.",
        )
    why = visit.sent("why")[:1000]
    if found.asks_why and not why:
        raise missing_reason("step")
    done = found.run(visit.office, why)
    return Onward(to=found.back) if done is None else _written(visit, found, done)


def _written(visit: Visit, step: Step, done: Exported) -> Page:
    request = visit.office.request
    view = WrittenView(
        name=step.name,
        path=str(done.path),
        entries=done.entries,
        is_in_stage=done.is_in_stage,
        programme=request.programme,
        stage=request.stage,
        back=step.back,
    )
    title = Text(ko="파일을 썼습니다", en="The file is written")
    return Page(template="office/written.html", title=title, view=view)


def _step(visit: Visit, name: str) -> Step:
    """The step. Raises: NotAllowed for whoever may not take it."""
    known = STEPS.get(name)
    if known is None:
        raise HTTPException(404)
    require(visit.account, known.permission)
    return known
