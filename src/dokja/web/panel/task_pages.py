"""The expert's desk: what is to be scored, what stands in the way, what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from dokja.evidence.values import Text
from dokja.panel.desk import SheetTask, TaskState
from dokja.people.permissions import Permission, require
from dokja.web.entry import Visitor
from dokja.web.pages import Page, Room
from dokja.web.panel.seat import Seat, seat_of
from dokja.web.panel.views import TaskCard, Tasks, TeamCard, points, task_card
from dokja.wiring.panel_room import PanelRoom, open_panel_room

tasks = Room()

TITLE = Text(ko="전문가 평가", en="Expert panel")
TO_DO = (TaskState.DRAFT, TaskState.OPEN)


@tasks.page("/panel")
def desk(visit: Visitor) -> Page:
    """The sheets that are the expert's to fill in."""
    require(visit.account, Permission.SCORE_SHEETS)
    room = open_panel_room(visit.office)
    if room.not_ready is not None:
        view = _tasks(room, visit.account.subject if visit.account else "", ())
    else:
        seat = seat_of(visit)
        view = _tasks(room, seat.expert, tuple(_cards(seat)))
    return Page(template="panel/tasks.html", title=TITLE, view=view)


def _tasks(room: PanelRoom, expert: str, cards: tuple[TaskCard, ...]) -> Tasks:
    rank = {state.value: place for place, state in enumerate(TO_DO)}
    to_do = sorted(
        (card for card in cards if card.state in rank), key=lambda c: rank[c.state]
    )
    counted = [card for card in cards if card.state != TaskState.RECUSED]
    return Tasks(
        expert=expert,
        not_ready=room.not_ready,
        cards=tuple(_teams(cards)),
        next=to_do[0] if to_do else None,
        handed_in=sum(card.state == TaskState.HANDED_IN for card in counted),
        needed=len(counted),
        recused=len(cards) - len(counted),
        closes=room.host.plan.schedule.panel_closed,
        discussion=room.setup.panel_rules.discussion,
        is_closed=room.not_ready is None and room.office().status().is_closed,
    )


def _teams(cards: tuple[TaskCard, ...]) -> Iterator[TeamCard]:
    for team, own in groupby(cards, key=lambda card: card.team):
        sheets = tuple(own)
        states = {card.state for card in sheets}
        settled = {TaskState.RECUSED.value, TaskState.HANDED_IN.value}
        yield TeamCard(
            team=team,
            name=sheets[0].name,
            state=states.pop() if len(states) == 1 and states <= settled else "",
            sheets=sheets,
        )


def _cards(seat: Seat) -> list[TaskCard]:
    return [
        task_card(
            task,
            name=seat.room.team_name(task.name.team),
            filled=_filled(seat, task),
            criteria=len(seat.room.setup.criteria),
        )
        for task in seat.desk.tasks(seat.expert)
    ]


def _filled(seat: Seat, task: SheetTask) -> int:
    criteria = seat.room.setup.criteria
    if task.state is TaskState.HANDED_IN:
        return len(criteria)
    if task.state not in TO_DO:
        return 0
    return points(seat.desk.open_sheet(task.name).body, criteria)[0]
