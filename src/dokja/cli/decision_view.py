"""What follows a decision, on the screen."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from dokja.decision.after.words import OBJECTION_STATES, PLACE_STATES
from dokja.evidence.values import Text
from dokja.report.wording import STATUS

if TYPE_CHECKING:
    from dokja.wiring.after_decision import Aftermath

NO_OBJECTION = Text(ko="접수된 이의제기가 없습니다.", en="No objection was filed.")
WAIVED = Text(ko="이의 없음을 밝힌 팀: {}", en="declared not to object: {}")
SILENT = Text(ko="아직 밝히지 않은 팀: {}", en="not heard from: {}")
OPEN_UNTIL = Text(ko="이의제기 기한: {}", en="objections until {}")
FINAL = Text(ko="결정이 확정되었습니다.", en="The decision is final.")
FINAL_EARLY = Text(
    ko="모든 팀이 이의 없음을 밝혀 결정이 조기에 확정되었습니다.",
    en="The decision is final, early, since every team declared not to object.",
)
EMPTY = Text(ko="빈자리 {}개: {}", en="empty places: {} ({})")
ENTERED = Text(ko="이 단계에 참여하는 팀: {}", en="teams of this stage: {}")
NEXT = Text(ko="다음 단계 팀: {}", en="teams of the next stage: {}")
ENDED = Text(
    ko="최종 팀: {}. 이후 단계는 없습니다.", en="final teams: {}; no stage follows"
)


def show_aftermath(found: Aftermath, *, lang: str) -> None:
    """Nothing; prints what was decided, what was said to it, and what is due."""
    console, say = Console(), attrgetter(lang)
    if found.entered is not None:
        names = ", ".join(each.team for each in found.entered.teams)
        console.print(escape(say(ENTERED).format(names)))
    for team in found.decision.teams:
        console.print(escape(f"{team.team}: {say(STATUS[team.status])}"))
    show_objections(found, lang=lang)
    if found.confirmed is None:
        console.print(say(OPEN_UNTIL).format(found.decision.objection_until))
    else:
        console.print(say(FINAL_EARLY if found.confirmed.early else FINAL))
    places = found.places
    if places.places:
        console.print(say(EMPTY).format(places.places, say(PLACE_STATES[places.state])))
    if found.ended is not None:
        console.print(escape(say(ENDED).format(", ".join(found.ended.teams))))
    elif found.next_teams is not None:
        console.print(escape(say(NEXT).format(", ".join(found.next_teams))))


def show_objections(found: Aftermath, *, lang: str) -> None:
    """Nothing; prints each objection, and who said that it will not object."""
    console, say = Console(), attrgetter(lang)
    if not found.objections:
        console.print(say(NO_OBJECTION))
    for each in found.objections:
        line = f"{each.id} · {each.about} · {say(OBJECTION_STATES[each.state])}"
        if each.outcome is not None:
            line += f": {say(each.outcome)}"
        console.print(escape(line))
    for words, teams in ((WAIVED, found.waived), (SILENT, found.silent)):
        if teams:
            console.print(escape(say(words).format(", ".join(teams))))
