"""What is due after a decision, what waits, and for what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from dokja.decision.after.confirmation import DecidedStage
from dokja.decision.after.values import (
    DecisionConfirmed,
    EmptyPlaces,
    ObjectionState,
    PlaceState,
)
from dokja.evidence.values import Text
from dokja.programme.agenda import AgendaItem, Standing


@dataclass(frozen=True, kw_only=True)
class WayOn:
    """Who goes on from a stage, and whether that is on record yet."""

    teams: tuple[str, ...] | None
    """None while a place is open or the decision is not final."""
    is_recorded: bool
    """Whether the next stage has its teams, or the programme has ended."""
    ends_with: int | None
    """Teams with which the programme ends; None where no rule says."""

    @property
    def is_due(self) -> bool:
        """Whether it is known who goes on and nobody has recorded it."""
        return self.teams is not None and not self.is_recorded

    @property
    def is_end(self) -> bool:
        """Whether no stage follows for as many as go on."""
        known = self.teams is not None and self.ends_with is not None
        return known and len(self.teams or ()) <= (self.ends_with or 0)


def after_agenda(
    stage: DecidedStage,
    places: EmptyPlaces,
    way: WayOn,
    *,
    confirmed: DecisionConfirmed | None,
    now: str,
) -> tuple[AgendaItem, ...]:
    """What is to be done at that moment, in the order in which it unblocks."""
    found = [*_objections(stage)]
    if confirmed is None:
        found.append(_confirmation(stage, now))
    found += _places(places, is_final=confirmed is not None)
    if way.is_due:
        what = _END if way.is_end else _GO_ON
        why = Text(", ".join(way.teams or ()), ", ".join(way.teams or ()))
        found.append(AgendaItem(standing=Standing.DUE, what=what, why=why))
    return tuple(found)


def may_confirm(stage: DecidedStage, now: str) -> bool:
    """Whether the decision can be made final at that moment."""
    return _confirmation(stage, now).standing is Standing.DUE


def _objections(stage: DecidedStage) -> Iterator[AgendaItem]:
    for each in stage.pending():
        if each.state is ObjectionState.FILED:
            yield AgendaItem(
                standing=Standing.DUE,
                what=Text(f"이의제기 {each.id} 접수 검토", f"admit {each.id} or not"),
                why=Text(
                    "심사할지 각하할지 정해야 합니다.",
                    "it is looked into or not admitted, with a reason",
                ),
            )
        else:
            by = ", ".join(each.reviewers)
            yield AgendaItem(
                standing=Standing.WAITS,
                what=Text(f"이의제기 {each.id} 심사", f"decide on {each.id}"),
                why=Text(
                    f"심사자의 판단을 기다립니다. ({by})",
                    f"its reviewers uphold or dismiss it ({by})",
                ),
            )


def _confirmation(stage: DecidedStage, now: str) -> AgendaItem:
    until = stage.decision.objection_until
    is_over = datetime.fromisoformat(now).date() > date.fromisoformat(until)
    waiting = ", ".join(each.id for each in stage.pending())
    silent = ", ".join(stage.silent())
    if stage.rule is None:
        standing, why = Standing.BLOCKED, _NO_RULE
    elif waiting:
        standing = Standing.BLOCKED
        why = Text(
            f"처리하지 않은 이의제기가 있습니다: {waiting}",
            f"not answered yet: {waiting}",
        )
    elif is_over:
        standing, why = Standing.DUE, _OVER
    elif stage.rule.early_closure and not silent:
        standing, why = Standing.DUE, _EARLY
    else:
        standing = Standing.WAITS
        why = Text(
            f"이의제기 기간입니다. 의사를 밝히지 않은 팀: {silent or '없음'}",
            f"teams may still object; not heard from: {silent or 'none'}",
        )
    return AgendaItem(standing=standing, what=_CONFIRM, why=why, until=until)


def _places(places: EmptyPlaces, *, is_final: bool) -> Iterator[AgendaItem]:
    if not places.places:
        return
    number = places.places - len(places.filled)
    what = Text(f"빈자리 {number}개 처리", f"settle {number} empty place(s)")
    if not is_final:
        yield AgendaItem(standing=Standing.BLOCKED, what=what, why=_NOT_FINAL)
    elif places.state is PlaceState.OPEN:
        yield AgendaItem(standing=Standing.DUE, what=what, why=_CALL_OR_LEAVE)
    elif places.state is PlaceState.REVIVAL_CALL:
        why = Text(
            f"추가 공모 {places.call}의 결과를 기다립니다.",
            f"waits for the outcome of call {places.call}",
        )
        yield AgendaItem(standing=Standing.WAITS, what=what, why=why)


_GO_ON = Text("다음 단계 팀 지정", "name the teams of the next stage")
_END = Text("최종 팀 확정", "end the programme with its final teams")
_CONFIRM = Text("결정 확정", "make the decision final")
_NO_RULE = Text("규정에 이의제기 조항이 없습니다.", "no rule speaks of objections")
_OVER = Text("이의제기 기간이 끝났습니다.", "the time for objections is over")
_EARLY = Text(
    "모든 팀이 의사를 밝혀 기간 전에 확정할 수 있습니다.",
    "every team was heard; it can close early",
)
_NOT_FINAL = Text(
    "결정이 확정되기 전에는 추가 공모를 열 수 없습니다.",
    "no revival call opens before the decision is final",
)
_CALL_OR_LEAVE = Text(
    "추가 공모를 열거나 충원하지 않기로 정합니다.",
    "hold a revival call, or leave them empty with a reason",
)
