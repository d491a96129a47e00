"""A schedule on the screen: its versions with what changed, and consultations."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from dokja.evidence.values import Text
from dokja.programme.schedule.values import (
    Consultation,
    DateChange,
    Milestone,
    ScheduleVersion,
)
from dokja.programme.schedule.versions import in_order
from dokja.programme.schedule.words import CHANGE_KINDS, CONSULTATION_STATES, STANCES

if TYPE_CHECKING:
    from dokja.wiring.schedules import Schedules

NONE_YET = Text(ko="등록된 일정이 없습니다.", en="No schedule is on record.")
VERSION = Text(ko="{}판 · {} · {} · 조항 {}", en="version {} · {} · {} · clause {}")
HEAD = Text(ko="일정|날짜|바뀐 내용", en="milestone|date|changed")
REASON = Text(ko="변경 사유: {}", en="why: {}")
NOTICE = Text(ko="공지: {}({})", en="notice: {} ({})")
DAYS = Text(ko="{:+d}일", en="{:+d} days")
ASKED = Text(ko="의견 수렴 {}: {} · 회신 기한 {}", en="consultation {}: {} · until {}")
SILENT = Text(ko="회신 없음: {}", en="no reply: {}")


def show_schedules(found: Schedules, *, lang: str) -> None:
    """Nothing; prints the versions, newest last, and the consultations."""
    console, say = Console(), attrgetter(lang)
    if not found.versions:
        console.print(say(NONE_YET))
    for version in found.versions:
        _show_version(console, version, lang)
    for consultation in found.consultations:
        _show_consultation(console, consultation, lang)


def _show_version(console: Console, version: ScheduleVersion, lang: str) -> None:
    say = attrgetter(lang)
    console.print(
        escape(
            say(VERSION).format(
                version.number, version.set_at, version.by, version.clause
            )
        )
    )
    changed = {c.after.id: c for c in version.changes if c.after is not None}
    table = Table(*say(HEAD).split("|"), box=None)
    for milestone in in_order(version.schedule.milestones):
        change = changed.get(milestone.id)
        table.add_row(
            escape(say(milestone.name)),
            _dates(milestone),
            "" if change is None else _change(change, lang),
        )
    for change in version.changes:
        if change.after is None and change.before is not None:
            table.add_row(
                escape(say(change.before.name)),
                _dates(change.before),
                say(CHANGE_KINDS[change.kind]),
            )
    console.print(table)
    schedule = version.schedule
    if schedule.reason is not None:
        console.print(escape(say(REASON).format(say(schedule.reason))))
    if schedule.notice is not None:
        console.print(
            escape(say(NOTICE).format(schedule.notice.publisher, schedule.notice.on))
        )


def _show_consultation(console: Console, consultation: Consultation, lang: str) -> None:
    say = attrgetter(lang)
    proposed = consultation.proposed
    console.print(
        escape(
            say(ASKED).format(
                consultation.id,
                say(CONSULTATION_STATES[consultation.state]),
                proposed.replies_until,
            )
        )
    )
    console.print(escape(f"  {say(proposed.change)} ({say(proposed.reason)})"))
    for reply in consultation.answers:
        words = f": {reply.text}" if reply.text else ""
        console.print(escape(f"  {reply.team} – {say(STANCES[reply.stance])}{words}"))
    if consultation.silent:
        console.print(escape("  " + say(SILENT).format(", ".join(consultation.silent))))


def _dates(milestone: Milestone) -> str:
    return milestone.at + (f" ~ {milestone.until}" if milestone.until else "")


def _change(change: DateChange, lang: str) -> str:
    say = attrgetter(lang)
    words: str = say(CHANGE_KINDS[change.kind])
    if change.before is not None:
        words += f": {_dates(change.before)}"
    return words if change.days is None else f"{words}, {say(DAYS).format(change.days)}"
