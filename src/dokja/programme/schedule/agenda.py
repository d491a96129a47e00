"""What is due about dates and consultations, what waits, and for what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from dokja.evidence.values import Text
from dokja.programme.agenda import AgendaItem, Standing
from dokja.programme.schedule.values import (
    Consultation,
    ConsultationAbout,
    ConsultationState,
    ScheduleVersion,
)
from dokja.programme.schedule.versions import first_day, in_order


def schedule_agenda(
    versions: Sequence[ScheduleVersion],
    consultations: Sequence[Consultation],
    *,
    now: str,
) -> tuple[AgendaItem, ...]:
    """What is to be done at that moment, and the date that comes next."""
    today = datetime.fromisoformat(now).date()
    found: list[AgendaItem] = []
    if not versions:
        found.append(AgendaItem(standing=Standing.DUE, what=_FIRST, why=_NO_DATES))
    named = {version.schedule.consultation for version in versions}
    for each in consultations:
        if each.state is ConsultationState.OPEN:
            found.append(_open(each, today))
        elif _awaits_dates(each) and each.id not in named:
            found.append(
                AgendaItem(
                    standing=Standing.DUE,
                    what=Text("변경한 일정 등록", "set the dates that were adopted"),
                    why=Text(
                        f"의견 수렴 {each.id}에서 채택한 변경이 아직 일정에 없습니다.",
                        f"consultation {each.id} adopted them; no version has them",
                    ),
                )
            )
    return (*found, *_next_date(versions, today))


def _open(each: Consultation, today: date) -> AgendaItem:
    until = each.proposed.replies_until
    if not each.silent:
        standing, why = Standing.DUE, _ALL_REPLIED
    elif today > date.fromisoformat(until):
        standing, why = Standing.DUE, _DAYS_OVER
    else:
        silent = ", ".join(each.silent)
        standing = Standing.WAITS
        why = Text(f"회신하지 않은 팀: {silent}", f"not heard from: {silent}")
    what = Text(f"의견 수렴 {each.id} 마무리", f"settle consultation {each.id}")
    return AgendaItem(standing=standing, what=what, why=why, until=until)


def _awaits_dates(each: Consultation) -> bool:
    about_dates = each.proposed.about is ConsultationAbout.SCHEDULE
    return about_dates and each.state is ConsultationState.ADOPTED


def _next_date(
    versions: Sequence[ScheduleVersion], today: date
) -> Iterator[AgendaItem]:
    if not versions:
        return
    for milestone in in_order(versions[-1].schedule.milestones):
        if first_day(milestone.at) >= today:
            yield AgendaItem(
                standing=Standing.WAITS,
                what=milestone.name,
                why=Text("다음 일정", "the next date"),
                until=milestone.at,
            )
            return


_FIRST = Text("첫 일정 등록", "set the first version of the dates")
_NO_DATES = Text("등록된 일정이 없습니다.", "no date is on record")
_ALL_REPLIED = Text("모든 팀이 회신했습니다.", "every team replied")
_DAYS_OVER = Text("회신 기한이 지났습니다.", "the days for replies are over")
